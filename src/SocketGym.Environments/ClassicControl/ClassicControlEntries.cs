using SocketGym.Core.Environments;

namespace SocketGym.Environments.ClassicControl;

/// <summary>How the environments of classic control are made, with the limits and thresholds of Gymnasium's registry.</summary>
internal static class ClassicControlEntries
{
    /// <summary>All of them.</summary>
    public static IEnumerable<NativeEnvironmentEntry> All =>
    [
        CartPole("CartPole-v0", maxEpisodeSteps: 200, rewardThreshold: 195.0),
        CartPole("CartPole-v1", maxEpisodeSteps: 500, rewardThreshold: 475.0),
    ];

    private static NativeEnvironmentEntry CartPole(string id, int maxEpisodeSteps, double rewardThreshold) => NativeEnvironments.Entry(
        new EnvironmentSpec(id)
        {
            EntryPoint = typeof(CartPole).FullName,
            MaxEpisodeSteps = maxEpisodeSteps,
            RewardThreshold = rewardThreshold,
        },
        ["rgb_array"],
        [EnvironmentArgument.Flag("sutton_barto_reward")],
        arguments => new CartPole(arguments.Flag("sutton_barto_reward"), arguments.RenderMode, arguments.BareSpec));
}
