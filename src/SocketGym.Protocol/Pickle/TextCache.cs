using System.Text;
using SocketGym.Core.Errors;

namespace SocketGym.Protocol.Pickle;

/// <summary>Keeps short ASCII texts, which come again in every message, so that reading them allocates nothing.</summary>
/// <remarks>A fixed number of entries; a text takes the place of another with the same hash.</remarks>
internal sealed class TextCache
{
    private const int Entries = 256;
    private const int LongestKept = 32;
    private readonly string?[] _texts = new string?[Entries];

    /// <summary>The text of the bytes.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>: the bytes are no text.</exception>
    public string Get(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > LongestKept)
            return PickledText.Decode(bytes);
        var hash = 2166136261u;
        foreach (var unit in bytes)
            hash = (hash ^ unit) * 16777619;
        ref var entry = ref _texts[(hash ^ (hash >> 16)) % Entries];
        if (entry is not null && Ascii.Equals(bytes, entry))
            return entry;
        var text = PickledText.Decode(bytes);
        if (Ascii.IsValid(bytes))
            entry = text;
        return text;
    }
}
