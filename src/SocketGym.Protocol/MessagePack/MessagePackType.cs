namespace SocketGym.Protocol.MessagePack;

/// <summary>The families of MessagePack's formats.</summary>
public enum MessagePackType : byte
{
    /// <summary>The byte <c>c1</c>, which MessagePack never uses.</summary>
    Unknown,

    /// <summary>An integer of any width.</summary>
    Integer,

    /// <summary>Nil.</summary>
    Nil,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A float of 32 or 64 bits.</summary>
    Float,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>Bytes.</summary>
    Binary,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A map.</summary>
    Map,

    /// <summary>An extension type with its bytes.</summary>
    Extension,
}
