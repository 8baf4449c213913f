using System.Collections.Concurrent;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

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

    /// <inheritdoc/>
    public IReadOnlyList<string> ListIds() => [.. _entries.Keys.Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public bool CanMake(string id, ValueDictionary kwargs) => _entries.TryGetValue(id, out var entry) && entry.Accepts(kwargs);

    /// <inheritdoc/>
    public IEnvironment Make(string id, ValueDictionary kwargs) => _entries.TryGetValue(id, out var entry)
        ? entry.Make(kwargs)
        : throw new SocketGymException(ErrorCode.UnknownEnvironment, $"There is no native environment '{id}'; there are: {string.Join(", ", ListIds())}.");
}
