using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Hosting.Environments;

namespace SocketGym.Server.Commands;

/// <summary>Makes an environment and tries it, within a time limit.</summary>
/// <param name="catalog">Where it comes from.</param>
/// <param name="id">Its id.</param>
/// <param name="timeout">The longest that the whole trial may take.</param>
internal sealed class Trial(EnvironmentCatalog catalog, string id, TimeSpan timeout)
{
    private readonly Lock _ending = new();
    private IEnvironment? _environment;
    private bool _hasEnded;

    /// <summary>Tries it.</summary>
    /// <param name="attempt">What is done with the environment.</param>
    /// <returns>What went wrong, or null.</returns>
    public SocketGymException? Run(Action<IEnvironment> attempt)
    {
        SocketGymException? failure = null;
        // A thread of its own: a native environment that hangs can only be left behind.
        var thread = new Thread(() => failure = Attempt(attempt)) { IsBackground = true, Name = $"trial of {id}" };
        thread.Start();
        if (thread.Join(timeout))
            return failure;
        lock (_ending)
        {
            _hasEnded = true;
            (_environment as IInterruptible)?.Interrupt();
        }
        return new SocketGymException(ErrorCode.EnvironmentTimeout, $"The trial took longer than {timeout.TotalSeconds} s; raise --timeout if it may.");
    }

    private SocketGymException? Attempt(Action<IEnvironment> attempt)
    {
        try
        {
            using var environment = catalog.Make(id, ValueDictionary.Empty);
            lock (_ending)
            {
                _environment = environment;
                if (_hasEnded)
                    return null;
            }
            attempt(environment);
            return null;
        }
        catch (SocketGymException error)
        {
            return error;
        }
        catch (Exception error)
        {
            // A native environment may throw anything.
            return new SocketGymException(ErrorCode.EnvironmentFault, $"{error.GetType().Name}: {error.Message}", error);
        }
    }
}
