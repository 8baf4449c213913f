using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Environments;

namespace SocketGym;

/// <summary>Gymnasium's <c>gymnasium.make</c> and <c>gymnasium.register</c> in C#: environments in this process, without a server.</summary>
/// <example>
/// <code>
/// using var env = Gym.Make("CartPole-v1");
/// env.Reset(seed: 42);
/// var step = env.Step(env.ActionSpace.Sample());
/// </code>
/// </example>
/// <remarks>Thread-safe; the environments that it makes are not.</remarks>
public static class Gym
{
    /// <summary>What <see cref="Make"/> can make: the native environments, and what was registered. A server can offer it as a provider.</summary>
    public static EnvironmentRegistry Registry { get; } = NativeEnvironments.CreateRegistry();

    /// <summary>Makes an environment, with order enforced and its time limit.</summary>
    /// <param name="id">Its id, such as <c>CartPole-v1</c>.</param>
    /// <param name="renderMode">The keyword argument <c>render_mode</c>, such as <c>rgb_array</c>; null leaves it as <paramref name="kwargs"/> has it.</param>
    /// <param name="maxEpisodeSteps">The keyword argument <c>max_episode_steps</c>; null leaves it as <paramref name="kwargs"/> has it, -1 is no limit.</param>
    /// <param name="kwargs">Further keyword arguments of <c>gymnasium.make</c>; not changed.</param>
    /// <returns>The environment; dispose of it.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnknownEnvironment"/>, <see cref="ErrorCode.InvalidArgument"/> for a keyword argument that is refused, <see cref="ErrorCode.UnsupportedRenderMode"/>.
    /// </exception>
    public static IEnvironment Make(string id, string? renderMode = null, int? maxEpisodeSteps = null, ValueDictionary? kwargs = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Registry.Make(id, ArgumentsOf(renderMode, maxEpisodeSteps, kwargs));
    }

    /// <summary>Makes several environments that are reset and stepped as one: <c>gymnasium.make_vec</c>. What comes out does not depend on the number of threads.</summary>
    /// <param name="id">Their id.</param>
    /// <param name="count">How many, at least one.</param>
    /// <param name="autoresetMode">When an environment whose episode is over is reset.</param>
    /// <param name="renderMode">As for <see cref="Make"/>.</param>
    /// <param name="maxEpisodeSteps">As for <see cref="Make"/>.</param>
    /// <param name="kwargs">As for <see cref="Make"/>.</param>
    /// <param name="threads">
    /// On how many threads a step is taken, at most as many as there are processors; null for as many as turn out fastest by measuring. Only environments that were registered as parallel, as all
    /// shipped ones are, are stepped on more than the caller's.
    /// </param>
    /// <returns>The vector; dispose of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count or the number of threads is not positive.</exception>
    /// <exception cref="SocketGymException">As for <see cref="Make"/>.</exception>
    public static IVectorEnvironment MakeVec(
        string id,
        int count,
        AutoresetMode autoresetMode = AutoresetMode.NextStep,
        string? renderMode = null,
        int? maxEpisodeSteps = null,
        ValueDictionary? kwargs = null,
        int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Registry.MakeVector(id, ArgumentsOf(renderMode, maxEpisodeSteps, kwargs), new VectorOptions(count, autoresetMode, threads));
    }

    /// <summary>Registers an environment that takes no keyword arguments; <see cref="Registry"/> has the overloads for others.</summary>
    /// <param name="id">Its id, such as <c>Thermostat-v0</c>.</param>
    /// <param name="make">Makes the bare environment; called from several threads at the same time.</param>
    /// <param name="maxEpisodeSteps">Steps after which an episode is truncated; null for no limit.</param>
    /// <param name="rewardThreshold">The reward at which the task counts as solved; null for none.</param>
    /// <param name="parallel">Whether several may be stepped at the same time on several threads, since they share nothing that changes, such as a static field.</param>
    /// <exception cref="ArgumentException">The id is empty or there already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not positive.</exception>
    public static void Register(string id, Func<IEnvironment> make, int? maxEpisodeSteps = null, double? rewardThreshold = null, bool parallel = false) =>
        Registry.Add(id, make, maxEpisodeSteps, rewardThreshold, parallel: parallel);

    private static ValueDictionary ArgumentsOf(string? renderMode, int? maxEpisodeSteps, ValueDictionary? kwargs)
    {
        var arguments = new ValueDictionary();
        foreach (var (key, value) in kwargs ?? ValueDictionary.Empty)
            arguments.Add(key, value);
        if (renderMode is not null)
            arguments["render_mode"] = renderMode;
        if (maxEpisodeSteps is { } limit)
            arguments["max_episode_steps"] = limit;
        return arguments;
    }
}
