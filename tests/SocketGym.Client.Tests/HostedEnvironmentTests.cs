using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Hosting;

namespace SocketGym.Client.Tests;

/// <summary>An environment of a program's own, served by that program: what its base class offers reaches callers elsewhere.</summary>
public sealed class HostedEnvironmentTests : IDisposable
{
    private readonly SocketGymServer _server;
    private readonly SocketGymClient _client;

    public HostedEnvironmentTests()
    {
        var builder = SocketGymHost.CreateBuilder().Listen("tcp://127.0.0.1:0");
        builder.Environments.Add("Walk-v0", () => new Walk(), maxEpisodeSteps: 6);
        _server = builder.Build();
        _server.Start();
        _client = SocketGymClient.Make("Walk-v0", _server.Addresses[0].ToString());
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void A_planner_elsewhere_tries_steps_and_goes_back()
    {
        _client.Reset(7);
        Play(2);
        // Kept beyond the next call.
        var state = _client.Call("get_state").Copy();
        var expected = Play(4);
        // The time limit, too, is where it was.
        Assert.Equal([false, false, false, true], expected.Select(step => step.Truncated.AsBool()));
        _client.Reset();
        Assert.True(_client.Call("set_state", [state]).IsNone);
        Assert.Equal(expected, Play(4));
    }

    [Fact]
    public void Attributes_and_methods_are_reached_by_name()
    {
        Assert.Equal(1.0, _client.GetAttribute("stride"));
        Assert.True(_client.SetAttribute("stride", 0.5));
        Assert.Equal(0.5, _client.GetAttribute("stride"));
        Assert.Equal(AttributeKind.Method, _client.FindAttribute("get_state"));
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => _client.SetAttribute("stride", "long")).Code);
    }

    [Fact]
    public void An_action_that_is_not_in_the_space_is_refused_and_the_episode_goes_on()
    {
        _client.Reset(7);
        foreach (var action in (Value[])[2, -1, 1.0, "1", Value.Scalar(1ul)])
            Assert.Equal(ErrorCode.InvalidAction, Assert.Throws<SocketGymException>(() => _client.Step(action)).Code);
        Assert.Equal(6, Play(6).Count);
    }

    private List<(Value Observation, Value Reward, Value Truncated)> Play(int steps) =>
        [.. Enumerable.Range(0, steps).Select(index => _client.Step(index % 2)).Select(step => (step.Observation.Copy(), step.Reward, step.Truncated))];

    private sealed class Walk : DiscreteActionEnvironment<double>
    {
        private double _place;
        private double _stride = 1;

        public Walk()
            : base(new Box(-100, 100, [1], DType.Float64), new Discrete(2)) =>
            PublishAttribute("stride", () => _stride, value => _stride = value.ToDouble());

        protected override void Reset(Span<double> observation, ValueDictionary options) => observation[0] = _place = Random.Random();

        protected override Outcome Step(int action, Span<double> observation) =>
            observation[0] = _place += (action == 1 ? _stride : -_stride) + Random.Normal(0, 0.1);

        protected override Value SaveState() => NDArray.Of([_place, _stride]);

        protected override void RestoreState(Value state) => (_place, _stride) = (state.AsArray().AsSpan<double>()[0], state.AsArray().AsSpan<double>()[1]);
    }
}
