using SocketGym.Core.Values;

namespace SocketGym.Environments.ToyText;

/// <summary>One of the outcomes of an action: an entry of Gymnasium's <c>P[state][action]</c>.</summary>
/// <param name="Probability">Its probability, a number of the type that <c>info</c> shows.</param>
/// <param name="State">The next state.</param>
/// <param name="Reward">The reward.</param>
/// <param name="Terminated">Whether the next state is terminal.</param>
internal readonly record struct Transition(Value Probability, int State, Value Reward, bool Terminated);
