using System.Buffers;
using System.IO.Pipelines;
using SocketGym.Core.Errors;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Tests.Vectors;

namespace SocketGym.Protocol.Tests.Framing;

public class FrameReaderTests
{
    public static TheoryData<VectorCase> Cases => VectorCase.All("framing/frames.json");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_connection_yields_its_frames_and_its_end_however_it_is_split(VectorCase vector)
    {
        var bytes = VectorFile.Bytes(vector.Json);
        for (var at = 0; at <= bytes.Length; at++)
            await RunAsync(vector, [bytes[..at], bytes[at..]]);
        await RunAsync(vector, bytes.Select(value => new[] { value }));
    }

    [Fact]
    public void A_frame_that_is_too_large_is_refused_before_its_payload_comes()
    {
        var pipe = new Pipe();
        Send(pipe, 0, 0, 0, 5);
        var reader = new FrameReader(pipe.Reader, 4);

        // The writer is not completed: a reader that waited for the payload would wait for ever.
        var error = Assert.Throws<SocketGymException>(() => reader.TryReadFrame(out _));

        Assert.Equal(ErrorCode.FrameTooLarge, error.Code);
    }

    [Fact]
    public void A_frame_is_released_before_the_next_is_read()
    {
        var pipe = new Pipe();
        Send(pipe, 0, 0, 0, 1, 7, 0, 0, 0, 1, 8);
        var reader = new FrameReader(pipe.Reader, 16);
        Assert.True(reader.TryReadFrame(out _));

        Assert.Throws<InvalidOperationException>(() => reader.TryReadFrame(out _));

        reader.Release();
        reader.Release();
        Assert.True(reader.TryReadFrame(out var second));
        Assert.Equal([8], second.ToArray());
    }

    [Fact]
    public void A_cancelled_read_loses_nothing()
    {
        var pipe = new Pipe();
        Send(pipe, 0, 0, 0, 2, 7);
        var reader = new FrameReader(pipe.Reader, 16);
        pipe.Reader.CancelPendingRead();
        Assert.Throws<OperationCanceledException>(() => reader.TryReadFrame(out _));

        Send(pipe, 8);

        Assert.True(reader.TryReadFrame(out var payload));
        Assert.Equal([7, 8], payload.ToArray());
    }

    [Fact]
    public void Frames_in_steady_state_allocate_nothing()
    {
        byte[] frame = [0, 0, 0, 3, 1, 2, 3];
        var pipe = new Pipe();
        var reader = new FrameReader(pipe.Reader, 16);
        void ReadOne()
        {
            Send(pipe, frame);
            Assert.True(reader.TryReadFrame(out _));
            reader.Release();
        }
        for (var warmUp = 0; warmUp < 1000; warmUp++)
            ReadOne();

        Assert.Equal(0, Allocation.Least(ReadMany));

        void ReadMany()
        {
            for (var count = 0; count < 1000; count++)
                ReadOne();
        }
    }

    private static async Task RunAsync(VectorCase vector, IEnumerable<byte[]> pieces)
    {
        var pipe = new Pipe();
        // The writer runs beside the reader, and the reader blocks for each piece.
        var writing = Task.Run(async () =>
        {
            foreach (var piece in pieces)
                await pipe.Writer.WriteAsync(piece);
            await pipe.Writer.CompleteAsync();
        });
        var reader = new FrameReader(pipe.Reader, vector.Json.GetProperty("max_frame_bytes").GetInt32());
        foreach (var payload in vector.Json.GetProperty("payloads").EnumerateArray())
        {
            Assert.True(reader.TryReadFrame(out var frame));
            Assert.Equal(payload.GetString(), Convert.ToHexStringLower(frame.ToArray()));
            reader.Release();
        }
        var end = vector.Json.GetProperty("end").GetString()!;
        if (end == "clean")
            Assert.False(reader.TryReadFrame(out _));
        else
            Assert.Equal(end, Assert.Throws<SocketGymException>(() => reader.TryReadFrame(out _)).Code.ToString());
        await writing;
        await pipe.Reader.CompleteAsync();
    }

    private static void Send(Pipe pipe, params byte[] bytes)
    {
        pipe.Writer.Write(bytes.AsSpan());
        var flush = pipe.Writer.FlushAsync();
        if (!flush.IsCompleted)
            throw new InvalidOperationException("The pipe is full.");
        flush.GetAwaiter().GetResult();
    }
}
