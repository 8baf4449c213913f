using SocketGym.Core.Environments;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Hosting.Sessions;

/// <summary>What a session has made: one environment, or a vector of several.</summary>
/// <remarks>For the session's thread, but for <see cref="IInterruptible.Interrupt"/>. What the environment's own code throws passes through.</remarks>
internal interface IHosted : IInterruptible, IDisposable
{
    /// <summary>The environment's spec; a vector's is that of each of its environments.</summary>
    EnvironmentSpec? Spec { get; }

    /// <summary>Starts episodes.</summary>
    /// <param name="request">A <c>reset</c>.</param>
    /// <returns>Observation and info, a vector's in batches; valid until the next call.</returns>
    ResetResult Reset(Request request);

    /// <summary>Takes a step.</summary>
    /// <param name="action">The action, or a batch of actions.</param>
    /// <returns>The five parts, a vector's in batches; valid until the next call.</returns>
    StepResult Step(Value action);

    /// <summary>Draws the present state.</summary>
    /// <returns>What the environment's <c>render</c> returned, or a tuple of that; valid until the next call.</returns>
    Value Render();

    /// <summary>Carries out a request that reaches into it by name.</summary>
    /// <param name="request">A <c>call</c>, <c>get_attr</c>, <c>set_attr</c> or <c>has_attr</c>.</param>
    /// <returns>The result; valid until the next call.</returns>
    Value Attribute(Request request);
}
