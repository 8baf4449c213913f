using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers;

/// <summary>Finds stand-ins in what a caller passes: there is no object behind them, so an environment cannot be given one.</summary>
internal static class OpaqueSearch
{
    /// <summary>Refuses a value that is or holds an <see cref="Opaque"/>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedValue"/>: there is one.</exception>
    public static void Refuse(Value value, string what)
    {
        if (Find(value) is { } opaque)
            throw new SocketGymException(ErrorCode.UnsupportedValue, $"There is a stand-in for a {opaque.TypeName} in {what}: {opaque.Repr}. Send plain values and arrays.");
    }

    private static Opaque? Find(Value value) => value.Kind switch
    {
        ValueKind.Opaque => value.AsOpaque(),
        ValueKind.List or ValueKind.Tuple or ValueKind.Set or ValueKind.FrozenSet => Find(value.AsItems()),
        ValueKind.ObjectArray => Find(value.AsObjectArray().Items),
        ValueKind.Graph => Find(value.AsGraph().Nodes) ?? Find(value.AsGraph().Edges) ?? Find(value.AsGraph().EdgeLinks),
        ValueKind.Dict or ValueKind.OrderedDict => Find(value.AsDict()),
        _ => null,
    };

    private static Opaque? Find(ReadOnlySpan<Value> items)
    {
        foreach (var item in items)
        {
            if (Find(item) is { } opaque)
                return opaque;
        }
        return null;
    }

    private static Opaque? Find(ValueDictionary entries)
    {
        foreach (var (key, item) in entries)
        {
            if ((Find(key) ?? Find(item)) is { } opaque)
                return opaque;
        }
        return null;
    }
}
