using SocketGym.Core.Environments;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Protocol.Messages;

namespace SocketGym.Hosting.Sessions;

/// <summary>The environments of a session that are stepped as one.</summary>
/// <param name="vector">The vector; owned.</param>
internal sealed class HostedVector(IVectorEnvironment vector) : IHosted
{
    private static readonly Value NoInfos = Value.List();

    /// <inheritdoc/>
    public EnvironmentSpec? Spec => vector.Spec;

    /// <summary>The result of the <c>make_vec</c> that made it.</summary>
    public Value Describe() => new ValueDictionary
    {
        ["num_envs"] = vector.Count,
        ["single_observation_space"] = SpaceDescription.ToValue(vector.SingleObservationSpace),
        ["single_action_space"] = SpaceDescription.ToValue(vector.SingleActionSpace),
        ["metadata"] = vector.Metadata,
        ["render_mode"] = vector.RenderMode,
        ["spec"] = SpecDescription.ToValue(vector.Spec),
        ["autoreset_mode"] = vector.AutoresetMode.ToString(),
    };

    /// <inheritdoc/>
    public ResetResult Reset(Request request)
    {
        var seeds = ResetParameters.SeedsOf(request[0], vector.Count);
        var options = ResetParameters.OptionsOf(request[1]);
        var result = vector.Reset(seeds, options);
        return new ResetResult(result.Observations, ToList(result.Infos));
    }

    /// <inheritdoc/>
    public StepResult Step(Value action)
    {
        var result = vector.Step(action);
        return new StepResult(result.Observations, result.Rewards, result.Terminations, result.Truncations, ToList(result.Infos));
    }

    /// <inheritdoc/>
    public Value Render() => vector.Render();

    /// <inheritdoc/>
    public Value Attribute(Request request) => AttributeRequest.Execute(request, vector);

    /// <inheritdoc/>
    public void Interrupt() => (vector as IInterruptible)?.Interrupt();

    /// <inheritdoc/>
    public void Dispose() => vector.Dispose();

    private static Value ToList(IReadOnlyList<VectorInfo> infos)
    {
        if (infos.Count == 0)
            return NoInfos;
        var items = new Value[infos.Count];
        for (var index = 0; index < items.Length; index++)
            items[index] = Value.List(infos[index].Index, infos[index].Info);
        return Value.List(items);
    }
}
