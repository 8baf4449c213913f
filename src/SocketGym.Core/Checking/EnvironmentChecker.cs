using SocketGym.Core.Environments;
using SocketGym.Core.Values;
using SocketGym.Core.Wrappers;

namespace SocketGym.Core.Checking;

/// <summary>Finds what is wrong with an environment and says what to do: Gymnasium's <c>check_env</c>, for environments in C#.</summary>
/// <remarks>
/// <para>
/// It resets and steps the environment a few dozen times with actions of the action space, whose generator it seeds. Where the spec says that the environment is
/// nondeterministic, results are not compared.
/// </para>
/// <para>
/// An environment may use the memory of its observations again in its next call; that is no finding. It is one where anything else reaches that memory: where the
/// environment goes on with what a caller wrote into an observation (it keeps its state there, or returns its state itself), or where another environment writes there
/// (the memory is static). Environments elsewhere, whose arrays a caller must not write to, are spared the first.
/// </para>
/// </remarks>
public static class EnvironmentChecker
{
    private const int Seed = 123;
    private const int OtherSeed = 456;
    private const int Steps = 25;

    /// <summary>Checks an environment, which stays open.</summary>
    /// <param name="environment">The environment, best without wrappers.</param>
    /// <returns>What was found, errors and warnings; empty where all is well.</returns>
    public static IReadOnlyList<Finding> Check(IEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var findings = new Findings();
        if (CheckCalls(environment, findings))
            RenderCheck.Check(environment, findings);
        return findings.List;
    }

    /// <summary>Checks a registered environment: as it is made, in every render mode, beside another one, and closed twice.</summary>
    /// <param name="provider">Such as an <see cref="EnvironmentRegistry"/>.</param>
    /// <param name="id">The id.</param>
    /// <param name="kwargs">The keyword arguments to make it with; null for none.</param>
    /// <returns>What was found, errors and warnings; empty where all is well.</returns>
    public static IReadOnlyList<Finding> Check(IEnvironmentProvider provider, string id, ValueDictionary? kwargs = null)
    {
        ArgumentNullException.ThrowIfNull(provider);
        var findings = new Findings();
        if (!findings.Try($"Making {id}", () => provider.Make(id, kwargs ?? ValueDictionary.Empty), out var environment))
            return findings.List;
        if (CheckCalls(environment, findings))
        {
            CheckBesideAnother(environment, () => provider.Make(id, kwargs ?? ValueDictionary.Empty), findings);
            RenderCheck.Check(environment, findings);
            foreach (var mode in RenderCheck.CheckMetadata(environment, findings) ?? [])
                CheckRenderMode(provider, id, kwargs, mode, findings);
        }
        // To dispose is to close once more.
        if (findings.Try("The first Close()", () => Close(environment), out _) && findings.Try("A second Close()", () => Close(environment), out _))
            environment.Dispose();
        return findings.List;
    }

    /// <summary>Refuses an environment with errors; warnings are no reason.</summary>
    /// <param name="findings">What <see cref="Check(IEnvironment)"/> found.</param>
    /// <exception cref="InvalidEnvironmentException">There is an error among them.</exception>
    public static void ThrowIfInvalid(this IReadOnlyList<Finding> findings)
    {
        if (findings.Any(finding => finding.Severity == Severity.Error))
            throw new InvalidEnvironmentException(findings);
    }

    private static bool CheckCalls(IEnvironment environment, Findings findings)
    {
        if (!SpaceCheck.Check(environment, findings))
            return false;
        var space = environment.ObservationSpace;
        if (!findings.Try("Reset()", () => environment.Reset(), out var start))
            return false;
        ResultCheck.Check(start, space, findings);
        if (!findings.Try($"Reset(seed: {Seed})", () => environment.Reset(Seed), out start))
            return false;
        ResultCheck.Check(start, space, findings);
        // Without the types the comparisons below would fail for no new reason.
        if (!findings.Try("Reset(options: {})", () => environment.Reset(options: []), out _) || findings.HasErrors)
            return !findings.HasErrors;

        environment.ActionSpace.Seed(Seed);
        var episode = new Episode(environment, [.. Enumerable.Range(0, Steps).Select(_ => environment.ActionSpace.Sample())]);
        CheckFirstStep(environment, findings);
        if (!findings.Try("Step()", () => episode.Play(Seed, inspect: step => ResultCheck.Check(step, space, findings)), out var transcript))
            return false;
        if (environment.Spec?.Nondeterministic != true)
            CheckComparisons(environment, episode, transcript, findings);
        return true;
    }

    private static void CheckFirstStep(IEnvironment environment, Findings findings)
    {
        environment.Reset(Seed);
        if (findings.Try("Step()", () => environment.Step(environment.ActionSpace.Sample()), out var step)
            && step.Truncated == true && environment.Spec?.MaxEpisodeSteps != 1)
        {
            findings.Error(Rule.TruncatedAtOnce, "The first step of an episode is truncated.", "Count the steps from 0 in Reset, or leave the limit to the registry's maxEpisodeSteps.");
        }
    }

    private static void CheckComparisons(IEnvironment environment, Episode episode, List<(string Call, Value Result)> transcript, Findings findings)
    {
        var again = episode.Play(Seed);
        if (FindDifference(transcript, again) is { } place)
        {
            findings.Error(
                Rule.NotReproducible,
                $"After reset(seed={Seed}) and the same calls, {transcript[place].Call} returned {transcript[place].Result} the first time and {again[place].Result} the second.",
                "Draw only from the generator that the seed makes, and let Reset set every field.");
            return;
        }
        if (IsElsewhere(environment))
            return;
        var disturbed = episode.Play(Seed, afterEach: Overwrite);
        if (FindDifference(transcript, disturbed) is { } reached)
        {
            findings.Error(
                Rule.AliasedObservation,
                $"What a caller writes into an observation reaches the environment: {transcript[reached].Call} then returned {disturbed[reached].Result} in place of {transcript[reached].Result}.",
                "Keep the state in fields of its own, and copy it into the observation.");
        }
    }

    private static void CheckBesideAnother(IEnvironment environment, Func<IEnvironment> make, Findings findings)
    {
        using var other = make();
        var observation = environment.Reset(Seed).Observation;
        var before = observation.Copy();
        other.Reset(OtherSeed);
        other.Step(other.ActionSpace.Sample());
        if (observation != before)
            findings.Error(Rule.AliasedObservation, $"Another environment changed an observation of this one from {before} to {observation}.", "Make the memory of observations a field of the instance; nothing static may change.");
    }

    private static void CheckRenderMode(IEnvironmentProvider provider, string id, ValueDictionary? kwargs, string mode, Findings findings)
    {
        // A window would open here.
        if (mode == "human")
            return;
        var arguments = new ValueDictionary();
        foreach (var (key, value) in kwargs ?? ValueDictionary.Empty)
            arguments.Add(key, value);
        arguments["render_mode"] = mode;
        if (!findings.Try($"Making {id} with render_mode='{mode}'", () => provider.Make(id, arguments), out var environment))
            return;
        using (environment)
        {
            environment.Reset(Seed);
            RenderCheck.Check(environment, findings);
        }
    }

    private static bool Close(IEnvironment environment)
    {
        environment.Close();
        return true;
    }

    private static bool IsElsewhere(IEnvironment environment) => (environment is EnvironmentWrapper wrapper ? wrapper.Unwrap() : environment) is IInterruptible;

    private static int? FindDifference(List<(string Call, Value Result)> expected, List<(string Call, Value Result)> actual)
    {
        for (var index = 0; index < expected.Count && index < actual.Count; index++)
        {
            if (expected[index].Result != actual[index].Result)
                return index;
        }
        return null;
    }

    private static void Overwrite(Value observation)
    {
        switch (observation.Kind)
        {
            case ValueKind.Array:
                foreach (ref var item in observation.AsArray().Bytes)
                    item ^= 0x5A;
                break;
            case ValueKind.List or ValueKind.Tuple:
                foreach (var item in observation.AsItems())
                    Overwrite(item);
                break;
            case ValueKind.Dict or ValueKind.OrderedDict:
                foreach (var (_, item) in observation.AsDict())
                    Overwrite(item);
                break;
            case ValueKind.Graph:
                Overwrite(observation.AsGraph().Nodes);
                Overwrite(observation.AsGraph().Edges);
                Overwrite(observation.AsGraph().EdgeLinks);
                break;
        }
    }
}
