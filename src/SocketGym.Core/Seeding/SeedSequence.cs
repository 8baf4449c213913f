using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SocketGym.Core.Seeding;

/// <summary>Turns a seed of any size into well-mixed generator states, word for word as <c>numpy.random.SeedSequence</c> does.</summary>
/// <remarks>
/// The mixing functions are those of M. E. O'Neill's <c>seed_seq_fe</c> (2015), with the constants that NumPy fixed.
/// Generating states is thread-safe; spawning is not.
/// </remarks>
public sealed class SeedSequence
{
    private const int PoolSize = 4;
    private const uint InitialA = 0x43b0d7e5;
    private const uint MultiplierA = 0x931e8875;
    private const uint InitialB = 0x8b51f9dd;
    private const uint MultiplierB = 0x58f38ded;
    private const uint MixLeft = 0xca01f9dd;
    private const uint MixRight = 0x4973f715;

    private readonly uint[] _pool = new uint[PoolSize];
    private readonly uint[] _spawnKey;

    /// <summary>Makes a sequence.</summary>
    /// <param name="entropy">The seed, not negative and of any size; null takes 128 bits from the operating system.</param>
    /// <param name="spawnKey">The path from the root by which <see cref="Spawn"/> reached this sequence; empty for a root.</param>
    /// <exception cref="ArgumentOutOfRangeException">The seed is negative.</exception>
    public SeedSequence(BigInteger? entropy = null, params ReadOnlySpan<uint> spawnKey)
    {
        if (entropy < 0)
            throw new ArgumentOutOfRangeException(nameof(entropy), $"The seed is {entropy}; it must be zero or greater.");
        Entropy = entropy ?? new BigInteger(RandomNumberGenerator.GetBytes(16), isUnsigned: true);
        _spawnKey = spawnKey.ToArray();
        MixEntropy(AssembleEntropy());
    }

    /// <summary>The seed; where none was given, what the operating system supplied, so that a run can be repeated.</summary>
    public BigInteger Entropy { get; }

    /// <summary>The path from the root; empty for a root.</summary>
    public ReadOnlySpan<uint> SpawnKey => _spawnKey;

    /// <summary>How many children <see cref="Spawn"/> has made so far.</summary>
    public int ChildrenSpawned { get; private set; }

    /// <summary>Fills 32-bit words of generator state; the same words every time.</summary>
    /// <param name="destination">Where the words go.</param>
    public void GenerateState(Span<uint> destination)
    {
        var hash = InitialB;
        for (var index = 0; index < destination.Length; index++)
        {
            var word = _pool[index % PoolSize] ^ hash;
            hash *= MultiplierB;
            word *= hash;
            destination[index] = word ^ (word >> 16);
        }
    }

    /// <summary>Fills 64-bit words of generator state, each from two 32-bit words, the low half first.</summary>
    /// <param name="destination">Where the words go.</param>
    public void GenerateState(Span<ulong> destination)
    {
        GenerateState(MemoryMarshal.Cast<ulong, uint>(destination));
        if (!BitConverter.IsLittleEndian)
        {
            foreach (ref var word in destination)
                word = BitOperations.RotateLeft(word, 32);
        }
    }

    /// <summary>Makes sequences that are independent of this one and of each other.</summary>
    /// <param name="count">How many; not negative.</param>
    /// <returns>The children; a second call continues the numbering.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public SeedSequence[] Spawn(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var children = new SeedSequence[count];
        foreach (ref var child in children.AsSpan())
            child = new SeedSequence(Entropy, [.. _spawnKey, (uint)ChildrenSpawned++]);
        return children;
    }

    private uint[] AssembleEntropy()
    {
        var bytes = Entropy.ToByteArray(isUnsigned: true);
        var seedWords = (bytes.Length + 3) / 4;
        // A spawned seed is padded, so that a short seed's key cannot pass for a longer seed's words.
        var words = new uint[(_spawnKey.Length > 0 ? Math.Max(seedWords, PoolSize) : seedWords) + _spawnKey.Length];
        for (var index = 0; index < bytes.Length; index++)
            words[index / 4] |= (uint)bytes[index] << (index % 4 * 8);
        _spawnKey.CopyTo(words.AsSpan(words.Length - _spawnKey.Length));
        return words;
    }

    private void MixEntropy(ReadOnlySpan<uint> entropy)
    {
        var hash = InitialA;
        for (var index = 0; index < PoolSize; index++)
            _pool[index] = HashMix(index < entropy.Length ? entropy[index] : 0, ref hash);

        for (var source = 0; source < PoolSize; source++)
        {
            for (var target = 0; target < PoolSize; target++)
            {
                if (source != target)
                    _pool[target] = Mix(_pool[target], HashMix(_pool[source], ref hash));
            }
        }

        for (var source = PoolSize; source < entropy.Length; source++)
        {
            for (var target = 0; target < PoolSize; target++)
                _pool[target] = Mix(_pool[target], HashMix(entropy[source], ref hash));
        }
    }

    private static uint HashMix(uint value, ref uint hash)
    {
        value ^= hash;
        hash *= MultiplierA;
        value *= hash;
        return value ^ (value >> 16);
    }

    private static uint Mix(uint left, uint right)
    {
        var mixed = (MixLeft * left) - (MixRight * right);
        return mixed ^ (mixed >> 16);
    }
}
