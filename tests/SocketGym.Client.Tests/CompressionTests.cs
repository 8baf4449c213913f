using System.Buffers.Binary;
using System.IO.Compression;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Hosting;

namespace SocketGym.Client.Tests;

/// <summary>Compressed, everything is as it is without; and no reply does harm.</summary>
public sealed class CompressionTests : IDisposable
{
    private const uint MaxFrameBytes = 256 * 1024;

    private readonly SocketGymServer _server = Serve(compression: true);

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("CartPole-v1")]
    [InlineData("Taxi-v4")]
    public void Steps_and_frames_are_the_same(string id)
    {
        using var client = SocketGymClient.Make(id, Options(_server, compression: true), "rgb_array");
        using var other = SocketGymClient.Make(id, Options(_server, compression: false), "rgb_array");
        Assert.True(client.Compresses);
        Assert.False(client.SharesMemory);
        Assert.False(other.Compresses);
        Assert.Equal(other.Reset(3), client.Reset(3));
        for (var step = 0; step < 200; step++)
        {
            var action = step % 2;
            var expected = other.Step(action);
            Assert.Equal(expected, client.Step(action));
            if (step % 40 == 0)
                Assert.Equal(other.Render(), client.Render());
            if (expected.Terminated.IsTrue || expected.Truncated.IsTrue)
                Assert.Equal(other.Reset(), client.Reset());
        }
    }

    [Fact]
    public void Small_and_large_observations_arrive_whole()
    {
        using var client = SocketGymClient.Make("Bytes-v0", Options(_server, compression: true));
        client.Reset(0);
        foreach (var size in (int[])[0, 1, 500, 520, 5_000, 32_768, 150_000, 3, 2_000_000, 7, 60_000, 60_000])
        {
            var bytes = new byte[size];
            foreach (var noisy in (bool[])[false, true])
            {
                if (noisy)
                    new Random(size).NextBytes(bytes);
                var step = client.Step(NDArray.Of(bytes));
                Assert.True(step.Observation.AsArray().Bytes.SequenceEqual(bytes), $"{size} bytes");
            }
        }
        Assert.Equal(ErrorCode.EnvironmentFault, Assert.Throws<SocketGymException>(() => client.Step("none")).Code);
        client.Step(NDArray.Of(new byte[3]));
    }

    [Fact]
    public void A_vector_is_the_same()
    {
        using var client = SocketGymVectorClient.Make("CartPole-v1", new(200), [Options(_server, compression: true), Options(_server, compression: true)], kwargs: []);
        using var other = SocketGymVectorClient.Make("CartPole-v1", 200, _server.Addresses[0].ToString());
        Assert.Equal(other.Reset(3).Observations, client.Reset(3).Observations);
        other.ActionSpace.Seed(1);
        for (var step = 0; step < 40; step++)
        {
            var actions = other.ActionSpace.Sample();
            var (expected, actual) = (other.Step(actions), client.Step(actions));
            Assert.Equal(expected.Observations, actual.Observations);
            Assert.Equal((expected.Rewards, expected.Terminations, expected.Truncations), (actual.Rewards, actual.Terminations, actual.Truncations));
        }
    }

    [Fact]
    public void A_server_may_decline()
    {
        using var server = Serve(compression: false);
        using var client = SocketGymClient.Make("Bytes-v0", Options(server, compression: true));
        Assert.False(client.Compresses);
        client.Reset(0);
        client.Step(NDArray.Of(new byte[100_000]));
    }

    [Fact]
    public void These_bytes_are_sent_and_read()
    {
        byte[] made = [1, .. BigEndian(Pack.Reply(2, FakePeer.CartPoleMade).Length), .. Deflate(Pack.Reply(2, FakePeer.CartPoleMade))];
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Expect(Pack.Request(1, "hello", Pack.Map(Pack.Text("protocol"), Pack.Int(1), Pack.Text("client"), Pack.Text(SocketGymClient.Name), Pack.Text("compression"), Pack.Text("zlib"))));
            peer.Reply(1, Agreed);
            peer.Expect([0, .. Pack.Request(2, "make", Pack.Text("X-v0"), Pack.Map())]);
            peer.Send(Pack.Frame(made));
            var payload = peer.ReadPayload();
            Assert.Equal(1, payload[0]);
            Assert.InRange(payload.Length, 6, 200);
            using var zlib = new ZLibStream(new MemoryStream(payload[5..]), CompressionMode.Decompress);
            var request = new MemoryStream();
            zlib.CopyTo(request);
            Assert.Equal(BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(1)), request.Length);
            Assert.Equal(Convert.ToHexString([0x94, 0, 0xCE, 0, 0, 0, 3, .. Pack.Text("step")]), Convert.ToHexString(request.ToArray()[..12]));
            peer.Send(Pack.Frame([0, .. Pack.Reply(3, Step)]));
            peer.ReadPayload();
            peer.Send(Pack.Frame([0, .. Pack.Reply(4, Pack.Nil)]));
        });
        using var client = SocketGymClient.Make("X-v0", server.Options with { Compression = true });
        Assert.Equal(7, client.Step(NDArray.Of(new byte[10_000])).Observation.AsInt64());
        client.Close();
    }

    public static TheoryData<string, byte[], ErrorCode> Lies
    {
        get
        {
            var reply = Pack.Reply(3, Step);
            var stream = Deflate(reply);
            return new()
            {
                { "a bomb that says so", [1, 4, 0, 0, 0, .. Deflate(new byte[64 * 1024 * 1024])], ErrorCode.FrameTooLarge },
                { "a bomb that says little", [1, .. BigEndian(100), .. Deflate(new byte[64 * 1024 * 1024])], ErrorCode.MalformedMessage },
                { "one too small", [1, .. BigEndian(reply.Length - 1), .. stream], ErrorCode.MalformedMessage },
                { "one too great", [1, .. BigEndian(reply.Length + 1), .. stream], ErrorCode.MalformedMessage },
                { "a byte more", [1, .. BigEndian(reply.Length), .. stream, 0], ErrorCode.MalformedMessage },
                { "cut off", [1, .. BigEndian(reply.Length), .. stream[..^1]], ErrorCode.MalformedMessage },
                { "another first byte", [2, .. reply], ErrorCode.MalformedMessage },
                { "a message as it is", reply, ErrorCode.MalformedMessage },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public void What_is_no_payload_closes_the_client(string name, byte[] payload, ErrorCode code)
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.ReadPayload();
            peer.Reply(1, Agreed);
            peer.ReadPayload();
            peer.Send(Pack.Frame([0, .. Pack.Reply(2, FakePeer.CartPoleMade)]));
            peer.ReadPayload();
            peer.Send(Pack.Frame(payload));
            peer.ExpectEnd();
        });
        var options = server.Options with { Compression = true, Limits = new() { MaxFrameBytes = 1024 * 1024 } };
        using var client = SocketGymClient.Make("X-v0", options);
        Assert.True(code == Assert.Throws<SocketGymException>(() => client.Step(0)).Code, name);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
    }

    private static byte[] Agreed => [0x85, .. FakePeer.Hello(MaxFrameBytes)[1..], .. Pack.Text("compression"), .. Pack.Text("zlib")];

    private static byte[] Step => Pack.List(Pack.Int(7), Pack.Float(1), Pack.False, Pack.False, Pack.Map());

    private static SocketGymClientOptions Options(SocketGymServer server, bool compression) => new() { Address = server.Addresses[0], Compression = compression, SharedMemory = compression };

    private static SocketGymServer Serve(bool compression)
    {
        var builder = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().Listen("tcp://127.0.0.1:0");
        builder.Environments.Add("Bytes-v0", () => new Bytes());
        builder.Limits = builder.Limits with { Compression = compression };
        var server = builder.Build();
        server.Start();
        return server;
    }

    private static byte[] BigEndian(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Deflate(byte[] data)
    {
        var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(data);
        return stream.ToArray();
    }
}
