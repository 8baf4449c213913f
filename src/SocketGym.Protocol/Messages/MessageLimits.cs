namespace SocketGym.Protocol.Messages;

/// <summary>What a peer can make grow, and how far (docs/protocol.md, sections 1 and 3).</summary>
/// <param name="MaxFrameBytes">The longest payload accepted, in bytes.</param>
/// <param name="MaxDepth">The deepest nesting accepted.</param>
/// <param name="MaxValues">The most values that one message may stand for.</param>
public sealed record MessageLimits(int MaxFrameBytes = 256 * 1024 * 1024, int MaxDepth = 64, int MaxValues = 1024 * 1024)
{
    /// <summary>The limits of docs/protocol.md.</summary>
    public static MessageLimits Default { get; } = new();
}
