using System.Buffers;
using System.Text;
using SocketGym.Core.Errors;

namespace SocketGym.Protocol.MessagePack;

/// <summary>UTF-8 in which a lone surrogate is three bytes, as CPython's <c>surrogatepass</c> writes it.</summary>
internal static class SurrogateText
{
    /// <summary>Whether a text has a surrogate without its partner, which UTF-8 cannot hold.</summary>
    public static bool IsNeeded(ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAnyInRange('\ud800', '\udfff');
        if (start < 0)
            return false;
        for (text = text[start..]; !text.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var length) != OperationStatus.Done)
                return true;
            text = text[length..];
        }
        return false;
    }

    public static byte[] Encode(ReadOnlySpan<char> text)
    {
        // A char takes at most three bytes, and a pair four.
        var bytes = new byte[checked(text.Length * 3)];
        var written = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) == OperationStatus.Done)
                written += rune.EncodeToUtf8(bytes.AsSpan(written));
            else
                written += EncodeSurrogate(text[0], bytes.AsSpan(written));
            text = text[length..];
        }
        return bytes[..written];
    }

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        // A byte never stands for more than one char.
        var text = new char[bytes.Length];
        var written = 0;
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done)
            {
                written += rune.EncodeToUtf16(text.AsSpan(written));
            }
            else
            {
                var surrogate = DecodeSurrogate(bytes);
                if (char.IsLowSurrogate(surrogate) && written > 0 && char.IsHighSurrogate(text[written - 1]))
                    throw new SocketGymException(ErrorCode.MalformedMessage, "A text has a high and a low surrogate in a row; together they are one character, of four bytes.");
                text[written++] = surrogate;
                length = 3;
            }
            bytes = bytes[length..];
        }
        return new string(text, 0, written);
    }

    private static int EncodeSurrogate(char surrogate, Span<byte> bytes)
    {
        bytes[0] = (byte)(0xe0 | (surrogate >> 12));
        bytes[1] = (byte)(0x80 | ((surrogate >> 6) & 0x3f));
        bytes[2] = (byte)(0x80 | (surrogate & 0x3f));
        return 3;
    }

    private static char DecodeSurrogate(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 3 || bytes[0] != 0xed || bytes[1] is < 0xa0 or > 0xbf || bytes[2] is < 0x80 or > 0xbf)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"A text is neither UTF-8 nor a lone surrogate at byte {bytes[0]:x2}.");
        return (char)(0xd000 | ((bytes[1] & 0x3f) << 6) | (bytes[2] & 0x3f));
    }
}
