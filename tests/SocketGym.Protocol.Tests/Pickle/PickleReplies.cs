using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Pickle;

namespace SocketGym.Protocol.Tests.Pickle;

/// <summary>Writes each reply of tests/vectors/pickle/dialect.json.</summary>
internal static class PickleReplies
{
    public static byte[] Write(string name)
    {
        var codec = new PickleCodec(MessageLimits.Default);
        var frame = new FrameBuffer();
        var request = new Request();
        var observation = NDArray.Of<float>([0.5f, -0f]);
        switch (name)
        {
            case "make":
                codec.WriteMake(frame, request, EveryEnvironment());
                break;
            case "make without a spec":
                codec.WriteMake(frame, request, new SpacesOnly { ObservationSpace = Pixels() });
                break;
            case "reset":
                codec.WriteReset(frame, request, new ResetResult(observation, new ValueDictionary { ["seed"] = 7 }));
                break;
            case "step":
                var info = new ValueDictionary { ["thing"] = Value.FromOpaque(new Opaque("a.B", "<a.B>")) };
                codec.WriteStep(frame, request, new StepResult(observation, Value.Scalar(-1.5), false, Value.Scalar(true), info));
                break;
            case "render":
                request.Begin(0, RequestMethod.Render);
                codec.WriteResult(frame, request, NDArray.Of<byte>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 2, 2, 3));
                break;
            case "close":
                request.Begin(0, RequestMethod.Close);
                codec.WriteResult(frame, request, Value.None);
                break;
            case "get_attr":
                request.Begin(0, RequestMethod.GetAttribute);
                codec.WriteResult(frame, request, new ValueDictionary { { 0, Value.List(Value.Tuple(0.5, 4, true)) } });
                break;
            case "set_attr":
                request.Begin(0, RequestMethod.SetAttribute);
                codec.WriteResult(frame, request, true);
                break;
            case "has_attr":
                request.Begin(0, RequestMethod.HasAttribute);
                codec.WriteResult(frame, request, Value.None);
                break;
            case "call":
                request.Begin(0, RequestMethod.Call);
                codec.WriteResult(frame, request, observation);
                break;
            case "error":
                codec.WriteError(frame, request, new SocketGymException(ErrorCode.EnvironmentFault, "The environment raised.") { RemoteType = "ValueError", RemoteTraceback = "Traceback ..." });
                break;
            case "error of the server":
                codec.WriteError(frame, request, new SocketGymException(ErrorCode.NoEnvironment, "No environment."));
                break;
            default:
                throw new ArgumentException($"dialect.json has the reply '{name}', and this file does not write it.", nameof(name));
        }
        var pieces = new List<ReadOnlyMemory<byte>>();
        frame.Complete(pieces);
        return [.. pieces.SelectMany(piece => piece.ToArray()).Skip(FrameBuffer.HeaderBytes)];
    }

    private static Box Pixels() => new(new NDArray(DType.UInt8, 2, 1), NDArray.Of<byte>([255, 255], 2, 1));

    private static SpacesOnly EveryEnvironment() => new()
    {
        ObservationSpace = new Dict(
            Entry("box", new Box(NDArray.Of<float>([-1.5f, float.NegativeInfinity]), NDArray.Of<float>([float.PositiveInfinity, 2.5f]))),
            Entry("box 0-d", new Box(new NDArray(DType.Float64, [], BitConverter.GetBytes(-1.0)), new NDArray(DType.Float64, [], BitConverter.GetBytes(1.0)))),
            Entry("box unbounded int", new Box(NDArray.Of<long>([long.MinValue]), NDArray.Of<long>([5]), [false], [true])),
            Entry("discrete", new Discrete(5, -2)),
            Entry("graph", new Graph(Pixels(), new Discrete(2))),
            Entry("graph without edges", new Graph(new Discrete(3), null)),
            Entry("multi_binary", new MultiBinary(4)),
            Entry("multi_binary 2-d", new MultiBinary([2, 3])),
            Entry("multi_discrete", new MultiDiscrete(NDArray.Of<long>([2, 3, 4, 5], 2, 2), NDArray.Of<long>([0, 1, -2, 3], 2, 2))),
            Entry("one_of", new OneOf(new Discrete(2), Pixels())),
            Entry("sequence", new Sequence(new Discrete(3), stack: true)),
            Entry("text", new Text(5, 0, "b")),
            Entry("tuple", new Core.Spaces.Tuple(new Discrete(2), new Core.Spaces.Tuple()))),
        Metadata = new ValueDictionary { ["render_modes"] = Value.List("rgb_array"), ["render_fps"] = 50 },
        RenderMode = "rgb_array",
        Spec = new EnvironmentSpec("Vector-v0") { RewardThreshold = 475, MaxEpisodeSteps = 500, Kwargs = new ValueDictionary { ["size"] = 3 } },
    };

    private static KeyValuePair<Value, Space> Entry(string key, Space space) => new(key, space);

    /// <summary>An environment that is asked for nothing but how it looks.</summary>
    private sealed class SpacesOnly : IEnvironment
    {
        public EnvironmentSpec? Spec { get; init; }

        public required Space ObservationSpace { get; init; }

        public Space ActionSpace { get; } = new Discrete(2);

        public ValueDictionary Metadata { get; init; } = [];

        public string? RenderMode { get; init; }

        public ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null) => throw new InvalidOperationException("Only its spaces are asked for.");

        public StepResult Step(Value action) => throw new InvalidOperationException("Only its spaces are asked for.");

        public Value Render() => throw new InvalidOperationException("Only its spaces are asked for.");

        public void Close()
        {
        }

        public void Dispose()
        {
        }
    }
}
