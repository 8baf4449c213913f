using SocketGym.Core.Values;

namespace SocketGym.Environments.ToyText;

/// <summary>The cards of a player or dealer in <see cref="Blackjack"/>, aces as 1.</summary>
internal sealed class BlackjackHand
{
    private const int Best = 21;
    private const int AceBonus = 10;

    // As many cards as a hand can have that was not bust before the last.
    private readonly List<byte> _cards = new(Best + 1);
    private long _plainSum;
    private bool _hasAce;

    /// <summary>The first card, which of the dealer's is the one that shows.</summary>
    public int First => _cards[0];

    /// <summary>Whether an ace counts 11 without going bust.</summary>
    public bool HasUsableAce => _hasAce && _plainSum + AceBonus <= Best;

    /// <summary>The sum, a usable ace counted 11.</summary>
    public long Sum => HasUsableAce ? _plainSum + AceBonus : _plainSum;

    /// <summary>Whether the sum exceeds 21.</summary>
    public bool IsBust => Sum > Best;

    /// <summary>The sum, or 0 for a hand that is bust.</summary>
    public long Score => IsBust ? 0 : Sum;

    /// <summary>Whether the hand is an ace and a ten.</summary>
    public bool IsNatural => _cards.Count == 2 && _hasAce && _plainSum == 11;

    /// <summary>Takes the cards away.</summary>
    public void Clear()
    {
        _cards.Clear();
        (_plainSum, _hasAce) = (0, false);
    }

    /// <summary>Adds a card.</summary>
    /// <param name="card">1 to 10.</param>
    public void Add(int card)
    {
        _cards.Add((byte)card);
        _plainSum += card;
        _hasAce |= card == 1;
    }

    /// <summary>The hand of a list.</summary>
    /// <param name="cards">What <see cref="ToList"/> gave.</param>
    /// <returns>The hand.</returns>
    /// <exception cref="ArgumentException">There are fewer than two, or one is no card.</exception>
    public static BlackjackHand Of(Value cards)
    {
        var hand = new BlackjackHand();
        foreach (var card in cards.AsItems())
            hand.Add(card.IsInt64 && card.AsInt64() is >= 1 and <= 10 ? (int)card.AsInt64() : throw new ArgumentException($"a card is {card}; there are 1 to 10.", nameof(cards)));
        return hand._cards.Count >= 2 ? hand : throw new ArgumentException($"a hand is {cards}, which is fewer than two cards.", nameof(cards));
    }

    /// <summary>The cards as a list.</summary>
    /// <returns>A <c>list</c> of <c>int</c>.</returns>
    public Value ToList() => Value.List([.. from card in _cards select Value.FromInt((long)card)]);
}
