using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Internal;

/// <summary>What <c>make</c> says about an environment, or <c>make_vec</c> about each of a vector's.</summary>
internal sealed record MadeEnvironment(Space ObservationSpace, Space ActionSpace, ValueDictionary Metadata, string? RenderMode, EnvironmentSpec? Spec)
{
    /// <summary>Reads the result of <c>make</c>.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>, <see cref="ErrorCode.UnsupportedSpace"/>.</exception>
    public static MadeEnvironment FromValue(Value description) => FromEntries(EntriesOf(description), "");

    /// <summary>Reads the result of <c>make_vec</c>.</summary>
    /// <param name="description">The result.</param>
    /// <param name="asked">What was asked for.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>, also for a vector other than the one asked for; <see cref="ErrorCode.UnsupportedSpace"/>.</exception>
    public static MadeEnvironment FromVector(Value description, VectorOptions asked)
    {
        var entries = EntriesOf(description);
        if (entries.GetOrNone("num_envs") != asked.Count)
            throw Malformed("'num_envs'", entries.GetOrNone("num_envs"));
        if (entries.GetOrNone("autoreset_mode") != asked.AutoresetMode.ToString())
            throw Malformed("'autoreset_mode'", entries.GetOrNone("autoreset_mode"));
        return FromEntries(entries, "single_");
    }

    private static MadeEnvironment FromEntries(ValueDictionary entries, string spacePrefix)
    {
        var metadata = entries.GetOrNone("metadata");
        if (metadata.Kind != ValueKind.Dict)
            throw Malformed("'metadata'", metadata);
        var renderMode = entries.GetOrNone("render_mode");
        if (renderMode.Kind is not (ValueKind.String or ValueKind.None))
            throw Malformed("'render_mode'", renderMode);
        return new MadeEnvironment(
            SpaceDescription.FromValue(entries.GetOrNone(spacePrefix + "observation_space")),
            SpaceDescription.FromValue(entries.GetOrNone(spacePrefix + "action_space")),
            metadata.AsDict(),
            renderMode.IsNone ? null : renderMode.AsString(),
            SpecDescription.FromValue(entries.GetOrNone("spec")));
    }

    private static ValueDictionary EntriesOf(Value description) => description.Kind == ValueKind.Dict ? description.AsDict() : throw Malformed("the result", description);

    private static SocketGymException Malformed(string what, Value found) =>
        new(ErrorCode.MalformedMessage, $"The server says what it has made, but {what} is {found}.");
}
