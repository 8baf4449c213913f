using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SocketGym.Core.Values;
using SocketGym.Hosting;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;

namespace SocketGym.Server.Tests;

/// <summary>What a step costs the whole server: the process is measured, so nothing else may run beside it.</summary>
[Collection(nameof(Alone))]
public sealed class StepAllocationTests
{
    private const int Steps = 5_000;
    private const int Rounds = 5;

    [Theory]
    [InlineData(null)]
    [InlineData("rgb_array")]
    public void A_step_of_a_native_environment_allocates_nothing(string? renderMode)
    {
        using var server = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().Listen("tcp://127.0.0.1:0").Build();
        server.Start();
        using var client = new RawClient(server.Addresses[0].EndPoint);
        client.Ask(RequestMethod.Make, "CartPole-v1", renderMode is null ? ValueDictionary.Empty : new ValueDictionary { ["render_mode"] = renderMode });
        client.Ask(RequestMethod.Reset, 0, Value.None);
        var step = client.Frame(RequestMethod.Step, 1);
        Assert.InRange(LeastAllocated(client, step, Steps), 0, Steps);
    }

    [Theory]
    [InlineData(64, 2_000)]
    [InlineData(20_000, 300)]
    public void A_step_of_a_native_vector_allocates_nothing_however_large_its_actions_are(int count, int steps)
    {
        using var server = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().Listen("tcp://127.0.0.1:0").Build();
        server.Start();
        using var client = new RawClient(server.Addresses[0].EndPoint);
        client.Ask(RequestMethod.MakeVector, "CartPole-v1", ValueDictionary.Empty, count, ValueDictionary.Empty);
        client.Ask(RequestMethod.Reset, 0, Value.None);
        var step = client.Frame(RequestMethod.Step, new NDArray(DType.Int64, [count]));
        Assert.InRange(LeastAllocated(client, step, steps), 0, 10 * steps);
    }

    private static long LeastAllocated(RawClient client, byte[] step, int steps)
    {
        client.Repeat(step, steps);

        // The runtime's own threads and the housekeeping thread allocate now and then, which can only add; a single object a step
        // would be 24 bytes times the steps in every round.
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            client.Repeat(step, steps);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return least;
    }

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;

    private sealed class RawClient : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly MessagePackClientCodec _codec = new(MessageLimits.Default);
        private readonly byte[] _received = new byte[1024 * 1024];

        public RawClient(EndPoint address) => _socket.Connect(address);

        public byte[] Frame(RequestMethod method, params Value[] parameters)
        {
            var frame = new FrameBuffer();
            _codec.WriteRequest(frame, 1, method, parameters);
            var pieces = new List<ReadOnlyMemory<byte>>();
            frame.Complete(pieces);
            return [.. pieces.SelectMany(piece => piece.ToArray())];
        }

        public void Ask(RequestMethod method, params Value[] parameters)
        {
            Repeat(Frame(method, parameters), 1);
            // [1, id, nil, result]: the third element says that it was no error.
            Assert.True(_received[FrameBuffer.HeaderBytes + 7] == 0xc0, Encoding.UTF8.GetString(_received.AsSpan(0, 500)));
        }

        public void Repeat(byte[] request, int times)
        {
            for (var time = 0; time < times; time++)
            {
                _socket.Send(request);
                Receive(0, FrameBuffer.HeaderBytes);
                Receive(FrameBuffer.HeaderBytes, BinaryPrimitives.ReadInt32BigEndian(_received));
            }
        }

        public void Dispose() => _socket.Dispose();

        private void Receive(int offset, int count)
        {
            while (count > 0)
            {
                var received = _socket.Receive(_received.AsSpan(offset, count));
                if (received == 0)
                    throw new EndOfStreamException("The server closed the connection.");
                offset += received;
                count -= received;
            }
        }
    }
}
