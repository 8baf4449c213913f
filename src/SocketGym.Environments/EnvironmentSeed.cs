using System.Numerics;
using SocketGym.Core.Errors;
using SocketGym.Core.Seeding;

namespace SocketGym.Environments;

/// <summary>An environment's generator, as <c>gymnasium.utils.seeding.np_random</c> makes it.</summary>
internal static class EnvironmentSeed
{
    /// <summary>Makes the generator.</summary>
    /// <param name="seed">Not negative, of any size; null takes entropy from the operating system.</param>
    /// <returns>The generator.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: the seed is negative.</exception>
    public static Generator MakeGenerator(BigInteger? seed) => seed < 0
        ? throw new SocketGymException(ErrorCode.InvalidArgument, $"Seed must be greater or equal to zero, actual value: {seed}")
        {
            RemoteType = "gymnasium.error.Error",
        }
        : Generator.FromSeed(seed);
}
