using System.Numerics;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>Shorter ways to call a vector.</summary>
public static class VectorEnvironmentExtensions
{
    /// <summary>Starts episodes with seeds that count on from one another, as Gymnasium does for one seed.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="seed">The first environment's seed.</param>
    /// <param name="options">As for <see cref="IVectorEnvironment.Reset"/>.</param>
    /// <returns>Observations and infos.</returns>
    /// <exception cref="SocketGymException">As for <see cref="IVectorEnvironment.Reset"/>.</exception>
    public static VectorResetResult Reset(this IVectorEnvironment vector, BigInteger seed, ValueDictionary? options = null)
    {
        ArgumentNullException.ThrowIfNull(vector);
        return vector.Reset([.. Enumerable.Range(0, vector.Count).Select(index => (BigInteger?)(seed + index))], options);
    }
}
