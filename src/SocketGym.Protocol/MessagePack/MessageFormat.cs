using SocketGym.Core.Errors;

namespace SocketGym.Protocol.MessagePack;

/// <summary>What requests and responses have in common: an array of four, its type and its id.</summary>
internal static class MessageFormat
{
    public const int RequestType = 0;
    public const int ResponseType = 1;
    private const int Elements = 4;

    public static uint ReadStart(scoped ref MessagePackReader reader, int type)
    {
        var count = reader.ReadArrayHeader();
        if (count != Elements)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"A message is an array of {Elements}, not of {count}.");
        var found = reader.ReadInt64();
        if (found != type)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"A message has the type {found}; {(type == RequestType ? "a request" : "a response")} has {type}.");
        return reader.ReadUInt32();
    }

    public static void ReadEnd(scoped ref MessagePackReader reader)
    {
        if (!reader.End)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"{reader.Remaining} bytes follow the message; a frame carries exactly one.");
    }

    public static void WriteStart(scoped ref MessagePackWriter writer, int type, uint id)
    {
        writer.WriteArrayHeader(Elements);
        writer.Write((long)type);
        writer.WriteUInt32(id);
    }
}
