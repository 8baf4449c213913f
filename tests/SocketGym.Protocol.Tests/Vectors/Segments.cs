using System.Buffers;

namespace SocketGym.Protocol.Tests.Vectors;

/// <summary>One payload in every way in which a connection may deliver it.</summary>
internal static class Segments
{
    /// <summary>Whole, under every split in two (empty halves included), and a byte a segment.</summary>
    public static IEnumerable<ReadOnlySequence<byte>> Of(byte[] bytes)
    {
        yield return new ReadOnlySequence<byte>(bytes);
        yield return Join(bytes.Select(value => new[] { value }));
        // Every split of a long payload would take minutes: its ends are where lengths and types lie.
        const int LongPayload = 2048;
        for (var at = 0; at <= bytes.Length; at++)
        {
            if (bytes.Length <= LongPayload || at < LongPayload / 2 || at > bytes.Length - (LongPayload / 2))
                yield return Join([bytes[..at], bytes[at..]]);
        }
    }

    private static ReadOnlySequence<byte> Join(IEnumerable<byte[]> parts)
    {
        Segment? first = null;
        Segment? last = null;
        foreach (var part in parts)
        {
            last = new Segment(part, last);
            first ??= last;
        }
        return first is null ? default : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? previous)
        {
            Memory = bytes;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
