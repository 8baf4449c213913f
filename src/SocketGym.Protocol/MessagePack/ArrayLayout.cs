using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.MessagePack;

/// <summary>What the header of an array or a NumPy scalar says: dtype, shape, and so how many bytes follow.</summary>
internal sealed class ArrayLayout
{
    /// <summary>NumPy 2's limit on dimensions.</summary>
    public const int MaxDimensions = 64;

    private ArrayLayout(DType dtype, int[] shape, long byteCount)
    {
        DType = dtype;
        Shape = shape;
        ByteCount = byteCount;
    }

    public DType DType { get; }

    public int[] Shape { get; }

    public long ByteCount { get; }

    /// <summary>Reads a header, which must be all of the reader's bytes.</summary>
    public static ArrayLayout Read(ref MessagePackReader reader, int maxDepth)
    {
        if (reader.ReadArrayHeader() != 2)
            throw new SocketGymException(ErrorCode.MalformedMessage, "The header of an array is not [dtype, shape].");
        var dtype = DTypeFormat.Read(ref reader, maxDepth);
        var shape = ReadShape(ref reader);
        if (!reader.End)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"The header of an array has {reader.Remaining} bytes after dtype and shape.");
        return new ArrayLayout(dtype, shape, ByteCountOf(dtype.ItemSize, shape));
    }

    /// <summary>Reads a list of dimensions.</summary>
    public static int[] ReadShape(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        if (count > MaxDimensions)
            throw new SocketGymException(ErrorCode.ShapeMismatch, $"An array has {count} dimensions; at most {MaxDimensions} are possible.");
        var shape = new int[count];
        for (var index = 0; index < count; index++)
        {
            var bits = reader.ReadInteger(out var isUnsigned);
            if (bits > int.MaxValue)
            {
                throw new SocketGymException(
                    ErrorCode.ShapeMismatch, $"A dimension is {(isUnsigned ? bits : (Int128)(long)bits)}; it must lie within 0 and {int.MaxValue}.");
            }
            shape[index] = (int)bits;
        }
        return shape;
    }

    /// <summary>The product of the dimensions and the item size.</summary>
    public static long ByteCountOf(int itemSize, ReadOnlySpan<int> shape)
    {
        // Dimensions of 0 are left out, as NumPy does: a shape is refused or not whatever order its dimensions have.
        var product = (Int128)Math.Max(itemSize, 1);
        foreach (var dimension in shape)
        {
            product *= Math.Max(dimension, 1);
            if (product > long.MaxValue)
                throw new SocketGymException(ErrorCode.ShapeMismatch, $"An array of shape ({string.Join(", ", shape.ToArray())}) with items of {itemSize} bytes exceeds 2^63 - 1 bytes.");
        }
        return itemSize == 0 || shape.Contains(0) ? 0 : (long)product;
    }
}
