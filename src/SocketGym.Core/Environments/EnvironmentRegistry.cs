using System.Collections.Concurrent;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Core.Wrappers;

namespace SocketGym.Core.Environments;

/// <summary>Native environments by id.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class EnvironmentRegistry : IEnvironmentProvider
{
    private readonly ConcurrentDictionary<string, NativeEnvironmentEntry> _entries = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "native";

    /// <summary>Adds an environment.</summary>
    /// <param name="entry">Its spec and how to make it.</param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The id is there already.</exception>
    public EnvironmentRegistry Add(NativeEnvironmentEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!_entries.TryAdd(entry.Spec.Id, entry))
            throw new ArgumentException($"'{entry.Spec.Id}' is registered already; choose another id.", nameof(entry));
        return this;
    }

    /// <summary>Adds an environment that takes no keyword arguments, not even a render mode.</summary>
    /// <param name="id">The id, such as <c>Thermostat-v0</c> or <c>namespace/Name-v0</c>.</param>
    /// <param name="make">Makes the bare environment; called from several threads at the same time.</param>
    /// <param name="maxEpisodeSteps">Steps after which an episode is truncated, by a <see cref="TimeLimit"/>; null for no limit.</param>
    /// <param name="rewardThreshold">The reward at which the task counts as solved; null for none.</param>
    /// <param name="nondeterministic">Whether the environment differs between runs with the same seed.</param>
    /// <param name="orderEnforce">Whether <see cref="OrderEnforcing"/> refuses calls out of order.</param>
    /// <param name="parallel">
    /// Whether several of them, as the parts of a vector, may be stepped at the same time on several threads: they share nothing that changes, such as a static field, and need not always be called by
    /// the same thread.
    /// </param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The id is empty or there already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not positive.</exception>
    public EnvironmentRegistry Add(
        string id,
        Func<IEnvironment> make,
        int? maxEpisodeSteps = null,
        double? rewardThreshold = null,
        bool nondeterministic = false,
        bool orderEnforce = true,
        bool parallel = false)
    {
        ArgumentNullException.ThrowIfNull(make);
        return Add(SpecOf(id, maxEpisodeSteps, rewardThreshold, nondeterministic, orderEnforce), _ => make(), names: null, parallel);
    }

    /// <summary>Adds an environment that takes a render mode and, where they are named, keyword arguments of its own.</summary>
    /// <param name="id">The id, such as <c>Thermostat-v0</c> or <c>namespace/Name-v0</c>.</param>
    /// <param name="make">Makes the bare environment; called from several threads at the same time.</param>
    /// <param name="maxEpisodeSteps">Steps after which an episode is truncated, by a <see cref="TimeLimit"/>; null for no limit.</param>
    /// <param name="rewardThreshold">The reward at which the task counts as solved; null for none.</param>
    /// <param name="nondeterministic">Whether the environment differs between runs with the same seed.</param>
    /// <param name="orderEnforce">Whether <see cref="OrderEnforcing"/> refuses calls out of order.</param>
    /// <param name="kwargs">The names of the environment's own keyword arguments; every other is refused. Null for none.</param>
    /// <param name="parallel">
    /// Whether several of them, as the parts of a vector, may be stepped at the same time on several threads: they share nothing that changes, such as a static field, and need not always be called by
    /// the same thread.
    /// </param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The id is empty or there already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not positive.</exception>
    public EnvironmentRegistry Add(
        string id,
        Func<EnvironmentArguments, IEnvironment> make,
        int? maxEpisodeSteps = null,
        double? rewardThreshold = null,
        bool nondeterministic = false,
        bool orderEnforce = true,
        IReadOnlyCollection<string>? kwargs = null,
        bool parallel = false)
    {
        ArgumentNullException.ThrowIfNull(make);
        return Add(SpecOf(id, maxEpisodeSteps, rewardThreshold, nondeterministic, orderEnforce), make, kwargs ?? [], parallel);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListIds() => [.. _entries.Keys.Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public bool CanMake(string id, ValueDictionary kwargs) => _entries.TryGetValue(id, out var entry) && entry.Accepts(kwargs);

    /// <inheritdoc/>
    public IEnvironment Make(string id, ValueDictionary kwargs) => Find(id).Make(kwargs);

    /// <inheritdoc/>
    /// <remarks>
    /// Environments that were registered as parallel are stepped on several threads where that turns out faster, at most as many as there are processors; all others on one. Of shipped
    /// environments some, such as CartPole, are stepped all at once. What comes out is the same.
    /// </remarks>
    public IVectorEnvironment MakeVector(string id, ValueDictionary kwargs, VectorOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var entry = Find(id);
        int? threads = options.Workers is { } workers ? Math.Min(workers, Environment.ProcessorCount) : null;
        return VectorEnvironment.Make(() => entry.Make(kwargs), options, entry.IsParallel ? threads : 1, entry.MakeBatch, cancellation);
    }

    private NativeEnvironmentEntry Find(string id) => _entries.TryGetValue(id, out var entry)
        ? entry
        : throw new SocketGymException(ErrorCode.UnknownEnvironment, $"There is no native environment '{id}'; there are: {string.Join(", ", ListIds())}.");

    private static EnvironmentSpec SpecOf(string id, int? maxEpisodeSteps, double? rewardThreshold, bool nondeterministic, bool orderEnforce)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (maxEpisodeSteps is { } steps)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps, nameof(maxEpisodeSteps));
        return new EnvironmentSpec(id)
        {
            MaxEpisodeSteps = maxEpisodeSteps,
            RewardThreshold = rewardThreshold,
            Nondeterministic = nondeterministic,
            OrderEnforce = orderEnforce,
        };
    }

    private EnvironmentRegistry Add(EnvironmentSpec spec, Func<EnvironmentArguments, IEnvironment> make, IReadOnlyCollection<string>? names, bool parallel)
    {
        return Add(new NativeEnvironmentEntry(spec, kwargs => EnvironmentArguments.TryRead(spec, kwargs, names, out _) is null, Make) { IsParallel = parallel });

        IEnvironment Make(ValueDictionary kwargs) => EnvironmentArguments.TryRead(spec, kwargs, names, out var arguments) is { } problem
            ? throw problem
            : arguments.Complete(make(arguments));
    }
}
