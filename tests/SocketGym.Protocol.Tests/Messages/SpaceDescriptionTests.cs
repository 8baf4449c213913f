using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Tests.MessagePack;
using SocketGym.Protocol.Tests.Vectors;

namespace SocketGym.Protocol.Tests.Messages;

public class SpaceDescriptionTests
{
    private static readonly Value[] OtherKinds = [Value.None, true, -1, 1.5, "x", Value.List(), Value.Tuple(), new ValueDictionary(), new NDArray(DType.Complex64, 2)];

    public static TheoryData<VectorCase> Spaces => VectorCase.All("messagepack/spaces.json");

    [Theory]
    [MemberData(nameof(Spaces))]
    public void A_space_of_Gymnasium_keeps_its_description(VectorCase vector)
    {
        var description = VectorValue.Parse(vector.Json.GetProperty("description"));

        var space = SpaceDescription.FromValue(description);

        Assert.Equal(description.AsDict()["type"].AsString(), space.TypeName);
        Assert.Equal(description, SpaceDescription.ToValue(space));
        Assert.Equal(vector.Json.GetProperty("hex").GetString(), Convert.ToHexStringLower(Payload.Encode(SpaceDescription.ToValue(space))));
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void A_description_that_lacks_an_entry_is_malformed(VectorCase vector)
    {
        var description = VectorValue.Parse(vector.Json.GetProperty("description")).AsDict();
        foreach (var (missing, _) in description)
        {
            var rest = new ValueDictionary();
            foreach (var (key, value) in description)
            {
                if (key != missing)
                    rest.Add(key, value);
            }
            Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => SpaceDescription.FromValue(rest)).Code);
        }
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void A_description_with_an_entry_of_another_kind_is_refused_or_means_something_else(VectorCase vector)
    {
        var description = VectorValue.Parse(vector.Json.GetProperty("description")).AsDict();
        foreach (var (changed, original) in description)
        {
            foreach (var other in OtherKinds)
            {
                var wrong = new ValueDictionary();
                foreach (var (key, value) in description)
                    wrong.Add(key, key == changed ? other : value);
                // No other exception may come out, and what is taken is what was sent.
                try
                {
                    Assert.Equal(wrong, SpaceDescription.ToValue(SpaceDescription.FromValue(wrong)));
                    Assert.True(other.Kind == original.Kind || (changed, other.IsNone) == ("edge_space", true) || other.Kind == ValueKind.List);
                }
                catch (SocketGymException error)
                {
                    Assert.Contains(error.Code, (ErrorCode[])[ErrorCode.MalformedMessage, ErrorCode.UnsupportedSpace]);
                }
            }
        }
    }

    [Fact]
    public void What_a_space_refuses_is_malformed()
    {
        AssertMalformed(new() { ["type"] = "Discrete", ["n"] = 0, ["start"] = 0, ["dtype"] = "<i8" });
        AssertMalformed(new() { ["type"] = "Discrete", ["n"] = 2, ["start"] = 0, ["dtype"] = "<f4" });
        AssertMalformed(new() { ["type"] = "Discrete", ["n"] = 2, ["start"] = 0, ["dtype"] = "|O" });
        AssertMalformed(new() { ["type"] = "MultiDiscrete", ["nvec"] = new NDArray(DType.Float32, 2), ["start"] = new NDArray(DType.Float32, 2) });
        AssertMalformed(new() { ["type"] = "MultiDiscrete", ["nvec"] = new NDArray(DType.Int64, 2), ["start"] = new NDArray(DType.Int64, 3) });
        AssertMalformed(new() { ["type"] = "MultiBinary", ["n"] = -1 });
        AssertMalformed(new() { ["type"] = "MultiBinary", ["n"] = 1L << 31 });
        AssertMalformed(new() { ["type"] = "MultiBinary", ["n"] = Value.List(2, 0) });
        AssertMalformed(new() { ["type"] = "Text", ["min_length"] = 3, ["max_length"] = 2, ["charset"] = "a" });
        AssertMalformed(new() { ["type"] = "OneOf", ["spaces"] = Value.List() });
        AssertMalformed(new() { ["type"] = "Dict", ["spaces"] = Value.List(Value.List("key")) });
        var text = SpaceDescription.ToValue(new Text(1));
        AssertMalformed(new() { ["type"] = "Graph", ["node_space"] = text, ["edge_space"] = Value.None });
        AssertMalformed(BoxWith(low: new NDArray(DType.Float32, 3)));
        AssertMalformed(BoxWith(low: new NDArray(DType.Complex64, 2)));
        AssertMalformed(BoxWith(flags: new NDArray(DType.Bool, 3)));
        AssertMalformed(BoxWith(flags: new NDArray(DType.UInt8, 2)));
    }

    [Fact]
    public void Another_type_of_space_is_unsupported()
    {
        var error = Assert.Throws<SocketGymException>(() => SpaceDescription.FromValue(new ValueDictionary { ["type"] = "Simplex" }));

        Assert.Equal(ErrorCode.UnsupportedSpace, error.Code);
        Assert.Contains("Simplex", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.UnsupportedSpace, Assert.Throws<SocketGymException>(() => SpaceDescription.ToValue(new Simplex())).Code);
    }

    [Fact]
    public void Spaces_nested_too_deep_are_refused_in_both_directions()
    {
        Space space = new Discrete(2);
        Value description = SpaceDescription.ToValue(space);
        for (var depth = 0; depth < 64; depth++)
        {
            space = new Sequence(space);
            description = new ValueDictionary { ["type"] = "Sequence", ["space"] = description, ["stack"] = false };
        }

        Assert.Equal(ErrorCode.NestingTooDeep, Assert.Throws<SocketGymException>(() => SpaceDescription.ToValue(space)).Code);
        Assert.Equal(ErrorCode.NestingTooDeep, Assert.Throws<SocketGymException>(() => SpaceDescription.FromValue(description)).Code);
    }

    private static ValueDictionary BoxWith(NDArray? low = null, NDArray? flags = null) => new()
    {
        ["type"] = "Box",
        ["low"] = low ?? new NDArray(DType.Float32, 2),
        ["high"] = new NDArray(low?.DType ?? DType.Float32, 2),
        ["bounded_below"] = flags ?? new NDArray(DType.Bool, 2),
        ["bounded_above"] = new NDArray(DType.Bool, 2),
    };

    private static void AssertMalformed(ValueDictionary description) =>
        Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => SpaceDescription.FromValue(description)).Code);

    private sealed class Simplex : Space
    {
        public override System.Collections.Immutable.ImmutableArray<int>? Shape => null;

        public override DType? DType => null;

        public override bool Contains(Value value) => false;

        protected override Value Draw(Value mask, Value probability) => Value.None;
    }
}
