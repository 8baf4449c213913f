using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers;

/// <summary>What a reply of the worker means: <c>(True, result)</c> or <c>(False, error)</c>.</summary>
internal static class WorkerReply
{
    /// <summary>The result of a reply.</summary>
    /// <param name="reply">The reply.</param>
    /// <returns>The result.</returns>
    /// <exception cref="SocketGymException">The reply is an error: that error.</exception>
    public static Value ResultOf(Value reply)
    {
        var items = reply.AsItems();
        return items[0].AsBool() ? items[1] : throw ErrorOf(items[1].AsDict());
    }

    private static SocketGymException ErrorOf(ValueDictionary error) => new(
        Enum.TryParse<ErrorCode>(error["code"].AsString(), out var code) ? code : ErrorCode.InternalError, error["message"].AsString())
    {
        RemoteType = TextOf(error["type"]),
        RemoteTraceback = TextOf(error["traceback"]),
    };

    private static string? TextOf(Value value) => value.IsNone ? null : value.AsString();
}
