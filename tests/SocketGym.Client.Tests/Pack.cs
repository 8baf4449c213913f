using System.Buffers.Binary;
using System.Text;

namespace SocketGym.Client.Tests;

/// <summary>Encodings written out by hand from docs/protocol.md, so that the codec under test does not check itself.</summary>
internal static class Pack
{
    public static byte[] Nil { get; } = [0xC0];

    public static byte[] False { get; } = [0xC2];

    public static byte[] True { get; } = [0xC3];

    public static byte[] Int(byte number) => [number <= 0x7F ? number : throw new ArgumentOutOfRangeException(nameof(number))];

    public static byte[] UInt(uint number) => [0xCE, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    public static byte[] Float(double number)
    {
        var bytes = new byte[9];
        bytes[0] = 0xCB;
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(1), number);
        return bytes;
    }

    public static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length switch
        {
            <= 31 => [(byte)(0xA0 | bytes.Length), .. bytes],
            <= byte.MaxValue => [0xD9, (byte)bytes.Length, .. bytes],
            _ => [0xDA, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes],
        };
    }

    public static byte[] List(params byte[][] items) => [(byte)(0x90 | items.Length), .. items.SelectMany(item => item)];

    /// <summary>A map of at most 15 entries: key, value, key, value.</summary>
    public static byte[] Map(params byte[][] keysAndValues) => [(byte)(0x80 | (keysAndValues.Length / 2)), .. keysAndValues.SelectMany(item => item)];

    public static byte[] Tuple(params byte[][] items) => List([[0xD4, 3, 0], .. items]);

    public static byte[] Array(string dtype, byte[] shape, byte[] data)
    {
        byte[] header = List(Text(dtype), List([.. shape.Select(Int)]));
        return Extension(1, [0, (byte)header.Length, .. header, .. data]);
    }

    public static byte[] Scalar(string dtype, byte[] data)
    {
        byte[] header = List(Text(dtype), List());
        return Extension(2, [0, (byte)header.Length, .. header, .. data]);
    }

    public static byte[] Floats(params float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    public static byte[] Request(uint id, string method, params byte[][] parameters) => List(Int(0), UInt(id), Text(method), List(parameters));

    public static byte[] Reply(uint id, byte[] result) => List(Int(1), UInt(id), Nil, result);

    public static byte[] Error(uint id, string code, string message, string? type = null, string? traceback = null) => List(
        Int(1),
        UInt(id),
        Map(Text("code"), Text(code), Text("message"), Text(message), Text("type"), type is null ? Nil : Text(type), Text("traceback"), traceback is null ? Nil : Text(traceback)),
        Nil);

    public static byte[] Frame(byte[] payload)
    {
        var frame = new byte[4 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length);
        payload.CopyTo(frame, 4);
        return frame;
    }

    // The shortest form: fixext for 1, 2, 4, 8 and 16 bytes, else ext 8, 16 or 32.
    private static byte[] Extension(byte type, byte[] body) => body.Length switch
    {
        1 => [0xD4, type, .. body],
        2 => [0xD5, type, .. body],
        4 => [0xD6, type, .. body],
        8 => [0xD7, type, .. body],
        16 => [0xD8, type, .. body],
        <= byte.MaxValue => [0xC7, (byte)body.Length, type, .. body],
        <= ushort.MaxValue => [0xC8, (byte)(body.Length >> 8), (byte)body.Length, type, .. body],
        _ => [0xC9, (byte)(body.Length >> 24), (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, type, .. body],
    };
}
