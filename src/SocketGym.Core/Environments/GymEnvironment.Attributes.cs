using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

// What callers reach by name.
public abstract partial class GymEnvironment : IAttributes
{
    private readonly PublishedAttributes _published;

    /// <inheritdoc/>
    public AttributeKind FindAttribute(string name) => StateMethods.Has(this, name) ? AttributeKind.Method : _published.Find(name);

    /// <inheritdoc/>
    public Value GetAttribute(string name) => _published.Get(name);

    /// <inheritdoc/>
    public bool SetAttribute(string name, Value value, bool force = true)
    {
        if (!force && _published.Find(name) == AttributeKind.None)
            return false;
        _published.Set(name, value);
        return true;
    }

    /// <inheritdoc/>
    public Value Call(string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null) => StateMethods.Has(this, name)
        ? StateMethods.Call(this, name, arguments, kwargs)
        : _published.Call(name, arguments ?? [], kwargs ?? ValueDictionary.Empty);

    /// <summary>Publishes an attribute, for a constructor to call: callers read it with <c>get_attr</c> and, where they may, write it with <c>set_attr</c>.</summary>
    /// <param name="name">Its name, in Python's spelling such as <c>target_temperature</c>.</param>
    /// <param name="get">Gives its value.</param>
    /// <param name="set">Takes a new value; an <see cref="ArgumentException"/> or <see cref="InvalidOperationException"/> refuses it. Null where it cannot be set.</param>
    /// <exception cref="ArgumentException">The name is published already.</exception>
    protected void PublishAttribute(string name, Func<Value> get, Action<Value>? set = null)
    {
        ArgumentNullException.ThrowIfNull(get);
        _published.Add(name, get, set);
    }

    /// <summary>Publishes a method, for a constructor to call: callers reach it with <c>call</c>.</summary>
    /// <param name="name">Its name, in Python's spelling.</param>
    /// <param name="method">Takes the positional arguments and gives the result, <see cref="Value.None"/> for none; an <see cref="ArgumentException"/> or <see cref="InvalidOperationException"/> refuses the arguments.</param>
    /// <exception cref="ArgumentException">The name is published already.</exception>
    protected void PublishMethod(string name, Func<IReadOnlyList<Value>, Value> method)
    {
        ArgumentNullException.ThrowIfNull(method);
        _published.AddMethod(name, method);
    }
}
