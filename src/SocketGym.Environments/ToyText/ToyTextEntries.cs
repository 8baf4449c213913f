using SocketGym.Core.Environments;
using SocketGym.Core.Values;

namespace SocketGym.Environments.ToyText;

/// <summary>How the toy texts are made, with the limits, thresholds and arguments of Gymnasium's registry.</summary>
internal static class ToyTextEntries
{
    // Where a map of either name is given, desc decides; without both, Gymnasium draws one without a seed.
    private static readonly EnvironmentArgument[] FrozenLakeArguments =
    [
        new("desc", value => value.IsNone || FrozenLakeMap.TryRead(value) is not null, $"a list of rows of equal length, two letters or more, at most {FrozenLakeMap.MaxCells} in all, or None"),
        new("map_name", value => value.IsNone || (value.Kind == ValueKind.String && value.AsString() is "4x4" or "8x8"), "'4x4', '8x8' or None"),
        EnvironmentArgument.Flag("is_slippery"),
        EnvironmentArgument.Number("success_rate"),
        new("reward_schedule", IsRewardSchedule, "a tuple or list of three numbers, each a float or an int up to 2**53"),
    ];

    /// <summary>All of them.</summary>
    public static IEnumerable<NativeEnvironmentEntry> All =>
    [
        Blackjack(),
        CliffWalking("CliffWalking-v1", []),
        CliffWalking("CliffWalkingSlippery-v1", new ValueDictionary { ["is_slippery"] = true }),
        FrozenLake("FrozenLake-v1", "4x4", maxEpisodeSteps: 100, rewardThreshold: 0.70),
        FrozenLake("FrozenLake8x8-v1", "8x8", maxEpisodeSteps: 200, rewardThreshold: 0.85),
        Taxi(),
    ];

    private static NativeEnvironmentEntry Blackjack() => NativeEnvironments.Entry(
        new EnvironmentSpec("Blackjack-v1")
        {
            EntryPoint = typeof(Blackjack).FullName,
            Kwargs = new ValueDictionary { ["sab"] = true, ["natural"] = false },
        },
        ToyText.Blackjack.RenderModes,
        [EnvironmentArgument.Flag("natural"), EnvironmentArgument.Flag("sab")],
        arguments => new Blackjack(arguments.Flag("natural"), arguments.Flag("sab"), arguments.RenderMode, arguments.BareSpec),
        drawnAnew: "rgb_array");

    private static NativeEnvironmentEntry CliffWalking(string id, ValueDictionary kwargs) => NativeEnvironments.Entry(
        new EnvironmentSpec(id) { EntryPoint = typeof(CliffWalking).FullName, Kwargs = kwargs },
        ToyText.CliffWalking.RenderModes,
        [EnvironmentArgument.Flag("is_slippery")],
        arguments => new CliffWalking(arguments.Flag("is_slippery"), arguments.RenderMode, arguments.BareSpec),
        drawnAnew: "rgb_array");

    private static NativeEnvironmentEntry FrozenLake(string id, string mapName, int maxEpisodeSteps, double rewardThreshold) => NativeEnvironments.Entry(
        new EnvironmentSpec(id)
        {
            EntryPoint = typeof(FrozenLake).FullName,
            MaxEpisodeSteps = maxEpisodeSteps,
            RewardThreshold = rewardThreshold,
            Kwargs = new ValueDictionary { ["map_name"] = mapName },
        },
        ToyText.FrozenLake.RenderModes,
        FrozenLakeArguments,
        MakeFrozenLake,
        drawnAnew: "rgb_array");

    private static NativeEnvironmentEntry Taxi() => NativeEnvironments.Entry(
        new EnvironmentSpec("Taxi-v4") { EntryPoint = typeof(Taxi).FullName, MaxEpisodeSteps = 200, RewardThreshold = 8 },
        ToyText.Taxi.RenderModes,
        [
            EnvironmentArgument.Flag("is_rainy"),
            EnvironmentArgument.Flag("fickle_passenger"),
            EnvironmentArgument.Number("rainy_probability"),
            EnvironmentArgument.Number("fickle_probability"),
        ],
        arguments => new Taxi(
            arguments.Flag("is_rainy"),
            arguments.Flag("fickle_passenger"),
            arguments.Find("rainy_probability"),
            arguments.Find("fickle_probability"),
            arguments.RenderMode,
            arguments.BareSpec),
        drawnAnew: "rgb_array");

    private static FrozenLake MakeFrozenLake(MakeArguments arguments)
    {
        var isSlippery = arguments.Find("is_slippery") is not { } flag || flag.AsBool();
        var schedule = arguments.Find("reward_schedule") is { } given ? given.AsItems() : [];
        return new FrozenLake(
            MapOf(arguments),
            isSlippery,
            arguments.Find("success_rate"),
            schedule is [var goal, var hole, var frozen] ? (goal, hole, frozen) : null,
            arguments.RenderMode,
            arguments.BareSpec);
    }

    private static FrozenLakeMap MapOf(MakeArguments arguments)
    {
        if (arguments.Find("desc") is { IsNone: false } desc)
            return FrozenLakeMap.TryRead(desc)!;
        if (arguments.Find("map_name") is not { IsNone: false } name)
            return FrozenLakeMap.GenerateRandom();
        return name.AsString() == "4x4" ? FrozenLakeMap.Small : FrozenLakeMap.Large;
    }

    private static bool IsRewardSchedule(Value value)
    {
        if (value.Kind is not (ValueKind.List or ValueKind.Tuple) || value.AsItems().Length != 3)
            return false;
        foreach (var reward in value.AsItems())
        {
            if (!EnvironmentArgument.IsNumber(reward))
                return false;
        }
        return true;
    }
}
