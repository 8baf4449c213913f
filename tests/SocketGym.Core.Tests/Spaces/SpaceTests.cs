using System.Text;
using System.Text.Json;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Tests.Spaces;

public class SpaceTests
{
    [Fact]
    public void Text_is_Gymnasiums()
    {
        foreach (var item in Cases())
            Assert.Equal(item.Text("repr"), SpaceVectors.ReadSpace(item.GetProperty("space")).ToString());
        foreach (var item in Vectors.Read("spaces/text_*.json"))
            Assert.Equal(item[1].GetString(), SpaceVectors.ReadSpace(item[0]).ToString());
    }

    [Fact]
    public void Seeds_and_samples_are_Gymnasiums()
    {
        foreach (var item in Cases())
        {
            var space = SpaceVectors.ReadSpace(item.GetProperty("space"));
            AssertSame(item.GetProperty("used"), space.Seed(SpaceVectors.ReadValue(item.GetProperty("seed"))), item);
            foreach (var draw in item.GetProperty("draws").EnumerateArray())
            {
                if (draw.TryGetProperty("result", out var expected))
                    AssertSame(expected, Sample(space, draw), draw, item);
                else
                    AssertRefused(space, draw, item);
            }
        }
    }

    [Fact]
    public void Values_are_judged_as_Gymnasium_does()
    {
        var probes = Vectors.Read("spaces/probes.json").Select(item => (Json: item.ToString(), Value: SpaceVectors.ReadValue(item))).ToArray();
        var wrong = new StringBuilder();
        foreach (var item in Cases())
        {
            var space = SpaceVectors.ReadSpace(item.GetProperty("space"));
            var expected = SpaceVectors.Flags(item.GetProperty("contains"));
            Assert.Equal(probes.Length, expected.Length);
            foreach (var (probe, answer) in probes.Zip(expected))
                Check(space, probe.Value, answer, probe.Json);
            foreach (var similar in item.GetProperty("similar").EnumerateArray())
                Check(space, SpaceVectors.ReadValue(similar[0]), similar[1].GetBoolean(), similar[0].ToString());
        }
        Assert.True(wrong.Length == 0, wrong.ToString());

        void Check(Space space, Value value, bool expected, string json)
        {
            if (space.Contains(value) != expected)
                wrong.AppendLine($"{space}: {json} should be {expected}.");
        }
    }

    [Fact]
    public void Spaces_equal_only_those_made_alike()
    {
        var spaces = Cases().Select(item => (Json: item.GetProperty("space").ToString(), Space: SpaceVectors.ReadSpace(item.GetProperty("space"))))
            .DistinctBy(entry => entry.Json).ToArray();
        for (var left = 0; left < spaces.Length; left++)
        {
            using var document = JsonDocument.Parse(spaces[left].Json);
            var again = SpaceVectors.ReadSpace(document.RootElement);
            Assert.Equal(spaces[left].Space, again);
            Assert.Equal(spaces[left].Space.GetHashCode(), again.GetHashCode());
        }
        Assert.Equal(new Box(0, 1, [2]), new Box(NDArray.Of([0f, 1e-9f]), NDArray.Of([1f, 1.000001f])));
        Assert.NotEqual<Space>(new Box(0, 1, [2]), new Box(0, 1.001, [2]));
        Assert.NotEqual<Space>(new Box(0, 1, [2]), new Box(0, 1, [2], DType.Float64));
        Assert.NotEqual<Space>(new Box(0, 1, [2]), new Box(0, double.PositiveInfinity, [2]));
        Assert.NotEqual<Space>(new MultiBinary(2), new MultiBinary([2]));
        Assert.NotEqual<Space>(new Discrete(2), new Discrete(2, 1));
        Assert.NotEqual<Space>(new Sequence(new Discrete(2)), new Sequence(new Discrete(2), stack: true));
        Assert.Equal(new Text(3, 1, "abc"), new Text(3, 1, "cba"));
    }

    [Fact]
    public void A_space_without_a_seed_samples_elements_of_its_own()
    {
        foreach (var item in Vectors.Read("spaces/cases_random.json"))
        {
            var space = SpaceVectors.ReadSpace(item.GetProperty("space"));
            var original = SpaceVectors.ReadSpace(item.GetProperty("space"));
            var used = space.Seed();
            var element = space.Sample();
            original.Seed(used);
            Assert.Equal(original.Sample(), element);
        }
    }

    [Fact]
    public void A_box_from_two_numbers_is_Gymnasiums_or_refused_as_there()
    {
        foreach (var item in Vectors.Read("spaces/scalar_box.json"))
        {
            var (low, high) = (SpaceVectors.ReadValue(item[0]).AsDouble(), SpaceVectors.ReadValue(item[1]).AsDouble());
            var type = DType.Parse(item[2].GetString()!);
            if (item[3].ValueKind == JsonValueKind.Null)
            {
                Assert.ThrowsAny<ArgumentException>(() => new Box(low, high, [2], type));
                continue;
            }
            var expected = (Box)SpaceVectors.ReadSpace(item[3]);
            var box = new Box(low, high, [2], type);
            Assert.Equal(expected.Low, box.Low);
            Assert.Equal(expected.High, box.High);
            Assert.Equal(expected.BoundedBelow.ToArray(), box.BoundedBelow.ToArray());
            Assert.Equal(expected.BoundedAbove.ToArray(), box.BoundedAbove.ToArray());
        }
    }

    public static TheoryData<string, Func<object>> Refusals => new()
    {
        { "n is 0;", () => new Discrete(0) },
        { "n is 200; int8 holds -128 to 127", () => new Discrete(200, dtype: DType.Int8) },
        { "start is -1; uint8 holds 0 to 255", () => new Discrete(2, -1, DType.UInt8) },
        { "The dtype is float32", () => new Discrete(2, dtype: DType.Float32) },
        { "The shape is (2, 0)", () => new MultiBinary([2, 0]) },
        { "nvec is [2 0]", () => new MultiDiscrete(NDArray.Of<long>([2, 0])) },
        { "needs an integer dtype", () => new MultiDiscrete(NDArray.Of<float>([2])) },
        { "the same shape and dtype", () => new MultiDiscrete(NDArray.Of<long>([2, 2]), NDArray.Of<long>([0])) },
        { "low is [0. 2.] and high is 1.0", () => new Box(NDArray.Of<float>([0, 2]), NDArray.Of<float>([1, 1])) },
        { "A bound in low is NaN", () => new Box(NDArray.Of([float.NaN]), NDArray.Of([1f])) },
        { "needs the same shape and dtype", () => new Box(NDArray.Of([0f]), NDArray.Of([1.0])) },
        { "The dtype is complex64", () => new Box(new NDArray(DType.Complex64, 1), new NDArray(DType.Complex64, 1)) },
        { "There are 1 and 2 flags for 2 elements", () => new Box(NDArray.Of<float>([0, 0]), NDArray.Of<float>([1, 1]), [true]) },
        { "low is -1; uint8 holds 0 to 255", () => new Box(-1, 1, [2], DType.UInt8) },
        { "min_length is 3 and max_length is 2", () => new Text(2, 3) },
        { "at least one space", () => new OneOf() },
        { "A space is null", () => new Core.Spaces.Tuple([null!]) },
        { "The key 'a' comes twice", () => new Core.Spaces.Dict(new("a", new Discrete(2)), new("a", new Discrete(3))) },
        { "The node space is Text", () => new Graph(new Text(2), null) },
        { "The edge space is MultiBinary", () => new Graph(new Discrete(2), new MultiBinary(2)) },
        { "The seed is -1", () => new Discrete(2).Seed(-1) },
        { "The seed is float 1.5; Discrete takes an int or None", () => new Discrete(2).Seed(1.5) },
        { "Tuple takes an int, None, or a tuple or list of 1 seeds", () => new Core.Spaces.Tuple(new Discrete(2)).Seed(Value.Tuple(1, 2)) },
        { "with the keys 'a'", () => new Core.Spaces.Dict(new KeyValuePair<Value, Space>("a", new Discrete(2))).Seed(new ValueDictionary { ["b"] = 1 }) },
        { "a Box takes neither", () => new Box(0, 1, [1]).Sample(NDArray.Of<sbyte>([1])) },
        { "give only one of them", () => new Discrete(1).Sample(NDArray.Of<sbyte>([1]), NDArray.Of<double>([1])) },
        { "A value of the mask is 2; it must be from 0 to 1", () => new Discrete(1).Sample(NDArray.Of<sbyte>([2])) },
        { "must be an array of int8 with shape (1)", () => new Discrete(1).Sample(NDArray.Of<sbyte>([1, 1])) },
        { "A probability is 2;", () => new Discrete(1).Sample(default, NDArray.Of<double>([2])) },
        { "The probabilities have sum 0.5", () => new Discrete(1).Sample(default, NDArray.Of([0.5])) },
        { "num_nodes is 0", () => new Graph(new Discrete(2), null).Sample(default, default, 0) },
        { "num_edges is -1", () => new Graph(new Discrete(2), null).Sample(default, default, 1, -1) },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_is_refused_is_named_with_its_value(string message, Func<object> call)
    {
        var exception = Assert.ThrowsAny<ArgumentException>(call);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_float128_box_travels_but_neither_judges_nor_samples()
    {
        var type = DType.Parse("<f16");
        var box = new Box(new NDArray(type, 1), new NDArray(type, 1));

        Assert.Equal(box, new Box(box.Low, box.High));
        Assert.Throws<NotSupportedException>(() => box.Contains(0.0));
        Assert.Throws<NotSupportedException>(() => box.Sample());
    }

    [Fact]
    public void Rows_that_a_peer_declares_without_sending_any_are_not_made()
    {
        Value rows = new NDArray(DType.Float32, int.MaxValue, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(new Sequence(new Box(0, 1, [0]), stack: true).Contains(rows));
        Assert.False(new Graph(new Box(0, 1, [0]), null).Contains(Value.FromGraph(new GraphInstance(rows, default, default))));
        Assert.False(new Core.Spaces.Tuple(new Box(0, 1, [0])).Contains(rows));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Judging_what_a_step_takes_allocates_nothing()
    {
        var (box, discrete, choices) = (new Box(-1, 1, [4]), new Discrete(3), new MultiDiscrete(NDArray.Of<long>([2, 3])));
        Value observation = NDArray.Of<float>([0, 0.5f, 1, -1]);
        Value action = NDArray.Of<long>([1, 2]);
        Assert.True(JudgeAll());
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var round = 0; round < 1000; round++)
            JudgeAll();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        bool JudgeAll() => box.Contains(observation) && discrete.Contains(2) && discrete.Contains(Value.Scalar(1L)) && choices.Contains(action);
    }

    private static IEnumerable<JsonElement> Cases() => Vectors.Read("spaces/cases_*.json");

    private static Value Sample(Space space, JsonElement draw)
    {
        var mask = Part("mask");
        var probability = Part("probability");
        if (space is not Graph graph || !draw.TryGetProperty("num_nodes", out var nodes))
            return space.Sample(mask, probability);
        return graph.Sample(mask, probability, nodes.GetInt32(), draw.TryGetProperty("num_edges", out var edges) ? edges.GetInt32() : null);

        Value Part(string name) => draw.TryGetProperty(name, out var part) ? SpaceVectors.ReadValue(part) : Value.None;
    }

    private static void AssertRefused(Space space, JsonElement draw, JsonElement item)
    {
        try
        {
            Assert.Fail($"{item.Text("repr")}: {draw} gave {Sample(space, draw)}.");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            Assert.NotEmpty(exception.Message);
        }
    }

    private static void AssertSame(JsonElement expected, Value actual, JsonElement draw, JsonElement item) =>
        Assert.True(SpaceVectors.ReadValue(expected) == actual, $"{item.Text("repr")}, seed {item.GetProperty("seed")}: {draw} gave {actual}.");

    private static void AssertSame(JsonElement expected, Value actual, JsonElement item) =>
        Assert.True(SpaceVectors.ReadValue(expected) == actual, $"{item.Text("repr")}: seed {item.GetProperty("seed")} gave {actual} instead of {expected}.");
}
