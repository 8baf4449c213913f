using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Seeding;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Environments;

/// <summary>What Gymnasium's environments in C# have in common: the generator, the render mode, attributes by name, and a state to go back to.</summary>
/// <remarks>
/// The bare environment, without a time limit; <see cref="NativeEnvironments"/> adds what <c>gymnasium.make</c> adds. Not thread-safe. A step allocates nothing,
/// and so does a reset without a seed; what they return is written again by the next call. <see cref="GetState"/>, <see cref="SetState"/> and <see cref="Clone"/>, by name the
/// methods <c>get_state</c> and <c>set_state</c>, let a planner branch: what follows a state is the same to the last bit, wherever the environment was made with the same arguments.
/// </remarks>
public abstract partial class NativeEnvironment : IEnvironment, IAttributes
{
    private readonly string _name;
    private Generator? _random;
    private NDArray? _frame;

    /// <summary>Makes the part in common.</summary>
    /// <param name="name">The environment's name in messages.</param>
    /// <param name="renderModes">The render modes that it offers.</param>
    /// <param name="renderMode">One of them, or null for none.</param>
    /// <param name="spec">What it is made from; null when it is not made by an id.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for another render mode.</exception>
    private protected NativeEnvironment(string name, ReadOnlySpan<string> renderModes, string? renderMode, EnvironmentSpec? spec)
    {
        if (renderMode is not null && !renderModes.Contains(renderMode))
        {
            throw new SocketGymException(
                ErrorCode.UnsupportedRenderMode,
                $"render_mode is '{renderMode}'; the native {name} offers '{string.Join("', '", renderModes.ToArray())}' and None.");
        }
        _name = name;
        RenderMode = renderMode;
        Spec = spec;
    }

    /// <inheritdoc/>
    public EnvironmentSpec? Spec { get; }

    /// <inheritdoc/>
    public abstract Space ObservationSpace { get; }

    /// <inheritdoc/>
    public abstract Space ActionSpace { get; }

    /// <inheritdoc/>
    public abstract ValueDictionary Metadata { get; }

    /// <inheritdoc/>
    public string? RenderMode { get; }

    /// <summary>The names of the attributes that can be set, for messages.</summary>
    private protected virtual string SettableNames => "none";

    /// <summary>The generator: Gymnasium's <c>np_random</c>, seeded from the operating system where no reset gave a seed.</summary>
    private protected Generator Random => _random ??= EnvironmentSeed.MakeGenerator(null);

    /// <inheritdoc/>
    /// <remarks>As in Gymnasium, a seed takes effect even where the options are then refused.</remarks>
    public ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        if (seed is not null)
            _random = EnvironmentSeed.MakeGenerator(seed);
        return Start(options);
    }

    /// <inheritdoc/>
    public abstract StepResult Step(Value action);

    /// <inheritdoc/>
    public abstract Value Render();

    /// <inheritdoc/>
    public AttributeKind FindAttribute(string name) =>
        TryGetAttribute(name, out _) ? AttributeKind.Value : IsCallable(name) ? AttributeKind.Method : AttributeKind.None;

    /// <inheritdoc/>
    public Value GetAttribute(string name) => TryGetAttribute(name, out var value) ? value : throw (IsCallable(name)
        ? new SocketGymException(ErrorCode.UnsupportedValue, $"The attribute '{name}' is a method, which cannot travel; call it.")
        : Unknown($"has no attribute '{name}'"));

    /// <inheritdoc/>
    public bool SetAttribute(string name, Value value, bool force = true)
    {
        if (TrySetAttribute(name, value))
            return true;
        if (!force && FindAttribute(name) == AttributeKind.None)
            return false;
        throw Unknown($"cannot set '{name}'; what can be set: {SettableNames}");
    }

    /// <inheritdoc/>
    public Value Call(string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null)
    {
        if (StateMethods.Has(this, name))
            return StateMethods.Call(this, name, arguments, kwargs);
        if (IsMethod(name))
            return CallMethod(name, arguments ?? [], kwargs ?? ValueDictionary.Empty);
        throw TryGetAttribute(name, out var value)
            ? new SocketGymException(ErrorCode.InvalidArgument, $"The attribute '{name}' is a {ValueText.TypeName(value)}, which cannot be called.")
            : Unknown($"has no method '{name}' to call by name");
    }

    /// <inheritdoc/>
    public void Close() => _frame = null;

    /// <summary>The same as <see cref="Close"/>.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts an episode.</summary>
    /// <param name="options">The options of <c>reset</c>; null for none.</param>
    /// <returns>The first observation and <c>info</c>.</returns>
    private protected abstract ResetResult Start(ValueDictionary? options);

    /// <summary>Looks an attribute up.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value where there is one.</param>
    /// <returns>Whether there is one.</returns>
    private protected virtual bool TryGetAttribute(string name, out Value value)
    {
        (var isKnown, value) = name switch
        {
            "metadata" => (true, Metadata),
            "render_mode" => (true, RenderMode),
            _ => (false, Value.None),
        };
        return isKnown;
    }

    /// <summary>Sets an attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether it is one that can be set.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: the value is refused.</exception>
    private protected virtual bool TrySetAttribute(string name, Value value) => false;

    /// <summary>Whether there is a method to call by name.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Whether there is.</returns>
    private protected virtual bool IsMethod(string name) => false;

    /// <summary>Calls a method.</summary>
    /// <param name="name">Its name, which <see cref="IsMethod"/> knows.</param>
    /// <param name="arguments">Its positional arguments.</param>
    /// <param name="kwargs">Its keyword arguments.</param>
    /// <returns>What it returns.</returns>
    private protected virtual Value CallMethod(string name, IReadOnlyList<Value> arguments, ValueDictionary kwargs) => throw Unknown($"has no method '{name}'");

    /// <summary>The refusal of a value of an attribute.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="what">What is taken, in words.</param>
    /// <returns>The exception.</returns>
    private protected SocketGymException RefuseValue(string name, Value value, string what) => new(
        ErrorCode.InvalidArgument,
        $"{name} is {value} ({ValueText.TypeName(value)}); the native {_name} takes {what}. Make the environment with the prefix 'python:' to set anything.");

    /// <summary>The array that every frame is drawn into.</summary>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <returns>An array of shape (height, width, 3), uint8; the same each time, until <see cref="Close"/>.</returns>
    private protected NDArray Frame(int height, int width) => _frame ??= new NDArray(DType.UInt8, height, width, 3);

    /// <summary>The error of a state that cannot be drawn.</summary>
    /// <param name="problem">What the renderer says.</param>
    /// <param name="isNaN">Whether the state is NaN, for which Python has another exception than for what is too large.</param>
    /// <returns>The exception.</returns>
    private protected static SocketGymException CannotDraw(ArgumentOutOfRangeException problem, bool isNaN) =>
        new(ErrorCode.EnvironmentFault, problem.Message, problem) { RemoteType = isNaN ? "ValueError" : "OverflowError" };

    /// <summary>The refusal of a step without a state, which a first reset that failed leaves behind.</summary>
    /// <param name="pythonType">The type of Gymnasium's exception.</param>
    /// <returns>The exception.</returns>
    private protected static SocketGymException NeedsReset(string pythonType = "AttributeError") =>
        new(ErrorCode.ResetNeeded, "Call reset before using step method.") { RemoteType = pythonType };

    private bool IsCallable(string name) => StateMethods.Has(this, name) || IsMethod(name);

    private SocketGymException Unknown(string problem) =>
        new(ErrorCode.UnknownAttribute, $"The native {_name} {problem}. Make the environment with the prefix 'python:' to reach everything that Gymnasium's has.")
        {
            RemoteType = "AttributeError",
        };
}
