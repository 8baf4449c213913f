// What a large image costs on its way to the client (benchmarks/frames.py runs this): serves Frames-v0, whose step changes one row of a
// 480 x 640 x 3 image and returns it from where it lies.
using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Hosting;

var builder = SocketGymHost.CreateBuilder();
foreach (var address in args)
    builder.Listen(address);
builder.Environments.Add("Frames-v0", () => new Frames());
builder.Build().Run();

internal sealed class Frames : IEnvironment
{
    private const int Height = 480;
    private const int RowBytes = 640 * 3;

    private readonly byte[] _pixels = new byte[Height * RowBytes];
    private readonly ValueDictionary _info = [];
    private readonly NDArray _image;
    private int _step;

    public Frames()
    {
        _image = new NDArray(DType.UInt8, [Height, RowBytes / 3, 3], _pixels);
        ObservationSpace = new Box(0, 255, [Height, RowBytes / 3, 3], DType.UInt8);
    }

    public EnvironmentSpec? Spec => null;

    public Space ObservationSpace { get; }

    public Space ActionSpace { get; } = new Discrete(2);

    public ValueDictionary Metadata { get; } = [];

    public string? RenderMode => null;

    public ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null) => new(_image, _info);

    public StepResult Step(Value action)
    {
        _step++;
        _pixels.AsSpan(_step % Height * RowBytes, RowBytes).Fill((byte)_step);
        return new StepResult(_image, 1.0, false, false, _info);
    }

    public Value Render() => default;

    public void Close()
    {
    }

    public void Dispose()
    {
    }
}
