using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using Dict = SocketGym.Core.Spaces.Dict;
using Tuple = SocketGym.Core.Spaces.Tuple;

namespace SocketGym.Core.Checking;

/// <summary>Whether what a reset or a step returned has the types, and the values, that it must have.</summary>
internal static class ResultCheck
{
    public static void Check(ResetResult result, Space space, Findings findings)
    {
        CheckObservation("reset", result.Observation, space, findings);
        CheckInfo("reset", result.Info, findings);
    }

    public static void Check(StepResult result, Space space, Findings findings)
    {
        CheckObservation("step", result.Observation, space, findings);
        CheckInfo("step", result.Info, findings);
        CheckReward(result.Reward, findings);
        CheckFlag("terminated", result.Terminated, findings);
        CheckFlag("truncated", result.Truncated, findings);
    }

    private static void CheckObservation(string call, Value observation, Space space, Findings findings)
    {
        // Where the type is wrong already, the space has nothing to add.
        if (IsTyped(call, observation, space, findings) && !space.Contains(observation))
        {
            findings.Error(
                Rule.ObservationOutOfSpace,
                $"The observation of {call} is not in the observation space {space}: {Describe(observation)}.",
                "Keep to the shape and the bounds that the space declares, or declare what the observation is.");
        }
    }

    private static bool IsTyped(string call, Value observation, Space space, Findings findings)
    {
        var expected = space switch
        {
            Discrete when observation.Kind != ValueKind.Int && !(observation.Kind == ValueKind.Scalar && observation.ScalarType.Equals(DType.Int64)) => "an int or np.int64",
            Box { Low.Shape.Length: > 0 } when observation.Kind != ValueKind.Array || !observation.AsArray().DType.Equals(space.DType) => $"an array of {space.DType}",
            MultiBinary or MultiDiscrete when observation.Kind != ValueKind.Array => "an array",
            Tuple tuple when observation.Kind != ValueKind.Tuple || observation.AsItems().Length != tuple.Spaces.Length => $"a tuple of {tuple.Spaces.Length}",
            Dict dict when observation.Kind is not (ValueKind.Dict or ValueKind.OrderedDict) || !HasKeys(observation.AsDict(), dict) =>
                $"a dict with the keys {string.Join(", ", dict.Spaces.Select(entry => entry.Key))}",
            _ => null,
        };
        if (expected is not null)
        {
            findings.Error(
                Rule.ObservationType,
                $"An observation of {call} is {Describe(observation)} where the observation space has {space}.",
                $"Return {expected}.");
            return false;
        }
        var isTyped = true;
        if (space is Tuple parts)
        {
            for (var index = 0; index < parts.Spaces.Length; index++)
                isTyped &= IsTyped(call, observation.AsItems()[index], parts.Spaces[index], findings);
        }
        else if (space is Dict entries)
        {
            foreach (var (key, part) in entries.Spaces)
                isTyped &= IsTyped(call, observation.AsDict()[key], part, findings);
        }
        return isTyped;
    }

    private static bool HasKeys(ValueDictionary observation, Dict space) =>
        observation.Count == space.Spaces.Length && space.Spaces.All(entry => observation.Any(own => own.Key == entry.Key));

    private static void CheckInfo(string call, Value info, Findings findings)
    {
        if (info.Kind is not (ValueKind.Dict or ValueKind.OrderedDict))
            findings.Error(Rule.InfoType, $"The info of {call} is {Describe(info)}.", "Return a dictionary, ValueDictionary.Empty for nothing.");
    }

    private static void CheckReward(Value reward, Findings findings)
    {
        var isNumber = reward.Kind is ValueKind.Int or ValueKind.Float
            || (reward.Kind == ValueKind.Scalar && reward.ScalarType.Kind is 'i' or 'u' or 'f' && reward.ScalarType.ItemSize <= 8);
        if (!isNumber)
            findings.Error(Rule.RewardType, $"The reward is {Describe(reward)}.", "Return a float, an int, or a NumPy integer or float.");
        else if (!double.IsFinite(reward.ToDouble()))
            findings.Warn(Rule.RewardNotFinite, $"The reward is {reward}.", "Return a finite number: one that is not spoils every sum that it enters.");
    }

    private static void CheckFlag(string name, Value flag, Findings findings)
    {
        if (flag.Kind != ValueKind.Bool && !(flag.Kind == ValueKind.Scalar && flag.ScalarType.Equals(DType.Bool)))
            findings.Error(Rule.FlagType, $"{name} is {Describe(flag)}.", "Return true or false.");
    }

    internal static string Describe(Value value) => $"{value} ({ValueText.TypeName(value)})";
}
