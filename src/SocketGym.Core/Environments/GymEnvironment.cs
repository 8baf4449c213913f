using System.Numerics;
using SocketGym.Core.Errors;
using SocketGym.Core.Seeding;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>
/// What environments written in C# have in common: spaces declared once, the generator, <c>info</c>, rendering, attributes by name and the state. Derive from
/// <see cref="DiscreteActionEnvironment{TObservation}"/>, <see cref="ArrayActionEnvironment{TAction, TObservation}"/> or <see cref="ValueEnvironment"/>, which say
/// how actions and observations are typed.
/// </summary>
/// <remarks>
/// Not thread-safe. Nothing here allocates per step; the observation, <c>info</c> and the frame lie in memory that the next call writes again. A time limit and the
/// order of calls are the registry's to enforce, see <see cref="EnvironmentRegistry"/>.
/// </remarks>
public abstract partial class GymEnvironment : IEnvironment
{
    private readonly Rendering? _rendering;
    private readonly ValueDictionary _info = [];
    private Generator? _random;
    private NDArray? _frame;

    private protected GymEnvironment(Space observations, Space actions, string? renderMode, Rendering? rendering)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(actions);
        ObservationSpace = observations;
        ActionSpace = actions;
        _rendering = rendering;
        string[] modes = [.. rendering?.Modes ?? []];
        if (renderMode is not null && !modes.Contains(renderMode))
        {
            throw new SocketGymException(
                ErrorCode.UnsupportedRenderMode,
                $"render_mode is '{renderMode}'; {GetType().Name} offers {string.Concat(modes.Select(mode => $"'{mode}', "))}None.");
        }
        RenderMode = renderMode;
        Metadata = new() { ["render_modes"] = Value.List([.. modes.Select(Value.FromString)]) };
        if (rendering is not null)
            Metadata["render_fps"] = rendering.FramesPerSecond;
        _published = new PublishedAttributes(GetType().Name);
        PublishAttribute("metadata", () => Metadata);
        PublishAttribute("render_mode", () => RenderMode);
    }

    /// <inheritdoc/>
    public EnvironmentSpec? Spec { get; internal set; }

    /// <inheritdoc/>
    public Space ObservationSpace { get; }

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <inheritdoc/>
    /// <remarks>Holds <c>render_modes</c> and <c>render_fps</c> as the rendering declares them; a constructor may add to it.</remarks>
    public ValueDictionary Metadata { get; }

    /// <inheritdoc/>
    public string? RenderMode { get; }

    /// <summary>The random generator: NumPy's, seeded by a reset with a seed, from the operating system where there was none.</summary>
    /// <remarks>Draw from no other, or the environment is not reproducible under a seed.</remarks>
    protected Generator Random => _random ??= Generator.FromSeed();

    /// <summary>What goes into <c>info</c> with the call in progress: empty when the call begins, and to be filled where there is something to say.</summary>
    protected ValueDictionary Info => _info;

    private protected bool HasState { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/> for a negative seed, and what the environment throws for options that it refuses.</exception>
    public ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        if (seed is not null)
            _random = seed >= 0 ? Generator.FromSeed(seed) : throw new SocketGymException(ErrorCode.InvalidArgument, $"The seed is {seed}; it must not be negative.");
        _info.Clear();
        HasState = false;
        var observation = Begin(options ?? ValueDictionary.Empty);
        HasState = true;
        return new(observation, _info);
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.ResetNeeded"/> before the first reset; <see cref="ErrorCode.InvalidAction"/> for an action that is not in the action space.</exception>
    public StepResult Step(Value action)
    {
        if (!HasState)
            throw new SocketGymException(ErrorCode.ResetNeeded, $"{GetType().Name} has no state yet; call reset before step.");
        _info.Clear();
        var outcome = Advance(action, out var observation);
        return new(observation, outcome.Reward, outcome.Terminated, outcome.Truncated, _info);
    }

    /// <inheritdoc/>
    public Value Render()
    {
        if (RenderMode is null)
            return Value.None;
        if (!HasState)
            throw new SocketGymException(ErrorCode.ResetNeeded, $"{GetType().Name} has no state yet; call reset before render.");
        if (RenderMode == Rendering.TextMode)
            return RenderText();
        var (width, height) = _rendering!.Frame!.Value;
        _frame ??= new NDArray(DType.UInt8, height, width, 3);
        _frame.Bytes.Clear();
        Render(_frame.Bytes);
        return _frame;
    }

    /// <inheritdoc/>
    public virtual void Close()
    {
    }

    /// <summary>The same as <see cref="Close"/>.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Draws the present state where the rendering declares a frame.</summary>
    /// <param name="frame">Height x width x 3 bytes, row by row from the top, each pixel red, green, blue; black when the call begins.</param>
    protected virtual void Render(Span<byte> frame) =>
        throw new NotSupportedException($"{GetType().Name} declares a frame and draws none; override Render(Span<byte>).");

    /// <summary>Shows the present state as text where the rendering declares text.</summary>
    /// <returns>The text.</returns>
    protected virtual string RenderText() =>
        throw new NotSupportedException($"{GetType().Name} declares text and writes none; override RenderText().");

    private protected abstract Value Begin(ValueDictionary options);

    private protected abstract Outcome Advance(Value action, out Value observation);

    private protected SocketGymException Refuse(Value action, string advice) => new(
        ErrorCode.InvalidAction,
        $"The action is {action} ({ValueText.TypeName(action)}), which the action space {ActionSpace} does not contain; {advice}");
}
