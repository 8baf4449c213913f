using System.Globalization;

namespace SocketGym.Examples.CSharpLearning;

/// <summary>What the command line chooses.</summary>
internal sealed record Options
{
    public const string Usage = "usage: csharp-learning [--address ADDRESS] [--id ID] [--seed N] [--generations N] [--episodes N] [--out FOLDER]";

    /// <summary>Where a server is; null for an environment in this process.</summary>
    public string? Address { get; init; }

    public string Id { get; init; } = "CartPole-v1";

    public int Seed { get; init; } = 1;

    public int Generations { get; init; } = 50;

    /// <summary>How many new episodes judge the policy in the end.</summary>
    public int Episodes { get; init; } = 100;

    public string Out { get; init; } = ".";

    public static Options Parse(string[] arguments)
    {
        var options = new Options();
        for (var index = 0; index + 1 < arguments.Length; index += 2)
        {
            var value = arguments[index + 1];
            options = arguments[index] switch
            {
                "--address" => options with { Address = value },
                "--id" => options with { Id = value },
                "--seed" => options with { Seed = Number(value) },
                "--generations" => options with { Generations = Number(value) },
                "--episodes" => options with { Episodes = Number(value) },
                "--out" => options with { Out = value },
                _ => throw new FormatException($"'{arguments[index]}' is no option. {Usage}"),
            };
        }
        return arguments.Length % 2 == 0 ? options : throw new FormatException($"'{arguments[^1]}' lacks its value. {Usage}");
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
