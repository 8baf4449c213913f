using System.Globalization;
using System.Numerics;
using System.Text;

namespace SocketGym.Core.Values;

/// <summary>Values as text for error messages: Python's names and notation, shortened.</summary>
public static class ValueText
{
    private const int MaxLength = 200;
    private const int MaxIntegerBits = 512;

    /// <summary>The name of the value's Python type, such as <c>int</c> or <c>numpy.float32</c>.</summary>
    /// <param name="value">The value.</param>
    public static string TypeName(Value value) => value.Kind switch
    {
        ValueKind.None => "NoneType",
        ValueKind.Bool => "bool",
        ValueKind.Int => "int",
        ValueKind.Float => "float",
        ValueKind.Complex => "complex",
        ValueKind.String => "str",
        ValueKind.Bytes => "bytes",
        ValueKind.ByteArray => "bytearray",
        ValueKind.List => "list",
        ValueKind.Tuple => "tuple",
        ValueKind.Dict => "dict",
        ValueKind.OrderedDict => "collections.OrderedDict",
        ValueKind.Set => "set",
        ValueKind.FrozenSet => "frozenset",
        ValueKind.Array or ValueKind.ObjectArray => "numpy.ndarray",
        ValueKind.Scalar => "numpy." + value.ScalarType.Name,
        ValueKind.Graph => "gymnasium.spaces.GraphInstance",
        _ => value.AsOpaque().TypeName,
    };

    /// <summary>The value in Python's notation, cut after about 200 characters.</summary>
    /// <param name="value">The value.</param>
    public static string Brief(Value value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.Length <= MaxLength ? text.ToString() : text.ToString(0, MaxLength) + "...";
    }

    private static void Append(StringBuilder text, Value value)
    {
        // Stops early, so that neither a large nor a deeply nested value costs more than its message.
        if (text.Length > MaxLength)
            return;
        switch (value.Kind)
        {
            case ValueKind.None:
                text.Append("None");
                break;
            case ValueKind.Bool:
                text.Append(value.AsBool() ? "True" : "False");
                break;
            case ValueKind.Int:
                AppendInteger(text, value.AsBigInteger());
                break;
            case ValueKind.Float:
                text.Append(PythonNumber(value.AsDouble()));
                break;
            case ValueKind.String:
                text.Append('\'').Append(value.AsString().AsSpan(0, Math.Min(value.AsString().Length, MaxLength))).Append('\'');
                break;
            case ValueKind.List:
                AppendItems(text, '[', value.AsItems(), ']');
                break;
            case ValueKind.Tuple:
                AppendItems(text, '(', value.AsItems(), ')');
                break;
            case ValueKind.Dict or ValueKind.OrderedDict:
                AppendDict(text, value.AsDict());
                break;
            case ValueKind.Scalar:
                text.Append(TypeName(value)).Append('(');
                AppendElement(text, value);
                text.Append(')');
                break;
            case ValueKind.Array:
                text.Append(value.AsArray());
                break;
            case ValueKind.Opaque:
                text.Append(value.AsOpaque().Repr);
                break;
            default:
                text.Append('<').Append(TypeName(value)).Append('>');
                break;
        }
    }

    // Printing an integer takes time quadratic in its length, and a peer may send one of megabytes.
    private static void AppendInteger(StringBuilder text, BigInteger number)
    {
        if (number.GetBitLength() <= MaxIntegerBits)
            text.Append(number.ToString(CultureInfo.InvariantCulture));
        else
            text.Append(CultureInfo.InvariantCulture, $"<int of {number.GetBitLength()} bits>");
    }

    private static void AppendItems(StringBuilder text, char open, ReadOnlySpan<Value> items, char close)
    {
        text.Append(open);
        for (var index = 0; index < items.Length && text.Length <= MaxLength; index++)
        {
            if (index > 0)
                text.Append(", ");
            Append(text, items[index]);
        }
        text.Append(close);
    }

    private static void AppendDict(StringBuilder text, ValueDictionary entries)
    {
        text.Append('{');
        var first = true;
        foreach (var (key, value) in entries)
        {
            if (text.Length > MaxLength)
                return;
            text.Append(first ? "" : ", ");
            first = false;
            Append(text, key);
            text.Append(": ");
            Append(text, value);
        }
        text.Append('}');
    }

    private static void AppendElement(StringBuilder text, Value scalar) => text.Append(scalar.ScalarType.Descriptor switch
    {
        "|b1" => scalar.AsScalar<bool>() ? "True" : "False",
        "|i1" => scalar.AsScalar<sbyte>().ToString(CultureInfo.InvariantCulture),
        "|u1" => scalar.AsScalar<byte>().ToString(CultureInfo.InvariantCulture),
        "<i2" => scalar.AsScalar<short>().ToString(CultureInfo.InvariantCulture),
        "<u2" => scalar.AsScalar<ushort>().ToString(CultureInfo.InvariantCulture),
        "<i4" => scalar.AsScalar<int>().ToString(CultureInfo.InvariantCulture),
        "<u4" => scalar.AsScalar<uint>().ToString(CultureInfo.InvariantCulture),
        "<i8" => scalar.AsScalar<long>().ToString(CultureInfo.InvariantCulture),
        "<u8" => scalar.AsScalar<ulong>().ToString(CultureInfo.InvariantCulture),
        "<f4" => PythonNumber(scalar.AsScalar<float>()),
        "<f8" => PythonNumber(scalar.AsScalar<double>()),
        _ => "...",
    });

    private static string PythonNumber(double number)
    {
        if (double.IsNaN(number))
            return "nan";
        if (double.IsInfinity(number))
            return number > 0 ? "inf" : "-inf";
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny(".E") ? text.Replace("E", "e", StringComparison.Ordinal) : text + ".0";
    }
}
