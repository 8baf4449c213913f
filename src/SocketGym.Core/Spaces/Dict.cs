using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>A dictionary with one element from each of several spaces, by key, in order.</summary>
public sealed class Dict : Space
{
    /// <summary>Makes a dictionary space.</summary>
    /// <param name="spaces">Key and space of each element, in the order that elements have. Keys are strings, rarely ints or tuples.</param>
    public Dict(params ImmutableArray<KeyValuePair<Value, Space>> spaces) => Spaces = spaces;

    /// <summary>Key and space of each element, in order.</summary>
    public ImmutableArray<KeyValuePair<Value, Space>> Spaces { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => null;

    /// <inheritdoc/>
    public override DType? DType => null;
}
