using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;
using SocketGym.Environments.Tests.Rendering;
using SocketGym.Environments.ToyText;

namespace SocketGym.Environments.Tests;

public sealed class RenderingTests
{
    // Of 255: other drawings of the same things.
    private const double LargestMeanDifference = 15;

    private static readonly EnvironmentRegistry Registry = NativeEnvironments.CreateRegistry();

    [Theory]
    [InlineData("Acrobot-v1")]
    [InlineData("Blackjack-v1")]
    [InlineData("CliffWalking-v1")]
    [InlineData("FrozenLake-v1")]
    [InlineData("MountainCar-v0")]
    [InlineData("MountainCarContinuous-v0")]
    [InlineData("Pendulum-v1")]
    [InlineData("Taxi-v4")]
    public void Rendering_allocates_only_its_first_frame(string id)
    {
        using var environment = Registry.Make(id, new ValueDictionary { ["render_mode"] = "rgb_array" });
        Value action = id is "Pendulum-v1" or "MountainCarContinuous-v0" ? NDArray.Of<float>([0.5f]) : 1;
        environment.Reset(0);
        Play();
        Assert.Equal(0, Allocation.Least(Play));

        void Play()
        {
            for (var step = 0; step < 5; step++)
            {
                environment.Step(action);
                environment.Render();
            }
        }
    }

    [Theory]
    [InlineData("Blackjack-v1")]
    [InlineData("CliffWalking-v1")]
    [InlineData("FrozenLake-v1")]
    [InlineData("Pendulum-v1")]
    [InlineData("Taxi-v4")]
    public void What_is_drawn_anew_is_left_to_Python_unless_the_native_version_is_asked_for(string id)
    {
        foreach (var mode in (string[])["rgb_array", "rgb_array_list"])
        {
            var kwargs = new ValueDictionary { ["render_mode"] = mode };
            Assert.False(Registry.CanMake(id, kwargs));
            using var environment = Registry.Make(id, kwargs);
            Assert.Equal(mode, environment.RenderMode);
        }
    }

    [Fact]
    public void Toy_texts_have_Gymnasiums_layout_and_colours()
    {
        foreach (var vector in Vectors.Read("environments/native_toy_text_frames.json"))
        {
            using var environment = Registry.Make(vector.Text("id"), new ValueDictionary { ["render_mode"] = "rgb_array" });
            environment.Reset(0);
            EnvironmentAttributes.Of(environment).SetAttribute("s", vector.Int("s"));
            var frame = environment.Render().AsArray();
            Assert.Equal(vector.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()), frame.Shape.ToArray());
            var mean = CanvasTests.Unpack(vector.Text("squares")).Zip(MeanColors(frame)).Average(pair => Math.Abs(pair.First - pair.Second));
            Assert.True(mean < LargestMeanDifference, $"{mean} in state {vector.Int("s")} of {vector.Text("id")}");
        }
    }

    [Fact]
    public void Blackjacks_picture_shows_what_the_player_sees_and_nothing_else()
    {
        var frames = new Dictionary<string, string>();
        foreach (var (sum, card, suit, face, ace) in ((int, int, char, char, bool)[])
            [(12, 1, 'C', 'A', false), (13, 1, 'C', 'A', false), (12, 2, 'C', '2', false), (12, 1, 'D', 'A', false), (12, 1, 'H', 'A', false), (12, 1, 'S', 'A', false), (12, 10, 'S', 'Q', false), (12, 1, 'C', 'A', true)])
        {
            var (first, second) = (new byte[BlackjackRenderer.Height * BlackjackRenderer.Width * 3], new byte[BlackjackRenderer.Height * BlackjackRenderer.Width * 3]);
            Array.Fill(second, (byte)9);
            BlackjackRenderer.Render(sum, card, suit, face, ace, first);
            BlackjackRenderer.Render(sum, card, suit, face, ace, second);
            Assert.Equal(first, second);
            frames.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(first)), $"{sum} {card} {suit} {face} {ace}");
            // Gymnasium's cloth, and its two cards of 119 x 166 pixels beside the middle.
            Assert.Equal([7, 99, 36], first.AsSpan(0, 3).ToArray());
            Assert.Equal([32, 32, 40], Pixel(first, 169, 83));
            Assert.Equal([32, 32, 40], Pixel(first, 312, 83));
        }
        Assert.Equal(8, frames.Count);

        static byte[] Pixel(byte[] frame, int x, int y) => frame.AsSpan(((y * BlackjackRenderer.Width) + x) * 3, 3).ToArray();
    }

    [Theory]
    [InlineData("Blackjack-v1", "ansi")]
    [InlineData("Taxi-v4", "human")]
    [InlineData("FrozenLake-v1", "depth_array")]
    public void A_mode_that_is_not_offered_is_refused(string id, string mode)
    {
        var kwargs = new ValueDictionary { ["render_mode"] = mode };
        Assert.False(Registry.CanMake(id, kwargs));
        Assert.Equal(ErrorCode.UnsupportedRenderMode, Assert.Throws<SocketGymException>(() => Registry.Make(id, kwargs)).Code);
    }

    // Of squares of 10 x 10 pixels.
    private static List<double> MeanColors(NDArray frame)
    {
        const int Side = 10;
        var (width, bytes) = (frame.Shape[1], frame.Data);
        var means = new List<double>();
        for (var top = 0; top + Side <= frame.Shape[0]; top += Side)
        {
            for (var left = 0; left + Side <= width; left += Side)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    means.Add(Enumerable.Range(0, Side * Side).Average(pixel =>
                        (double)bytes.Span[((top + pixel / Side) * width + left + pixel % Side) * 3 + channel]));
                }
            }
        }
        return means;
    }
}
