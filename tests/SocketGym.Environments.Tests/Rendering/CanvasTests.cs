using System.IO.Compression;
using System.Text.Json;
using SocketGym.Core.Tests;
using SocketGym.Environments.Rendering;

namespace SocketGym.Environments.Tests.Rendering;

public sealed class CanvasTests
{
    [Theory]
    [InlineData("aapolygon")]
    [InlineData("filled_polygon")]
    [InlineData("aacircle")]
    [InlineData("filled_circle")]
    [InlineData("hline")]
    [InlineData("vline")]
    [InlineData("line")]
    public void A_shape_has_the_pixels_of_pygame(string shape)
    {
        var drawn = 0;
        foreach (var vector in Vectors.Read("environments/canvas.json"))
        {
            if (vector.Text("shape") != shape)
                continue;
            var (width, height) = (vector.Int("width"), vector.Int("height"));
            var frame = new byte[width * height * 3];
            var canvas = new Canvas(frame, width, height, vector.Flag("bottom_up") ? RowOrder.BottomUp : RowOrder.TopDown);
            canvas.Clear(ColorOf(vector.GetProperty("background")));
            Draw(canvas, shape, Numbers(vector.GetProperty("numbers")), ColorOf(vector.GetProperty("color")));
            Assert.True(Unpack(vector.Text("frame")).AsSpan().SequenceEqual(frame), vector.ToString());
            drawn++;
        }
        Assert.True(drawn >= 50, $"only {drawn} vectors for {shape}");
    }

    [Fact]
    public void Every_byte_of_a_cleared_frame_has_the_colour()
    {
        var frame = new byte[5 * 3 * 3];
        new Canvas(frame, 5, 3).Clear(new Color(1, 2, 3));
        Assert.Equal(Enumerable.Repeat(new byte[] { 1, 2, 3 }, 15).SelectMany(pixel => pixel), frame);
    }

    [Fact]
    public void A_canvas_refuses_a_frame_of_another_size()
    {
        var tooLong = Assert.Throws<ArgumentException>(() => new Canvas(new byte[37], 4, 3));
        Assert.Contains("36 bytes, not 37", tooLong.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Canvas([], 0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Canvas([], 4, 40000));
    }

    [Fact]
    public void Shapes_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>(() => OnePixel().FilledPolygon([default, default], Color.Black));
        Assert.Throws<ArgumentException>(() => OnePixel().FilledPolygon(new GridPoint[1025], Color.Black));
        Assert.Throws<ArgumentException>(() => OnePixel().AntiAliasedPolygon([default, default], Color.Black));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnePixel().FilledCircle(default, -1, Color.Black));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnePixel().AntiAliasedCircle(default, -1, Color.Black));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnePixel().Line(default, default, Color.Black, 0));
    }

    [Fact]
    public void Positions_are_truncated_toward_zero_and_wrap_at_16_bits()
    {
        Assert.Equal(new GridPoint(1, -1), GridPoint.Truncate(1.9, -1.9));
        Assert.Equal(new GridPoint(-32768, 4464), GridPoint.Truncate(32768.5, 70000));
        Assert.Throws<ArgumentOutOfRangeException>(() => GridPoint.Truncate(double.NaN, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => GridPoint.Truncate(0, 1e19));
    }

    /// <summary>What zlib and base64 of the generator hold.</summary>
    internal static byte[] Unpack(string packed)
    {
        using var source = new ZLibStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }

    private static Canvas OnePixel() => new(new byte[3], 1, 1);

    private static void Draw(Canvas canvas, string shape, int[] numbers, Color color)
    {
        switch (shape)
        {
            case "aapolygon":
                canvas.AntiAliasedPolygon(Points(numbers), color);
                break;
            case "filled_polygon":
                canvas.FilledPolygon(Points(numbers), color);
                break;
            case "aacircle":
                canvas.AntiAliasedCircle(Points(numbers)[0], numbers[2], color);
                break;
            case "filled_circle":
                canvas.FilledCircle(Points(numbers)[0], numbers[2], color);
                break;
            case "hline":
                canvas.HorizontalLine(numbers[0], numbers[1], numbers[2], color);
                break;
            case "vline":
                canvas.VerticalLine(numbers[0], numbers[1], numbers[2], color);
                break;
            default:
                canvas.Line(Points(numbers)[0], Points(numbers)[1], color, numbers[4]);
                break;
        }
    }

    private static GridPoint[] Points(int[] numbers) =>
        [.. numbers.Chunk(2).Where(pair => pair.Length == 2).Select(pair => new GridPoint((short)pair[0], (short)pair[1]))];

    private static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];

    private static Color ColorOf(JsonElement list) => new(list[0].GetByte(), list[1].GetByte(), list[2].GetByte());
}
