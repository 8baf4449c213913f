using System.Collections.Concurrent;
using System.Security.Cryptography;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Vectors;

/// <summary>How many workers a vector has by default: as many as there are processors, and more of environments that mostly wait for something else.</summary>
/// <param name="messages">What the arguments of an environment may hold.</param>
/// <remarks>Thread-safe. An environment is measured once, in a process of its own; where that fails it counts as one that computes.</remarks>
internal sealed class WorkerCounts(MessageLimits messages)
{
    // Beyond it, processes cost more than waiting together saves.
    private const int MostWorkers = 64;
    private const int MostKept = 10_000;
    private const double MeasuredSeconds = 0.05;
    // An environment that takes longer to make and to step is not made once more than it was asked for, for long.
    private const int LimitMs = 10_000;
    private const double LeastBusy = 0.01;

    private readonly ConcurrentDictionary<string, double> _waiting = new(StringComparer.Ordinal);

    /// <summary>How many workers there are to be.</summary>
    /// <param name="count">How many environments there are.</param>
    /// <param name="parameters">What <c>make</c> takes.</param>
    /// <param name="start">Starts a worker.</param>
    /// <param name="limits">How long one environment may take.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <returns>The number: at least 1, at most one for each environment.</returns>
    public int Choose(int count, Value[] parameters, Func<IWorker> start, WorkerLimits limits, CancellationToken cancellation)
    {
        var processors = Environment.ProcessorCount;
        if (count <= processors)
            return count;
        var key = KeyOf(parameters);
        if (!_waiting.TryGetValue(key, out var waiting))
        {
            waiting = Measure(parameters, start, limits, cancellation);
            if (_waiting.Count < MostKept && !cancellation.IsCancellationRequested)
                _waiting[key] = waiting;
        }
        return CountFor(waiting, processors, count);
    }

    /// <summary>How many workers keep the processors busy.</summary>
    /// <param name="waiting">The share of its time that an environment waits.</param>
    /// <param name="processors">How many processors there are.</param>
    /// <param name="count">How many environments there are.</param>
    public static int CountFor(double waiting, int processors, int count)
    {
        if (!(waiting >= 0.5))
            return Math.Min(processors, count);
        var wanted = (int)Math.Ceiling(processors / Math.Max(1 - waiting, LeastBusy));
        return Math.Min(Math.Clamp(wanted, processors, Math.Max(MostWorkers, processors)), count);
    }

    // Arguments may be large, and need not be kept.
    private string KeyOf(Value[] parameters)
    {
        var pickle = new MessagePickle(messages);
        var bytes = new byte[pickle.Encode(Value.Tuple(parameters))];
        pickle.CopyTo(bytes);
        return Convert.ToHexString(SHA256.HashData(bytes));
    }

    private static double Measure(Value[] parameters, Func<IWorker> start, WorkerLimits limits, CancellationToken cancellation)
    {
        try
        {
            using var worker = start();
            using var registration = cancellation.Register(worker.Abort);
            worker.Call(Value.Tuple(["make", .. parameters]), Math.Min(limits.MakeMs, LimitMs));
            var share = worker.Call(Value.Tuple("measure", MeasuredSeconds), Math.Min(limits.StepMs, LimitMs));
            return share.Kind == ValueKind.Float ? share.AsDouble() : 0;
        }
        catch (SocketGymException)
        {
            // What fails here fails again where it can be told.
            return 0;
        }
    }
}
