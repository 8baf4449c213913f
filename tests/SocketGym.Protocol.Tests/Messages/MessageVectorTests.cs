using System.Text;
using System.Text.Json;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Tests.MessagePack;
using SocketGym.Protocol.Tests.Vectors;

namespace SocketGym.Protocol.Tests.Messages;

public class MessageVectorTests
{
    private const string File = "messagepack/messages.json";

    public static TheoryData<VectorCase> Requests => VectorCase.All(File, vector => vector.GetProperty("type").GetString() == "request");

    public static TheoryData<VectorCase> Responses => VectorCase.All(File, vector => vector.GetProperty("type").GetString() == "response");

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_server_reads_the_request(VectorCase vector)
    {
        var codec = new MessagePackCodec(MessageLimits.Default);
        var request = new Request();
        foreach (var bytes in Segments.Of(VectorFile.Bytes(vector.Json)))
        {
            codec.ReadRequest(bytes, request);

            Assert.Equal(Id(vector), request.Id);
            Assert.Equal(Method(vector), request.Method);
            Assert.Null(request.MethodName);
            Assert.Equal(Parameters(vector), Enumerable.Range(0, request.ParameterCount).Select(index => request[index]));
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_client_writes_the_request(VectorCase vector)
    {
        var output = new FrameBuffer();
        new MessagePackClientCodec(MessageLimits.Default).WriteRequest(output, Id(vector), Method(vector), Parameters(vector));

        Assert.Equal(vector.Json.GetProperty("hex").GetString(), Convert.ToHexStringLower(Payload.BytesOf(output)));
    }

    [Theory]
    [MemberData(nameof(Responses))]
    public void A_client_reads_the_response(VectorCase vector)
    {
        var codec = new MessagePackClientCodec(MessageLimits.Default);
        foreach (var bytes in Segments.Of(VectorFile.Bytes(vector.Json)))
        {
            var response = codec.ReadResponse(bytes);

            Assert.Equal(Id(vector), response.Id);
            Assert.Equal(VectorValue.Parse(vector.Json.GetProperty("result")), response.Result);
            AssertError(vector.Json.GetProperty("error"), response.Error);
        }
    }

    [Theory]
    [MemberData(nameof(Responses))]
    public void A_server_writes_the_response(VectorCase vector)
    {
        var output = new FrameBuffer();
        var codec = new MessagePackCodec(MessageLimits.Default);
        var request = new Request();
        request.Begin(Id(vector), RequestMethod.Ping);
        var error = vector.Json.GetProperty("error");
        if (error.ValueKind == JsonValueKind.Null)
            codec.WriteResult(output, request, VectorValue.Parse(vector.Json.GetProperty("result")));
        else
            codec.WriteError(output, request, ToException(error));

        Assert.Equal(vector.Json.GetProperty("hex").GetString(), Convert.ToHexStringLower(Payload.BytesOf(output)));
    }

    [Theory]
    [InlineData("response step of CartPole")]
    [InlineData("response step of Pendulum")]
    [InlineData("response step of FrozenLake")]
    public void A_step_and_its_parts_have_the_same_bytes(string name)
    {
        var vector = VectorFile.Open(File).EnumerateArray().Single(vector => vector.GetProperty("name").GetString() == name);
        var parts = VectorValue.Parse(vector.GetProperty("result")).AsItems();
        var expected = new StepResult(parts[0], parts[1], parts[2], parts[3], parts[4]);
        foreach (var bytes in Segments.Of(VectorFile.Bytes(vector)))
        {
            var response = new MessagePackClientCodec(MessageLimits.Default).ReadStep(bytes, ArrayLifetime.Owned, out var step);
            Assert.Null(response.Error);
            Assert.Equal(expected, step);
        }
        var output = new FrameBuffer();
        var request = new Request();
        request.Begin(vector.GetProperty("id").GetUInt32(), RequestMethod.Step);
        new MessagePackCodec(MessageLimits.Default).WriteStep(output, request, expected);
        Assert.Equal(vector.GetProperty("hex").GetString(), Convert.ToHexStringLower(Payload.BytesOf(output)));
    }

    [Fact]
    public void A_step_that_failed_has_an_error_and_no_parts()
    {
        var output = new FrameBuffer();
        var request = new Request();
        request.Begin(7, RequestMethod.Step);
        new MessagePackCodec(MessageLimits.Default).WriteError(output, request, new SocketGymException(ErrorCode.InvalidAction, "no"));

        var response = new MessagePackClientCodec(MessageLimits.Default).ReadStep(new(Payload.BytesOf(output)), ArrayLifetime.Owned, out var step);

        Assert.Equal(ErrorCode.InvalidAction, response.Error?.Code);
        Assert.Equal(default, step);
    }

    [Fact]
    public void A_result_that_is_no_step_is_malformed()
    {
        // 94 [1, id 1, nil, [nil x 4]]
        byte[] bytes = [0x94, 1, 0xce, 0, 0, 0, 1, 0xc0, 0x94, 0xc0, 0xc0, 0xc0, 0xc0];

        var error = Assert.Throws<SocketGymException>(() => new MessagePackClientCodec(MessageLimits.Default).ReadStep(new(bytes), ArrayLifetime.Owned, out _));

        Assert.Equal(ErrorCode.MalformedMessage, error.Code);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_byte_too_many_or_too_few_is_malformed(VectorCase vector)
    {
        var codec = new MessagePackCodec(MessageLimits.Default);
        var bytes = VectorFile.Bytes(vector.Json);
        for (var length = 0; length < bytes.Length; length++)
        {
            var prefix = bytes[..length];
            Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => codec.ReadRequest(new(prefix), new Request())).Code);
        }
        Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => codec.ReadRequest(new([.. bytes, 0xc0]), new Request())).Code);
    }

    [Fact]
    public void A_request_with_bad_parameters_keeps_its_id_for_the_answer()
    {
        var request = new Request();
        // [0, id 258, "step", [the byte that MessagePack never uses]]
        byte[] bytes = [0x94, 0, 0xce, 0, 0, 1, 2, 0xa4, .. "step"u8, 0x91, 0xc1];

        Assert.Throws<SocketGymException>(() => new MessagePackCodec(MessageLimits.Default).ReadRequest(new(bytes), request));

        Assert.Equal(258u, request.Id);
        Assert.Equal(RequestMethod.Step, request.Method);
    }

    [Theory]
    [InlineData("STEP")]
    [InlineData("")]
    [InlineData("a name of more than sixty-four bytes is no method's but is shown as it is")]
    public void An_unknown_method_keeps_its_name_and_drops_its_parameters(string name)
    {
        var request = new Request();
        byte[] bytes = [0x94, 0, 0xce, 0, 0, 0, 1, 0xd9, (byte)name.Length, .. Encoding.UTF8.GetBytes(name), 0x95, 1, 2, 3, 4, 5];

        new MessagePackCodec(MessageLimits.Default).ReadRequest(new(bytes), request);

        Assert.Equal(RequestMethod.Unknown, request.Method);
        Assert.Equal(name, request.MethodName);
        Assert.Equal(0, request.ParameterCount);
    }

    [Fact]
    public void Every_method_has_a_name_that_reads_back()
    {
        foreach (var method in Enum.GetValues<RequestMethod>().Where(method => method != RequestMethod.Unknown))
        {
            var name = method.ToString().ToLowerInvariant().Replace("attribute", "_attr", StringComparison.Ordinal).Replace("vector", "_vec", StringComparison.Ordinal);
            Assert.Equal(name, Encoding.UTF8.GetString(RequestMethodNames.Utf8(method)));
            Assert.Equal(method, RequestMethodNames.Parse(RequestMethodNames.Utf8(method)));
        }
    }

    [Theory]
    [InlineData("FromTheFuture")]
    [InlineData("3")]
    [InlineData("MalformedMessage, NoEnvironment")]
    public void A_code_that_the_client_does_not_know_is_an_internal_error_that_names_it(string code)
    {
        var description = new ValueDictionary { ["code"] = code, ["message"] = "text", ["type"] = Value.None, ["traceback"] = Value.None };
        byte[] bytes = [0x94, 1, 0xce, 0, 0, 0, 1, .. Payload.Encode(description), 0xc0];

        var error = new MessagePackClientCodec(MessageLimits.Default).ReadResponse(new(bytes)).Error;

        Assert.Equal(ErrorCode.InternalError, error?.Code);
        Assert.Equal($"{code}: text", error?.Message);
    }

    private static uint Id(VectorCase vector) => vector.Json.GetProperty("id").GetUInt32();

    private static RequestMethod Method(VectorCase vector) =>
        RequestMethodNames.Parse(Encoding.UTF8.GetBytes(vector.Json.GetProperty("method").GetString()!));

    private static Value[] Parameters(VectorCase vector) => [.. vector.Json.GetProperty("params").EnumerateArray().Select(VectorValue.Parse)];

    private static SocketGymException ToException(JsonElement error) =>
        new(Enum.Parse<ErrorCode>(error.GetProperty("code").GetString()!), error.GetProperty("message").GetString()!)
        {
            RemoteType = error.GetProperty("type").GetString(),
            RemoteTraceback = error.GetProperty("traceback").GetString(),
        };

    private static void AssertError(JsonElement expected, SocketGymException? actual)
    {
        if (expected.ValueKind == JsonValueKind.Null)
        {
            Assert.Null(actual);
            return;
        }
        var exception = ToException(expected);
        Assert.Equal(
            (exception.Code, exception.Message, exception.RemoteType, exception.RemoteTraceback),
            (actual!.Code, actual.Message, actual.RemoteType, actual.RemoteTraceback));
    }
}
