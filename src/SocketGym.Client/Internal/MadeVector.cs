using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Internal;

/// <summary>What <c>make_vec</c> says about a vector.</summary>
internal sealed record MadeVector(Space SingleObservationSpace, Space SingleActionSpace, ValueDictionary Metadata, string? RenderMode, EnvironmentSpec? Spec)
{
    /// <summary>Reads the result of <c>make_vec</c>.</summary>
    /// <param name="description">The result.</param>
    /// <param name="asked">What was asked for.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>, also for a vector other than the one asked for; <see cref="ErrorCode.UnsupportedSpace"/>.</exception>
    public static MadeVector FromValue(Value description, VectorOptions asked)
    {
        if (description.Kind != ValueKind.Dict)
            throw Malformed("the result", description);
        var entries = description.AsDict();
        if (entries.GetOrNone("num_envs") != asked.Count)
            throw Malformed("'num_envs'", entries.GetOrNone("num_envs"));
        if (entries.GetOrNone("autoreset_mode") != asked.AutoresetMode.ToString())
            throw Malformed("'autoreset_mode'", entries.GetOrNone("autoreset_mode"));
        var metadata = entries.GetOrNone("metadata");
        if (metadata.Kind != ValueKind.Dict)
            throw Malformed("'metadata'", metadata);
        var renderMode = entries.GetOrNone("render_mode");
        if (renderMode.Kind is not (ValueKind.String or ValueKind.None))
            throw Malformed("'render_mode'", renderMode);
        return new MadeVector(
            SpaceDescription.FromValue(entries.GetOrNone("single_observation_space")),
            SpaceDescription.FromValue(entries.GetOrNone("single_action_space")),
            metadata.AsDict(),
            renderMode.IsNone ? null : renderMode.AsString(),
            SpecDescription.FromValue(entries.GetOrNone("spec")));
    }

    private static SocketGymException Malformed(string what, Value found) =>
        new(ErrorCode.MalformedMessage, $"The server answered make_vec, but {what} is {found}.");
}
