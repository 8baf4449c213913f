namespace SocketGym.Hosting;

/// <summary>Where a program that serves environments of its own starts.</summary>
/// <example>
/// <code>
/// var builder = SocketGymHost.CreateBuilder();
/// builder.Environments.Add("Thermostat-v0", () =&gt; new Thermostat(), maxEpisodeSteps: 200);
/// builder.Build().Run();
/// </code>
/// </example>
public static class SocketGymHost
{
    /// <summary>Makes a builder that listens on <c>tcp://127.0.0.1:65432</c> unless told otherwise and offers nothing yet.</summary>
    /// <returns>The builder.</returns>
    public static SocketGymHostBuilder CreateBuilder() => new();
}
