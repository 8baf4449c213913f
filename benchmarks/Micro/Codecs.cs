using System.Buffers;
using BenchmarkDotNet.Attributes;
using SocketGym.Core.Environments;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Pickle;

namespace SocketGym.Benchmarks.Micro;

/// <summary>A message of each codec, without framing and sockets: a small step's reply and its request, and a frame as it is rendered.</summary>
[MemoryDiagnoser]
public class Codecs
{
    private readonly FrameBuffer _output = new();
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private readonly Request _request = new();
    private readonly StepResult _step = new(NDArray.Of<float>([0.1f, 0.2f, 0.3f, 0.4f]), 1.0, false, false, new ValueDictionary());
    private readonly Value _image = new NDArray(DType.UInt8, 400, 600, 3);
    private IMessageCodec _codec = null!;
    private ReadOnlySequence<byte> _stepRequest;

    [Params("msgpack", "pickle")]
    public string Codec { get; set; } = "";

    [GlobalSetup]
    public void Make()
    {
        _codec = Codec == "msgpack" ? new MessagePackCodec(MessageLimits.Default) : new PickleCodec(MessageLimits.Default);
        _stepRequest = new ReadOnlySequence<byte>(Codec == "msgpack" ? MessagePackRequest() : PickleRequest());
        _request.Begin(1, RequestMethod.Render);
    }

    [Benchmark]
    public void DecodeStepRequest() => _codec.ReadRequest(_stepRequest, _request);

    [Benchmark]
    public void EncodeStepReply()
    {
        _output.Clear();
        _codec.WriteStep(_output, _request, _step);
        _output.Complete(_pieces);
    }

    [Benchmark]
    public void EncodeImage()
    {
        _output.Clear();
        _codec.WriteResult(_output, _request, _image);
        _output.Complete(_pieces);
    }

    private byte[] MessagePackRequest()
    {
        new MessagePackClientCodec(MessageLimits.Default).WriteRequest(_output, 1, RequestMethod.Step, Value.Scalar(1L));
        _output.Complete(_pieces);
        byte[] frame = [.. _pieces.SelectMany(piece => piece.ToArray())];
        return frame[FrameBuffer.HeaderBytes..];
    }

    private static byte[] PickleRequest()
    {
        var output = new ArrayBufferWriter<byte>();
        new Pickler().Write(output, new ValueDictionary { ["type"] = "step", ["payload"] = new ValueDictionary { ["action"] = Value.Scalar(1L) } });
        return output.WrittenSpan.ToArray();
    }
}
