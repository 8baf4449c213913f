using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Internal;

/// <summary>What <c>make</c> says about an environment.</summary>
internal sealed record MadeEnvironment(Space ObservationSpace, Space ActionSpace, ValueDictionary Metadata, string? RenderMode, EnvironmentSpec? Spec)
{
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>, <see cref="ErrorCode.UnsupportedSpace"/>.</exception>
    public static MadeEnvironment FromValue(Value description)
    {
        if (description.Kind != ValueKind.Dict)
            throw Malformed("the result", description);
        var entries = description.AsDict();
        var metadata = entries.GetOrNone("metadata");
        if (metadata.Kind != ValueKind.Dict)
            throw Malformed("'metadata'", metadata);
        var renderMode = entries.GetOrNone("render_mode");
        if (renderMode.Kind is not (ValueKind.String or ValueKind.None))
            throw Malformed("'render_mode'", renderMode);
        return new MadeEnvironment(
            SpaceDescription.FromValue(entries.GetOrNone("observation_space")),
            SpaceDescription.FromValue(entries.GetOrNone("action_space")),
            metadata.AsDict(),
            renderMode.IsNone ? null : renderMode.AsString(),
            SpecDescription.FromValue(entries.GetOrNone("spec")));
    }

    private static SocketGymException Malformed(string what, Value found) =>
        new(ErrorCode.MalformedMessage, $"The server answered make, but {what} is {found}.");
}
