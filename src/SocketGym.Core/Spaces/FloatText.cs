using System.Globalization;
using System.Numerics;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>A float in decimal, with the digits that NumPy prints: the fewest that identify it, cut off at a number of places.</summary>
internal readonly struct FloatText
{
    private readonly string _digits;
    private readonly int _point;
    private readonly bool _negative;

    // The value is 0.digits x 10^point.
    private FloatText(string digits, int point, bool negative)
    {
        _digits = digits.Length == 0 ? "0" : digits;
        _point = digits.Length == 0 ? 1 : point;
        _negative = negative;
    }

    /// <summary>The exponent of the scientific notation.</summary>
    public int Exponent => _point - 1;

    /// <summary>The fewest digits that identify a finite value within its dtype.</summary>
    public static FloatText Shortest(double value, DType type)
    {
        var text = (type.ItemSize switch
        {
            2 => ((Half)value).ToString("R", CultureInfo.InvariantCulture),
            4 => ((float)value).ToString("R", CultureInfo.InvariantCulture),
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        }).TrimStart('-');
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? text : text[..mark];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        return new FloatText(digits.Trim('0'), (point < 0 ? mantissa.Length : point) - leading + exponent, double.IsNegative(value));
    }

    /// <summary>With at most <paramref name="places"/> digits behind the point, and all before it exact.</summary>
    public static FloatText Positional(double value, DType type, int places)
    {
        var shortest = Shortest(value, type);
        var wanted = Math.Clamp(shortest._digits.Length - shortest._point, 0, places);
        return wanted == shortest._digits.Length - shortest._point ? shortest : Rounded(value, wanted);
    }

    /// <summary>With at most <paramref name="places"/> digits behind the point of the scientific notation, and at least <paramref name="least"/> that are exact.</summary>
    public static FloatText Scientific(double value, DType type, int places, int least = 0)
    {
        var shortest = Shortest(value, type);
        var wanted = Math.Clamp(shortest._digits.Length - 1, least, places);
        return wanted == shortest._digits.Length - 1 ? shortest : Rounded(value, wanted - ExponentOf(value));
    }

    /// <summary>The digits before the point, with the sign.</summary>
    public string IntegerPart(bool scientific)
    {
        var point = scientific ? 1 : _point;
        return (_negative ? "-" : "") + (point <= 0 ? "0" : _digits.PadRight(point, '0')[..point]);
    }

    /// <summary>The digits behind the point, which may be none.</summary>
    public string FractionPart(bool scientific)
    {
        var point = scientific ? 1 : _point;
        return point <= 0 ? (_digits == "0" ? "" : new string('0', -point) + _digits)
            : point < _digits.Length ? _digits[point..] : "";
    }

    // That of the exact value: float32's 1e-05 lies just below it, and has -6.
    private static int ExponentOf(double value)
    {
        var text = value.ToString("E30", CultureInfo.InvariantCulture);
        return int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    // Rounds the exact value, half to even, to a multiple of 10^-places.
    private static FloatText Rounded(double value, int places)
    {
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        var exponent = (int)(bits >> 52);
        var mantissa = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        var power = Math.Max(exponent, 1) - 1075;
        var numerator = new BigInteger(mantissa) * BigInteger.Pow(10, Math.Max(places, 0)) * BigInteger.Pow(2, Math.Max(power, 0));
        var denominator = BigInteger.Pow(10, Math.Max(-places, 0)) * BigInteger.Pow(2, Math.Max(-power, 0));
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var half = (2 * remainder).CompareTo(denominator);
        if (half > 0 || (half == 0 && !quotient.IsEven))
            quotient++;
        var digits = quotient.ToString(CultureInfo.InvariantCulture);
        return new FloatText(quotient.IsZero ? "" : digits.TrimEnd('0'), digits.Length - places, double.IsNegative(value));
    }
}
