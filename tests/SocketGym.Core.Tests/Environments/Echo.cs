using System.Runtime.InteropServices;
using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Tests.Environments;

/// <summary>Takes every action of a Discrete space, and observes and remembers it.</summary>
internal sealed class IntegerEcho(Discrete actions) : DiscreteActionEnvironment<long>(actions, actions)
{
    public int Last { get; private set; }

    protected override void Reset(Span<long> observation, ValueDictionary options) => observation[0] = (long)((Discrete)ActionSpace).Start;

    protected override Outcome Step(int action, Span<long> observation)
    {
        observation[0] = Last = action;
        return 0;
    }
}

/// <summary>Takes every action of a space of arrays, and observes it.</summary>
internal sealed class ArrayEcho<T>(Space actions) : ArrayActionEnvironment<T, T>(actions, actions)
    where T : unmanaged
{
    protected override void Reset(Span<T> observation, ValueDictionary options) => observation.Fill(MemoryMarshal.Read<T>(new byte[8]));

    protected override Outcome Step(ReadOnlySpan<T> action, Span<T> observation)
    {
        action.CopyTo(observation);
        return 0;
    }
}

/// <summary>Takes every action of any space, and observes it.</summary>
internal sealed class ValueEcho(Space actions) : ValueEnvironment(actions, actions)
{
    protected override Value Reset(ValueDictionary options) => ActionSpace.Sample();

    protected override Outcome Step(Value action, out Value observation)
    {
        observation = action;
        return 0;
    }
}
