using System.Numerics;
using System.Text.Json;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Environments.Tests;

public sealed class VectorTests
{
    private static readonly EnvironmentRegistry Registry = NativeEnvironments.CreateRegistry();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_step_gives_what_SyncVectorEnv_gave(bool isMadeByRegistry)
    {
        foreach (var vector in Vectors.Read("environments/vectors.json"))
        {
            var mode = Enum.Parse<AutoresetMode>(vector.Text("mode"), ignoreCase: true);
            var place = $"{vector.Text("id")}, {mode}";
            using var environments = isMadeByRegistry
                ? Registry.MakeVector(vector.Text("id"), vector.Dictionary("kwargs") ?? [], new(vector.GetProperty("count").GetInt32(), mode))
                : Make(vector.Text("id"), vector.GetProperty("count").GetInt32(), mode, vector.Dictionary("kwargs"));
            Assert.Equal(vector.Text("observation_space"), environments.ObservationSpace.ToString());
            Assert.Equal(vector.Text("action_space"), environments.ActionSpace.ToString());
            environments.ActionSpace.Seed(5);
            CheckReset(vector.GetProperty("reset"), environments.Reset(11), place);
            var index = 0;
            foreach (var step in vector.GetProperty("steps").EnumerateArray())
            {
                var where = $"{place}, step {index++}";
                var actions = environments.ActionSpace.Sample();
                Equal(step.Value("actions"), actions, where);
                var result = environments.Step(actions);
                Equal(step.Value("observations"), result.Observations, where);
                Equal(step.Value("rewards"), result.Rewards, where);
                Equal(step.Value("terminations"), result.Terminations, where);
                Equal(step.Value("truncations"), result.Truncations, where);
                CheckInfos(step, result.Infos, where);
                if (step.TryGetProperty("mask", out _))
                    CheckReset(step.GetProperty("reset"), environments.Reset(options: new ValueDictionary { ["reset_mask"] = step.Value("mask") }), where);
            }
        }
    }

    [Fact]
    public void A_batch_that_does_not_fit_is_refused_before_any_step()
    {
        using var environments = Make("CartPole-v1", 2);
        using var same = Make("CartPole-v1", 2);
        environments.Reset(1);
        same.Reset(1);

        foreach (var actions in (Value[])[1, Value.List(1), NDArray.Of<long>([0, 1, 1]), NDArray.Of<long>([]), Value.None])
            Assert.Equal(ErrorCode.InvalidAction, Assert.Throws<SocketGymException>(() => environments.Step(actions)).Code);

        Equal(same.Step(NDArray.Of<long>([0, 1])).Observations, environments.Step(Value.List(0, 1)).Observations, "after the refusals");
    }

    [Fact]
    public void Seeds_and_masks_must_fit()
    {
        using var environments = Make("CartPole-v1", 3, AutoresetMode.Disabled, new ValueDictionary { ["max_episode_steps"] = 1 });

        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => environments.Reset((BigInteger?[])[1, 2])).Code);
        environments.Reset((BigInteger?[])[1, null, 3]);
        foreach (var mask in (Value[])[true, NDArray.Of<bool>([true]), NDArray.Of<long>([1, 1, 1]), NDArray.Of<bool>([false, false, false])])
            Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => environments.Reset(options: new ValueDictionary { ["reset_mask"] = mask })).Code);
        environments.Step(NDArray.Of<long>([0, 0, 0]));
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => environments.Step(NDArray.Of<long>([0, 0, 0]))).Code);
    }

    [Fact]
    public void Environments_with_other_spaces_make_no_vector() => Assert.Throws<ArgumentException>(
        () => new VectorEnvironment([Registry.Make("CartPole-v1", []), Registry.Make("Pendulum-v1", [])]));

    [Theory]
    [InlineData("CartPole-v1")]
    [InlineData("MountainCarContinuous-v0")]
    public void A_step_of_a_vector_allocates_nothing(string id)
    {
        using var environments = Make(id, 8);
        environments.Reset(3);
        var actions = environments.ActionSpace.Sample();
        for (var step = 0; step < 100; step++)
            environments.Step(actions);
        Assert.Equal(0, Allocation.Least(Run));

        void Run()
        {
            for (var step = 0; step < 1_000; step++)
                environments.Step(actions);
        }
    }

    private static VectorEnvironment Make(string id, int count, AutoresetMode mode = AutoresetMode.NextStep, ValueDictionary? kwargs = null) =>
        new(Enumerable.Range(0, count).Select(_ => Registry.Make(id, kwargs ?? [])), mode);

    private static void CheckReset(JsonElement expected, VectorResetResult result, string place)
    {
        Equal(expected.Value("observations"), result.Observations, place);
        CheckInfos(expected, result.Infos, place);
    }

    private static void CheckInfos(JsonElement expected, IReadOnlyList<VectorInfo> infos, string place)
    {
        var index = 0;
        foreach (var info in expected.GetProperty("infos").EnumerateArray())
        {
            Assert.True(index < infos.Count, $"{place}: an info is missing");
            Assert.Equal(info[0].GetInt32(), infos[index].Index);
            Equal(DescribedValue.Read(info[1]), infos[index].Info, place);
            index++;
        }
        Assert.Equal(index, infos.Count);
    }

    private static void Equal(Value expected, Value actual, string place) => Assert.True(expected == actual, $"{place}: expected {expected}, not {actual}");
}
