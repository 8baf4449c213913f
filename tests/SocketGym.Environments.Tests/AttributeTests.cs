using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Tests;

/// <summary>What is set and is exact, the transcripts show.</summary>
public sealed class AttributeTests
{
    private static readonly EnvironmentRegistry Registry = NativeEnvironments.CreateRegistry();

    public static TheoryData<string, string, Value> RefusedValues => new()
    {
        { "Acrobot-v1", "dt", double.NaN },
        { "Acrobot-v1", "LINK_LENGTH_1", 7.0 },
        { "Acrobot-v1", "torque_noise_max", 1e305 },
        { "Acrobot-v1", "book_or_nips", 1 },
        { "Acrobot-v1", "state", NDArray.Of<double>([0, 0]) },
        { "FrozenLake-v1", "s", 16 },
        { "FrozenLake-v1", "s", -1 },
        { "FrozenLake-v1", "s", 1.0 },
        { "FrozenLake-v1", "s", true },
        { "MountainCar-v0", "force", 0 },
        { "MountainCar-v0", "force", "0.1" },
        { "MountainCar-v0", "gravity", Value.Scalar(0.5f) },
        { "MountainCar-v0", "max_position", -1.1 },
        { "MountainCar-v0", "goal_position", 1e6 },
        { "MountainCarContinuous-v0", "power", double.PositiveInfinity },
        { "MountainCarContinuous-v0", "state", NDArray.Of<long>([0, 0]) },
        { "Pendulum-v1", "l", 0.0 },
        { "Pendulum-v1", "max_torque", 1e6 },
        { "Pendulum-v1", "g", 1001 },
        { "Pendulum-v1", "state", Value.Tuple(0.0, 0.0) },
    };

    [Theory]
    [MemberData(nameof(RefusedValues))]
    public void What_could_not_be_exact_is_refused_and_changes_nothing(string id, string name, Value value)
    {
        using var environment = Registry.Make(id, new ValueDictionary { ["render_mode"] = "rgb_array" });
        environment.Reset(1);
        var attributes = EnvironmentAttributes.Of(environment);
        var before = attributes.GetAttribute(name);
        var refusal = Assert.Throws<SocketGymException>(() => attributes.SetAttribute(name, value));
        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        Assert.Contains("'python:'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, attributes.GetAttribute(name));
    }

    [Fact]
    public void Methods_are_called_and_are_no_values()
    {
        var attributes = EnvironmentAttributes.Of(Registry.Make("Taxi-v4", []));
        Assert.Equal(AttributeKind.Method, attributes.FindAttribute("encode"));
        Assert.Equal(ErrorCode.UnsupportedValue, Code(() => attributes.GetAttribute("encode")));
        Assert.Equal(ErrorCode.InvalidArgument, Code(() => attributes.Call("encode", [1, 2, 3])));
        Assert.Equal(ErrorCode.InvalidArgument, Code(() => attributes.Call("decode", [1.0])));
        Assert.Equal(ErrorCode.InvalidArgument, Code(() => attributes.Call("desc")));
        Assert.Equal(ErrorCode.UnknownAttribute, Code(() => attributes.Call("solve")));
        Assert.Equal(ErrorCode.UnknownAttribute, Code(() => attributes.SetAttribute("desc", 1)));
        Assert.False(attributes.SetAttribute("absent", 1, force: false));
    }

    [Fact]
    public void An_angle_that_would_be_wrapped_for_long_is_an_error()
    {
        using var environment = Registry.Make("Acrobot-v1", []);
        environment.Reset(1, new ValueDictionary { ["low"] = 1e12, ["high"] = 2e12 });
        Assert.Equal(ErrorCode.EnvironmentFault, Code(() => environment.Step(1)));
    }

    private static ErrorCode Code(Func<object> call) => Assert.Throws<SocketGymException>(call).Code;
}
