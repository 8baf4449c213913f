namespace SocketGym.Protocol.MessagePack;

/// <summary>The type and length in front of an extension's bytes.</summary>
/// <param name="TypeCode">The extension's type.</param>
/// <param name="Length">How many bytes follow.</param>
public readonly record struct ExtensionHeader(sbyte TypeCode, uint Length);
