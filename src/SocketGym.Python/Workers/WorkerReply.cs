using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers;

/// <summary>What a reply of the worker means: <c>(True, result)</c> or <c>(False, error)</c>.</summary>
/// <remarks>The environment's code can write in the worker's place, so that a reply may be anything.</remarks>
internal static class WorkerReply
{
    /// <summary>The result of a reply.</summary>
    /// <param name="reply">The reply.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidDataException">It is no reply.</exception>
    /// <exception cref="SocketGymException">The reply is an error: that error.</exception>
    public static Value ResultOf(Value reply)
    {
        var items = PartsOf(reply, 2);
        if (items[0].Kind != ValueKind.Bool)
            throw new InvalidDataException($"It answered {reply}.");
        return items[0].AsBool() ? items[1] : throw ErrorOf(items[1]);
    }

    /// <summary>The parts of a result that is a tuple.</summary>
    /// <param name="result">The result.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="InvalidDataException">It is no tuple of so many.</exception>
    public static ReadOnlySpan<Value> PartsOf(Value result, int count) =>
        result.Kind == ValueKind.Tuple && result.AsItems().Length == count ? result.AsItems() : throw new InvalidDataException($"It answered {result} rather than a tuple of {count}.");

    private static SocketGymException ErrorOf(Value error)
    {
        if (error.Kind != ValueKind.Dict || TextOf(error.AsDict(), "code") is not { } code || TextOf(error.AsDict(), "message") is not { } message)
            throw new InvalidDataException($"It answered {error} for an error.");
        // By its name: a number is none, though Enum.Parse takes it.
        return new SocketGymException(Enum.IsDefined(typeof(ErrorCode), code) ? Enum.Parse<ErrorCode>(code) : ErrorCode.InternalError, message)
        {
            RemoteType = TextOf(error.AsDict(), "type"),
            RemoteTraceback = TextOf(error.AsDict(), "traceback"),
        };
    }

    private static string? TextOf(ValueDictionary error, string name) =>
        error.TryGetValue(name, out var value) && value.Kind == ValueKind.String ? value.AsString() : null;
}
