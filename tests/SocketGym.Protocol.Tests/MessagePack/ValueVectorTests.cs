using System.Buffers;
using System.Text.Json;
using SocketGym.Core.Errors;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Tests.Vectors;

namespace SocketGym.Protocol.Tests.MessagePack;

public class ValueVectorTests
{
    public static TheoryData<VectorCase> Values => VectorCase.All("messagepack/values.json");

    public static TheoryData<VectorCase> Refused => VectorCase.All("messagepack/negatives.json");

    [Theory]
    [MemberData(nameof(Values))]
    public void Bytes_decode_to_the_value_however_they_are_split(VectorCase vector)
    {
        var expected = VectorValue.Parse(vector.Json.GetProperty("value"));
        foreach (var bytes in Segments.Of(VectorFile.Bytes(vector.Json)))
        {
            foreach (var lifetime in Enum.GetValues<ArrayLifetime>())
                Assert.Equal(expected, Payload.Decode(bytes, arrays: lifetime));
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void The_value_encodes_to_the_bytes(VectorCase vector)
    {
        var bytes = Payload.Encode(VectorValue.Parse(vector.Json.GetProperty("value")));

        Assert.Equal(vector.Json.GetProperty("hex").GetString(), Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_proper_prefix_is_malformed(VectorCase vector)
    {
        var bytes = VectorFile.Bytes(vector.Json);
        for (var length = 0; length < bytes.Length; length++)
        {
            var prefix = bytes[..length];
            Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => Payload.Decode(prefix)).Code);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_must_be_refused_is_refused_with_its_code_however_it_is_split(VectorCase vector)
    {
        var code = Enum.Parse<ErrorCode>(vector.Json.GetProperty("code").GetString()!);
        var limits = new MessageLimits(
            MaxDepth: Limit(vector, "max_depth", MessageLimits.Default.MaxDepth), MaxValues: Limit(vector, "max_values", MessageLimits.Default.MaxValues));
        var bytes = VectorFile.Bytes(vector.Json);
        // A long case is long by repetition: splitting it everywhere would show nothing new.
        foreach (var split in bytes.Length < 4096 ? Segments.Of(bytes) : [new ReadOnlySequence<byte>(bytes)])
        {
            var error = Assert.Throws<SocketGymException>(() => Decode(vector.Json, split, limits));
            Assert.Equal(code, error.Code);
            Assert.NotEmpty(error.Message);
        }
    }

    private static void Decode(JsonElement vector, in ReadOnlySequence<byte> bytes, MessageLimits limits)
    {
        switch (vector.GetProperty("decode").GetString())
        {
            case "value":
                Payload.Decode(bytes, limits);
                break;
            case "request":
                new MessagePackCodec(limits).ReadRequest(bytes, new Request());
                break;
            case "response":
                new MessagePackClientCodec(limits).ReadResponse(bytes);
                break;
            case var other:
                throw new FormatException($"The vectors' README has no '{other}' to decode.");
        }
    }

    private static int Limit(VectorCase vector, string name, int otherwise) =>
        vector.Json.TryGetProperty(name, out var limit) ? limit.GetInt32() : otherwise;
}
