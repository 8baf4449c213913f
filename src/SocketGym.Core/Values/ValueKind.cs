namespace SocketGym.Core.Values;

/// <summary>The closed set of what travels between an environment and its caller, named for the Python types.</summary>
public enum ValueKind : byte
{
    /// <summary>Python's <c>None</c>.</summary>
    None,

    /// <summary>Python's <c>bool</c>.</summary>
    Bool,

    /// <summary>Python's <c>int</c>, of any size.</summary>
    Int,

    /// <summary>Python's <c>float</c>.</summary>
    Float,

    /// <summary>Python's <c>complex</c>.</summary>
    Complex,

    /// <summary>Python's <c>str</c>; may hold lone surrogates.</summary>
    String,

    /// <summary>Python's <c>bytes</c>.</summary>
    Bytes,

    /// <summary>Python's <c>bytearray</c>.</summary>
    ByteArray,

    /// <summary>Python's <c>list</c>.</summary>
    List,

    /// <summary>Python's <c>tuple</c>.</summary>
    Tuple,

    /// <summary>Python's <c>dict</c>, in insertion order, with keys of any hashable kind.</summary>
    Dict,

    /// <summary>Python's <c>collections.OrderedDict</c>.</summary>
    OrderedDict,

    /// <summary>Python's <c>set</c>.</summary>
    Set,

    /// <summary>Python's <c>frozenset</c>.</summary>
    FrozenSet,

    /// <summary>A NumPy <c>ndarray</c> of plain data.</summary>
    Array,

    /// <summary>A NumPy scalar such as <c>np.float32(1.5)</c>.</summary>
    Scalar,

    /// <summary>A NumPy <c>ndarray</c> of dtype <c>object</c>.</summary>
    ObjectArray,

    /// <summary>Gymnasium's <c>GraphInstance</c>.</summary>
    Graph,

    /// <summary>A value that cannot travel: its type and <c>repr</c> in its place.</summary>
    Opaque,
}
