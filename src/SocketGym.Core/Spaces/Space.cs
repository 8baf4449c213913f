using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>One of Gymnasium's ten spaces: which values an observation or an action may have.</summary>
public abstract class Space
{
    /// <summary>Gymnasium's name of the space, such as <c>Box</c>.</summary>
    public string TypeName => GetType().Name;

    /// <summary>The shape of an element where it is one array or scalar; else null.</summary>
    public abstract ImmutableArray<int>? Shape { get; }

    /// <summary>The dtype of an element where it is one array or scalar; else null.</summary>
    public abstract DType? DType { get; }
}
