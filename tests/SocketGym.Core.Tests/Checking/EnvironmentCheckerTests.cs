using SocketGym.Core.Checking;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Tests.Environments;
using SocketGym.Core.Values;
using Dict = SocketGym.Core.Spaces.Dict;
using Tuple = SocketGym.Core.Spaces.Tuple;

namespace SocketGym.Core.Tests.Checking;

public sealed class EnvironmentCheckerTests
{
    private static readonly NDArray Buffer = NDArray.Of([0f]);

    public static TheoryData<Rule, Severity, string, Func<Scripted>> Mistakes => new()
    {
        { Rule.SpaceMissing, Severity.Error, "action space is null", () => new() { Actions = () => null } },
        { Rule.SpaceMissing, Severity.Error, "observation space is null", () => new() { Observations = () => null } },
        { Rule.SpaceChanges, Severity.Error, "another object", () => new() { Actions = () => new Discrete(3) } },
        { Rule.EmptySpace, Severity.Error, "empty Tuple", () => new() { Actions = Once(new Tuple([])) } },
        { Rule.EmptySpace, Severity.Error, "empty Dict", () => new() { Actions = Once(new Dict([new("a", new Dict([]))])) } },
        { Rule.EqualBounds, Severity.Warning, "equal", () => new() { Actions = Once(new Box(NDArray.Of([-1f, 0f]), NDArray.Of([1f, 0f]))) } },
        { Rule.InfiniteBounds, Severity.Warning, "infinite", () => new() { Observations = Once(new Box(double.NegativeInfinity, 1, [1])) } },
        { Rule.ActionsNotNormalized, Severity.Warning, "Box(-2.0, 2.0", () => new() { Actions = Once(new Box(-2, 2, [1])) } },
        { Rule.CallFails, Severity.Error, "Reset() throws ArithmeticException: broken", () => new() { OnReset = (_, _) => throw new ArithmeticException("broken") } },
        { Rule.CallFails, Severity.Error, "Reset(seed: 123)", FailTheSecondReset },
        { Rule.CallFails, Severity.Error, "Reset(options: {})", () => new() { OnReset = (_, options) => options is null ? null : throw new ArgumentException("no options") } },
        { Rule.CallFails, Severity.Error, "Step() throws", () => new() { OnStep = (_, _) => throw new InvalidOperationException("broken") } },
        { Rule.CallFails, Severity.Error, "Render() in the mode", () => new() { RenderMode = "ansi", Metadata = Modes("ansi"), OnRender = () => throw new NotSupportedException("no") } },
        { Rule.ObservationType, Severity.Error, "numpy.ndarray", () => new() { Observe = (_, position) => NDArray.Of([(double)position]) } },
        { Rule.ObservationType, Severity.Error, "Return an array of float32", () => new() { Observe = (_, position) => Value.List(position) } },
        { Rule.ObservationType, Severity.Error, "Return an int", () => new() { Observations = Once(new Discrete(5)), Observe = (_, _) => 1.0 } },
        { Rule.ObservationType, Severity.Error, "Return a tuple of 2", () => new() { Observations = Once(new Tuple([new Discrete(5), new Discrete(5)])), Observe = (_, _) => Value.Tuple(1) } },
        { Rule.ObservationType, Severity.Error, "keys 'a'", () => new() { Observations = Once(new Dict([new("a", new Discrete(5))])), Observe = (_, _) => new ValueDictionary { ["b"] = 1 } } },
        { Rule.ObservationType, Severity.Error, "Return an array.", () => new() { Observations = Once(new MultiBinary(2)), Observe = (_, _) => Value.List(0, 1) } },
        { Rule.ObservationOutOfSpace, Severity.Error, "of reset", () => new() { Observe = (_, position) => NDArray.Of([position + 2]) } },
        { Rule.ObservationOutOfSpace, Severity.Error, "of step", () => new() { OnStep = (step, _) => step with { Observation = NDArray.Of([1.5f]) } } },
        { Rule.ObservationOutOfSpace, Severity.Error, "shape=(2)", () => new() { Observe = (_, position) => NDArray.Of([position, position]) } },
        { Rule.InfoType, Severity.Error, "of reset is None", () => new() { OnReset = (self, _) => new ResetResult(self.Observe(self, 0), Value.None) } },
        { Rule.InfoType, Severity.Error, "of step is 'x'", () => new() { OnStep = (step, _) => step with { Info = "x" } } },
        { Rule.NotReproducible, Severity.Error, "reset(seed=123)", () => new() { Observe = (_, _) => NDArray.Of([(float)System.Random.Shared.NextDouble()]) } },
        { Rule.NotReproducible, Severity.Error, "step(", () => new() { OnStep = (step, _) => step with { Reward = System.Random.Shared.NextDouble() } } },
        { Rule.AliasedObservation, Severity.Error, "a caller writes", ReturnItsState },
        { Rule.ActionRefused, Severity.Error, "refuses an action", () => new() { OnStep = (step, action) => action.ToDouble() < 2 ? step : throw new SocketGymException(ErrorCode.InvalidAction, "2") } },
        { Rule.RewardType, Severity.Error, "'much'", () => new() { OnStep = (step, _) => step with { Reward = "much" } } },
        { Rule.RewardType, Severity.Error, "True", () => new() { OnStep = (step, _) => step with { Reward = true } } },
        { Rule.RewardNotFinite, Severity.Warning, "nan", () => new() { OnStep = (step, _) => step with { Reward = double.NaN } } },
        { Rule.FlagType, Severity.Error, "terminated is 0 (int)", () => new() { OnStep = (step, _) => step with { Terminated = 0 } } },
        { Rule.FlagType, Severity.Error, "truncated is None", () => new() { OnStep = (step, _) => step with { Truncated = Value.None } } },
        { Rule.TruncatedAtOnce, Severity.Error, "first step", () => new() { OnStep = (step, _) => step with { Truncated = true } } },
        { Rule.RenderMetadata, Severity.Warning, "no 'render_modes'", () => new() { Metadata = [] } },
        { Rule.RenderMetadata, Severity.Warning, "is 'ansi'", () => new() { Metadata = new() { ["render_modes"] = "ansi" } } },
        { Rule.RenderMetadata, Severity.Warning, "'render_fps' is None", () => new() { Metadata = new() { ["render_modes"] = Value.List("ansi") } } },
        { Rule.RenderMetadata, Severity.Warning, "'render_fps' is 0", () => new() { Metadata = new() { ["render_modes"] = Value.List("ansi"), ["render_fps"] = 0 } } },
        { Rule.RenderModeUndeclared, Severity.Error, "'rgb_array'", () => new() { RenderMode = "rgb_array", Metadata = Modes("ansi"), OnRender = () => new NDArray(DType.UInt8, 1, 1, 3) } },
        { Rule.RenderType, Severity.Error, "float32", () => Rendering("rgb_array", new NDArray(DType.Float32, 2, 2, 3)) },
        { Rule.RenderType, Severity.Error, "(2, 2)", () => Rendering("rgb_array", new NDArray(DType.UInt8, 2, 2)) },
        { Rule.RenderType, Severity.Error, "(2, 2, 4)", () => Rendering("rgb_array", new NDArray(DType.UInt8, 2, 2, 4)) },
        { Rule.RenderType, Severity.Error, "None", () => Rendering("ansi", Value.None) },
        { Rule.RenderType, Severity.Error, "'deep'", () => Rendering("depth_array", "deep") },
        { Rule.RenderType, Severity.Error, "Return a list", () => Rendering("rgb_array_list", new NDArray(DType.UInt8, 2, 2, 3)) },
        { Rule.RenderType, Severity.Error, "Return an array of uint8", () => Rendering("rgb_array_list", Value.List("x")) },
        { Rule.RenderType, Severity.Error, "Return None", () => Rendering("human", "x") },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_found_and_nothing_else(Rule rule, Severity severity, string text, Func<Scripted> make)
    {
        var findings = EnvironmentChecker.Check(make());
        Assert.All(findings, finding => Assert.Equal((rule, severity), (finding.Rule, finding.Severity)));
        Assert.Contains(findings, finding => finding.ToString().Contains(text, StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.EndsWith(".", finding.Advice, StringComparison.Ordinal));
        if (severity == Severity.Error)
            Assert.Equal(findings, Assert.Throws<InvalidEnvironmentException>(findings.ThrowIfInvalid).Findings);
        else
            findings.ThrowIfInvalid();
    }

    public static TheoryData<Rule, string, Func<Scripted>> MistakesOfRegistered => new()
    {
        { Rule.AliasedObservation, "Another environment changed", () => new() { Observe = (_, position) => WriteShared(position) } },
        { Rule.CallFails, "A second Close() throws", CloseOnce },
        { Rule.CallFails, "with render_mode='ansi'", () => new() { Metadata = Modes("ansi") } },
    };

    [Theory]
    [MemberData(nameof(MistakesOfRegistered))]
    public void A_registered_environment_is_checked_beside_another_and_to_its_end(Rule rule, string text, Func<Scripted> make)
    {
        var finding = Assert.Single(EnvironmentChecker.Check(new EnvironmentRegistry().Add("Scripted-v0", make), "Scripted-v0"));
        Assert.Equal(rule, finding.Rule);
        Assert.Contains(text, finding.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rule_has_a_mistake() => Assert.Equal(
        Enum.GetValues<Rule>(), Mistakes.Select(row => (Rule)row[0]).Distinct().Order());

    [Fact]
    public void Nothing_is_wrong_with_what_is_right()
    {
        Assert.Empty(EnvironmentChecker.Check(new Scripted()));
        Assert.Empty(EnvironmentChecker.Check(new Scripted { Spec = new("Noise-v0") { Nondeterministic = true }, Observe = (_, _) => NDArray.Of([(float)System.Random.Shared.NextDouble()]) }));
        Assert.Empty(EnvironmentChecker.Check(new Thermostat("ansi")));
        Assert.Empty(EnvironmentChecker.Check(new IntegerEcho(new Discrete(3, 1))));
        Assert.Empty(EnvironmentChecker.Check(new ArrayEcho<float>(new Box(-1, 1, [2]))));
        Assert.Empty(EnvironmentChecker.Check(new EnvironmentRegistry().Add("Thermostat-v0", arguments => new Thermostat(arguments.RenderMode), maxEpisodeSteps: 5), "Thermostat-v0"));
        Array.Empty<Finding>().ThrowIfInvalid();
    }

    [Fact]
    public void An_environment_that_cannot_be_made_is_a_finding()
    {
        var registry = new EnvironmentRegistry().Add("Broken-v0", () => throw new InvalidOperationException("no licence"));
        Assert.Contains("no licence", Assert.Single(EnvironmentChecker.Check(registry, "Broken-v0")).Problem, StringComparison.Ordinal);
    }

    private static Func<Space> Once(Space space) => () => space;

    private static ValueDictionary Modes(string mode) => new() { ["render_modes"] = Value.List(mode), ["render_fps"] = 4 };

    private static Scripted Rendering(string mode, Value frame) => new() { RenderMode = mode, Metadata = Modes(mode), OnRender = () => frame };

    // The mistake that Python's environments make most: return self.state.
    private static Scripted ReturnItsState()
    {
        var state = NDArray.Of([0f]);
        return new()
        {
            OnReset = (self, _) =>
            {
                state.AsSpan<float>()[0] = (float)self.Random.Uniform(-0.5, 0.5);
                return new ResetResult(state, ValueDictionary.Empty);
            },
            OnStep = (step, _) =>
            {
                ref var position = ref state.AsSpan<float>()[0];
                position = Math.Clamp(position + 0.01f, -1, 1);
                return step with { Observation = state, Reward = 0.0 };
            },
        };
    }

    private static NDArray WriteShared(float position)
    {
        Buffer.AsSpan<float>()[0] = position;
        return Buffer;
    }

    private static Scripted CloseOnce()
    {
        var closed = false;
        return new()
        {
            OnClose = () =>
            {
                ObjectDisposedException.ThrowIf(closed, typeof(Scripted));
                closed = true;
            },
        };
    }

    private static Scripted FailTheSecondReset()
    {
        var resets = 0;
        return new() { OnReset = (_, _) => resets++ == 0 ? null : throw new InvalidOperationException("broken") };
    }
}
