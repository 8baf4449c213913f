using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Vectors;

/// <summary>Has all workers of a vector make their environments, at once.</summary>
internal static class VectorMaking
{
    /// <summary>Makes the environments.</summary>
    /// <param name="team">Workers without environments; owned by what is returned.</param>
    /// <param name="parameters">What <c>make</c> takes (python/worker's <c>main.py</c>).</param>
    /// <param name="limits">How long one environment may take.</param>
    /// <param name="options">How many there are, and how they are reset.</param>
    /// <param name="maxFrameBytes">What a message may take, which a batch of observations has to fit in.</param>
    /// <param name="cancellation">Ends the workers; the call then throws <see cref="ErrorCode.WorkerDied"/>.</param>
    /// <returns>The vector.</returns>
    /// <exception cref="SocketGymException">The first failure; the workers are to be disposed of.</exception>
    public static WorkerVectorEnvironment Make(WorkerTeam team, Value[] parameters, WorkerLimits limits, VectorOptions options, int maxFrameBytes, CancellationToken cancellation)
    {
        using var registration = cancellation.Register(team.Abort);
        var mode = options.AutoresetMode.ToString();
        var made = team.AskAll(part => Value.Tuple(["make_vec", .. parameters, team.FirstOf(part), team.CountOf(part), mode]), limits.MakeMs);
        var descriptions = made.Select(answer => new WorkerDescription(answer)).ToArray();
        foreach (var other in descriptions)
        {
            if (!other.ObservationSpace.Equals(descriptions[0].ObservationSpace) || !other.ActionSpace.Equals(descriptions[0].ActionSpace))
            {
                throw new SocketGymException(
                    ErrorCode.EnvironmentFault,
                    $"One environment has the spaces {descriptions[0].ObservationSpace} and {descriptions[0].ActionSpace}, another {other.ObservationSpace} and {other.ActionSpace}; a vector needs equal ones.");
            }
        }
        if (VectorMemory.BytesOfBatch(descriptions[0].ObservationSpace, options.Count) is { } bytes && bytes > maxFrameBytes)
            throw new SocketGymException(ErrorCode.InvalidArgument, $"The observations of {options.Count} environments take {bytes} bytes, and a message may have {maxFrameBytes}; make fewer, or raise max_frame_bytes of server and client.");
        return new WorkerVectorEnvironment(team, limits, descriptions[0], options);
    }
}
