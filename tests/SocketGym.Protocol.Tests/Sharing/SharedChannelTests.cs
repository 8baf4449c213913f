using System.Buffers.Binary;
using SocketGym.Core.Errors;
using SocketGym.Protocol.Sharing;

namespace SocketGym.Protocol.Tests.Sharing;

/// <summary>Both sides' way through shared memory, the other side of which a test plays by writing words.</summary>
public sealed class SharedChannelTests : IDisposable
{
    private const int Words = SharedLayout.Requests;
    private const int Start = Words + 4;
    private const int Length = Words + 8;

    private readonly SharedMemory _memory = SharedMemory.TryMake(SharedLayout.Requests + (2 * SharedLayout.MinAreaBytes))!;
    private readonly ScriptedSocket _socket = new();
    private readonly SharedChannel _server;

    public SharedChannelTests() => _server = new SharedChannel(_socket, _memory, SharedLayout.MinAreaBytes, isServer: true);

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Frames_go_there_and_back()
    {
        using var mapped = SharedMemory.TryOpen(Environment.ProcessId, _memory.Descriptor, _memory.Identity, _memory.Memory.Length)!;
        var client = new SharedChannel(new ScriptedSocket(), mapped, SharedLayout.MinAreaBytes, isServer: false);
        for (var size = 1; size < 4000; size += 97)
        {
            var request = FrameOf(size);
            client.Send([request]);
            Assert.Equal(request, Receive(_server, request.Length));
            var reply = FrameOf(size + 1);
            _server.Send([reply.AsMemory(0, 5), reply.AsMemory(5)]);
            Assert.Equal(reply, Receive(client, reply.Length));
        }
        Assert.Equal(0, _socket.SentBytes);
    }

    [Fact]
    public void What_has_no_room_goes_by_the_socket()
    {
        var frame = FrameOf(10_000);
        _socket.Script = (byte[])[.. SharedLayout.Ring, .. frame];
        Publish(1, onSocket: true);
        Assert.Equal(frame, Receive(_server, frame.Length));
        _server.Send([frame]);
        Assert.Equal(frame.Length, _socket.SentBytes);
        Assert.Equal(3u, _memory.Word(SharedLayout.Requests + SharedLayout.MinAreaBytes));
    }

    [Fact]
    public void Who_waits_is_rung_for_and_the_end_of_the_socket_is_the_end()
    {
        Write(FrameOf(1));
        Publish(1);
        Receive(_server, 5);
        _memory.Word(SharedLayout.ClientWaits) = 1;
        _server.Send([FrameOf(1)]);
        Assert.Equal(SharedLayout.Ring.Length, _socket.SentBytes);
        Assert.Equal(0, _server.Receive(new byte[8]));
        Assert.Equal(0u, _memory.Word(SharedLayout.ServerWaits));
    }

    [Theory]
    [InlineData(0u, 5u)]
    [InlineData(15u, 5u)]
    [InlineData(4092u, 5u)]
    [InlineData(4096u, 5u)]
    [InlineData(uint.MaxValue, 5u)]
    [InlineData(uint.MaxValue - 3, uint.MaxValue)]
    [InlineData(16u, 0u)]
    [InlineData(16u, 4u)]
    [InlineData(16u, 6u)]
    [InlineData(16u, 4081u)]
    [InlineData(16u, uint.MaxValue)]
    public void A_place_or_length_that_cannot_be_is_refused(uint start, uint length)
    {
        Write(FrameOf(1));
        _memory.Word(Start) = start;
        _memory.Word(Length) = length;
        Publish(1);
        AssertMalformed();
    }

    [Theory]
    [InlineData(2u)]
    [InlineData(0x7FFFFFFFu)]
    public void A_number_that_is_not_due_is_refused(uint number)
    {
        Write(FrameOf(1));
        Publish(number);
        AssertMalformed();
    }

    [Fact]
    public void A_frame_that_was_not_announced_is_refused()
    {
        _socket.Script = FrameOf(3);
        AssertMalformed();
    }

    [Fact]
    public void A_length_that_changes_after_it_was_checked_is_not_taken()
    {
        var frame = FrameOf(100);
        Write(frame);
        Publish(1);
        var received = new byte[frame.Length];
        Assert.Equal(2, _server.Receive(received.AsSpan(0, 2)));
        BinaryPrimitives.WriteUInt32BigEndian(_memory.GetSpan()[(Words + FrameArea.HeadBytes)..], uint.MaxValue);
        _memory.Word(Length) = uint.MaxValue;
        _memory.Word(Start) = uint.MaxValue;
        Assert.Equal(frame.Length - 2, _server.Receive(received.AsSpan(2)));
        Assert.Equal(frame, received);
    }

    [Fact]
    public void Who_waits_elsewhere_is_rung_for_as_long_as_it_says_so()
    {
        var socket = new ScriptedSocket();
        var client = new SharedChannel(socket, _memory, SharedLayout.MinAreaBytes, isServer: false);
        var frame = FrameOf(10);
        client.Send([frame]);
        Receive(_server, frame.Length);
        Assert.False(client.IsReady);
        Assert.False(client.Announce());
        _server.Send([frame]);
        Assert.Equal(SharedLayout.Ring.Length, _socket.SentBytes);
        socket.Script = (byte[])[.. SharedLayout.Ring, .. SharedLayout.Ring];
        client.Withdraw();
        Assert.True(client.IsReady);
        Assert.Equal(0, socket.Available);
        Assert.Equal(frame, Receive(client, frame.Length));

        client.Send([frame]);
        Receive(_server, frame.Length);
        _server.Send([frame]);
        Assert.Equal(SharedLayout.Ring.Length, _socket.SentBytes);
        Assert.True(client.Announce());
        client.Withdraw();
        Assert.Equal(frame, Receive(client, frame.Length));
        Assert.False(client.IsReady);
    }

    [Fact]
    public void A_ring_too_many_is_taken_and_is_no_frame()
    {
        var socket = new ScriptedSocket();
        var client = new SharedChannel(socket, _memory, SharedLayout.MinAreaBytes, isServer: false);
        client.Send([FrameOf(10)]);
        client.Announce();
        socket.Script = SharedLayout.Ring.ToArray();
        client.Withdraw();
        Assert.Equal((false, 0), (client.IsReady, socket.Available));
    }

    [Fact]
    public void What_comes_by_the_socket_to_who_waits_elsewhere_must_be_announced()
    {
        var socket = new ScriptedSocket();
        var client = new SharedChannel(socket, _memory, SharedLayout.MinAreaBytes, isServer: false);
        var (request, reply) = (FrameOf(10), FrameOf(10_000));
        client.Send([request]);
        Receive(_server, request.Length);
        client.Announce();
        _server.Send([reply]);
        socket.Script = (byte[])[.. SharedLayout.Ring, .. reply];
        client.Withdraw();
        Assert.True(client.IsReady);
        Assert.Equal(reply, Receive(client, reply.Length));

        client.Send([request]);
        client.Announce();
        socket.Script = FrameOf(3);
        client.Withdraw();
        Assert.True(client.IsReady);
        Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => client.Receive(new byte[8])).Code);
    }

    [Fact]
    public void Memory_that_is_not_what_it_is_said_to_be_is_not_mapped()
    {
        var (process, descriptor, identity, length) = (Environment.ProcessId, _memory.Descriptor, _memory.Identity, _memory.Memory.Length);
        Assert.Null(SharedMemory.TryOpen(process, descriptor, identity, length + 1));
        Assert.Null(SharedMemory.TryOpen(process, descriptor, identity[..^1], length));
        Assert.Null(SharedMemory.TryOpen(process, 0, identity, length));
        Assert.Null(SharedMemory.TryOpen(int.MaxValue, descriptor, identity, length));
        Assert.Null(SharedMemory.TryOpen(process, 0, "/dev/null", length));
        _memory.CloseDescriptor();
        Assert.Null(SharedMemory.TryOpen(process, descriptor, identity, length));
        Assert.Equal("", _memory.Identity);
    }

    private static byte[] FrameOf(int payload)
    {
        var frame = new byte[4 + payload];
        new Random(payload).NextBytes(frame);
        BinaryPrimitives.WriteInt32BigEndian(frame, payload);
        return frame;
    }

    private static byte[] Receive(SharedChannel channel, int count)
    {
        var received = new byte[count];
        for (var have = 0; have < count;)
        {
            var more = channel.Receive(received.AsSpan(have, Math.Min(count - have, 1000)));
            Assert.NotEqual(0, more);
            have += more;
        }
        return received;
    }

    private void AssertMalformed() =>
        Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => _server.Receive(new byte[8])).Code);

    private void Write(byte[] frame)
    {
        frame.CopyTo(_memory.GetSpan()[(Words + FrameArea.HeadBytes)..]);
        _memory.Word(Start) = FrameArea.HeadBytes;
        _memory.Word(Length) = (uint)frame.Length;
    }

    private void Publish(uint number, bool onSocket = false) => _memory.Word(Words) = (number << 1) | (onSocket ? 1u : 0);

    /// <summary>Receives a script and then is at its end.</summary>
    private sealed class ScriptedSocket : ISharedSocket
    {
        public ReadOnlyMemory<byte> Script { get; set; }

        public int SentBytes { get; private set; }

        public int Available => Script.Length;

        public int Receive(Span<byte> destination)
        {
            var count = Math.Min(destination.Length, Script.Length);
            Script.Span[..count].CopyTo(destination);
            Script = Script[count..];
            return count;
        }

        public bool TryFill(Span<byte> destination) => Receive(destination) == destination.Length;

        public void Send(ReadOnlySpan<byte> data) => SentBytes += data.Length;

        public void Pause() => Thread.SpinWait(1);

        public void BeginSpin()
        {
        }

        public bool Spin() => false;

        public void EndSpin()
        {
        }
    }
}
