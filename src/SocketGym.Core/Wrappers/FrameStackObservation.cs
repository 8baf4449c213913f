using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>Returns the last observations stacked, oldest first, as Gymnasium's <c>FrameStackObservation</c> does for a Box; the first of an episode stands for those before it.</summary>
/// <remarks>The observation, of shape (stack size, *observation shape), lies in memory that the next call writes again. Nothing is allocated per step.</remarks>
public sealed class FrameStackObservation : EnvironmentWrapper
{
    private readonly int _stackSize;
    private readonly NDArray _frames;
    private readonly NDArray _observation;
    private readonly int _frameBytes;

    /// <summary>Wraps an environment.</summary>
    /// <param name="inner">The environment, with a Box as its observation space; closed with the wrapper.</param>
    /// <param name="stackSize">How many observations are stacked.</param>
    /// <exception cref="ArgumentException">The observation space is no Box.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public FrameStackObservation(IEnvironment inner, int stackSize)
        : base(inner)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stackSize);
        var box = inner.ObservationSpace as Box ?? throw new ArgumentException($"The observation space is {inner.ObservationSpace}; FrameStackObservation needs a Box.", nameof(inner));
        _stackSize = stackSize;
        _frames = new NDArray(box.DType!, [stackSize, .. box.Low.Shape]);
        _observation = new NDArray(box.DType!, _frames.Shape);
        _frameBytes = box.Low.Bytes.Length;
        ObservationSpace = new Box(Repeat(box.Low), Repeat(box.High), [.. Repeat(box.BoundedBelow)], [.. Repeat(box.BoundedAbove)]);
    }

    /// <inheritdoc/>
    public override Space ObservationSpace { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The observation is no array of the space's dtype and shape.</exception>
    public override ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        var result = Inner.Reset(seed, options);
        var frame = BytesOf(result.Observation);
        for (var index = 0; index < _stackSize; index++)
            frame.CopyTo(_frames.Bytes[(index * _frameBytes)..]);
        return result with { Observation = Observe() };
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The observation is no array of the space's dtype and shape.</exception>
    public override StepResult Step(Value action)
    {
        var result = Inner.Step(action);
        var frame = BytesOf(result.Observation);
        _frames.Bytes[_frameBytes..].CopyTo(_frames.Bytes);
        frame.CopyTo(_frames.Bytes[^_frameBytes..]);
        return result with { Observation = Observe() };
    }

    /// <inheritdoc/>
    protected override Value SaveState() => _frames.Copy();

    /// <inheritdoc/>
    protected override void RestoreState(Value state)
    {
        var frames = state.AsArray();
        if (!frames.DType.Equals(_frames.DType) || !frames.Shape.SequenceEqual(_frames.Shape))
            throw new ArgumentException($"The stacked observations are {frames}; they must be {_frames}.", nameof(state));
        frames.Bytes.CopyTo(_frames.Bytes);
    }

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new FrameStackObservation(inner, _stackSize);

    // A copy, so that what a caller writes there does not come back in the next stack.
    private NDArray Observe()
    {
        _frames.Bytes.CopyTo(_observation.Bytes);
        return _observation;
    }

    private Span<byte> BytesOf(Value observation)
    {
        var frame = observation.AsArray();
        return frame.DType.Equals(_frames.DType) && frame.Shape.SequenceEqual(_frames.Shape[1..])
            ? frame.Bytes
            : throw new InvalidOperationException($"The observation is {frame}, which is not of {Inner.ObservationSpace}; have the environment checked by EnvironmentChecker.");
    }

    private NDArray Repeat(NDArray bounds) => new(bounds.DType, [_stackSize, .. bounds.Shape], Enumerable.Repeat(bounds.Bytes.ToArray(), _stackSize).SelectMany(bytes => bytes).ToArray());

    private IEnumerable<bool> Repeat(IEnumerable<bool> flags) => Enumerable.Repeat(flags, _stackSize).SelectMany(row => row);
}
