using System.Globalization;
using System.Text;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>Arrays, dtypes and keys as NumPy and Python print them, for the text of a space.</summary>
internal static class ArrayText
{
    // NumPy's default print options.
    private const int Threshold = 1000;
    private const int EdgeItems = 3;
    private const int LineWidth = 75;
    private const int Precision = 8;

    /// <summary>One number where all elements are equal, else all of them: how Gymnasium shortens bounds.</summary>
    public static string Short(NDArray array)
    {
        if (!Number.Supports(array.DType))
            return array.ToString();
        for (var index = 1L; index < array.Count; index++)
        {
            if (Number.Read(array, index).CompareTo(Number.Read(array, 0)) != 0)
                return Format(array);
        }
        return array.Count == 0 ? "[]" : Scalar(Number.Read(array, 0), array.DType);
    }

    /// <summary>What <c>str(array)</c> gives.</summary>
    public static string Format(NDArray array)
    {
        if (array.Count == 0)
            return "[]";
        if (array.Shape.IsEmpty)
            return Scalar(Number.Read(array, 0), array.DType);
        var visible = new List<Number>();
        Collect(array, 0, 0, visible);
        var format = FormatterOf(visible, array.DType);
        return Nested(array, 0, 0, format, " ", LineWidth);
    }

    /// <summary>What <c>str(shape)</c> gives for a tuple of ints.</summary>
    public static string Format(ReadOnlySpan<int> shape) =>
        shape.Length == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape.ToArray())})";

    /// <summary>What <c>str(dtype)</c> gives.</summary>
    public static string NameOf(DType type) => type.ByteOrder == '>' ? type.Descriptor : type.Name;

    /// <summary>What <c>repr(key)</c> gives for a key of a dictionary.</summary>
    public static string Key(Value key)
    {
        if (key.Kind != ValueKind.String)
            return key.ToString();
        var text = key.AsString();
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var result = new StringBuilder().Append(quote);
        foreach (var character in text)
        {
            result.Append(character switch
            {
                '\\' => @"\\",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                < ' ' or '\x7f' => $@"\x{(int)character:x2}",
                _ when character == quote => "\\" + quote,
                _ => character.ToString(),
            });
        }
        return result.Append(quote).ToString();
    }

    private static string Scalar(Number number, DType type)
    {
        if (type.Kind == 'b')
            return number.ToDouble != 0 ? "True" : "False";
        if (type.Kind != 'f')
            return number.ToInteger().ToString(CultureInfo.InvariantCulture);
        var value = number.ToDouble;
        if (!double.IsFinite(value))
            return NonFinite(value);
        var text = FloatText.Shortest(value, type);
        var scientific = value != 0 && Math.Abs(value) is < 1e-4 or >= 1e16;
        var fraction = text.FractionPart(scientific);
        if (scientific)
            return text.IntegerPart(true) + (fraction.Length == 0 ? "" : "." + fraction) + Exponent(text.Exponent, 2);
        return text.IntegerPart(false) + "." + (fraction.Length == 0 ? "0" : fraction);
    }

    private static string NonFinite(double value) => double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";

    private static string Exponent(int exponent, int digits) =>
        (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');

    private static bool IsSummarized(NDArray array, int axis) => array.Count > Threshold && array.Shape[axis] > 2 * EdgeItems;

    // The elements that are printed, by which the columns are aligned.
    private static void Collect(NDArray array, int axis, long offset, List<Number> visible)
    {
        if (axis == array.Shape.Length)
        {
            visible.Add(Number.Read(array, offset));
            return;
        }
        for (var index = 0; index < array.Shape[axis]; index++)
        {
            if (IsSummarized(array, axis) && index == EdgeItems)
                index = array.Shape[axis] - EdgeItems;
            Collect(array, axis + 1, (offset * array.Shape[axis]) + index, visible);
        }
    }

    private static Func<Number, string> FormatterOf(List<Number> visible, DType type)
    {
        if (type.Kind == 'f')
            return FloatFormatterOf([.. visible.Select(number => number.ToDouble)], type);
        var width = type.Kind == 'b' ? 5 : visible.Max(number => Scalar(number, type).Length);
        return number => Scalar(number, type).PadLeft(width);
    }

    private static Func<Number, string> FloatFormatterOf(double[] visible, DType type)
    {
        var finite = visible.Where(double.IsFinite).ToArray();
        var sizes = finite.Where(value => value != 0).Select(Math.Abs).ToArray();
        var scientific = sizes.Length > 0 && (sizes.Max() >= 1e8 || sizes.Min() < 0.0001 || sizes.Max() / sizes.Min() > 1000);
        var texts = finite.Select(value => TextOf(value, 0)).ToArray();
        var left = texts.Select(text => text.IntegerPart(scientific).Length).DefaultIfEmpty(0).Max();
        var right = texts.Select(text => text.FractionPart(scientific).Length).DefaultIfEmpty(0).Max();
        var exponentDigits = scientific ? texts.Max(text => Math.Max(2, Math.Abs(text.Exponent).ToString(CultureInfo.InvariantCulture).Length)) : 0;
        var tail = right + (scientific ? exponentDigits + 2 : 0);
        foreach (var value in visible.Where(value => !double.IsFinite(value)))
            left = Math.Max(left, NonFinite(value).Length - tail - 1);
        return number =>
        {
            var value = number.ToDouble;
            if (!double.IsFinite(value))
                return NonFinite(value).PadLeft(left + tail + 1);
            var text = TextOf(value, right);
            var whole = text.IntegerPart(scientific).PadLeft(left) + "." + text.FractionPart(scientific).PadRight(right, scientific ? '0' : ' ');
            return scientific ? whole + Exponent(text.Exponent, exponentDigits) : whole;
        };

        FloatText TextOf(double value, int least) => scientific
            ? FloatText.Scientific(value, type, Precision, least)
            : FloatText.Positional(value, type, Precision);
    }

    private static string Nested(NDArray array, int axis, long offset, Func<Number, string> format, string indent, int width)
    {
        var length = array.Shape[axis];
        var isLast = axis == array.Shape.Length - 1;
        var text = new StringBuilder();
        var line = new StringBuilder(indent);
        for (var index = 0; index < length; index++)
        {
            var isGap = IsSummarized(array, axis) && index == EdgeItems;
            if (isGap)
                index = length - EdgeItems - 1;
            var position = (offset * length) + index;
            var end = index == length - 1;
            if (isLast)
            {
                AppendWord(text, line, isGap ? "..." : format(Number.Read(array, position)), indent, width - 1);
                line.Append(end ? "" : " ");
                continue;
            }
            text.Append(indent).Append(isGap ? "..." : Nested(array, axis + 1, position, format, indent + " ", width - 1));
            text.Append(end ? "" : new string('\n', array.Shape.Length - axis - 1));
        }
        return "[" + text.Append(isLast ? line : null).ToString()[indent.Length..] + "]";
    }

    private static void AppendWord(StringBuilder text, StringBuilder line, string word, string indent, int width)
    {
        if (line.Length + word.Length > width && line.Length > indent.Length)
        {
            text.Append(line.ToString().TrimEnd()).Append('\n');
            line.Clear().Append(indent);
        }
        line.Append(word);
    }
}
