using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.Pickle;

/// <summary>Checks that a dictionary has every key once, and only keys that Python can hash.</summary>
/// <remarks>
/// With a key twice, a check here and Python there could each see another value. The hashes are seeded by the runtime and deep, so a
/// peer cannot make keys collide.
/// </remarks>
internal sealed class DistinctKeys(DecodingBudget budget) : IEqualityComparer<Value>
{
    private const int ComparedInPairs = 8;

    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>: a key is there twice.</exception>
    public void Check(ValueDictionary entries)
    {
        if (entries.Count < 2)
            return;
        var seen = entries.Count > ComparedInPairs ? new HashSet<Value>(entries.Count, this) : null;
        for (var index = 0; index < entries.Count; index++)
        {
            var key = entries[index].Key;
            if (key.Kind == ValueKind.String)
                budget.AddBytes(key.AsString().Length);
            if (seen is null ? IsAmongFirst(entries, index, key) : !seen.Add(key))
                throw PickleErrors.Malformed($"a dict has the key {key} twice.");
        }
    }

    /// <summary>Refuses what Python cannot put into a set or use as a key.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>: the value is not hashable.</exception>
    public static void RequireHashable(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.List or ValueKind.Dict or ValueKind.OrderedDict or ValueKind.Set or ValueKind.ByteArray
                or ValueKind.Array or ValueKind.ObjectArray or ValueKind.Graph:
                throw PickleErrors.Malformed($"a {ValueText.TypeName(value)} is used as a key or an item of a set, and is not hashable.");
            case ValueKind.Tuple:
                foreach (var item in value.AsItems())
                    RequireHashable(item);
                break;
        }
    }

    public bool Equals(Value x, Value y) => x.Equals(y);

    public int GetHashCode(Value obj)
    {
        if (obj.Kind == ValueKind.String)
            return obj.AsString().GetHashCode(StringComparison.Ordinal);
        var hash = default(HashCode);
        hash.Add(obj.Kind);
        if (obj.Kind is ValueKind.Tuple or ValueKind.FrozenSet)
        {
            foreach (var item in obj.AsItems())
                hash.Add(GetHashCode(item));
        }
        else if (obj.Kind == ValueKind.Bytes)
        {
            hash.AddBytes(obj.AsBytes().Span);
        }
        else
        {
            hash.Add(obj.GetHashCode());
        }
        return hash.ToHashCode();
    }

    private static bool IsAmongFirst(ValueDictionary entries, int count, Value key)
    {
        for (var index = 0; index < count; index++)
        {
            if (entries[index].Key.Equals(key))
                return true;
        }
        return false;
    }
}
