using System.Text;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Environments.ToyText;

/// <summary>
/// Gymnasium's <c>CliffWalking</c> (Sutton and Barto, "Reinforcement Learning", example 6.6): 4 rows and 12 columns, from the bottom left along a cliff to the bottom
/// right. The state is row * 12 + column; the actions are 0 (up), 1 (right), 2 (down), 3 (left).
/// </summary>
/// <remarks>
/// <c>info</c> has <c>prob</c>, the probability of the transition that was taken: the <c>int</c> 1 after a reset. Reset options are ignored. Attributes beside those of
/// every <see cref="TabularEnvironment"/>: <c>shape</c>, <c>start_state_index</c>, <c>nS</c>, <c>nA</c> and <c>is_slippery</c>.
/// </remarks>
public sealed class CliffWalking : TabularEnvironment
{
    private const int Rows = 4;
    private const int Columns = 12;
    private const int StateCount = Rows * Columns;
    private const int ActionCount = 4;
    private const int FirstState = (Rows - 1) * Columns;
    private const int Goal = StateCount - 1;

    /// <summary>The render modes of the native version.</summary>
    internal static readonly string[] RenderModes = ["ansi", "rgb_array"];

    private static readonly ValueDictionary SharedMetadata = new()
    {
        ["render_modes"] = Value.List("human", "rgb_array", "ansi"),
        ["render_fps"] = 4,
    };

    private readonly bool _isSlippery;

    /// <summary>Makes the environment.</summary>
    /// <param name="isSlippery">Whether a move goes to either side of where it is meant to, a third of the times each.</param>
    /// <param name="renderMode"><c>ansi</c>, <c>rgb_array</c>, or null for none.</param>
    /// <param name="spec">What it is made from; null when it is not made by an id.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for another render mode.</exception>
    public CliffWalking(bool isSlippery = false, string? renderMode = null, EnvironmentSpec? spec = null)
        : base("CliffWalking", RenderModes, renderMode, spec, ActionCount, InitialDistribution()) => _isSlippery = isSlippery;

    /// <inheritdoc/>
    public override ValueDictionary Metadata => SharedMetadata;

    /// <inheritdoc/>
    private protected override bool StatesAreScalars => true;

    /// <inheritdoc/>
    private protected override int FindOutcomes(int state, int action, Span<Transition> outcomes)
    {
        if (!_isSlippery)
        {
            outcomes[0] = Walk(state, action, 1.0);
            return 1;
        }
        const double Third = 1.0 / 3;
        outcomes[0] = Walk(state, (action + 3) % ActionCount, Third);
        outcomes[1] = Walk(state, action, Third);
        outcomes[2] = Walk(state, (action + 1) % ActionCount, Third);
        return 3;
    }

    /// <inheritdoc/>
    private protected override Value RenderFrame(string mode)
    {
        if (mode != "ansi")
        {
            var frame = Frame(CliffWalkingRenderer.Height, CliffWalkingRenderer.Width);
            CliffWalkingRenderer.Render(State, LastChoice is { } choice ? AsIndex(choice) : 2, frame.Bytes);
            return frame;
        }
        var text = new StringBuilder();
        for (var state = 0; state < StateCount; state++)
        {
            var column = state % Columns;
            text.Append(column == 0 ? "" : " ");
            text.Append(state == State ? 'x' : state == Goal ? 'T' : IsCliff(state) ? 'C' : 'o');
            text.Append(column == Columns - 1 ? '\n' : ' ');
        }
        return text.Append('\n').ToString();
    }

    /// <inheritdoc/>
    private protected override bool TryGetAttribute(string name, out Value value)
    {
        (var isKnown, value) = name switch
        {
            "shape" => (true, Value.Tuple(Rows, Columns)),
            "start_state_index" => (true, Value.Scalar((long)FirstState)),
            "nS" => (true, Value.Scalar((long)StateCount)),
            "nA" => (true, ActionCount),
            "is_slippery" => (true, _isSlippery),
            _ => (false, Value.None),
        };
        return isKnown || base.TryGetAttribute(name, out value);
    }

    /// <inheritdoc/>
    private protected override NativeEnvironment CreateAnother() => new CliffWalking(_isSlippery, RenderMode, Spec);

    private static Transition Walk(int state, int direction, double probability)
    {
        var (row, column) = (state / Columns, state % Columns);
        switch (direction)
        {
            case 0:
                row = Math.Max(row - 1, 0);
                break;
            case 1:
                column = Math.Min(column + 1, Columns - 1);
                break;
            case 2:
                row = Math.Min(row + 1, Rows - 1);
                break;
            default:
                column = Math.Max(column - 1, 0);
                break;
        }
        var next = row * Columns + column;
        return IsCliff(next) ? new(probability, FirstState, -100, false) : new(probability, next, -1, next == Goal);
    }

    private static bool IsCliff(int state) => state is > FirstState and < Goal;

    private static double[] InitialDistribution()
    {
        var distribution = new double[StateCount];
        distribution[FirstState] = 1;
        return distribution;
    }
}
