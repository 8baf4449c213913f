using SocketGym.Core.Seeding;

namespace SocketGym.Environments.ClassicControl;

// What a batch takes over and gives back.
public sealed partial class CartPole
{
    /// <summary>Whether a step is rewarded as in the original paper.</summary>
    internal bool HasSuttonBartoReward => _suttonBartoReward;

    /// <summary>What it is made of.</summary>
    internal ref readonly CartPoleParameters Parameters => ref _attributes.Parameters;

    /// <summary>The generator.</summary>
    internal Generator Generator => Random;

    /// <summary>Where cart and pole are; null before the first reset.</summary>
    internal CartPoleState? Motion
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>The steps beyond termination; null where the episode has not terminated.</summary>
    internal int? StepsBeyondTerminated
    {
        get => _stepsBeyondTerminated;
        set => _stepsBeyondTerminated = value;
    }
}
