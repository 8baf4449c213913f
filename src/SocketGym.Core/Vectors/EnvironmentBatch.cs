using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>The states of many environments of one class side by side, so that a step of all is one loop over numbers. What it gives is, bit for bit, what the environments would have given.</summary>
/// <remarks>
/// It is for environments whose infos are empty. The environments are the truth until <see cref="TryLoad"/> and again from <see cref="Store"/> on; in between
/// the batch is, and nobody calls them. The memory of the results is given to the constructor.
/// </remarks>
internal abstract class EnvironmentBatch
{
    /// <summary>Takes the states over.</summary>
    /// <returns>Whether all environments are in a state that the batch covers; a step that would be refused, such as one before the first reset, is not.</returns>
    public abstract bool TryLoad();

    /// <summary>Gives the states back.</summary>
    public abstract void Store();

    /// <summary>Whether an array is a batch of actions of which none would be refused. Cheap.</summary>
    /// <param name="actions">Any array.</param>
    /// <returns>False leaves it to the environments to say what is wrong, or to take what the batch does not know.</returns>
    public abstract bool Accepts(NDArray actions);

    /// <summary>Takes a step in some of the environments, as their <c>Step</c> does, and writes observations, rewards and terminations; at the same time as other threads in others.</summary>
    /// <param name="first">The first environment.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="actions">The actions of all environments, which were accepted.</param>
    /// <param name="resets">Those of all environments that are reset right after: what becomes of their state and results does not matter, but nothing may be drawn from their generators.</param>
    public abstract void Step(int first, int end, NDArray actions, ReadOnlySpan<bool> resets);

    /// <summary>Resets an environment, as its <c>Reset</c> without arguments does, and writes its observation; at the same time as other threads others.</summary>
    /// <param name="index">The environment.</param>
    public abstract void Reset(int index);
}
