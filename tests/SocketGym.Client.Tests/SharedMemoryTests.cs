using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Hosting;

namespace SocketGym.Client.Tests;

/// <summary>Through memory shared with the server everything is as it is through the socket.</summary>
public sealed class SharedMemoryTests : IDisposable
{
    private readonly SocketGymServer _server;

    public SharedMemoryTests() => _server = Serve(200_000);

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Small_and_large_observations_arrive_whole(bool shared)
    {
        using var client = SocketGymClient.Make("Bytes-v0", new SocketGymClientOptions { Address = _server.Addresses[0], SharedMemory = shared });
        Assert.Equal(shared, client.SharesMemory);
        client.Reset(0);
        // Beyond the area of replies, and of requests, the socket carries them.
        foreach (var size in (int[])[0, 1, 5_000, 150_000, 199_000, 250_000, 3, 1_000_000, 2_000_000, 7, 60_000, 60_000, 60_000])
        {
            var bytes = new byte[size];
            new Random(size).NextBytes(bytes);
            var step = client.Step(NDArray.Of(bytes));
            Assert.True(step.Observation.AsArray().Bytes.SequenceEqual(bytes), $"{size} bytes");
        }
    }

    [Fact]
    public void It_is_asked_for_where_the_address_is_local_and_had_only_where_it_is_offered()
    {
        using (var client = SocketGymClient.Make("Bytes-v0", _server.Addresses[0].ToString()))
            Assert.True(client.SharesMemory);
        using var other = Serve(0);
        using (var client = SocketGymClient.Make("Bytes-v0", new SocketGymClientOptions { Address = other.Addresses[0], SharedMemory = true }))
        {
            Assert.False(client.SharesMemory);
            client.Reset(0);
        }
    }

    [Fact]
    public void Errors_leave_it_usable_and_the_end_of_the_server_is_seen()
    {
        using var client = SocketGymClient.Make("Bytes-v0", _server.Addresses[0].ToString());
        client.Reset(0);
        Assert.Equal(ErrorCode.EnvironmentFault, Assert.Throws<SocketGymException>(() => client.Step("none")).Code);
        client.Step(NDArray.Of(new byte[3]));
        _server.Dispose();
        Assert.Equal(ErrorCode.ConnectionLost, Assert.Throws<SocketGymException>(() => client.Step(NDArray.Of(new byte[3]))).Code);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => client.Step(NDArray.Of(new byte[3]))).Code);
    }

    [Fact]
    public async Task A_call_that_waits_can_be_interrupted()
    {
        using var client = SocketGymClient.Make("Bytes-v0", _server.Addresses[0].ToString());
        client.Reset(0);
        var step = Task.Run(() => Assert.Throws<SocketGymException>(() => client.Step("wait")));
        await Bytes.Entered.WaitAsync();
        client.Interrupt();
        Assert.Equal(ErrorCode.ClosedEnvironment, (await step).Code);
        Bytes.Go.Set();
    }

    private static SocketGymServer Serve(int sharedBytes)
    {
        var builder = SocketGymHost.CreateBuilder().Listen("tcp://127.0.0.1:0");
        builder.Environments.Add("Bytes-v0", () => new Bytes());
        builder.Limits = builder.Limits with { MaxSharedMemoryBytes = sharedBytes };
        var server = builder.Build();
        server.Start();
        return server;
    }
}
