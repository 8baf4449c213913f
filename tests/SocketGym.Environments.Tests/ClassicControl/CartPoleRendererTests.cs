using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using SocketGym.Core.Tests;
using SocketGym.Environments.ClassicControl;
using SocketGym.Environments.Tests.Rendering;

namespace SocketGym.Environments.Tests.ClassicControl;

public sealed class CartPoleRendererTests
{
    [Fact]
    public void A_frame_has_the_pixels_of_Gymnasium_wherever_cart_and_pole_are()
    {
        var frame = new byte[CartPoleRenderer.FrameBytes];
        var refused = 0;
        foreach (var vector in Vectors.Read("environments/cartpole_frames.json"))
        {
            var state = MemoryMarshal.Cast<byte, double>(vector.Bytes("state"));
            var (position, angle) = (state[0], state[1]);
            if (vector.TryGetProperty("error", out _))
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => CartPoleRenderer.Render(position, angle, frame, CartPoleParameters.Default));
                refused++;
                continue;
            }
            CartPoleRenderer.Render(position, angle, frame, CartPoleParameters.Default);
            Check(vector, frame, $"position {position:R}, angle {angle:R}");
        }
        Assert.True(refused > 0, "no vector for a state that cannot be drawn");
    }

    [Fact]
    public void A_frame_of_another_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => CartPoleRenderer.Render(0, 0, new byte[CartPoleRenderer.FrameBytes - 1], CartPoleParameters.Default));

    [Fact]
    public void Drawing_allocates_nothing()
    {
        var frame = new byte[CartPoleRenderer.FrameBytes];
        CartPoleRenderer.Render(0, 0, frame, CartPoleParameters.Default);
        Assert.Equal(0, Allocation.Least(Draw));

        void Draw()
        {
            for (var step = 0; step < 20; step++)
                CartPoleRenderer.Render(step * 0.1, step * 0.01, frame, CartPoleParameters.Default);
        }
    }

    private static void Check(JsonElement vector, byte[] frame, string state)
    {
        if (vector.TryGetProperty("frame", out var packed))
        {
            var expected = CanvasTests.Unpack(packed.GetString()!);
            var differing = expected.Zip(frame).Count(pair => pair.First != pair.Second);
            Assert.True(differing == 0, $"{differing} bytes differ at {state}");
        }
        Assert.True(vector.Text("sha256") == Convert.ToHexStringLower(SHA256.HashData(frame)), $"the frame differs at {state}");
    }
}
