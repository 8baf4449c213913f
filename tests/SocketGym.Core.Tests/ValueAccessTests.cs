using SocketGym.Core.Values;

namespace SocketGym.Core.Tests;

public sealed class ValueAccessTests
{
    [Fact]
    public void Entries_items_and_elements_are_reached_in_one_word()
    {
        Value observation = new ValueDictionary { ["position"] = NDArray.Of<float>([1, 2]), ["pair"] = Value.Tuple(7, Value.List("a", "b")) };
        Assert.Equal([1f, 2f], observation["position"].AsSpan<float>());
        Assert.Equal(7, observation["pair"][0].AsInt64());
        Assert.Equal("b", observation["pair"][1][1].AsString());
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Value observation = new ValueDictionary { ["position"] = NDArray.Of<float>([1, 2]) };
        Assert.Contains("position", Assert.Throws<KeyNotFoundException>(() => observation["velocity"]).Message, StringComparison.Ordinal);
        Assert.Contains("2 items", Assert.Throws<ArgumentOutOfRangeException>(() => Value.Tuple(1, 2)[2]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Value.Tuple(1, 2)[-1]);
        Assert.Throws<InvalidOperationException>(() => observation[0]);
        Assert.Throws<InvalidOperationException>(() => Value.Set(1)[0]);
        Assert.Throws<InvalidOperationException>(() => Value.FromInt(1)["position"]);
        Assert.Contains("float32", Assert.Throws<InvalidOperationException>(() => observation["position"].AsSpan<double>().Length).Message, StringComparison.Ordinal);
    }
}
