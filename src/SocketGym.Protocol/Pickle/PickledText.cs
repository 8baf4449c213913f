using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SocketGym.Protocol.Pickle;

/// <summary>Python's text: UTF-8 in which a lone surrogate is three bytes, as CPython's <c>surrogatepass</c> writes it.</summary>
internal static class PickledText
{
    private const char Lead = '\uD800';
    private const int LongestScalar = 3;

    /// <summary>Decodes text; null where the bytes are none.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[consumed..];
            }
            else if (bytes.Length >= LongestScalar && bytes[0] == 0xED && bytes[1] is >= 0xA0 and <= 0xBF && bytes[2] is >= 0x80 and <= 0xBF)
            {
                text.Append((char)(Lead | ((bytes[1] & 0x1F) << 6) | (bytes[2] & 0x3F)));
                bytes = bytes[LongestScalar..];
            }
            else
            {
                return null;
            }
        }
        return text.ToString();
    }

    /// <summary>The number of bytes that <see cref="Encode"/> writes.</summary>
    public static int ByteCount(string text)
    {
        var count = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (char.IsHighSurrogate(character) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                index++;
                count = checked(count + 4);
            }
            else
            {
                count = checked(count + (character < 0x80 ? 1 : character < 0x800 ? 2 : LongestScalar));
            }
        }
        return count;
    }

    /// <summary>Encodes text into exactly <see cref="ByteCount"/> bytes.</summary>
    public static void Encode(string text, Span<byte> destination)
    {
        // One byte a character is ASCII, by far the most common text.
        if (destination.Length == text.Length)
        {
            Encoding.ASCII.GetBytes(text, destination);
            return;
        }
        var written = 0;
        for (var index = 0; index < text.Length; index++)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(index), out var rune, out var consumed) == OperationStatus.Done)
            {
                written += rune.EncodeToUtf8(destination[written..]);
                index += consumed - 1;
                continue;
            }
            var surrogate = text[index];
            destination[written++] = 0xED;
            destination[written++] = (byte)(0x80 | ((surrogate >> 6) & 0x3F));
            destination[written++] = (byte)(0x80 | (surrogate & 0x3F));
        }
    }

    /// <summary>How many bytes a text stands for that Python made of bytes with the codec latin1: one a character.</summary>
    public static int Latin1Length(ReadOnlySpan<byte> text)
    {
        var length = 0;
        foreach (var unit in text)
            length += (unit & 0xC0) == 0x80 ? 0 : 1;
        return length;
    }

    /// <summary>Takes the bytes back out of such a text.</summary>
    /// <returns>Whether every character is one of latin1 and the count is the destination's length.</returns>
    public static bool TryDecodeLatin1(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var written = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var unit = text[index];
            if (unit >= 0x80)
            {
                if (unit is not (0xC2 or 0xC3) || ++index == text.Length || (text[index] & 0xC0) != 0x80)
                    return false;
                unit = (byte)((unit << 6) | (text[index] & 0x3F));
            }
            if (written == destination.Length)
                return false;
            destination[written++] = unit;
        }
        return written == destination.Length;
    }
}
