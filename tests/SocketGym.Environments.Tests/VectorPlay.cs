using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Environments.Tests;

/// <summary>Plays two vectors alike and compares everything that they return.</summary>
internal static class VectorPlay
{
    public static void Compare(IVectorEnvironment expected, IVectorEnvironment actual, int steps, int seed)
    {
        Check(expected.Reset(seed), actual.Reset(seed), "reset");
        expected.ActionSpace.Seed(seed);
        for (var step = 0; step < steps; step++)
            Step(expected, actual, expected.ActionSpace.Sample(), $"{expected.AutoresetMode}, {expected.Count} environments, step {step}");
    }

    /// <summary>One step, and in the mode without resets those of the episodes that are over.</summary>
    public static void Step(IVectorEnvironment expected, IVectorEnvironment actual, Value actions, string place)
    {
        var (first, second) = (expected.Step(actions), actual.Step(actions));
        Equal(first.Observations, second.Observations, place);
        Equal(first.Rewards, second.Rewards, place);
        Equal(first.Terminations, second.Terminations, place);
        Equal(first.Truncations, second.Truncations, place);
        Equal(first.Infos, second.Infos, place);
        if (expected.AutoresetMode != AutoresetMode.Disabled)
            return;
        var over = new bool[expected.Count];
        for (var index = 0; index < over.Length; index++)
            over[index] = first.Terminations.AsSpan<bool>()[index] || first.Truncations.AsSpan<bool>()[index];
        if (!over.Contains(true))
            return;
        var options = new ValueDictionary { ["reset_mask"] = NDArray.Of<bool>(over) };
        Check(expected.Reset(options: options), actual.Reset(options: options), $"{place}, reset");
    }

    public static void Check(VectorResetResult expected, VectorResetResult actual, string place)
    {
        Equal(expected.Observations, actual.Observations, place);
        Equal(expected.Infos, actual.Infos, place);
    }

    private static void Equal(IReadOnlyList<VectorInfo> expected, IReadOnlyList<VectorInfo> actual, string place)
    {
        Assert.True(expected.Count == actual.Count, $"{place}: {expected.Count} infos and {actual.Count}");
        for (var index = 0; index < expected.Count; index++)
        {
            Assert.True(expected[index].Index == actual[index].Index, $"{place}: the infos are in another order");
            Equal(expected[index].Info, actual[index].Info, place);
        }
    }

    private static void Equal(Value expected, Value actual, string place) => Assert.True(expected == actual, $"{place}: expected {expected}, not {actual}");
}
