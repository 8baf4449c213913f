using SocketGym.Core.Errors;

namespace SocketGym.Client.Tests;

/// <summary>Frames that are received into the caller's memory, and every reply that looks otherwise than the one before.</summary>
public sealed class FrameMemoryTests
{
    [Fact]
    public void Each_frame_is_there_whatever_the_reply_before_looked_like_and_however_it_comes()
    {
        // None for a reply that is an error; a frame with another shape takes as many bytes as the one before.
        (byte[] Shape, int PieceBytes)?[] frames = [([8, 9, 3], 5000), ([8, 9, 3], 1), ([9, 8, 3], 5000), null, ([9, 8, 3], 7), ([2, 2, 3], 2), ([8, 9, 3], 3), ([8, 9, 3], 60)];
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            for (var index = 0; index < frames.Length; index++)
            {
                peer.ReadPayload();
                var id = (uint)(3 + index);
                var payload = frames[index] is { } frame
                    ? Pack.Reply(id, Pack.Array("|u1", frame.Shape, Data(index, frame.Shape)))
                    : Pack.Error(id, "ResetNeeded", "No.");
                foreach (var piece in Pack.Frame(payload).Chunk(frames[index]?.PieceBytes ?? 5))
                    peer.Send(piece);
            }
            peer.ReadPayload();
            peer.Reply((uint)(3 + frames.Length), Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        for (var index = 0; index < frames.Length; index++)
        {
            var memory = new byte[300];
            memory.AsSpan().Fill(77);
            if (frames[index] is not { } frame)
            {
                Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => client.Render(memory)).Code);
                continue;
            }
            var data = Data(index, frame.Shape);
            Assert.Equal(data.Length, client.Render(memory));
            Assert.Equal(data, memory[..data.Length]);
            Assert.All(memory[data.Length..], left => Assert.Equal(77, left));
        }
    }

    [Fact]
    public void Memory_that_is_too_short_is_refused_and_left_alone_also_for_a_frame_of_a_known_form()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            for (var id = 3u; id < 6; id++)
            {
                peer.ReadPayload();
                peer.Reply(id, Pack.Array("|u1", [2, 2, 3], Data((int)id, [2, 2, 3])));
            }
            peer.ReadPayload();
            peer.Reply(6, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        client.Render(new byte[12]);
        var memory = new byte[11];
        Assert.Contains("12 bytes", Assert.Throws<ArgumentException>(() => client.Render(memory)).Message, StringComparison.Ordinal);
        Assert.Equal(new byte[11], memory);
        Assert.Equal(12, client.Render(new byte[12]));
    }

    [Theory]
    [InlineData(3, ErrorCode.TruncatedFrame)]
    [InlineData(20, ErrorCode.TruncatedFrame)]
    [InlineData(200, ErrorCode.TruncatedFrame)]
    [InlineData(0, ErrorCode.ConnectionLost)]
    public void A_frame_that_ends_too_soon_is_a_typed_error(int bytes, ErrorCode code)
    {
        var data = Data(2, [8, 9, 3]);
        var frame = Pack.Frame(Pack.Reply(4, Pack.Array("|u1", [8, 9, 3], data)));
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            peer.Reply(3, Pack.Array("|u1", [8, 9, 3], Data(1, [8, 9, 3])));
            peer.ReadPayload();
            peer.Send(frame[..bytes]);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        client.Render(new byte[300]);
        var memory = new byte[300];
        Assert.Equal(code, Assert.Throws<SocketGymException>(() => client.Render(memory)).Code);
        // What came of the frame was received where it was wanted, and nowhere else before.
        var received = Math.Max(0, bytes - (frame.Length - data.Length));
        Assert.Equal([.. data[..received], .. new byte[300 - received]], memory);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => client.Render(new byte[300])).Code);
    }

    [Fact]
    public void A_frame_for_another_request_ends_the_connection()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            peer.Reply(3, Pack.Array("|u1", [2, 2, 3], Data(1, [2, 2, 3])));
            peer.ReadPayload();
            peer.Reply(9, Pack.Array("|u1", [2, 2, 3], Data(2, [2, 2, 3])));
            peer.ExpectEnd();
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        client.Render(new byte[12]);
        var memory = new byte[12];
        Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => client.Render(memory)).Code);
        Assert.Equal(new byte[12], memory);
    }

    private static byte[] Data(int seed, byte[] shape)
    {
        var data = new byte[shape.Aggregate(1, (product, side) => product * side)];
        new Random(seed).NextBytes(data);
        return data;
    }
}
