using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using SocketGym.Core.Errors;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Tests.Vectors;

namespace SocketGym.Protocol.Tests.Framing;

public class PayloadCompressionTests
{
    private const int Limit = 1 << 20;

    public static TheoryData<VectorCase> Cases => VectorCase.All("framing/compressed.json");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_payload_is_its_message_or_is_refused_however_it_is_split(VectorCase vector)
    {
        var compression = new PayloadCompression(vector.Json.GetProperty("max_frame_bytes").GetInt32());
        var payload = VectorFile.Bytes(vector.Json);
        var expected = vector.Json.TryGetProperty("message", out var parts) ? Message(parts) : null;
        var whole = new ReadOnlySequence<byte>(payload);
        foreach (var delivered in expected is { Length: Limit } ? [whole] : Segments.Of(payload))
        {
            if (expected is not null)
            {
                Assert.True(compression.Unpack(delivered).ToArray().AsSpan().SequenceEqual(expected));
                continue;
            }
            var error = Assert.Throws<SocketGymException>(() => compression.Unpack(delivered));
            Assert.Equal(vector.Json.GetProperty("code").GetString(), error.Code.ToString());
        }
        // What was refused leaves nothing behind.
        Assert.Equal([0xC0], compression.Unpack(new([0, 0xC0])).ToArray());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(511, 0)]
    [InlineData(512, 1)]
    [InlineData(100_000, 1)]
    public void A_message_is_compressed_from_a_size_on(int size, byte kind)
    {
        var compression = new PayloadCompression(Limit);
        var payload = Payload(compression.Pack(Frame([new byte[size]])));
        Assert.Equal(kind, payload[0]);
        Assert.True(kind == 0 ? payload.Length == size + 1 : payload.Length < 100 + (size / 100));
        Assert.Equal(new byte[size], compression.Unpack(new(payload)).ToArray());
    }

    [Fact]
    public void Pieces_that_lie_elsewhere_keep_their_order_compressed_or_not()
    {
        var compression = new PayloadCompression(Limit);
        var random = new Random(5);
        foreach (var noisy in (bool[])[false, true, false, true])
        {
            var pieces = new byte[7][];
            for (var index = 0; index < pieces.Length; index++)
            {
                pieces[index] = new byte[index % 2 == 0 ? 100 : FrameBuffer.ReferenceThreshold + index];
                if (noisy)
                    random.NextBytes(pieces[index]);
                else
                    pieces[index].AsSpan().Fill((byte)index);
            }
            var payload = Payload(compression.Pack(Frame(pieces)));
            Assert.Equal(noisy ? 0 : 1, payload[0]);
            Assert.Equal(pieces.SelectMany(piece => piece), compression.Unpack(new(payload)).ToArray());
        }
    }

    [Fact]
    public void A_bomb_costs_no_memory()
    {
        const int bombBytes = 64 * 1024 * 1024;
        var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(new byte[bombBytes]);
        foreach (var (declared, code) in ((uint, ErrorCode)[])[(1000, ErrorCode.MalformedMessage), (bombBytes, ErrorCode.FrameTooLarge), (uint.MaxValue, ErrorCode.FrameTooLarge)])
        {
            byte[] payload = [1, 0, 0, 0, 0, .. stream.ToArray()];
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(1), declared);
            var bomb = new ReadOnlySequence<byte>(payload);
            var compression = new PayloadCompression(Limit);
            var allocated = Allocation.Least(() => Assert.Equal(code, Assert.Throws<SocketGymException>(() => compression.Unpack(bomb)).Code));
            Assert.InRange(allocated, 0, 256 * 1024);
        }
    }

    [Fact]
    public void A_length_that_is_announced_allocates_nothing()
    {
        var compression = new PayloadCompression(256 * 1024 * 1024);
        byte[] payload = [1, 0x10, 0, 0, 0, .. Deflated([1, 2, 3])];
        var allocated = Allocation.Least(() => Assert.Throws<SocketGymException>(() => compression.Unpack(new(payload))));
        Assert.InRange(allocated, 0, 256 * 1024);
    }

    [Fact]
    public void A_long_message_has_no_buffer_longer_than_itself()
    {
        const int length = (2 * 1024 * 1024) + 1;
        var compression = new PayloadCompression(4 * 1024 * 1024);
        var payload = Payload(compression.Pack(Frame([new byte[length]])));
        compression.Release();
        // Buffers of 16 KiB, 32 KiB, ... 2 MiB have come before the last.
        Assert.InRange(Allocation.Least(Unpack), length, (3 * length) + (64 * 1024));

        void Unpack()
        {
            compression.Unpack(new(payload));
            compression.Release();
        }
    }

    [Fact]
    public void Images_in_steady_state_allocate_no_more_than_the_inflater_and_the_deflater_themselves()
    {
        var compression = new PayloadCompression(Limit);
        var image = new byte[210 * 160 * 3];
        new Random(1).NextBytes(image.AsSpan(0, 30_000));
        var frame = Frame([new byte[100], image]);
        var payload = Payload(compression.Pack(frame));
        void Exchange()
        {
            compression.Pack(frame);
            compression.Unpack(new(payload));
            compression.Release();
        }
        Exchange();
        Assert.InRange(Allocation.Least(Exchange), 0, 2048);
    }

    private static byte[] Message(System.Text.Json.JsonElement parts) => [.. parts.EnumerateArray().SelectMany(part =>
        Enumerable.Repeat(Convert.FromHexString(part[0].GetString()!), part[1].GetInt32()).SelectMany(bytes => bytes))];

    private static FrameBuffer Frame(byte[][] pieces)
    {
        var frame = new FrameBuffer();
        foreach (var piece in pieces)
            frame.WriteReference(piece);
        return frame;
    }

    private static byte[] Payload(FrameBuffer frame)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        frame.Complete(pieces);
        return [.. pieces.SelectMany(piece => piece.ToArray()).Skip(FrameBuffer.HeaderBytes)];
    }

    private static byte[] Deflated(byte[] data)
    {
        var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(data);
        return stream.ToArray();
    }
}
