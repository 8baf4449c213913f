using System.Buffers;
using SocketGym.Core.Environments;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Tests.MessagePack;

public class StepAllocationTests
{
    private const int Steps = 1000;

    public static TheoryData<string, Value> Actions => new()
    {
        { "int", 1 },
        { "float", 0.5 },
        { "bool", true },
        { "int64 scalar", Value.Scalar(3L) },
        { "float32 scalar", Value.Scalar(0.5f) },
        { "float32 array", NDArray.Of<float>([0.5f, -1f]) },
        { "large array", new NDArray(DType.Float64, 100, 100) },
        { "array without elements", new NDArray(DType.Float32, 0) },
    };

    public static TheoryData<string, StepResult> Results => new()
    {
        { "CartPole", new(NDArray.Of<float>([1, 2, 3, 4]), 1.0, false, false, new ValueDictionary()) },
        { "Pendulum", new(NDArray.Of<float>([1, 2, 3]), Value.Scalar(-1.5), false, true, new ValueDictionary()) },
        { "FrozenLake", new(Value.Scalar(4L), 0, false, false, new ValueDictionary { ["prob"] = 1 / 3.0 }) },
        { "tuple", new(Value.Tuple(1, 2, 0), 0.0, true, false, new ValueDictionary { ["action_mask"] = new NDArray(DType.Int8, 6), ["name"] = "\u00e9" }) },
        { "pixels", new(new NDArray(DType.UInt8, 210, 160, 3), 1.0, false, false, new ValueDictionary()) },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public void A_server_reads_the_next_step_without_an_allocation(string name, Value action)
    {
        var output = new FrameBuffer();
        new MessagePackClientCodec(MessageLimits.Default).WriteRequest(output, 1, RequestMethod.Step, action);
        var payload = new ReadOnlySequence<byte>(Payload.BytesOf(output));
        var codec = new MessagePackCodec(MessageLimits.Default);
        var request = new Request();

        AssertAllocatesNothing(name, () => codec.ReadRequest(payload, request));

        Assert.Equal(action, request[0]);
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void A_client_writes_the_next_step_without_an_allocation(string name, Value action)
    {
        var codec = new MessagePackClientCodec(MessageLimits.Default);
        var output = new FrameBuffer();
        var pieces = new List<ReadOnlyMemory<byte>>();

        AssertAllocatesNothing(name, () =>
        {
            output.Clear();
            codec.WriteRequest(output, 1, RequestMethod.Step, action);
            output.Complete(pieces);
        });
    }

    [Theory]
    [MemberData(nameof(Results))]
    public void A_server_answers_the_next_step_without_an_allocation(string name, StepResult result)
    {
        var codec = new MessagePackCodec(MessageLimits.Default);
        var output = new FrameBuffer();
        var pieces = new List<ReadOnlyMemory<byte>>();
        var request = new Request();
        request.Begin(1, RequestMethod.Step);

        AssertAllocatesNothing(name, () =>
        {
            output.Clear();
            codec.WriteStep(output, request, result);
            output.Complete(pieces);
        });
    }

    private static void AssertAllocatesNothing(string name, Action step)
    {
        for (var warmUp = 0; warmUp < Steps; warmUp++)
            step();
        var allocated = Allocation.Least(Run);
        Assert.True(allocated == 0, $"{name}: {allocated} bytes in {Steps} steps.");

        void Run()
        {
            for (var count = 0; count < Steps; count++)
                step();
        }
    }
}
