using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Core.Environments;

/// <summary>A source of environments: the native ones, the Python ones of an interpreter, those of a configuration.</summary>
/// <remarks>Thread-safe: sessions make environments at the same time.</remarks>
public interface IEnvironmentProvider
{
    /// <summary>The prefix that forces this provider in an id, such as <c>native</c> in <c>native:CartPole-v1</c>.</summary>
    string Name { get; }

    /// <summary>The ids that it offers, sorted. May start a process the first time.</summary>
    /// <returns>The ids; empty when what it needs is not there.</returns>
    IReadOnlyList<string> ListIds();

    /// <summary>What a person should know about it, such as which interpreter it found or why it has nothing to offer.</summary>
    /// <returns>One line for each thing worth knowing, or null. May start a process the first time.</returns>
    string? Describe() => null;

    /// <summary>Whether it can make exactly this: the id and every keyword argument. Cheap.</summary>
    /// <param name="id">The id without a prefix.</param>
    /// <param name="kwargs">The keyword arguments of <c>gymnasium.make</c>.</param>
    /// <returns>False sends the request on to the next provider.</returns>
    bool CanMake(string id, ValueDictionary kwargs);

    /// <summary>Makes an environment.</summary>
    /// <param name="id">The id without a prefix.</param>
    /// <param name="kwargs">The keyword arguments of <c>gymnasium.make</c>.</param>
    /// <returns>The environment; the caller disposes of it.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnknownEnvironment"/>, <see cref="ErrorCode.InvalidArgument"/> for a keyword argument that is refused, <see cref="ErrorCode.UnsupportedRenderMode"/>,
    /// <see cref="ErrorCode.EnvironmentFault"/> when its constructor fails.
    /// </exception>
    IEnvironment Make(string id, ValueDictionary kwargs);

    /// <summary>Makes an environment, unless nobody waits for it any more.</summary>
    /// <param name="id">The id without a prefix.</param>
    /// <param name="kwargs">The keyword arguments of <c>gymnasium.make</c>.</param>
    /// <param name="cancellation">Ends the making from another thread, where that is possible: in a process of its own it is, and the call then throws <see cref="ErrorCode.WorkerDied"/>.</param>
    /// <returns>The environment; the caller disposes of it.</returns>
    /// <exception cref="SocketGymException">As the other overload.</exception>
    IEnvironment Make(string id, ValueDictionary kwargs, CancellationToken cancellation) => Make(id, kwargs);

    /// <summary>Makes several environments that are stepped as one.</summary>
    /// <param name="id">The id without a prefix.</param>
    /// <param name="kwargs">The keyword arguments of <c>gymnasium.make</c>, the same for all.</param>
    /// <param name="options">How many, and how they are divided and reset.</param>
    /// <param name="cancellation">As in the other method; environments in this process are made no further, and the call then throws <see cref="OperationCanceledException"/>.</param>
    /// <returns>The vector; the caller disposes of it. Unless the provider knows better: environments of <see cref="Make(string, ValueDictionary, CancellationToken)"/>, stepped one after the other.</returns>
    /// <exception cref="SocketGymException">As the other method.</exception>
    IVectorEnvironment MakeVector(string id, ValueDictionary kwargs, VectorOptions options, CancellationToken cancellation = default) =>
        VectorEnvironment.Make(() => Make(id, kwargs, cancellation), options, threads: 1, makeBatch: null, cancellation);
}
