using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>The attributes and methods that an environment publishes by name.</summary>
/// <param name="owner">The environment's name in messages.</param>
internal sealed class PublishedAttributes(string owner)
{
    private readonly Dictionary<string, (Func<Value>? Get, Action<Value>? Set, Func<IReadOnlyList<Value>, Value>? Method)> _entries = new(StringComparer.Ordinal);

    public void Add(string name, Func<Value> get, Action<Value>? set) => Add(name, (get, set, null));

    public void AddMethod(string name, Func<IReadOnlyList<Value>, Value> method) => Add(name, (null, null, method));

    public AttributeKind Find(string name) =>
        !_entries.TryGetValue(name, out var entry) ? AttributeKind.None : entry.Method is null ? AttributeKind.Value : AttributeKind.Method;

    public Value Get(string name) => _entries.TryGetValue(name, out var entry)
        ? entry.Get?.Invoke() ?? throw new SocketGymException(ErrorCode.UnsupportedValue, $"The attribute '{name}' is a method, which cannot travel; call it.")
        : throw Unknown(name);

    public void Set(string name, Value value)
    {
        var set = _entries.TryGetValue(name, out var entry) ? entry.Set : throw Unknown(name);
        if (set is null)
            throw new SocketGymException(ErrorCode.UnknownAttribute, $"{owner} does not let '{name}' be set; what can be set: {Names(settable: true)}.") { RemoteType = "AttributeError" };
        try
        {
            set(value);
        }
        catch (Exception refusal) when (refusal is ArgumentException or InvalidOperationException)
        {
            throw new SocketGymException(ErrorCode.InvalidArgument, $"{name} is {value} ({ValueText.TypeName(value)}), which {owner} refuses: {refusal.Message}", refusal);
        }
    }

    public Value Call(string name, IReadOnlyList<Value> arguments, ValueDictionary kwargs)
    {
        var method = _entries.TryGetValue(name, out var entry) ? entry.Method : throw Unknown(name);
        if (method is null)
            throw new SocketGymException(ErrorCode.InvalidArgument, $"The attribute '{name}' is a {ValueText.TypeName(entry.Get!())}, which cannot be called.");
        if (kwargs.Count > 0)
            throw new SocketGymException(ErrorCode.InvalidArgument, $"The method '{name}' takes no keyword argument {kwargs[0].Key}; give its arguments by position.");
        try
        {
            return method(arguments);
        }
        catch (Exception refusal) when (refusal is ArgumentException or InvalidOperationException)
        {
            throw new SocketGymException(ErrorCode.InvalidArgument, $"The method '{name}' of {owner} refuses what it was given: {refusal.Message}", refusal);
        }
    }

    private void Add(string name, (Func<Value>?, Action<Value>?, Func<IReadOnlyList<Value>, Value>?) entry)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_entries.TryAdd(name, entry))
            throw new ArgumentException($"'{name}' is published already; choose another name.", nameof(name));
    }

    private SocketGymException Unknown(string name) =>
        new(ErrorCode.UnknownAttribute, $"{owner} publishes no '{name}'; there are: {Names(settable: false)}.") { RemoteType = "AttributeError" };

    private string Names(bool settable) => string.Join(", ", from entry in _entries where !settable || entry.Value.Set is not null orderby entry.Key select entry.Key) is { Length: > 0 } names ? names : "none";
}
