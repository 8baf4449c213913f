using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Tests.Spaces;
using SocketGym.Core.Values;
using Dict = SocketGym.Core.Spaces.Dict;
using Tuple = SocketGym.Core.Spaces.Tuple;

namespace SocketGym.Core.Tests.Environments;

/// <summary>Typed actions: what Gymnasium's space contains is taken, and everything else is refused; the spaces' own answers are compared with Gymnasium's in SpaceTests.</summary>
public sealed class ActionTests
{
    private static readonly Value[] Probes = [.. Vectors.Read("spaces/probes.json").Select(SpaceVectors.ReadValue)];

    public static TheoryData<string, IEnvironment> Environments => new()
    {
        { "Discrete(3)", new IntegerEcho(new Discrete(3)) },
        { "Discrete(300, start=-100)", new IntegerEcho(new Discrete(300, -100)) },
        { "Discrete of uint8", new IntegerEcho(new Discrete(100, 100, DType.UInt8)) },
        { "Box of float32", new ArrayEcho<float>(new Box(-1, 1, [2])) },
        { "Box of one float64", new ArrayEcho<double>(new Box(-10, 10, [1], DType.Float64)) },
        { "Box without dimensions", new ArrayEcho<float>(new Box(-1, 1, [])) },
        { "Box of uint8", new ArrayEcho<byte>(new Box(0, 255, [2], DType.UInt8)) },
        { "MultiDiscrete", new ArrayEcho<long>(new MultiDiscrete(NDArray.Of<long>([3, 2]))) },
        { "MultiBinary", new ArrayEcho<sbyte>(new MultiBinary(2)) },
        { "Tuple", new ValueEcho(new Tuple([new Discrete(2), new Discrete(2)])) },
        { "Dict", new ValueEcho(new Dict([new("a", new Discrete(2))])) },
    };

    [Theory]
    [MemberData(nameof(Environments))]
    public void An_action_is_taken_exactly_where_the_space_contains_it(string name, IEnvironment environment)
    {
        var space = environment.ActionSpace;
        var taken = 0;
        environment.Reset(1);
        foreach (var action in Probes.Append(space.Sample()))
        {
            if (space.Contains(action) && !IsComplex(action))
            {
                Assert.True(space.Contains(environment.Step(action).Observation), $"{name}: {action}");
                taken++;
            }
            else
            {
                var refusal = Assert.Throws<SocketGymException>(() => environment.Step(action));
                Assert.Equal(ErrorCode.InvalidAction, refusal.Code);
                Assert.Contains(space.ToString(), refusal.Message, StringComparison.Ordinal);
            }
        }
        Assert.True(taken > 0, $"{name}: none was taken.");
    }

    public static TheoryData<Value, int> Integers => new()
    {
        { 2, 2 },
        { true, 1 },
        { Value.Scalar((byte)2), 2 },
        { Value.Scalar(2L), 2 },
        { Value.Scalar((short)-3), -3 },
        { new NDArray(DType.Int32, [], BitConverter.GetBytes(-3)), -3 },
        { Value.FromScalar(DType.Parse(">i2"), [0xFF, 0xFD]), -3 },
    };

    [Theory]
    [MemberData(nameof(Integers))]
    public void An_integer_of_any_type_arrives_as_an_int(Value action, int expected)
    {
        var environment = new IntegerEcho(new Discrete(6, -3));
        environment.Reset();
        Assert.Equal(expected, environment.Step(action).Observation);
        Assert.Equal(expected, environment.Last);
    }

    public static TheoryData<Value> Arrays => new()
    {
        NDArray.Of([0.5f, -1f]),
        NDArray.Of([(Half)0.5f, (Half)(-1f)]),
        new NDArray(DType.Parse(">f4"), [2], new byte[] { 0x3f, 0, 0, 0, 0xbf, 0x80, 0, 0 }),
        Value.List(0.5, -1),
        Value.Tuple(Value.Scalar(0.5), Value.Scalar(-1.0f)),
    };

    [Theory]
    [MemberData(nameof(Arrays))]
    public void Floats_that_cast_safely_arrive_as_floats(Value action)
    {
        var environment = new ArrayEcho<float>(new Box(-1, 1, [2]));
        environment.Reset();
        Assert.Equal(NDArray.Of([0.5f, -1f]), environment.Step(action).Observation.AsArray());
    }

    [Fact]
    public void A_space_that_the_types_do_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new IntegerEcho(new Discrete(10, int.MaxValue)));
        Assert.Throws<ArgumentException>(() => new ArrayEcho<double>(new Box(0, 1, [1])));
        Assert.Throws<ArgumentException>(() => new ArrayEcho<long>(new Discrete(2)));
        Assert.Throws<ArgumentException>(() => new ArrayEcho<float>(new Tuple([new Box(0, 1, [1])])));
    }

    // Complex zeros and ones are in a MultiBinary, but there is no sbyte for them.
    private static bool IsComplex(Value action) => action.Kind == ValueKind.Array && action.AsArray().DType.Kind == 'c';
}
