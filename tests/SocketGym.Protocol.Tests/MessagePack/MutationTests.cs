using System.Buffers;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Tests.Vectors;

namespace SocketGym.Protocol.Tests.MessagePack;

public class MutationTests
{
    private static readonly ErrorCode[] Refusals =
        [ErrorCode.MalformedMessage, ErrorCode.ShapeMismatch, ErrorCode.NestingTooDeep, ErrorCode.TooManyValues];

    [Fact]
    public void Damaged_values_are_refused_with_a_code_or_mean_something()
    {
        var random = new Random(1);
        var vectors = Bytes("messagepack/values.json");
        var (refused, taken) = (0, 0);
        for (var iteration = 0; iteration < 40_000; iteration++)
        {
            var bytes = Damage(vectors[random.Next(vectors.Length)], random);
            if (!TryDecode(bytes, out var value))
            {
                refused++;
                continue;
            }
            taken++;
            // What it means, it means for good.
            Assert.Equal(value, Payload.Decode(Payload.Encode(value)));
        }
        Assert.True(refused > 4_000 && taken > 4_000, $"{refused} refused and {taken} taken: the damage says little.");
    }

    [Fact]
    public void Damaged_messages_are_refused_with_a_code_or_mean_something()
    {
        var random = new Random(2);
        var vectors = Bytes("messagepack/messages.json");
        var server = new MessagePackCodec(MessageLimits.Default);
        var client = new MessagePackClientCodec(MessageLimits.Default);
        var request = new Request();
        for (var iteration = 0; iteration < 20_000; iteration++)
        {
            var bytes = new ReadOnlySequence<byte>(Damage(vectors[random.Next(vectors.Length)], random));
            AssertRefusedOrTaken(() => server.ReadRequest(bytes, request));
            AssertRefusedOrTaken(() => client.ReadResponse(bytes));
            AssertRefusedOrTaken(() => client.ReadStep(bytes, ArrayLifetime.UntilNextMessage, out _));
        }
    }

    [Fact]
    public void Damaged_descriptions_of_spaces_are_refused_with_a_code_or_make_a_space()
    {
        var random = new Random(3);
        var vectors = Bytes("messagepack/spaces.json");
        for (var iteration = 0; iteration < 20_000; iteration++)
        {
            if (!TryDecode(Damage(vectors[random.Next(vectors.Length)], random), out var description))
                continue;
            try
            {
                Assert.NotNull(SpaceDescription.ToValue(SpaceDescription.FromValue(description)).AsDict());
            }
            catch (SocketGymException error)
            {
                Assert.Contains(error.Code, (ErrorCode[])[ErrorCode.MalformedMessage, ErrorCode.UnsupportedSpace]);
            }
        }
    }

    private static byte[][] Bytes(string file) => [.. VectorFile.Open(file).EnumerateArray().Select(VectorFile.Bytes)];

    private static byte[] Damage(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var count = random.Next(1, 4); count > 0 && bytes.Count > 0; count--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.Insert(at, bytes[random.Next(bytes.Count)]);
                    break;
            }
        }
        return [.. bytes];
    }

    private static bool TryDecode(byte[] bytes, out Value value)
    {
        value = default;
        try
        {
            var decoder = new ValueDecoder(MessageLimits.Default);
            var reader = new MessagePackReader(new ReadOnlySequence<byte>(bytes));
            value = decoder.Read(ref reader);
            return true;
        }
        catch (SocketGymException error)
        {
            Assert.Contains(error.Code, Refusals);
            return false;
        }
    }

    private static void AssertRefusedOrTaken(Action read)
    {
        try
        {
            read();
        }
        catch (SocketGymException error)
        {
            Assert.Contains(error.Code, Refusals);
        }
    }
}
