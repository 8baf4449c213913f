namespace SocketGym.Protocol.MessagePack;

/// <summary>The extension types of docs/protocol.md, section 4.</summary>
internal enum ExtensionType : sbyte
{
    Array = 1,
    Scalar = 2,
    Mark = 3,
    BigInteger = 4,
    Complex = 5,
    ByteArray = 6,
    SurrogateText = 7,
}
