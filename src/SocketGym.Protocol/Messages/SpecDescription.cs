using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.Messages;

/// <summary>Environment specs as the values that docs/protocol.md, section 4, describes.</summary>
/// <remarks>Thread-safe.</remarks>
public static class SpecDescription
{
    /// <summary>Describes a spec.</summary>
    /// <param name="spec">The spec; null for an environment that was not registered.</param>
    /// <returns>A <c>dict</c>, or <c>None</c> for null.</returns>
    public static Value ToValue(EnvironmentSpec? spec) => spec is null ? Value.None : new ValueDictionary
    {
        ["id"] = spec.Id,
        ["entry_point"] = spec.EntryPoint,
        ["reward_threshold"] = spec.RewardThreshold is { } threshold ? threshold : Value.None,
        ["nondeterministic"] = spec.Nondeterministic,
        ["max_episode_steps"] = spec.MaxEpisodeSteps is { } steps ? steps : Value.None,
        ["order_enforce"] = spec.OrderEnforce,
        ["disable_env_checker"] = spec.DisableEnvChecker,
        ["kwargs"] = spec.Kwargs,
    };

    /// <summary>Makes a spec from its description.</summary>
    /// <param name="description">What <see cref="ToValue"/> returned, perhaps elsewhere. Its keyword arguments are kept, not copied.</param>
    /// <returns>The spec; null for <c>None</c>.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/> for an entry that is missing or of the wrong kind.</exception>
    public static EnvironmentSpec? FromValue(Value description)
    {
        if (description.IsNone)
            return null;
        var fields = new FieldReader(description, "spec");
        return new EnvironmentSpec(fields.Text("id"))
        {
            EntryPoint = fields.OptionalText("entry_point"),
            RewardThreshold = fields.OptionalNumber("reward_threshold"),
            Nondeterministic = fields.Boolean("nondeterministic"),
            MaxEpisodeSteps = fields.OptionalInt32("max_episode_steps"),
            OrderEnforce = fields.Boolean("order_enforce"),
            DisableEnvChecker = fields.Boolean("disable_env_checker"),
            Kwargs = fields.Dict("kwargs"),
        };
    }
}
