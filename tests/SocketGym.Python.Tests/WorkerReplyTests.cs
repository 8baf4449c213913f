using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Python.Workers;
using static SocketGym.Python.Tests.PythonForTests;

namespace SocketGym.Python.Tests;

public sealed class WorkerReplyTests
{
    private static readonly ValueDictionary Error = new() { ["code"] = "ResetNeeded", ["message"] = "reset first", ["type"] = "gymnasium.error.ResetNeeded", ["traceback"] = Value.None };

    [Fact]
    public void A_result_is_told_from_an_error()
    {
        Assert.Equal(Value.FromInt(5), WorkerReply.ResultOf(Value.Tuple(true, 5)));

        var error = Fails(ErrorCode.ResetNeeded, () => WorkerReply.ResultOf(Value.Tuple(false, Error)));

        Assert.Equal(("reset first", "gymnasium.error.ResetNeeded", null), (error.Message, error.RemoteType, error.RemoteTraceback));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("NoSuchCode")]
    [InlineData("resetNeeded")]
    public void A_code_that_is_none_is_an_internal_error(string code) =>
        Fails(ErrorCode.InternalError, () => WorkerReply.ResultOf(Value.Tuple(false, new ValueDictionary { ["code"] = code, ["message"] = "" })));

    public static TheoryData<int> Wrong => [.. Enumerable.Range(0, WrongReplies.Length)];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_no_worker_answers_is_invalid(int index) =>
        Assert.Throws<InvalidDataException>(() => WorkerReply.ResultOf(WrongReplies[index]));

    [Fact]
    public void Parts_are_a_tuple_of_their_number()
    {
        Assert.Equal(2, WorkerReply.PartsOf(Value.Tuple(1, 2), 2).Length);
        foreach (var wrong in new[] { Value.None, Value.Tuple(1), Value.Tuple(1, 2, 3), Value.List(1, 2) })
            Assert.Throws<InvalidDataException>(() => { _ = WorkerReply.PartsOf(wrong, 2); });
    }

    private static Value[] WrongReplies =>
    [
        Value.None, 5, Value.Tuple(), Value.Tuple(true), Value.Tuple(1, 5), Value.Tuple(true, 1, 2), Value.List(true, 5), Value.Tuple(false, 5),
        Value.Tuple(false, new ValueDictionary()), Value.Tuple(false, new ValueDictionary { ["code"] = 7, ["message"] = "" }),
    ];
}
