namespace SocketGym.Protocol.MessagePack;

/// <summary>What the array that starts with a mark stands for (docs/protocol.md, section 4).</summary>
internal enum Mark : byte
{
    Tuple = 0,
    Set = 1,
    FrozenSet = 2,
    OrderedDict = 3,
    Graph = 4,
    ObjectArray = 5,
    Opaque = 6,
}
