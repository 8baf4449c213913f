using SocketGym.Core.Values;

namespace SocketGym.Environments.ToyText;

// Saving and restoring.
public sealed partial class Blackjack
{
    private const string DealerName = "dealer";
    private const string PlayerName = "player";
    private const string SuitName = "dealer_top_card_suit";
    private const string FaceName = "dealer_top_card_value_str";

    /// <inheritdoc/>
    /// <remarks><c>None</c> before the first reset.</remarks>
    private protected override Value SaveState() => !_hasState ? Value.None : new ValueDictionary
    {
        [DealerName] = _dealer.ToList(),
        [PlayerName] = _player.ToList(),
        [SuitName] = _dealerSuit.ToString(),
        [FaceName] = _dealerFace.ToString(),
    };

    /// <inheritdoc/>
    private protected override void RestoreState(Value state)
    {
        if (!state.IsNone)
        {
            var (dealer, player) = (BlackjackHand.Of(state[DealerName]), BlackjackHand.Of(state[PlayerName]));
            var (suit, face) = (state[SuitName], state[FaceName]);
            if (suit.AsString() is not ("C" or "D" or "H" or "S"))
                throw NoState(SuitName, suit, "'C', 'D', 'H' or 'S'");
            var isFace = dealer.First switch
            {
                1 => face.AsString() == "A",
                10 => face.AsString() is "J" or "Q" or "K",
                var number => face.AsString() is [var digit] && digit == '0' + number,
            };
            if (!isFace)
                throw NoState(FaceName, face, $"a face of the dealer's {dealer.First}");
            (_dealer, _player, _dealerSuit, _dealerFace) = (dealer, player, suit.AsString()[0], face.AsString()[0]);
        }
        _hasState = !state.IsNone;
    }

    /// <inheritdoc/>
    private protected override NativeEnvironment CreateAnother() => new Blackjack(_natural, _suttonBarto, RenderMode, Spec);
}
