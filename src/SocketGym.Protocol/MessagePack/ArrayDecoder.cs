using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.MessagePack;

/// <summary>Reads arrays and NumPy scalars, remembering headers and arrays by their place in the message, so that the next one like it allocates nothing.</summary>
internal sealed class ArrayDecoder(int maxDepth)
{
    private const int MaxKept = 16;
    private const int MaxKeptHeader = 256;
    private const int MaxKeptArray = 256 * 1024;
    private const int HeaderLengthBytes = 2;

    private readonly List<Kept> _kept = [];
    private ArrayLifetime _lifetime;
    private int _place;

    /// <summary>Starts a message.</summary>
    public void Begin(ArrayLifetime lifetime)
    {
        _lifetime = lifetime;
        _place = 0;
    }

    /// <summary>Reads the bytes of an array's extension.</summary>
    public Value ReadArray(scoped ref MessagePackReader reader, uint length)
    {
        var kept = ReadLayout(ref reader, length, out var data);
        var layout = kept.Layout;
        if (_lifetime == ArrayLifetime.UntilFrameReleased && data.IsSingleSegment)
            return Value.FromArray(new NDArray(layout.DType, layout.Shape, MemoryMarshal.AsMemory(data.First)));
        NDArray array;
        if (_lifetime != ArrayLifetime.UntilNextMessage || layout.ByteCount > MaxKeptArray)
            array = new NDArray(layout.DType, layout.Shape);
        else
            array = kept.Array ??= new NDArray(layout.DType, layout.Shape);
        data.CopyTo(array.Bytes);
        return Value.FromArray(array);
    }

    /// <summary>Reads the bytes of a NumPy scalar's extension.</summary>
    public Value ReadScalar(scoped ref MessagePackReader reader, uint length)
    {
        var layout = ReadLayout(ref reader, length, out var data).Layout;
        if (layout.Shape.Length != 0)
            throw new SocketGymException(ErrorCode.ShapeMismatch, $"A NumPy scalar has the shape ({string.Join(", ", layout.Shape)}); it must be ().");
        if (data.IsSingleSegment)
            return Value.FromScalar(layout.DType, data.FirstSpan);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        if (data.Length > bytes.Length)
            return Value.FromScalar(layout.DType, data.ToArray());
        data.CopyTo(bytes);
        return Value.FromScalar(layout.DType, bytes[..(int)data.Length]);
    }

    private Kept ReadLayout(scoped ref MessagePackReader reader, uint length, out ReadOnlySequence<byte> data)
    {
        var raw = reader.ReadRaw(length);
        if (length < HeaderLengthBytes)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"An array of {length} bytes has no room for the length of its header.");
        Span<byte> bytes = stackalloc byte[MaxKeptHeader];
        raw.Slice(0, HeaderLengthBytes).CopyTo(bytes);
        var headerLength = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (headerLength > length - HeaderLengthBytes)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"An array of {length} bytes announces a header of {headerLength}.");
        var header = raw.Slice(HeaderLengthBytes, headerLength);
        data = raw.Slice(HeaderLengthBytes + headerLength);

        Kept kept;
        if (headerLength > MaxKeptHeader || _place == MaxKept)
        {
            var headerReader = new MessagePackReader(header);
            kept = new Kept([], ArrayLayout.Read(ref headerReader, maxDepth));
        }
        else
        {
            header.CopyTo(bytes);
            kept = Recall(bytes[..headerLength]);
        }
        if (data.Length != kept.Layout.ByteCount)
        {
            throw new SocketGymException(
                ErrorCode.ShapeMismatch,
                $"An array of {kept.Layout.DType} with shape ({string.Join(", ", kept.Layout.Shape)}) takes {kept.Layout.ByteCount} bytes; the message has {data.Length}.");
        }
        return kept;
    }

    private Kept Recall(scoped ReadOnlySpan<byte> header)
    {
        var place = _place++;
        if (place < _kept.Count && header.SequenceEqual(_kept[place].Header))
            return _kept[place];
        var copy = header.ToArray();
        var reader = new MessagePackReader(new ReadOnlySequence<byte>(copy));
        var kept = new Kept(copy, ArrayLayout.Read(ref reader, maxDepth));
        if (place < _kept.Count)
            _kept[place] = kept;
        else
            _kept.Add(kept);
        return kept;
    }

    private sealed class Kept(byte[] header, ArrayLayout layout)
    {
        public byte[] Header { get; } = header;

        public ArrayLayout Layout { get; } = layout;

        public NDArray? Array { get; set; }
    }
}
