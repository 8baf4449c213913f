using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using Dict = SocketGym.Core.Spaces.Dict;
using Tuple = SocketGym.Core.Spaces.Tuple;

namespace SocketGym.Core.Checking;

/// <summary>Whether the spaces of an environment are sensible.</summary>
internal static class SpaceCheck
{
    /// <summary>Checks both.</summary>
    /// <returns>Whether there are both, so that the rest can be checked.</returns>
    public static bool Check(IEnvironment environment, Findings findings) =>
        Check("action", () => environment.ActionSpace, findings) & Check("observation", () => environment.ObservationSpace, findings);

    private static bool Check(string role, Func<Space?> property, Findings findings)
    {
        if (!findings.Try($"the property of the {role} space", property, out var space))
            return false;
        if (space is null)
        {
            findings.Error(Rule.SpaceMissing, $"The {role} space is null.", "Make it in the constructor, such as new Box(-1, 1, [3]) or new Discrete(4).");
            return false;
        }
        if (!ReferenceEquals(space, property()))
            findings.Error(Rule.SpaceChanges, $"The {role} space {space} is another object each time, so whoever seeds it draws unseeded samples.", "Make it once: '{ get; } = new ...' in place of '=> new ...'.");
        CheckParts(role, space, findings);
        return true;
    }

    private static void CheckParts(string role, Space space, Findings findings)
    {
        IEnumerable<Space> parts = space switch
        {
            Tuple tuple => tuple.Spaces,
            Dict dict => dict.Spaces.Select(entry => entry.Value),
            _ => [],
        };
        if (space is Tuple { Spaces.Length: 0 } or Dict { Spaces.Length: 0 })
            findings.Error(Rule.EmptySpace, $"The {role} space contains an empty {space.TypeName}.", "Give it a part, or leave it out.");
        foreach (var part in parts)
            CheckParts(role, part, findings);
        if (space is Box box && Number.Supports(box.DType!))
            CheckBounds(role, box, findings);
    }

    private static void CheckBounds(string role, Box box, Findings findings)
    {
        var (equal, infinite, unusual) = (false, false, false);
        for (var index = 0L; index < box.Low.Count; index++)
        {
            var (low, high) = (Number.Read(box.Low, index).ToDouble, Number.Read(box.High, index).ToDouble);
            equal |= low == high;
            infinite |= double.IsInfinity(low) || double.IsInfinity(high);
            unusual |= low < -1 || high > 1 || (low != 0 && Math.Abs(low) != Math.Abs(high));
        }
        if (equal)
            findings.Warn(Rule.EqualBounds, $"The {role} space {box} has an element whose lower and upper bounds are equal.", "Leave the element out, or widen its bounds.");
        if (infinite)
            findings.Warn(Rule.InfiniteBounds, $"The {role} space {box} has infinite bounds, which are probably too wide.", "Give bounds that the values keep to, unless there are none.");
        if (unusual && role == "action" && box.Low.Shape.Length == 1)
            findings.Warn(Rule.ActionsNotNormalized, $"The action space {box} is not symmetric within -1 and 1, nor within 0 and 1.", "Scale inside the environment, or wrap it in RescaleAction: many learners assume such a range.");
    }
}
