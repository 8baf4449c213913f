using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>
/// Renders after every reset and step and hands all frames out as one list, as Gymnasium's <c>RenderCollection</c> does, which <c>gymnasium.make</c> puts
/// around an environment for the render modes that end in <c>_list</c>.
/// </summary>
/// <remarks>Frames are copied. A list that would take more than a number of bytes is an error: render or reset more often.</remarks>
public sealed class RenderCollection : EnvironmentWrapper
{
    /// <summary>What the frames of one list may take where nothing else is said: 512 MiB.</summary>
    public const long DefaultMaxBytes = 512L << 20;

    private readonly long _maxBytes;
    private readonly List<Value> _frames = [];
    private long _bytes;

    /// <summary>Wraps an environment.</summary>
    /// <param name="inner">The environment, made with a render mode; closed with the wrapper.</param>
    /// <param name="maxBytes">What the frames of one list may take.</param>
    /// <exception cref="ArgumentException">It has no render mode, or one that ends in <c>_list</c>.</exception>
    public RenderCollection(IEnvironment inner, long maxBytes = DefaultMaxBytes)
        : base(inner)
    {
        _maxBytes = maxBytes;
        if (inner.RenderMode is not { } mode || mode.EndsWith("_list", StringComparison.Ordinal))
            throw new ArgumentException($"The render mode is '{inner.RenderMode}'; frames can be collected of a mode that gives one each.", nameof(inner));
        RenderMode = mode + "_list";
        Metadata = [];
        foreach (var (key, value) in inner.Metadata)
            Metadata.Add(key, value);
        if (Metadata.TryGetValue("render_modes", out var modes) && !modes.AsItems().Contains(RenderMode))
            Metadata["render_modes"] = Value.List([.. modes.AsItems(), RenderMode]);
    }

    /// <inheritdoc/>
    public override ValueDictionary Metadata { get; }

    /// <inheritdoc/>
    public override string? RenderMode { get; }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">Also <see cref="ErrorCode.EnvironmentFault"/>, see <see cref="Collect"/>.</exception>
    public override ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        var result = base.Reset(seed, options);
        Clear();
        Collect();
        return result;
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">Also <see cref="ErrorCode.EnvironmentFault"/>, see <see cref="Collect"/>.</exception>
    public override StepResult Step(Value action)
    {
        var result = base.Step(action);
        Collect();
        return result;
    }

    /// <summary>Hands out the frames since the last reset or the last call and forgets them.</summary>
    /// <returns>A list of what the inner environment's render mode gives.</returns>
    public override Value Render()
    {
        var frames = Value.List([.. _frames]);
        Clear();
        return frames;
    }

    /// <inheritdoc/>
    /// <remarks>Its own are <c>metadata</c> and <c>render_mode</c>.</remarks>
    public override Value GetAttribute(string name) => name switch
    {
        "metadata" => Metadata,
        "render_mode" => RenderMode,
        _ => base.GetAttribute(name),
    };

    /// <inheritdoc/>
    protected override Value SaveState() => Value.List([.. _frames]).Copy();

    /// <inheritdoc/>
    protected override void RestoreState(Value state)
    {
        var frames = state.Copy().AsItems().ToArray();
        _frames.Clear();
        _frames.AddRange(frames);
        _bytes = frames.Sum(SizeOf);
    }

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new RenderCollection(inner, _maxBytes);

    /// <summary>Renders and keeps the frame.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/>: the frames would take too many bytes; those kept are forgotten.</exception>
    private void Collect()
    {
        var frame = base.Render();
        _bytes += SizeOf(frame);
        if (_bytes > _maxBytes)
        {
            var count = _frames.Count;
            Clear();
            throw new SocketGymException(ErrorCode.EnvironmentFault, $"{count} frames were collected and not rendered, and with the next they take more than {_maxBytes} bytes; call render or reset more often.")
            {
                RemoteType = "MemoryError",
            };
        }
        // The environment draws the next frame into the same memory.
        _frames.Add(frame.Kind == ValueKind.Array ? frame.AsArray().Copy() : frame);
    }

    private static long SizeOf(Value frame) => frame.Kind switch
    {
        ValueKind.Array => frame.AsArray().Bytes.Length,
        ValueKind.String => frame.AsString().Length * sizeof(char),
        _ => 0,
    };

    private void Clear()
    {
        _frames.Clear();
        _bytes = 0;
    }
}
