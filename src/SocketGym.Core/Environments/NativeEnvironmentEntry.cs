using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Core.Environments;

/// <summary>How one native environment is made.</summary>
/// <param name="Spec">Its id and defaults.</param>
/// <param name="Accepts">Whether it covers exactly these keyword arguments of <c>gymnasium.make</c> (<c>render_mode</c>, <c>max_episode_steps</c> and <c>disable_env_checker</c> among them).</param>
/// <param name="Make">Makes it, wrappers included.</param>
public sealed record NativeEnvironmentEntry(
    EnvironmentSpec Spec,
    Func<ValueDictionary, bool> Accepts,
    Func<ValueDictionary, IEnvironment> Make)
{
    /// <summary>Whether several of these environments may be stepped at the same time on several threads, since they share nothing that changes. False, unless said.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Makes the batch that steps many of them at once; null where there is none.</summary>
    internal Func<IEnvironment[], BatchMemory, EnvironmentBatch>? MakeBatch { get; init; }
}
