using System.Numerics;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.Messages;

/// <summary>The entries of a description that a peer sent, each checked for its kind.</summary>
internal readonly struct FieldReader
{
    private readonly ValueDictionary _entries;
    private readonly string _owner;

    public FieldReader(Value value, string owner)
    {
        if (value.Kind is not (ValueKind.Dict or ValueKind.OrderedDict))
            throw new SocketGymException(ErrorCode.MalformedMessage, $"A {owner} is described by a dict, not by {value}.");
        _entries = value.AsDict();
        _owner = owner;
    }

    public Value Required(string name) => _entries.TryGetValue(name, out var value)
        ? value
        : throw new SocketGymException(ErrorCode.MalformedMessage, $"A {_owner} lacks '{name}'.");

    public string Text(string name) => Expect(name, ValueKind.String).AsString();

    public string? OptionalText(string name) => Required(name).IsNone ? null : Text(name);

    public bool Boolean(string name) => Expect(name, ValueKind.Bool).AsBool();

    public BigInteger Integer(string name) => Expect(name, ValueKind.Int).AsBigInteger();

    public int Int32(string name) => ToInt32(name, Expect(name, ValueKind.Int));

    public int? OptionalInt32(string name) => Required(name).IsNone ? null : Int32(name);

    public double? OptionalNumber(string name) => Required(name) switch
    {
        { IsNone: true } => null,
        { IsInt64: true } whole => whole.AsInt64(),
        _ => Expect(name, ValueKind.Float).AsDouble(),
    };

    public NDArray Array(string name) => Expect(name, ValueKind.Array).AsArray();

    public ReadOnlySpan<Value> List(string name) => Expect(name, ValueKind.List).AsItems();

    public ValueDictionary Dict(string name) => Expect(name, ValueKind.Dict).AsDict();

    public int ToInt32(string name, Value value) => value.IsInt64 && value.AsInt64() is >= int.MinValue and <= int.MaxValue and var number
        ? (int)number
        : throw new SocketGymException(ErrorCode.MalformedMessage, $"'{name}' of a {_owner} must be an int of 32 bits, not {value}.");

    private Value Expect(string name, ValueKind kind)
    {
        var value = Required(name);
        return value.Kind == kind
            ? value
            : throw new SocketGymException(ErrorCode.MalformedMessage, $"'{name}' of a {_owner} must be of kind {kind}, not {ValueText.TypeName(value)}: {value}.");
    }
}
