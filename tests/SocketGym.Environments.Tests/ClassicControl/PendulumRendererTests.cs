using SocketGym.Core.Tests;
using SocketGym.Environments.ClassicControl;
using SocketGym.Environments.Tests.Rendering;

namespace SocketGym.Environments.Tests.ClassicControl;

public sealed class PendulumRendererTests
{
    // Of 255: the arrow is a drawing of its own, whose edges differ by shades.
    private const double LargestMeanDifference = 0.1;

    [Fact]
    public void A_frame_is_Gymnasiums_but_for_the_edges_of_the_arrow()
    {
        var frame = new byte[PendulumRenderer.FrameBytes];
        foreach (var vector in Vectors.Read("environments/native_pendulum_frames.json"))
        {
            var (angle, torque) = (vector.Value("angle").AsDouble(), vector.Value("torque"));
            PendulumRenderer.Render(angle, torque.IsNone ? null : torque.AsDouble(), frame);
            var expected = CanvasTests.Unpack(vector.Text("frame"));
            var mean = expected.Zip(frame).Average(pair => Math.Abs(pair.First - pair.Second));
            Assert.True(torque.IsNone ? mean == 0 : mean < LargestMeanDifference, $"{mean} at angle {angle}, torque {torque}");
        }
    }

    [Fact]
    public void Drawing_allocates_nothing()
    {
        var frame = new byte[PendulumRenderer.FrameBytes];
        PendulumRenderer.Render(0, 2, frame);
        Assert.Equal(0, Allocation.Least(() => PendulumRenderer.Render(1, -1.5, frame)));
    }
}
