using System.Text;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Environments.Actions;

namespace SocketGym.Environments.ToyText;

/// <summary>
/// Gymnasium's <c>Blackjack</c> (Sutton and Barto, "Reinforcement Learning", example 5.1), cards drawn with replacement. The observation is a tuple of three
/// <c>int</c>: the player's sum, the dealer's open card (an ace is 1), whether the player has a usable ace. The actions are 0 (stick) and 1 (hit).
/// </summary>
/// <remarks>
/// Steps beyond termination go on as in Gymnasium: a further card is drawn, or the dealer's hand compared again. Reset options are ignored. Attributes are <c>natural</c>,
/// <c>sab</c>, <c>metadata</c>, <c>render_mode</c>, and from the first reset on <c>dealer</c>, <c>player</c>, <c>dealer_top_card_suit</c> and <c>dealer_top_card_value_str</c>.
/// </remarks>
public sealed partial class Blackjack : NativeEnvironment
{
    /// <summary>The render modes of the native version.</summary>
    internal static readonly string[] RenderModes = ["rgb_array"];

    private static readonly DiscreteActions Actions = new(2);
    private static readonly Core.Spaces.Tuple Observations = new(new Discrete(32), new Discrete(11), new Discrete(2));
    private static readonly byte[] Deck = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10];

    private static readonly ValueDictionary SharedMetadata = new()
    {
        ["render_modes"] = Value.List("human", "rgb_array"),
        ["render_fps"] = 4,
    };

    private readonly bool _natural;
    private readonly bool _suttonBarto;
    private BlackjackHand _dealer = new();
    private BlackjackHand _player = new();
    private readonly Value[] _observed = new Value[3];
    private readonly Value _observation;
    private char _dealerSuit;
    private char _dealerFace;
    private bool _hasState;

    /// <summary>Makes the environment.</summary>
    /// <param name="natural">Whether winning with an ace and a ten is rewarded with 1.5.</param>
    /// <param name="suttonBarto">Whether an ace and a ten win against all but the same, as in the book; <paramref name="natural"/> is ignored then.</param>
    /// <param name="renderMode"><c>rgb_array</c>, or null for none.</param>
    /// <param name="spec">What it is made from; null when it is not made by an id.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for another render mode.</exception>
    public Blackjack(bool natural = false, bool suttonBarto = false, string? renderMode = null, EnvironmentSpec? spec = null)
        : base("Blackjack", RenderModes, renderMode, spec)
    {
        _natural = natural;
        _suttonBarto = suttonBarto;
        _observation = Value.Tuple(_observed);
    }

    /// <inheritdoc/>
    public override Space ObservationSpace => Observations;

    /// <inheritdoc/>
    public override Space ActionSpace => Actions.Space;

    /// <inheritdoc/>
    public override ValueDictionary Metadata => SharedMetadata;

    /// <inheritdoc/>
    public override StepResult Step(Value action)
    {
        var hits = Actions.Read(action) == 1;
        if (!_hasState)
            throw NeedsReset();
        if (hits)
        {
            _player.Add(DrawCard());
            return new(Observe(), _player.IsBust ? -1.0 : 0.0, _player.IsBust, false, ValueDictionary.Empty);
        }
        while (_dealer.Sum < 17)
            _dealer.Add(DrawCard());
        return new(Observe(), Settle(), true, false, ValueDictionary.Empty);
    }

    /// <inheritdoc/>
    /// <returns>The frame, shape (500, 600, 3), uint8, with cards and letters that are drawings of our own; <c>None</c> without a render mode.</returns>
    public override Value Render()
    {
        if (RenderMode is null)
            return Value.None;
        if (!_hasState)
            throw NeedsReset();
        var frame = Frame(BlackjackRenderer.Height, BlackjackRenderer.Width);
        BlackjackRenderer.Render((int)_player.Sum, (int)_dealer.First, _dealerSuit, _dealerFace, _player.HasUsableAce, frame.Bytes);
        return frame;
    }

    /// <inheritdoc/>
    private protected override ResetResult Start(ValueDictionary? options)
    {
        Deal(_dealer);
        Deal(_player);
        _dealerSuit = "CDHS"[(int)Random.ChoiceIndex(4)];
        _dealerFace = _dealer.First switch
        {
            1 => 'A',
            10 => "JQK"[(int)Random.ChoiceIndex(3)],
            var number => (char)('0' + number),
        };
        _hasState = true;
        return new(Observe(), ValueDictionary.Empty);
    }

    /// <inheritdoc/>
    private protected override bool TryGetAttribute(string name, out Value value)
    {
        (var isKnown, value) = name switch
        {
            "natural" => (true, _natural),
            "sab" => (true, _suttonBarto),
            DealerName when _hasState => (true, _dealer.ToList()),
            PlayerName when _hasState => (true, _player.ToList()),
            SuitName when _hasState => (true, AsNumPyText(_dealerSuit)),
            // Only what was drawn from an array is NumPy's.
            FaceName when _hasState => (true, _dealer.First == 10 ? AsNumPyText(_dealerFace) : _dealerFace.ToString()),
            _ => (false, Value.None),
        };
        return isKnown || base.TryGetAttribute(name, out value);
    }

    private int DrawCard() => Deck[Random.ChoiceIndex(Deck.Length)];

    private void Deal(BlackjackHand hand)
    {
        hand.Clear();
        hand.Add(DrawCard());
        hand.Add(DrawCard());
    }

    private double Settle()
    {
        double reward = _player.Score.CompareTo(_dealer.Score);
        if (_suttonBarto)
            return _player.IsNatural && !_dealer.IsNatural ? 1.0 : reward;
        return _natural && _player.IsNatural && reward == 1.0 ? 1.5 : reward;
    }

    private Value Observe()
    {
        _observed[0] = _player.Sum;
        _observed[1] = _dealer.First;
        _observed[2] = _player.HasUsableAce ? 1 : 0;
        return _observation;
    }

    private static Value AsNumPyText(char letter) => Value.FromScalar(DType.Parse("<U1"), Encoding.UTF32.GetBytes(letter.ToString()));
}
