using SocketGym.Core.Errors;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;
using SocketGym.Environments.ToyText;

namespace SocketGym.Environments.Tests.ToyText;

public sealed class FrozenLakeMapTests
{
    public static TheoryData<Value> RefusedMaps => new()
    {
        Value.List(),
        Value.List("SFG", "SF"),
        Value.List("S", "G"),
        Value.List("S\0", "FG"),
        Value.List("Sé", "FG"),
        Value.List(Value.List("S", "F"), Value.List("F", "G")),
        Value.List(new string('F', FrozenLakeMap.MaxCells + 1)),
        "SFFG",
        NDArray.Of<byte>([1, 2]),
    };

    [Fact]
    public void Random_maps_are_those_of_generate_random_map()
    {
        foreach (var vector in Vectors.Read("environments/native_random_maps.json"))
        {
            var (size, p, seed) = (vector.Int("size"), vector.GetProperty("p").GetDouble(), vector.GetProperty("seed").GetInt64());
            var map = FrozenLakeMap.GenerateRandom(size, p, seed);
            var rows = vector.GetProperty("rows").EnumerateArray().Select(row => row.GetString()!);
            Assert.Equal(string.Concat(rows), string.Concat(Enumerable.Range(0, map.Rows * map.Columns).Select(cell => map[cell])));
        }
    }

    [Fact]
    public void Random_maps_that_may_never_be_found_are_refused()
    {
        Assert.Throws<ArgumentException>(() => FrozenLakeMap.GenerateRandom(1));
        Assert.Throws<ArgumentException>(() => FrozenLakeMap.GenerateRandom(8, 0));
        Assert.Throws<ArgumentException>(() => FrozenLakeMap.GenerateRandom(8, double.NaN));
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => FrozenLakeMap.GenerateRandom(8, 0.8, -1)).Code);
    }

    [Theory]
    [MemberData(nameof(RefusedMaps))]
    public void A_map_beyond_the_native_environment_is_left_to_Python(Value desc)
    {
        var kwargs = new ValueDictionary { ["desc"] = desc };
        Assert.False(NativeEnvironments.CreateRegistry().CanMake("FrozenLake-v1", kwargs));
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => NativeEnvironments.CreateRegistry().Make("FrozenLake-v1", kwargs)).Code);
    }
}
