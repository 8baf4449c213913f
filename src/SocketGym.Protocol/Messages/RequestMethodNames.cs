namespace SocketGym.Protocol.Messages;

/// <summary>The methods' names on the wire.</summary>
public static class RequestMethodNames
{
    /// <summary>Looks a name up, without an allocation.</summary>
    /// <param name="utf8">The name in UTF-8.</param>
    /// <returns>The method, or <see cref="RequestMethod.Unknown"/>.</returns>
    public static RequestMethod Parse(ReadOnlySpan<byte> utf8)
    {
        // The most frequent first.
        if (utf8.SequenceEqual("step"u8))
            return RequestMethod.Step;
        for (var method = RequestMethod.Hello; method <= RequestMethod.HasAttribute; method++)
        {
            if (utf8.SequenceEqual(Utf8(method)))
                return method;
        }
        return RequestMethod.Unknown;
    }

    /// <summary>A method's name in UTF-8.</summary>
    /// <param name="method">A method of the protocol.</param>
    /// <returns>The name; valid for good.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The method has no name, as <see cref="RequestMethod.Unknown"/>.</exception>
    public static ReadOnlySpan<byte> Utf8(RequestMethod method) => method switch
    {
        RequestMethod.Hello => "hello"u8,
        RequestMethod.Ping => "ping"u8,
        RequestMethod.List => "list"u8,
        RequestMethod.Make => "make"u8,
        RequestMethod.MakeVector => "make_vec"u8,
        RequestMethod.Reset => "reset"u8,
        RequestMethod.Step => "step"u8,
        RequestMethod.Render => "render"u8,
        RequestMethod.Close => "close"u8,
        RequestMethod.Spec => "spec"u8,
        RequestMethod.Call => "call"u8,
        RequestMethod.GetAttribute => "get_attr"u8,
        RequestMethod.SetAttribute => "set_attr"u8,
        RequestMethod.HasAttribute => "has_attr"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "This method has no name on the wire."),
    };
}
