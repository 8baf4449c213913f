using SocketGym.Core.Environments;
using SocketGym.Core.Values;

namespace SocketGym.Core.Checking;

/// <summary>Whether an environment draws what its metadata declare.</summary>
internal static class RenderCheck
{
    private const string ListSuffix = "_list";

    /// <summary>Checks an environment that was reset.</summary>
    public static void Check(IEnvironment environment, Findings findings)
    {
        var modes = CheckMetadata(environment, findings);
        if (environment.RenderMode is not { } mode)
            return;
        if (modes is not null && !modes.Contains(mode))
            findings.Error(Rule.RenderModeUndeclared, $"The render mode is '{mode}', and the metadata declare {environment.Metadata["render_modes"]}.", "Refuse a render mode that is not declared, or declare it.");
        if (findings.Try($"Render() in the mode '{mode}'", environment.Render, out var frame))
            CheckReturn(mode, frame, findings);
    }

    /// <summary>The modes that the metadata declare, or null where they do not.</summary>
    public static IReadOnlyList<string>? CheckMetadata(IEnvironment environment, Findings findings)
    {
        if (environment.Metadata is null || !environment.Metadata.TryGetValue("render_modes", out var declared))
        {
            findings.Warn(Rule.RenderMetadata, "The metadata have no 'render_modes'.", "Add a list of strings, empty where nothing can be drawn.");
            return null;
        }
        if (declared.Kind is not (ValueKind.List or ValueKind.Tuple) || declared.AsItems().ToArray().Any(mode => mode.Kind != ValueKind.String))
        {
            findings.Warn(Rule.RenderMetadata, $"The metadata's 'render_modes' is {ResultCheck.Describe(declared)}.", "Make it a list of strings.");
            return null;
        }
        string[] modes = [.. declared.AsItems().ToArray().Select(mode => mode.AsString())];
        if (modes.Length > 0)
            CheckFrameRate(environment.Metadata.GetOrNone("render_fps"), findings);
        return modes;
    }

    private static void CheckFrameRate(Value rate, Findings findings)
    {
        var isNumber = rate.Kind is ValueKind.Int or ValueKind.Float || (rate.Kind == ValueKind.Scalar && rate.ScalarType.Kind is 'i' or 'u' or 'f');
        if (!isNumber || !(rate.ToDouble() > 0))
            findings.Warn(Rule.RenderMetadata, $"The metadata's 'render_fps' is {ResultCheck.Describe(rate)}.", "Add how many steps a second of play has, a number above 0.");
    }

    private static void CheckReturn(string mode, Value frame, Findings findings)
    {
        if (mode.EndsWith(ListSuffix, StringComparison.Ordinal))
        {
            if (frame.Kind != ValueKind.List)
            {
                Report("a list");
                return;
            }
            foreach (var item in frame.AsItems())
                CheckReturn(mode[..^ListSuffix.Length], item, findings);
            return;
        }
        var array = frame.Kind == ValueKind.Array ? frame.AsArray() : null;
        var problem = mode switch
        {
            "human" => frame.IsNone ? null : "None",
            "rgb_array" => array?.DType.Equals(DType.UInt8) == true && array.Shape is [_, _, 3] ? null : "an array of uint8 and shape (height, width, 3)",
            "depth_array" => array?.Shape.Length == 2 ? null : "an array of shape (height, width)",
            "ansi" or "ascii" => frame.Kind == ValueKind.String ? null : "a str",
            _ => null,
        };
        if (problem is not null)
            Report(problem);

        void Report(string expected) =>
            findings.Error(Rule.RenderType, $"Render() in the mode '{mode}' returns {ResultCheck.Describe(frame)}.", $"Return {expected}.");
    }
}
