using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using Tuple = SocketGym.Core.Spaces.Tuple;

namespace SocketGym.Client.Tests;

/// <summary>An environment with all ten spaces in what it shows and in what it takes. It tells in its info which action it was given.</summary>
internal sealed class Museum : ValueEnvironment
{
    private readonly Space _shown;
    private int _steps;

    public Museum()
        : base(Everything(), Everything()) => _shown = Everything();

    public static Space Everything() => new Dict(
        KeyValuePair.Create<Value, Space>("tuple", new Tuple(new Discrete(5, 2), new Box(-1, 1, [2, 3], DType.Float64), new MultiBinary([2, 2]))),
        KeyValuePair.Create<Value, Space>("multi", new MultiDiscrete(NDArray.Of<long>([3, 4]))),
        KeyValuePair.Create<Value, Space>("bytes", new Box(0, 255, [4], DType.UInt8)),
        KeyValuePair.Create<Value, Space>("text", new Text(6)),
        KeyValuePair.Create<Value, Space>("sequence", new Tuple(new Sequence(new Discrete(3)), new Sequence(new Box(0, 1, [2], DType.Float32), stack: true))),
        KeyValuePair.Create<Value, Space>("graph", new Graph(new Box(0, 1, [2], DType.Float32), new Discrete(4))),
        KeyValuePair.Create<Value, Space>("choice", new OneOf(new Discrete(2), new Box(0, 1, [1], DType.Float32))));

    protected override Value Reset(ValueDictionary options)
    {
        _shown.Seed(Value.FromInt(Random.Integers(0, 1_000_000)));
        _steps = 0;
        foreach (var (key, value) in options)
            Info[key] = value;
        return _shown.Sample();
    }

    protected override Outcome Step(Value action, out Value observation)
    {
        observation = _shown.Sample();
        Info["action"] = action;
        var length = 3 + (int)(observation["bytes"].AsSpan<byte>()[0] % 5);
        return new Outcome(Random.Random(), Terminated: ++_steps == length, Truncated: _steps == 6);
    }
}
