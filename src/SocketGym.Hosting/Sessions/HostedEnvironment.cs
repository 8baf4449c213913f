using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
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
        try
        {
            return environment.Reset(seed, options);
        }
        catch (Exception exception) when (exception is not SocketGymException)
        {
            throw EnvironmentFault.Of(exception);
        }
    }

    /// <inheritdoc/>
    public StepResult Step(Value action)
    {
        try
        {
            return environment.Step(action);
        }
        catch (Exception exception) when (exception is not SocketGymException)
        {
            throw EnvironmentFault.Of(exception);
        }
    }

    /// <inheritdoc/>
    public Value Render()
    {
        try
        {
            return environment.Render();
        }
        catch (Exception exception) when (exception is not SocketGymException)
        {
            throw EnvironmentFault.Of(exception);
        }
    }

    /// <inheritdoc/>
    public Value Attribute(Request request)
    {
        try
        {
            return AttributeRequest.Execute(request, EnvironmentAttributes.Of(environment));
        }
        catch (Exception exception) when (exception is not SocketGymException)
        {
            throw EnvironmentFault.Of(exception);
        }
    }

    /// <inheritdoc/>
    public void Interrupt() => (environment as IInterruptible)?.Interrupt();

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            environment.Dispose();
        }
        catch (Exception exception) when (exception is not SocketGymException)
        {
            throw EnvironmentFault.Of(exception);
        }
    }
}
