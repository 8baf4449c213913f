using System.Text;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Environments.ToyText;

/// <summary>
/// Gymnasium's <c>FrozenLake</c>: over the ice from a start to a goal, around the holes. The state is row * columns + column; the actions are 0 (left), 1 (down),
/// 2 (right), 3 (up).
/// </summary>
/// <remarks>
/// <c>info</c> has <c>prob</c>, the probability of the transition that was taken: the <c>int</c> 1 after a reset. Reset options are ignored. Attributes beside those of
/// every <see cref="TabularEnvironment"/>: <c>desc</c>, <c>nrow</c>, <c>ncol</c> and <c>reward_range</c>.
/// </remarks>
public sealed partial class FrozenLake : TabularEnvironment
{
    private const int ActionCount = 4;

    /// <summary>The render modes of the native version.</summary>
    internal static readonly string[] RenderModes = ["ansi", "rgb_array"];

    private static readonly ValueDictionary SharedMetadata = new()
    {
        ["render_modes"] = Value.List("human", "ansi", "rgb_array"),
        ["render_fps"] = 4,
    };

    private readonly FrozenLakeMap _map;
    private readonly FrozenLakeRenderer _renderer;
    private readonly bool _isSlippery;
    private readonly Value _successRate;
    private readonly double _failRate;
    private readonly (Value Goal, Value Hole, Value Frozen) _rewards;

    /// <summary>Makes the environment.</summary>
    /// <param name="map">The map; <see cref="FrozenLakeMap.Small"/> by default.</param>
    /// <param name="isSlippery">Whether a move may go to either side of where it is meant to.</param>
    /// <param name="successRate">On slippery ice the probability that it does not: a <c>float</c> or <c>int</c>, a third by default.</param>
    /// <param name="rewards">What reaching a goal, a hole, and ice is rewarded with, each a <c>float</c> or <c>int</c>; 1, 0, 0 by default.</param>
    /// <param name="renderMode"><c>ansi</c>, <c>rgb_array</c>, or null for none.</param>
    /// <param name="spec">What it is made from; null when it is not made by an id.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for another render mode.</exception>
    public FrozenLake(
        FrozenLakeMap? map = null,
        bool isSlippery = true,
        Value? successRate = null,
        (Value Goal, Value Hole, Value Frozen)? rewards = null,
        string? renderMode = null,
        EnvironmentSpec? spec = null)
        : base("FrozenLake", RenderModes, renderMode, spec, ActionCount, InitialDistribution(map ??= FrozenLakeMap.Small))
    {
        _map = map;
        _renderer = new FrozenLakeRenderer(map);
        _isSlippery = isSlippery;
        _successRate = successRate ?? 1.0 / 3.0;
        _failRate = (1.0 - _successRate.ToDouble()) / 2.0;
        _rewards = rewards ?? (1, 0, 0);
    }

    /// <inheritdoc/>
    public override ValueDictionary Metadata => SharedMetadata;

    /// <inheritdoc/>
    private protected override int FindOutcomes(int state, int action, Span<Transition> outcomes)
    {
        if (_map[state] is 'G' or 'H')
        {
            outcomes[0] = new(1.0, state, 0, true);
            return 1;
        }
        if (!_isSlippery)
        {
            outcomes[0] = Slide(state, action, 1.0);
            return 1;
        }
        outcomes[0] = Slide(state, (action + 3) % ActionCount, _failRate);
        outcomes[1] = Slide(state, action, _successRate);
        outcomes[2] = Slide(state, (action + 1) % ActionCount, _failRate);
        return 3;
    }

    /// <inheritdoc/>
    private protected override Value RenderFrame(string mode)
    {
        if (mode != "ansi")
        {
            var frame = Frame(_renderer.Height, _renderer.Width);
            _renderer.Render(State, LastChoice is { } choice ? AsIndex(choice) : 1, frame.Bytes);
            return frame;
        }
        var text = new StringBuilder();
        if (LastActionIn(["Left", "Down", "Right", "Up"]) is { } action)
            text.Append("  (").Append(action).Append(')');
        text.Append('\n');
        for (var cell = 0; cell < _map.Rows * _map.Columns; cell++)
        {
            var letter = _map[cell].ToString();
            text.Append(cell == State ? GridText.Colorize(letter, "41") : letter);
            if (cell % _map.Columns == _map.Columns - 1)
                text.Append('\n');
        }
        return text.ToString();
    }

    /// <inheritdoc/>
    private protected override bool TryGetAttribute(string name, out Value value)
    {
        switch (name)
        {
            case MapName:
                value = _map.ToArray();
                return true;
            case "nrow":
                value = _map.Rows;
                return true;
            case "ncol":
                value = _map.Columns;
                return true;
            case "reward_range":
                value = RewardRange();
                return true;
            default:
                return base.TryGetAttribute(name, out value);
        }
    }

    private Transition Slide(int state, int direction, Value probability)
    {
        var (row, column) = (state / _map.Columns, state % _map.Columns);
        switch (direction)
        {
            case 0:
                column = Math.Max(column - 1, 0);
                break;
            case 1:
                row = Math.Min(row + 1, _map.Rows - 1);
                break;
            case 2:
                column = Math.Min(column + 1, _map.Columns - 1);
                break;
            default:
                row = Math.Max(row - 1, 0);
                break;
        }
        var next = row * _map.Columns + column;
        return _map[next] switch
        {
            'G' => new(probability, next, _rewards.Goal, true),
            'H' => new(probability, next, _rewards.Hole, true),
            _ => new(probability, next, _rewards.Frozen, false),
        };
    }

    // Of equal numbers Python's min and max give the first.
    private Value RewardRange()
    {
        var (smallest, largest) = (_rewards.Goal, _rewards.Goal);
        foreach (var reward in (ReadOnlySpan<Value>)[_rewards.Hole, _rewards.Frozen])
        {
            if (reward.ToDouble() < smallest.ToDouble())
                smallest = reward;
            if (reward.ToDouble() > largest.ToDouble())
                largest = reward;
        }
        return Value.Tuple(smallest, largest);
    }

    private static double[] InitialDistribution(FrozenLakeMap map)
    {
        var distribution = new double[map.Rows * map.Columns];
        for (var cell = 0; cell < distribution.Length; cell++)
            distribution[cell] = map[cell] == 'S' ? 1 : 0;
        // Without a start that is NaN everywhere, and each episode starts in state 0, as in Gymnasium.
        var starts = distribution.Sum();
        foreach (ref var probability in distribution.AsSpan())
            probability /= starts;
        return distribution;
    }
}
