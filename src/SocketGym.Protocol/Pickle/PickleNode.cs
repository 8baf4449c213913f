namespace SocketGym.Protocol.Pickle;

internal enum PickleNodeKind : byte
{
    None,
    True,
    False,
    Int,
    Float,

    // The bytes of these lie in the payload.
    Long,
    Text,
    ByteString,
    Bytes,
    ByteArray,

    // These have items; a dictionary's are key, value, key, value, ...
    List,
    Tuple,
    Dict,
    Set,
    FrozenSet,

    Global,

    // A global applied to arguments: not called, only noted.
    Applied,
}

/// <summary>One object of a pickle, before it is known what it stands for. 16 bytes; three numbers whose meaning depends on the kind.</summary>
internal struct PickleNode
{
    public const int Nothing = -1;

    private int _a;
    private int _b;
    private int _c;

    public PickleNodeKind Kind { get; private init; }

    /// <summary>The global of <see cref="PickleNodeKind.Global"/> and <see cref="PickleNodeKind.Applied"/>.</summary>
    public KnownGlobal Global { get; private init; }

    /// <summary>Whether the memo gave the object out again, so that it may be reached more than once.</summary>
    public bool IsShared { get; set; }

    /// <summary>The integer, or the bits of the float.</summary>
    public readonly long Bits => ((long)_b << 32) | (uint)_a;

    /// <summary>Where the object's bytes start in the payload.</summary>
    public readonly int Offset => _a;

    /// <summary>How many bytes the object has in the payload.</summary>
    public readonly int Length => _b;

    /// <summary>The first link to an item.</summary>
    public int First { readonly get => _a; set => _a = value; }

    /// <summary>The last link to an item.</summary>
    public int Last { readonly get => _b; set => _b = value; }

    /// <summary>How many items there are.</summary>
    public int Count { readonly get => _c; set => _c = value; }

    /// <summary>The tuple of arguments of <see cref="PickleNodeKind.Applied"/>.</summary>
    public readonly int Arguments => _a;

    /// <summary>The state that was built into the object, or <see cref="Nothing"/>.</summary>
    public int State { readonly get => _b; set => _b = value; }

    /// <summary>The dictionary node that takes the items set on an <c>OrderedDict</c>, or <see cref="Nothing"/>.</summary>
    public readonly int Entries => _c;

    public static PickleNode Constant(PickleNodeKind kind) => new() { Kind = kind };

    public static PickleNode Number(PickleNodeKind kind, long bits) => new() { Kind = kind, _a = (int)bits, _b = (int)(bits >> 32) };

    public static PickleNode Range(PickleNodeKind kind, int offset, int length) => new() { Kind = kind, _a = offset, _b = length };

    public static PickleNode Container(PickleNodeKind kind) => new() { Kind = kind, _a = Nothing, _b = Nothing };

    public static PickleNode OfGlobal(KnownGlobal global) => new() { Kind = PickleNodeKind.Global, Global = global };

    public static PickleNode Applied(KnownGlobal global, int arguments, int entries) =>
        new() { Kind = PickleNodeKind.Applied, Global = global, _a = arguments, _b = Nothing, _c = entries };
}
