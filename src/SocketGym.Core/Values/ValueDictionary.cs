using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SocketGym.Core.Values;

/// <summary>The entries of a Python dictionary, in insertion order.</summary>
/// <remarks>Meant for the few entries that infos, options and keyword arguments have: look-up is a linear search. Not thread-safe while being written.</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It is a dictionary whose keys may be of any kind.")]
public sealed class ValueDictionary : IReadOnlyList<KeyValuePair<Value, Value>>, IEquatable<ValueDictionary>
{
    private readonly List<KeyValuePair<Value, Value>> _entries = [];

    /// <summary>An empty dictionary that must not be written to.</summary>
    public static ValueDictionary Empty { get; } = [];

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public KeyValuePair<Value, Value> this[int index] => _entries[index];

    /// <summary>The value under a text key; setting replaces or appends.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="KeyNotFoundException">On getting: there is no such key.</exception>
    public Value this[string key]
    {
        get => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no key '{key}'; there are: {string.Join(", ", _entries.Select(entry => entry.Key))}.");
        set => this[Value.FromString(key)] = value;
    }

    /// <summary>The value under a key; setting replaces or appends.</summary>
    /// <param name="key">The key, compared bit for bit.</param>
    /// <exception cref="KeyNotFoundException">On getting: there is no such key.</exception>
    public Value this[Value key]
    {
        get
        {
            var index = IndexOf(key);
            return index >= 0 ? _entries[index].Value : throw new KeyNotFoundException($"There is no key {key}.");
        }
        set
        {
            var index = IndexOf(key);
            if (index >= 0)
                _entries[index] = new(key, value);
            else
                _entries.Add(new(key, value));
        }
    }

    /// <summary>Appends an entry without looking for its key.</summary>
    /// <param name="key">A key that is not there yet.</param>
    /// <param name="value">The value.</param>
    public void Add(Value key, Value value) => _entries.Add(new(key, value));

    /// <summary>Removes every entry, keeping the memory.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Looks up a text key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value when the result is true, else <c>None</c>.</param>
    /// <returns>Whether the key is there.</returns>
    public bool TryGetValue(string key, out Value value)
    {
        foreach (var entry in _entries)
        {
            if (entry.Key.Kind == ValueKind.String && entry.Key.AsString() == key)
            {
                value = entry.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>The value under a text key, or <c>None</c>.</summary>
    /// <param name="key">The key.</param>
    public Value GetOrNone(string key) => TryGetValue(key, out var value) ? value : default;

    /// <summary>Enumerates the entries without an allocation.</summary>
    public List<KeyValuePair<Value, Value>>.Enumerator GetEnumerator() => _entries.GetEnumerator();

    IEnumerator<KeyValuePair<Value, Value>> IEnumerable<KeyValuePair<Value, Value>>.GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();

    /// <summary>Whether both have equal entries in the same order, bit for bit.</summary>
    /// <param name="other">The other dictionary.</param>
    public bool Equals(ValueDictionary? other) => ReferenceEquals(this, other) || (other is not null && _entries.SequenceEqual(other._entries));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueDictionary);

    /// <inheritdoc/>
    public override int GetHashCode() => _entries.Count;

    private int IndexOf(Value key)
    {
        for (var index = 0; index < _entries.Count; index++)
        {
            if (_entries[index].Key.Equals(key))
                return index;
        }
        return -1;
    }
}
