using System.Collections.Immutable;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.MessagePack;

/// <summary>A dtype in the header of an array: a type string, or a list of fields.</summary>
internal static class DTypeFormat
{
    public static DType Read(ref MessagePackReader reader, int maxDepth, int depth = 0)
    {
        if (reader.NextMessagePackType == MessagePackType.String)
        {
            var descriptor = reader.ReadString();
            return DType.TryParse(descriptor, out var dtype)
                ? dtype
                : throw new SocketGymException(ErrorCode.MalformedMessage, $"'{ValueText.Brief(descriptor)}' is not the type string of a dtype of plain data.");
        }
        if (depth >= maxDepth)
            throw TooDeep(maxDepth);
        var count = reader.ReadArrayHeader();
        if (count == 0)
            throw new SocketGymException(ErrorCode.MalformedMessage, "A structured dtype has no fields.");
        var fields = ImmutableArray.CreateBuilder<DTypeField>(count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < count; index++)
        {
            var field = ReadField(ref reader, maxDepth, depth);
            if (field.Name.Length > 0 && !names.Add(field.Name))
                throw new SocketGymException(ErrorCode.MalformedMessage, $"A structured dtype has the field '{field.Name}' twice.");
            fields.Add(field);
        }
        try
        {
            return DType.Structured(fields.MoveToImmutable());
        }
        catch (OverflowException exception)
        {
            throw TooLarge(exception);
        }
    }

    public static void Write(ref MessagePackWriter writer, DType dtype, int maxDepth, int depth = 0)
    {
        if (!dtype.IsStructured)
        {
            writer.Write(dtype.Descriptor);
            return;
        }
        if (depth >= maxDepth)
            throw TooDeep(maxDepth);
        writer.WriteArrayHeader(dtype.Fields.Length);
        foreach (var field in dtype.Fields)
        {
            writer.WriteArrayHeader(field.Shape.IsEmpty ? 2 : 3);
            if (SurrogateText.IsNeeded(field.Name))
                throw new SocketGymException(ErrorCode.UnsupportedValue, "A field of a structured dtype has a lone surrogate in its name; rename it.");
            writer.Write(field.Name);
            Write(ref writer, field.Type, maxDepth, depth + 1);
            if (!field.Shape.IsEmpty)
                WriteShape(ref writer, field.Shape.AsSpan());
        }
    }

    public static void WriteShape(ref MessagePackWriter writer, scoped ReadOnlySpan<int> shape)
    {
        writer.WriteArrayHeader(shape.Length);
        foreach (var dimension in shape)
            writer.Write((long)dimension);
    }

    private static DTypeField ReadField(ref MessagePackReader reader, int maxDepth, int depth)
    {
        var parts = reader.ReadArrayHeader();
        if (parts is not (2 or 3))
            throw new SocketGymException(ErrorCode.MalformedMessage, $"A field of a structured dtype has {parts} parts; it is [name, dtype] or [name, dtype, shape].");
        var name = reader.ReadString();
        var type = Read(ref reader, maxDepth, depth + 1);
        if (name.Length == 0 && (type.Kind != 'V' || type.IsStructured))
            throw new SocketGymException(ErrorCode.MalformedMessage, $"A field without a name is padding, of dtype '|V<n>', not {type}.");
        var shape = parts == 3 ? ArrayLayout.ReadShape(ref reader) : [];
        try
        {
            return new DTypeField(name, type, [.. shape]);
        }
        catch (OverflowException exception)
        {
            throw TooLarge(exception);
        }
    }

    private static SocketGymException TooDeep(int maxDepth) =>
        new(ErrorCode.NestingTooDeep, $"A structured dtype is nested deeper than {maxDepth} levels.");

    private static SocketGymException TooLarge(OverflowException exception) =>
        new(ErrorCode.ShapeMismatch, "An item of a structured dtype exceeds 2 GiB.", exception);
}
