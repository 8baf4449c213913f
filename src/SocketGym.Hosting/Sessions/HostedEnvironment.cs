using SocketGym.Core.Environments;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Hosting.Sessions;

/// <summary>The one environment of a session.</summary>
/// <param name="environment">The environment; owned.</param>
internal sealed class HostedEnvironment(IEnvironment environment) : IHosted
{
    /// <inheritdoc/>
    public EnvironmentSpec? Spec => environment.Spec;

    /// <inheritdoc/>
    public ResetResult Reset(Request request)
    {
        var seed = ResetParameters.SeedOf(request[0]);
        var options = ResetParameters.OptionsOf(request[1]);
        return environment.Reset(seed, options);
    }

    /// <inheritdoc/>
    public StepResult Step(Value action) => environment.Step(action);

    /// <inheritdoc/>
    public Value Render() => environment.Render();

    /// <inheritdoc/>
    public Value Attribute(Request request) => AttributeRequest.Execute(request, EnvironmentAttributes.Of(environment));

    /// <inheritdoc/>
    public void Interrupt() => (environment as IInterruptible)?.Interrupt();

    /// <inheritdoc/>
    public void Dispose() => environment.Dispose();
}
