using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

/// <summary>An image of which every step draws one band anew, so that moving it is what a step costs; as <c>ImageEnv</c> in suite/environments.py.</summary>
internal sealed class ImageEnvironment : ValueEnvironment
{
    private const int BandRows = 8;
    private readonly int _height;
    private readonly int _rowBytes;
    private readonly NDArray _image;
    private readonly Value _observation;
    private int _count;

    public ImageEnvironment(int height, int width)
        : base(new Box(0, 255, [height, width, 3], DType.UInt8), new Discrete(2))
    {
        _height = height;
        _rowBytes = width * 3;
        _image = new NDArray(DType.UInt8, height, width, 3);
        _observation = Value.FromArray(_image);
    }

    protected override Value Reset(ValueDictionary options)
    {
        _count = 0;
        return _observation;
    }

    protected override Outcome Step(Value action, out Value observation)
    {
        _count++;
        var top = _count * BandRows % (_height - BandRows);
        _image.Bytes.Slice(top * _rowBytes, BandRows * _rowBytes).Fill((byte)_count);
        observation = _observation;
        return 1;
    }
}
