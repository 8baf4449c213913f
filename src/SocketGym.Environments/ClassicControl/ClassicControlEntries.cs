using SocketGym.Core.Environments;

namespace SocketGym.Environments.ClassicControl;

/// <summary>How the environments of classic control are made, with the limits and thresholds of Gymnasium's registry.</summary>
internal static class ClassicControlEntries
{
    /// <summary>All of them.</summary>
    public static IEnumerable<NativeEnvironmentEntry> All =>
    [
        Acrobot(),
        CartPole("CartPole-v0", maxEpisodeSteps: 200, rewardThreshold: 195.0),
        CartPole("CartPole-v1", maxEpisodeSteps: 500, rewardThreshold: 475.0),
        MountainCar(),
        MountainCarContinuous(),
        Pendulum(),
    ];

    private static NativeEnvironmentEntry Acrobot() => NativeEnvironments.Entry(
        new EnvironmentSpec("Acrobot-v1") { EntryPoint = typeof(Acrobot).FullName, MaxEpisodeSteps = 500, RewardThreshold = -100.0 },
        ClassicControl.Acrobot.RenderModes,
        [],
        arguments => new Acrobot(arguments.RenderMode, arguments.BareSpec));

    private static NativeEnvironmentEntry CartPole(string id, int maxEpisodeSteps, double rewardThreshold) => NativeEnvironments.Entry(
        new EnvironmentSpec(id)
        {
            EntryPoint = typeof(CartPole).FullName,
            MaxEpisodeSteps = maxEpisodeSteps,
            RewardThreshold = rewardThreshold,
        },
        ClassicControl.CartPole.RenderModes,
        [EnvironmentArgument.Flag("sutton_barto_reward")],
        arguments => new CartPole(arguments.Flag("sutton_barto_reward"), arguments.RenderMode, arguments.BareSpec),
        makeBatch: CartPoleBatch.Of);

    private static NativeEnvironmentEntry MountainCar() => NativeEnvironments.Entry(
        new EnvironmentSpec("MountainCar-v0") { EntryPoint = typeof(MountainCar).FullName, MaxEpisodeSteps = 200, RewardThreshold = -110.0 },
        MountainCarEnvironment.RenderModes,
        [EnvironmentArgument.Number("goal_velocity")],
        arguments => new MountainCar(arguments.Find("goal_velocity"), arguments.RenderMode, arguments.BareSpec));

    private static NativeEnvironmentEntry MountainCarContinuous() => NativeEnvironments.Entry(
        new EnvironmentSpec("MountainCarContinuous-v0") { EntryPoint = typeof(MountainCarContinuous).FullName, MaxEpisodeSteps = 999, RewardThreshold = 90.0 },
        MountainCarEnvironment.RenderModes,
        [EnvironmentArgument.Number("goal_velocity")],
        arguments => new MountainCarContinuous(arguments.Find("goal_velocity"), arguments.RenderMode, arguments.BareSpec));

    private static NativeEnvironmentEntry Pendulum() => NativeEnvironments.Entry(
        new EnvironmentSpec("Pendulum-v1") { EntryPoint = typeof(Pendulum).FullName, MaxEpisodeSteps = 200 },
        ClassicControl.Pendulum.RenderModes,
        [EnvironmentArgument.Number("g")],
        arguments => new Pendulum(arguments.Find("g"), arguments.RenderMode, arguments.BareSpec),
        drawnAnew: "rgb_array");
}
