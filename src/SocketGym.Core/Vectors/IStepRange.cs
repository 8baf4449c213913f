namespace SocketGym.Core.Vectors;

/// <summary>A step of a vector, which can be taken in parts.</summary>
internal interface IStepRange
{
    /// <summary>Takes the step in some of the environments, one after the other; at the same time as other threads in others.</summary>
    /// <param name="first">The first environment.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="infos">Takes their infos that are not empty, in order.</param>
    void Step(int first, int end, List<VectorInfo> infos);
}
