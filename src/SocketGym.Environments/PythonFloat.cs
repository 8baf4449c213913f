using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using SocketGym.Core.Values;

namespace SocketGym.Environments;

/// <summary>What Python's <c>float(x)</c> makes of a value.</summary>
internal static partial class PythonFloat
{
    /// <summary>
    /// Converts a number, a boolean, the text of a number (<c>str</c>, <c>bytes</c>, <c>bytearray</c>), or a NumPy scalar or array of one such
    /// element. NumPy's text, dates, float128, complex and structured elements are refused, though NumPy converts some of them.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="number">The number when the result is true; infinite for an <c>int</c> that is too large.</param>
    /// <returns>Whether the value converts.</returns>
    public static bool TryConvert(Value value, out double number)
    {
        number = 0;
        switch (value.Kind)
        {
            case ValueKind.Bool:
                number = value.AsBool() ? 1 : 0;
                return true;
            case ValueKind.Int:
                number = RoundToDouble(value);
                return true;
            case ValueKind.Float:
                number = value.AsDouble();
                return true;
            case ValueKind.String:
                return TryParse(value.AsString(), out number);
            case ValueKind.Bytes or ValueKind.ByteArray:
                return TryParse(Encoding.Latin1.GetString(value.AsBytes().Span), out number);
            case ValueKind.Scalar:
                Span<byte> bytes = stackalloc byte[8];
                if (value.ScalarType.ItemSize > bytes.Length)
                    return false;
                value.CopyScalarTo(bytes);
                return TryReadElement(bytes[..value.ScalarType.ItemSize], value.ScalarType, out number);
            case ValueKind.Array:
                var array = value.AsArray();
                return array.Count == 1 && TryReadElement(array.Bytes, array.DType, out number);
            case ValueKind.ObjectArray:
                return value.AsObjectArray().Items is [var item] && item.Kind != ValueKind.ObjectArray && TryConvert(item, out number);
            default:
                return false;
        }
    }

    private static double RoundToDouble(Value value)
    {
        if (value.IsInt64)
            return value.AsInt64();
        var integer = value.AsBigInteger();
        // Beyond the largest double, whose integer part has 1,024 bits.
        if (integer.GetBitLength() > 1024)
            return integer.Sign > 0 ? double.PositiveInfinity : double.NegativeInfinity;
        // The conversion of a BigInteger truncates; decimal text is rounded to nearest, ties to even, as Python rounds.
        return double.Parse(integer.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static bool TryReadElement(ReadOnlySpan<byte> element, DType dtype, out double number)
    {
        number = 0;
        if (dtype.ItemSize > 8)
            return false;
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        element.CopyTo(bytes);
        if (dtype.ByteOrder == '>')
            bytes[..dtype.ItemSize].Reverse();
        double? converted = (dtype.Kind, dtype.ItemSize) switch
        {
            ('b', 1) or ('u', 1) => bytes[0],
            ('u', _) => MemoryMarshal.Read<ulong>(bytes),
            ('i', 1) => (sbyte)bytes[0],
            ('i', 2) => MemoryMarshal.Read<short>(bytes),
            ('i', 4) => MemoryMarshal.Read<int>(bytes),
            ('i', 8) => MemoryMarshal.Read<long>(bytes),
            ('f', 2) => (double)MemoryMarshal.Read<Half>(bytes),
            ('f', 4) => MemoryMarshal.Read<float>(bytes),
            ('f', 8) => MemoryMarshal.Read<double>(bytes),
            _ => null,
        };
        number = converted ?? 0;
        return converted is not null;
    }

    private static bool TryParse(string text, out double number)
    {
        var literal = text.AsSpan().Trim();
        number = 0;
        if (DecimalLiteral().IsMatch(literal))
        {
            number = double.Parse(literal.ToString().Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            return true;
        }
        var isNegative = literal is ['-', ..];
        var name = literal is ['-' or '+', ..] ? literal[1..] : literal;
        if (name.Equals("nan", StringComparison.OrdinalIgnoreCase))
            number = double.NaN;
        else if (name.Equals("inf", StringComparison.OrdinalIgnoreCase) || name.Equals("infinity", StringComparison.OrdinalIgnoreCase))
            number = isNegative ? double.NegativeInfinity : double.PositiveInfinity;
        else
            return false;
        return true;
    }

    // Python's own grammar: single underscores may stand between digits.
    [GeneratedRegex(@"^[+-]?(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?\z")]
    private static partial Regex DecimalLiteral();
}
