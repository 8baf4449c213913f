using SocketGym.Core.Errors;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;
using SocketGym.Environments.ClassicControl;

namespace SocketGym.Environments.Tests.ClassicControl;

public sealed class CartPoleTests
{
    [Fact]
    public void Steps_and_resets_allocate_nothing()
    {
        using var environment = NativeEnvironments.CreateRegistry().Make("CartPole-v1", []);
        Value scalar = Value.Scalar(1L);
        Value array = new NDArray(DType.Int64);
        Play(3);
        Assert.Equal(0, Allocation.Least(() => Play(200)));

        void Play(int episodes)
        {
            environment.Reset(episodes == 3 ? 0 : null);
            for (var episode = 0; episode < episodes; episode++)
            {
                for (var step = 0; step < 10; step++)
                {
                    environment.Step(step % 2);
                    environment.Step(scalar);
                    environment.Step(array);
                }
                environment.Reset();
            }
        }
    }

    [Fact]
    public void Rendering_allocates_only_its_first_frame()
    {
        using var environment = new CartPole(renderMode: "rgb_array");
        environment.Reset(0);
        environment.Render();
        Assert.Equal(0, Allocation.Least(Play));

        void Play()
        {
            for (var step = 0; step < 10; step++)
            {
                environment.Step(1);
                environment.Render();
            }
        }
    }

    [Fact]
    public void Without_a_seed_two_environments_start_differently()
    {
        using var one = new CartPole();
        using var other = new CartPole();
        Assert.NotEqual(one.Reset().Observation, other.Reset().Observation);
    }

    [Fact]
    public void A_refused_step_leaves_the_state_as_it_was()
    {
        using var environment = new CartPole();
        using var untouched = new CartPole();
        environment.Reset(7);
        untouched.Reset(7);
        Assert.Equal(ErrorCode.InvalidAction, Assert.Throws<SocketGymException>(() => environment.Step(2)).Code);
        Assert.Equal(untouched.Step(1).Observation, environment.Step(1).Observation);
    }

    [Fact]
    public void A_cart_too_far_away_is_an_error_of_the_environment()
    {
        using var environment = new CartPole(renderMode: "rgb_array");
        environment.Reset(0, new ValueDictionary { ["low"] = 300, ["high"] = 300 });
        var fault = Assert.Throws<SocketGymException>(() => environment.Render());
        Assert.Equal((ErrorCode.EnvironmentFault, "OverflowError"), (fault.Code, fault.RemoteType));
    }

    [Fact]
    public void After_close_it_steps_and_draws_on_as_in_Gymnasium()
    {
        using var environment = new CartPole(renderMode: "rgb_array");
        environment.Reset(0);
        var frame = environment.Render().AsArray().Copy();
        environment.Close();
        environment.Close();
        Assert.Equal(frame, environment.Render().AsArray());
        Assert.Equal(1.0, environment.Step(0).Reward);
    }
}
