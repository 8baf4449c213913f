using SocketGym.Core.Environments;
using SocketGym.Core.Values;
using SocketGym.Environments.ClassicControl;

namespace SocketGym.Environments;

/// <summary>The native environments under Gymnasium's ids.</summary>
public static class NativeEnvironments
{
    /// <summary>Makes a registry of them: <c>CartPole-v0</c> and <c>CartPole-v1</c>.</summary>
    /// <returns>A registry of the caller's own, to which further environments can be added.</returns>
    public static EnvironmentRegistry CreateRegistry() => AddTo(new EnvironmentRegistry());

    /// <summary>Adds them to a registry.</summary>
    /// <param name="registry">The registry.</param>
    /// <returns>The same registry.</returns>
    /// <exception cref="ArgumentException">One of the ids is there already.</exception>
    public static EnvironmentRegistry AddTo(EnvironmentRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .Add(CartPoleEntry("CartPole-v0", maxEpisodeSteps: 200, rewardThreshold: 195.0))
            .Add(CartPoleEntry("CartPole-v1", maxEpisodeSteps: 500, rewardThreshold: 475.0));
    }

    private static NativeEnvironmentEntry CartPoleEntry(string id, int maxEpisodeSteps, double rewardThreshold)
    {
        var spec = new EnvironmentSpec(id)
        {
            EntryPoint = typeof(CartPole).FullName,
            MaxEpisodeSteps = maxEpisodeSteps,
            RewardThreshold = rewardThreshold,
        };
        return new(spec, kwargs => Read(kwargs, out _) is null, Make);

        Exception? Read(ValueDictionary kwargs, out MakeArguments arguments) =>
            MakeArguments.TryRead(spec, kwargs, ["rgb_array"], ["sutton_barto_reward"], out arguments);

        IEnvironment Make(ValueDictionary kwargs) => Read(kwargs, out var arguments) is { } problem
            ? throw problem
            : arguments.Wrap(new CartPole(arguments.Flag("sutton_barto_reward"), arguments.RenderMode, arguments.BareSpec));
    }
}
