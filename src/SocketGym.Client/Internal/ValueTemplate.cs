using System.Runtime.InteropServices;
using SocketGym.Core.Values;

namespace SocketGym.Client.Internal;

/// <summary>A value read from a reply, kept so that the next reply can use its objects again instead of being parsed.</summary>
/// <remarks>
/// The arrays of a value refer to the memory that it was received into. Where a later reply has the same bytes around those arrays, in the same
/// place of the same memory, the value's objects describe it too: only the arrays' contents are new (docs/protocol.md, "Fast receive").
/// </remarks>
internal sealed class ValueTemplate
{
    // More text and numbers around the arrays than this are not worth a comparison every time.
    private const int MaxKeptBytes = 16 * 1024;

    private readonly List<(int Start, int Length)> _gaps = [];
    private readonly List<(ValueDictionary Entries, KeyValuePair<Value, Value>[] Original)> _dictionaries = [];
    private byte[]? _memory;
    private byte[] _kept = [];
    private int _start;
    private Value _value;

    /// <summary>The length of the kept value's encoding, in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the kept value describes the bytes at a place of a reply.</summary>
    /// <param name="reply">From the value's first byte to the reply's end.</param>
    /// <param name="value">Receives the value.</param>
    public bool TryMatch(ReadOnlyMemory<byte> reply, out Value value)
    {
        value = _value;
        if (_memory is null || !MemoryMarshal.TryGetArray(reply, out var segment))
            return false;
        if (segment.Array != _memory || segment.Offset != _start || segment.Count < Length)
            return false;
        var kept = _kept.AsSpan();
        foreach (var (start, length) in _gaps)
        {
            if (!segment.AsSpan(start, length).SequenceEqual(kept[..length]))
                return false;
            kept = kept[length..];
        }
        RestoreDictionaries();
        return true;
    }

    /// <summary>Keeps a value in place of the one before.</summary>
    /// <param name="encoding">Exactly the bytes that it was read from.</param>
    /// <param name="value">The value, whose arrays refer to those bytes.</param>
    public void Learn(ReadOnlyMemory<byte> encoding, Value value)
    {
        _memory = null;
        _gaps.Clear();
        _dictionaries.Clear();
        if (!MemoryMarshal.TryGetArray(encoding, out var segment))
            return;
        var end = FindGaps(value, segment, 0);
        _gaps.Add((end, segment.Count - end));
        if (!Keep(segment))
            return;
        Length = segment.Count;
        (_memory, _start, _value) = (segment.Array, segment.Offset, value);
    }

    // Lists what lies between the arrays in the encoding, from a position on; returns the end of the last array.
    private int FindGaps(Value value, ArraySegment<byte> encoding, int from)
    {
        switch (value.Kind)
        {
            case ValueKind.Array:
                if (!MemoryMarshal.TryGetArray<byte>(value.AsArray().Data, out var data) || data.Array != encoding.Array || data.Count == 0)
                    return from;
                var start = data.Offset - encoding.Offset;
                _gaps.Add((from, start - from));
                return start + data.Count;
            case ValueKind.List or ValueKind.Tuple:
                foreach (var item in value.AsItems())
                    from = FindGaps(item, encoding, from);
                return from;
            case ValueKind.ObjectArray:
                foreach (var item in value.AsObjectArray().Items)
                    from = FindGaps(item, encoding, from);
                return from;
            case ValueKind.Dict or ValueKind.OrderedDict:
                _dictionaries.Add((value.AsDict(), [.. value.AsDict()]));
                foreach (var (_, item) in value.AsDict())
                    from = FindGaps(item, encoding, from);
                return from;
            default:
                return from;
        }
    }

    private bool Keep(ArraySegment<byte> encoding)
    {
        var total = 0;
        foreach (var (_, length) in _gaps)
            total += length;
        if (total > MaxKeptBytes)
            return false;
        if (_kept.Length < total)
            _kept = new byte[total];
        var kept = _kept.AsSpan();
        foreach (var (start, length) in _gaps)
        {
            encoding.AsSpan(start, length).CopyTo(kept);
            kept = kept[length..];
        }
        return true;
    }

    // The caller may have added to the dictionaries that it was handed, as wrappers do with info.
    private void RestoreDictionaries()
    {
        foreach (var (entries, original) in _dictionaries)
        {
            if (IsUnchanged(entries, original))
                continue;
            entries.Clear();
            foreach (var (key, value) in original)
                entries.Add(key, value);
        }
    }

    private static bool IsUnchanged(ValueDictionary entries, KeyValuePair<Value, Value>[] original)
    {
        if (entries.Count != original.Length)
            return false;
        for (var index = 0; index < original.Length; index++)
        {
            if (entries[index].Key != original[index].Key || entries[index].Value != original[index].Value)
                return false;
        }
        return true;
    }
}
