using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.Pickle;

/// <summary>What a pickled NumPy dtype says, which is more than a <see cref="DType"/> can.</summary>
/// <param name="Type">The element's dtype; null for NumPy's <c>object</c>.</param>
/// <param name="Shape">The shape where the dtype is a sub-array; else empty.</param>
/// <param name="Fields">Fields in it, those of nested ones included.</param>
/// <param name="Height">How deep it nests.</param>
internal readonly record struct PickledDType(DType? Type, ImmutableArray<int> Shape, int Fields, int Height);
