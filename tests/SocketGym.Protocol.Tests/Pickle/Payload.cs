using System.Buffers;

namespace SocketGym.Protocol.Tests.Pickle;

/// <summary>One payload in every way in which it can arrive.</summary>
internal static class Payload
{
    private const int LongestSplitEverywhere = 2048;

    /// <summary>In one piece, in one piece inside a larger buffer, in two pieces split at every byte, and a byte a piece.</summary>
    public static IEnumerable<ReadOnlySequence<byte>> Forms(byte[] payload)
    {
        yield return new ReadOnlySequence<byte>(payload);
        byte[] guarded = [0xFF, 0xFF, .. payload, 0xFF, 0xFF];
        yield return new ReadOnlySequence<byte>(guarded, 2, payload.Length);
        if (payload.Length > LongestSplitEverywhere)
        {
            yield return Joined(payload[..1000], payload[1000..]);
            yield break;
        }
        for (var split = 1; split < payload.Length; split++)
            yield return Joined(payload[..split], payload[split..]);
        yield return Joined([.. payload.Select(unit => new[] { unit })]);
    }

    private static ReadOnlySequence<byte> Joined(params byte[][] pieces)
    {
        if (pieces.Length == 0)
            return ReadOnlySequence<byte>.Empty;
        var first = new Segment(pieces[0], null);
        var last = first;
        foreach (var piece in pieces.Skip(1))
            last = new Segment(piece, last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] memory, Segment? previous)
        {
            Memory = memory;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
