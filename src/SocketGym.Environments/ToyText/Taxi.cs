using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Environments.ToyText;

/// <summary>
/// Gymnasium's <c>Taxi</c> (Dietterich, "Hierarchical reinforcement learning with the MAXQ value function decomposition", 2000): a passenger is to be
/// fetched and brought to one of four places. The actions are 0 (south), 1 (north), 2 (east), 3 (west), 4 (pick up), 5 (drop off).
/// </summary>
/// <remarks>
/// <c>info</c> has <c>prob</c>, the probability of the transition that was taken (1.0 after a reset), and <c>action_mask</c>, an int8 array of shape (6,) with a 1 for
/// each action that changes the state. Reset options are ignored. Attributes beside those of every <see cref="TabularEnvironment"/>: <c>desc</c>, <c>locs</c>,
/// <c>locs_colors</c>, <c>max_row</c>, <c>max_col</c>, <c>rainy_probability</c>, <c>fickle_probability</c>, <c>fickle_passenger</c>, <c>fickle_step</c> and
/// <c>taxi_orientation</c>; methods: <c>encode</c>, <c>decode</c> and <c>action_mask</c>.
/// </remarks>
public sealed partial class Taxi : TabularEnvironment
{
    private const int ActionCount = 6;
    private const int InTaxi = 4;
    private const int StepReward = -1;
    private const int RefusalReward = -10;
    private const int ArrivalReward = 20;

    /// <summary>The render modes of the native version.</summary>
    internal static readonly string[] RenderModes = ["ansi", "rgb_array"];

    private static readonly ValueDictionary SharedMetadata = new()
    {
        ["render_modes"] = Value.List("human", "ansi", "rgb_array"),
        ["render_fps"] = 4,
    };

    // Row and column steps of the four moves, and of the moves to the left and to the right of each.
    private static readonly (int Row, int Column)[] Moves = [(1, 0), (-1, 0), (0, 1), (0, -1)];
    private static readonly int[] LeftOf = [2, 3, 1, 0];
    private static readonly int[] RightOf = [3, 2, 0, 1];

    private readonly bool _isRainy;
    private readonly bool _hasFicklePassenger;
    private readonly Value _rainyProbability;
    private readonly double _lateralProbability;
    private readonly Value _fickleProbability;
    private readonly NDArray _actionMask = new(DType.Int8, ActionCount);
    private readonly Value _actionMaskKey = "action_mask";
    private bool _fickleStep;
    private int _direction;

    /// <summary>Makes the environment.</summary>
    /// <param name="isRainy">Whether a move may go to either side of where it is meant to.</param>
    /// <param name="hasFicklePassenger">Whether a passenger who has been picked up may once choose another destination.</param>
    /// <param name="rainyProbability">In rain the probability that a move goes where it is meant to: a <c>float</c> or <c>int</c>, 0.8 by default.</param>
    /// <param name="fickleProbability">The probability that an episode's passenger is fickle: a <c>float</c> or <c>int</c>, 0.3 by default.</param>
    /// <param name="renderMode"><c>ansi</c>, <c>rgb_array</c>, or null for none.</param>
    /// <param name="spec">What it is made from; null when it is not made by an id.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for another render mode.</exception>
    public Taxi(
        bool isRainy = false,
        bool hasFicklePassenger = false,
        Value? rainyProbability = null,
        Value? fickleProbability = null,
        string? renderMode = null,
        EnvironmentSpec? spec = null)
        : base("Taxi", RenderModes, renderMode, spec, ActionCount, InitialDistribution())
    {
        _isRainy = isRainy;
        _hasFicklePassenger = hasFicklePassenger;
        _rainyProbability = rainyProbability ?? 0.8;
        _lateralProbability = (1.0 - _rainyProbability.ToDouble()) / 2.0;
        _fickleProbability = fickleProbability ?? 0.3;
    }

    /// <inheritdoc/>
    public override ValueDictionary Metadata => SharedMetadata;

    /// <inheritdoc/>
    private protected override Value ResetProbability => 1.0;

    /// <inheritdoc/>
    private protected override ResetResult Start(ValueDictionary? options)
    {
        var result = base.Start(options);
        _direction = 0;
        _fickleStep = _hasFicklePassenger && Random.Random() < _fickleProbability.ToDouble();
        return result;
    }

    /// <inheritdoc/>
    private protected override void Move(int previous, int next)
    {
        if (!_hasFicklePassenger || !_fickleStep)
            return;
        var (before, after) = (TaxiState.Of(previous), TaxiState.Of(next));
        if (before.Passenger != InTaxi || (before.Row == after.Row && before.Column == after.Column))
            return;
        _fickleStep = false;
        // One of the other three places.
        var destination = (int)Random.ChoiceIndex(TaxiGrid.Places.Length - 1);
        if (destination >= before.Destination)
            destination++;
        Enter((after with { Destination = destination }).Number, isScalar: true);
    }

    /// <inheritdoc/>
    private protected override void AddInfo(ValueDictionary info)
    {
        WriteActionMask(State, _actionMask.AsSpan<sbyte>());
        info[_actionMaskKey] = _actionMask;
    }

    /// <inheritdoc/>
    private protected override int FindOutcomes(int state, int action, Span<Transition> outcomes)
    {
        var before = TaxiState.Of(state);
        if (action >= Moves.Length)
        {
            outcomes[0] = action == Moves.Length ? PickUp(before) : DropOff(before);
            return 1;
        }
        if (!_isRainy)
        {
            outcomes[0] = new(1.0, (IsOpen(before, action) ? Shift(before, Moves[action]) : before).Number, StepReward, false);
            return 1;
        }
        // What a wall stops does not slip to the side either.
        var isOpen = IsOpen(before, action);
        outcomes[0] = new(_rainyProbability, (isOpen ? Shift(before, Moves[action]) : before).Number, StepReward, false);
        outcomes[1] = new(_lateralProbability, (isOpen ? Slip(before, Moves[LeftOf[action]]) : before).Number, StepReward, false);
        outcomes[2] = new(_lateralProbability, (isOpen ? Slip(before, Moves[RightOf[action]]) : before).Number, StepReward, false);
        return 3;
    }

    /// <inheritdoc/>
    private protected override Value RenderFrame(string mode)
    {
        if (mode != "ansi")
        {
            // Only frames turn the taxi, as in Gymnasium: a move that is not rendered leaves it as it was.
            if (LastChoice is { } move and < 4)
                _direction = AsIndex(move);
            var frame = Frame(TaxiRenderer.Height, TaxiRenderer.Width);
            TaxiRenderer.Render(TaxiState.Of(State), _direction, frame.Bytes);
            return frame;
        }
        var action = LastActionIn(["South", "North", "East", "West", "Pickup", "Dropoff"]);
        return TaxiGrid.Draw(TaxiState.Of(State)) + (action is null ? "\n" : $"  ({action})\n");
    }

    /// <inheritdoc/>
    private protected override bool TryGetAttribute(string name, out Value value)
    {
        (var isKnown, value) = name switch
        {
            "desc" => (true, TaxiGrid.ToArray()),
            "locs" => (true, Value.List(Array.ConvertAll(TaxiGrid.Places, place => Value.Tuple(place.Row, place.Column)))),
            "locs_colors" => (true, Value.List(Value.Tuple(255, 0, 0), Value.Tuple(0, 255, 0), Value.Tuple(255, 255, 0), Value.Tuple(0, 0, 255))),
            "max_row" or "max_col" => (true, TaxiGrid.Last),
            "rainy_probability" => (true, _rainyProbability),
            "fickle_probability" => (true, _fickleProbability),
            "fickle_passenger" => (true, _hasFicklePassenger),
            FickleStepName => (true, _fickleStep),
            DirectionName => (true, _direction),
            _ => (false, Value.None),
        };
        return isKnown || base.TryGetAttribute(name, out value);
    }

    /// <inheritdoc/>
    private protected override bool IsMethod(string name) => name is "encode" or "decode" or "action_mask";

    /// <inheritdoc/>
    private protected override Value CallMethod(string name, IReadOnlyList<Value> arguments, ValueDictionary kwargs)
    {
        var expected = name == "encode" ? 4 : 1;
        if (kwargs.Count > 0 || arguments.Count != expected || arguments.Any(argument => !argument.IsInt64 || Math.Abs((decimal)argument.AsInt64()) > int.MaxValue / TaxiState.Count))
        {
            throw new SocketGymException(
                ErrorCode.InvalidArgument,
                $"'{name}' was called with {Value.Tuple([.. arguments])} and {Value.Dict(kwargs)}; the native Taxi's takes {expected} small int, positional. Make the environment with the prefix 'python:' for more.");
        }
        var first = (int)arguments[0].AsInt64();
        if (name == "encode")
            return new TaxiState(first, (int)arguments[1].AsInt64(), (int)arguments[2].AsInt64(), (int)arguments[3].AsInt64()).Number;
        if ((uint)first >= TaxiState.Count)
            throw new SocketGymException(ErrorCode.EnvironmentFault, $"The state is {first}; there are 0 to {TaxiState.Count - 1}.") { RemoteType = "AssertionError" };
        if (name == "decode")
        {
            var state = TaxiState.Of(first);
            return Value.Tuple(state.Row, state.Column, state.Passenger, state.Destination);
        }
        var mask = new NDArray(DType.Int8, ActionCount);
        WriteActionMask(first, mask.AsSpan<sbyte>());
        return mask;
    }

    private static Transition PickUp(TaxiState state)
    {
        var isThere = state.Passenger < InTaxi && TaxiGrid.PlaceAt(state.Row, state.Column) == state.Passenger;
        return isThere
            ? new(1.0, (state with { Passenger = InTaxi }).Number, StepReward, false)
            : new(1.0, state.Number, RefusalReward, false);
    }

    private static Transition DropOff(TaxiState state)
    {
        var place = TaxiGrid.PlaceAt(state.Row, state.Column);
        if (state.Passenger != InTaxi || place < 0)
            return new(1.0, state.Number, RefusalReward, false);
        var isArrival = place == state.Destination;
        return new(1.0, (state with { Passenger = place }).Number, isArrival ? ArrivalReward : StepReward, isArrival);
    }

    private static bool IsOpen(TaxiState state, int move) => move switch
    {
        0 => state.Row < TaxiGrid.Last,
        1 => state.Row > 0,
        2 => TaxiGrid.IsOpenEast(state.Row, state.Column),
        _ => TaxiGrid.IsOpenWest(state.Row, state.Column),
    };

    private static TaxiState Shift(TaxiState state, (int Row, int Column) move) => state with
    {
        Row = Math.Clamp(state.Row + move.Row, 0, TaxiGrid.Last),
        Column = Math.Clamp(state.Column + move.Column, 0, TaxiGrid.Last),
    };

    // A slip to the east or west looks for a wall on the near side of the cell that it leads to.
    private static TaxiState Slip(TaxiState state, (int Row, int Column) move)
    {
        var next = Shift(state, move);
        var isStopped = (move.Column > 0 && !TaxiGrid.IsOpenWest(next.Row, next.Column)) || (move.Column < 0 && !TaxiGrid.IsOpenEast(next.Row, next.Column));
        return isStopped ? state : next;
    }

    private static void WriteActionMask(int number, Span<sbyte> mask)
    {
        var state = TaxiState.Of(number);
        var place = TaxiGrid.PlaceAt(state.Row, state.Column);
        for (var move = 0; move < Moves.Length; move++)
            mask[move] = IsOpen(state, move) ? (sbyte)1 : (sbyte)0;
        mask[4] = place >= 0 && place == state.Passenger ? (sbyte)1 : (sbyte)0;
        mask[5] = place >= 0 && state.Passenger == InTaxi ? (sbyte)1 : (sbyte)0;
    }

    private static double[] InitialDistribution()
    {
        var distribution = new double[TaxiState.Count];
        for (var number = 0; number < distribution.Length; number++)
        {
            var state = TaxiState.Of(number);
            distribution[number] = state.Passenger < InTaxi && state.Passenger != state.Destination ? 1.0 / 300 : 0;
        }
        return distribution;
    }
}
