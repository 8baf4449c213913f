using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>Resets in the step after an episode's last one, as Gymnasium's <c>Autoreset</c> does: that step's action is not used, its reward is 0.0, and nothing has ended.</summary>
/// <param name="inner">The environment; closed with the wrapper.</param>
public sealed class Autoreset(IEnvironment inner) : EnvironmentWrapper(inner)
{
    private bool _isOver;

    /// <inheritdoc/>
    public override ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        _isOver = false;
        return Inner.Reset(seed, options);
    }

    /// <inheritdoc/>
    public override StepResult Step(Value action)
    {
        if (_isOver)
        {
            var start = Inner.Reset();
            _isOver = false;
            return new StepResult(start.Observation, 0.0, false, false, start.Info);
        }
        var result = Inner.Step(action);
        _isOver = result.Terminated.IsTrue || result.Truncated.IsTrue;
        return result;
    }

    /// <inheritdoc/>
    protected override Value SaveState() => _isOver;

    /// <inheritdoc/>
    protected override void RestoreState(Value state) => _isOver = state.AsBool();

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new Autoreset(inner);
}
