using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Tests;

public sealed class RenderingTests
{
    private static readonly EnvironmentRegistry Registry = NativeEnvironments.CreateRegistry();

    [Theory]
    [InlineData("Acrobot-v1")]
    [InlineData("MountainCar-v0")]
    [InlineData("MountainCarContinuous-v0")]
    [InlineData("Pendulum-v1")]
    public void Rendering_allocates_only_its_first_frame(string id)
    {
        using var environment = Registry.Make(id, new ValueDictionary { ["render_mode"] = "rgb_array" });
        Value action = id is "Pendulum-v1" or "MountainCarContinuous-v0" ? NDArray.Of<float>([0.5f]) : 1;
        environment.Reset(0);
        Play();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Play();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Play()
        {
            for (var step = 0; step < 5; step++)
            {
                environment.Step(action);
                environment.Render();
            }
        }
    }

    [Fact]
    public void What_is_drawn_anew_is_left_to_Python_unless_the_native_version_is_asked_for()
    {
        foreach (var mode in (string[])["rgb_array", "rgb_array_list"])
        {
            var kwargs = new ValueDictionary { ["render_mode"] = mode };
            Assert.False(Registry.CanMake("Pendulum-v1", kwargs));
            using var environment = Registry.Make("Pendulum-v1", kwargs);
            Assert.Equal(mode, environment.RenderMode);
        }
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
}
