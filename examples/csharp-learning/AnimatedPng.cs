using System.Buffers.Binary;
using System.IO.Compression;

namespace SocketGym.Examples.CSharpLearning;

/// <summary>Collects frames and writes them as an animated PNG, which every browser plays ("Portable Network Graphics Specification, Third Edition", W3C).</summary>
/// <param name="width">The width in pixels.</param>
/// <param name="height">The height in pixels.</param>
/// <param name="framesPerSecond">How fast it plays.</param>
internal sealed class AnimatedPng(int width, int height, int framesPerSecond)
{
    private const byte TrueColor = 2;
    private const byte UpFilter = 2;
    private const int Channels = 3;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] CrcTable = MakeCrcTable();

    private readonly List<byte[]> _frames = [];

    public int Count => _frames.Count;

    /// <summary>Adds a frame.</summary>
    /// <param name="pixels">Height x width x 3 bytes, row by row.</param>
    public void Add(ReadOnlySpan<byte> pixels)
    {
        var stride = width * Channels;
        if (pixels.Length != height * stride)
            throw new ArgumentException($"A frame of {width} x {height} pixels has {height * stride} bytes, not {pixels.Length}.", nameof(pixels));
        // Each row is written as its difference from the one above, which is mostly nothing.
        var filtered = new byte[height * (stride + 1)];
        for (var row = 0; row < height; row++)
        {
            filtered[row * (stride + 1)] = UpFilter;
            for (var column = 0; column < stride; column++)
            {
                var above = row == 0 ? 0 : pixels[((row - 1) * stride) + column];
                filtered[(row * (stride + 1)) + 1 + column] = (byte)(pixels[(row * stride) + column] - above);
            }
        }
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize))
            zlib.Write(filtered);
        _frames.Add(compressed.ToArray());
    }

    public void Save(string path)
    {
        using var file = File.Create(path);
        file.Write(Signature);
        // Bit depth, colour type, and the only compression, filtering and order of rows that there are without interlacing.
        WriteChunk(file, "IHDR"u8, [.. Number(width), .. Number(height), 8, TrueColor, 0, 0, 0]);
        WriteChunk(file, "acTL"u8, [.. Number(_frames.Count), .. Number(0)]);
        var sequence = 0;
        for (var index = 0; index < _frames.Count; index++)
        {
            WriteChunk(file, "fcTL"u8, [.. Number(sequence++), .. Number(width), .. Number(height), .. Number(0), .. Number(0), 0, 1, 0, (byte)framesPerSecond, 0, 0]);
            // The first frame is also the picture that readers show which know no animation.
            if (index == 0)
                WriteChunk(file, "IDAT"u8, _frames[0]);
            else
                WriteChunk(file, "fdAT"u8, [.. Number(sequence++), .. _frames[index]]);
        }
        WriteChunk(file, "IEND"u8, []);
    }

    private static void WriteChunk(FileStream file, ReadOnlySpan<byte> type, byte[] data)
    {
        file.Write(Number(data.Length));
        file.Write(type);
        file.Write(data);
        var crc = Update(Update(uint.MaxValue, type), data);
        file.Write(Number((int)~crc));
    }

    private static byte[] Number(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var item in bytes)
            crc = CrcTable[(byte)(crc ^ item)] ^ (crc >> 8);
        return crc;
    }

    // CRC-32 with the reversed polynomial of ISO 3309.
    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (var index = 0u; index < table.Length; index++)
        {
            table[index] = index;
            for (var bit = 0; bit < 8; bit++)
                table[index] = (table[index] & 1) != 0 ? (table[index] >> 1) ^ 0xEDB88320 : table[index] >> 1;
        }
        return table;
    }
}
