namespace SocketGym.Core.Environments;

/// <summary>What a <see cref="GymEnvironment"/> can draw.</summary>
/// <param name="FramesPerSecond">Gymnasium's <c>render_fps</c>: how many steps a second of play has.</param>
public sealed record Rendering(int FramesPerSecond)
{
    /// <summary>The size in pixels of a frame of <c>rgb_array</c>; null where the environment draws none.</summary>
    public (int Width, int Height)? Frame { get; init; }

    /// <summary>Whether there is text to show: the render mode <c>ansi</c>.</summary>
    public bool Text { get; init; }

    /// <summary>The render modes.</summary>
    internal IEnumerable<string> Modes
    {
        get
        {
            if (Frame is not null)
                yield return FrameMode;
            if (Text)
                yield return TextMode;
        }
    }

    internal const string FrameMode = "rgb_array";
    internal const string TextMode = "ansi";
}
