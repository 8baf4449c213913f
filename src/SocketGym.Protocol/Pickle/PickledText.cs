using System.Text;
using System.Text.Unicode;
using SocketGym.Core.Errors;
using SocketGym.Protocol.MessagePack;

namespace SocketGym.Protocol.Pickle;

/// <summary>Texts in a pickle: text as such, and bytes that protocol 2 writes as text.</summary>
internal static class PickledText
{
    /// <summary>Decodes text.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>: the bytes are no text.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : SurrogateText.Decode(bytes);

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
