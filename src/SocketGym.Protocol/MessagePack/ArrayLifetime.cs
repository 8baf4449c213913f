namespace SocketGym.Protocol.MessagePack;

/// <summary>How long the arrays of a decoded message stay as they are.</summary>
public enum ArrayLifetime
{
    /// <summary>For good: each array gets memory of its own.</summary>
    Owned,

    /// <summary>Until the decoder's next message: arrays of up to 256 KiB whose place in the message, dtype and shape are those of the message before are that message's array objects, overwritten.</summary>
    UntilNextMessage,

    /// <summary>Until the frame is released: an array that lies in one segment refers to the frame's bytes, without a copy. Do not write to it.</summary>
    UntilFrameReleased,
}
