using System.Text;
using SocketGym.Core.Errors;

namespace SocketGym.Protocol.Pickle;

// What a global of the closed list means here. None of them is ever looked up anywhere: each is a rule for building a value.
internal enum KnownGlobal : byte
{
    None,
    Reconstruct,
    Scalar,
    FromBuffer,
    DType,
    NDArray,
    Encode,
    OrderedDict,
    Set,
    FrozenSet,
    Bytes,
    ByteArray,
    Complex,
    GraphInstance,
    Opaque,
}

internal static class KnownGlobals
{
    private static readonly (byte[] Module, byte[] Name, KnownGlobal Global)[] Closed =
    [
        ("numpy"u8.ToArray(), "dtype"u8.ToArray(), KnownGlobal.DType),
        ("numpy"u8.ToArray(), "ndarray"u8.ToArray(), KnownGlobal.NDArray),
        ("numpy.core.multiarray"u8.ToArray(), "_reconstruct"u8.ToArray(), KnownGlobal.Reconstruct),
        ("numpy.core.multiarray"u8.ToArray(), "scalar"u8.ToArray(), KnownGlobal.Scalar),
        ("numpy.core.numeric"u8.ToArray(), "_frombuffer"u8.ToArray(), KnownGlobal.FromBuffer),
        ("numpy._core.multiarray"u8.ToArray(), "_reconstruct"u8.ToArray(), KnownGlobal.Reconstruct),
        ("numpy._core.multiarray"u8.ToArray(), "scalar"u8.ToArray(), KnownGlobal.Scalar),
        ("numpy._core.numeric"u8.ToArray(), "_frombuffer"u8.ToArray(), KnownGlobal.FromBuffer),
        ("_codecs"u8.ToArray(), "encode"u8.ToArray(), KnownGlobal.Encode),
        ("collections"u8.ToArray(), "OrderedDict"u8.ToArray(), KnownGlobal.OrderedDict),
        ("gymnasium.spaces.graph"u8.ToArray(), "GraphInstance"u8.ToArray(), KnownGlobal.GraphInstance),
        .. Builtins("builtins"u8),
        .. Builtins("__builtin__"u8),
    ];

    /// <summary>Looks a global up in the closed list.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.ForbiddenGlobal"/>: it is not there.</exception>
    public static KnownGlobal Find(ReadOnlySpan<byte> module, ReadOnlySpan<byte> name, PickleGlobal? opaque)
    {
        foreach (var (knownModule, knownName, global) in Closed)
        {
            if (name.SequenceEqual(knownName) && module.SequenceEqual(knownModule))
                return global;
        }
        if (opaque is not null && Ascii.Equals(name, opaque.Name) && Ascii.Equals(module, opaque.Module))
            return KnownGlobal.Opaque;
        throw new SocketGymException(ErrorCode.ForbiddenGlobal,
            $"The pickle names {Shown(module)}.{Shown(name)}, which is not in the closed list of data types; nothing was run. Send plain values and NumPy arrays.");
    }

    private static (byte[] Module, byte[] Name, KnownGlobal Global)[] Builtins(ReadOnlySpan<byte> module) =>
    [
        (module.ToArray(), "set"u8.ToArray(), KnownGlobal.Set),
        (module.ToArray(), "frozenset"u8.ToArray(), KnownGlobal.FrozenSet),
        (module.ToArray(), "bytes"u8.ToArray(), KnownGlobal.Bytes),
        (module.ToArray(), "bytearray"u8.ToArray(), KnownGlobal.ByteArray),
        (module.ToArray(), "complex"u8.ToArray(), KnownGlobal.Complex),
    ];

    // Shortened and in printable ASCII: the name comes from a peer and may end in a log.
    private static string Shown(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder();
        foreach (var character in name[..Math.Min(name.Length, 80)])
            text.Append(character is >= 0x20 and < 0x7F ? (char)character : '?');
        return name.Length > 80 ? text.Append("...").ToString() : text.ToString();
    }
}
