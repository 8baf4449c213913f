using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using SocketGym.Core.Seeding;

namespace SocketGym.Core.Tests.Seeding;

public class GeneratorTests
{
    [Fact]
    public void Mixed_calls_give_NumPys_bytes_and_leave_its_state()
    {
        foreach (var sequence in Vectors.Read("seeding/calls*.json"))
        {
            var generator = Generator.FromSeed(SeedOf(sequence));
            foreach (var (number, call) in sequence.GetProperty("calls").EnumerateArray().Index())
            {
                var result = GeneratorCalls.Run(generator, call);
                Assert.True(call.Text("result") == result, $"Seed {sequence.Text("seed")}, call {number}: {call} gave {result}.");
            }
            Assert.Equal(StateOf(sequence), generator.BitGenerator.State);
        }
    }

    [Fact]
    public void Long_fills_have_NumPys_digest()
    {
        foreach (var item in Vectors.Read("seeding/digests.json"))
        {
            var generator = Generator.FromSeed(SeedOf(item));
            var numbers = new double[item.Int("count")];
            var trials = MemoryMarshal.Cast<double, long>(numbers.AsSpan());
            switch (item.Text("method"))
            {
                case "random_fill":
                    generator.Random(numbers);
                    break;
                case "standard_normal_fill":
                    generator.StandardNormal(numbers);
                    break;
                case "standard_exponential_fill":
                    generator.StandardExponential(numbers);
                    break;
                case "geometric_quarter_fill":
                    generator.Geometric(trials, 0.25);
                    break;
                case "geometric_half_fill":
                    generator.Geometric(trials, 0.5);
                    break;
                default:
                    Assert.Fail($"The vectors have a method '{item.Text("method")}' that is not known here.");
                    break;
            }
            var digest = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<double>(numbers)));
            Assert.True(item.Text("sha256") == digest, $"{item} gave {digest}.");
        }
    }

    [Fact]
    public void Raw_draws_give_NumPys_bits_and_leave_its_state()
    {
        foreach (var item in Vectors.Read("seeding/pcg64.json"))
        {
            var bits = new Pcg64(new SeedSequence(SeedOf(item)));
            foreach (var draw in item.GetProperty("draws").EnumerateArray())
            {
                var bytes = draw[0].GetInt32() == 64 ? BitConverter.GetBytes(bits.NextUInt64()) : BitConverter.GetBytes(bits.NextUInt32());
                Assert.Equal(draw[1].GetString(), Convert.ToHexStringLower(bytes));
            }
            Assert.Equal(StateOf(item), bits.State);
        }
    }

    [Fact]
    public void Seed_sequences_give_NumPys_words()
    {
        foreach (var item in Vectors.Read("seeding/seed_sequence.json"))
        {
            var key = item.GetProperty("spawn_key").EnumerateArray().Select(part => part.GetUInt32()).ToArray();
            var sequence = new SeedSequence(BigInteger.Parse(item.Text("entropy"), CultureInfo.InvariantCulture));
            foreach (var part in key)
                sequence = sequence.Spawn((int)part + 1)[part];
            Assert.Equal(key, sequence.SpawnKey);

            var narrow = new uint[9];
            var wide = new ulong[5];
            sequence.GenerateState(narrow);
            sequence.GenerateState(wide);
            Assert.Equal(item.Text("uint32"), Convert.ToHexStringLower(MemoryMarshal.AsBytes<uint>(narrow)));
            Assert.Equal(item.Text("uint64"), Convert.ToHexStringLower(MemoryMarshal.AsBytes<ulong>(wide)));
        }
    }

    [Fact]
    public void A_restored_state_continues_with_the_waiting_half()
    {
        var generator = Generator.FromSeed(5);
        generator.Integers(10);
        var saved = generator.BitGenerator.State;
        Assert.True(saved.HasUInt32);
        var expected = (generator.Integers(10), generator.Random(), generator.StandardNormal());

        var restored = new Generator(new Pcg64(saved));

        Assert.Equal(expected, (restored.Integers(10), restored.Random(), restored.StandardNormal()));
    }

    [Fact]
    public void Without_a_seed_the_one_used_repeats_the_run()
    {
        var first = Generator.FromSeed(null, out var seed);
        var other = Generator.FromSeed(null, out var otherSeed);

        Assert.NotEqual(seed, otherSeed);
        Assert.NotEqual(first.Random(), other.Random());
        Assert.Equal(Generator.FromSeed(seed).Random(), Generator.FromSeed(seed, out _).Random());
    }

    [Fact]
    public void Items_are_chosen_by_the_index_that_is_drawn()
    {
        string[] items = ["a", "b", "c"];
        double[] probabilities = [0.2, 0, 0.8];
        var (byItem, byIndex) = (Generator.FromSeed(9), Generator.FromSeed(9));
        for (var draw = 0; draw < 50; draw++)
        {
            Assert.Equal(items[byIndex.ChoiceIndex(3)], byItem.Choice<string>(items));
            Assert.Equal(items[byIndex.ChoiceIndex(probabilities)], byItem.Choice<string>(items, probabilities));
        }
    }

    [Fact]
    public void Draws_allocate_nothing()
    {
        var generator = Generator.FromSeed(1);
        Span<double> numbers = stackalloc double[16];
        Span<byte> bytes = stackalloc byte[16];
        ReadOnlySpan<double> probabilities = [0.5, 0.25, 0.25];
        DrawAll(numbers, bytes, probabilities);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var round = 0; round < 1000; round++)
            DrawAll(numbers, bytes, probabilities);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void DrawAll(Span<double> numbers, Span<byte> bytes, ReadOnlySpan<double> probabilities)
        {
            generator.Random();
            generator.Uniform(-1, 1);
            generator.Integers(7);
            generator.Integers<byte>(0, 7);
            generator.Integers(bytes, 0, 7);
            generator.ChoiceIndex(probabilities);
            generator.Normal(numbers);
            generator.Exponential(numbers);
            generator.Geometric(0.25);
        }
    }

    public static TheoryData<string, Action<Generator>> RefusedCalls => new()
    {
        { "high must not be below low", generator => generator.Uniform(2, 1) },
        { "must be finite", generator => generator.Uniform(double.MinValue, double.MaxValue) },
        { "must be finite", generator => generator.Uniform(0, double.NaN) },
        { "as many bounds", generator => generator.Uniform(new double[2], new double[2], new double[3]) },
        { "from 3 to 3 (exclusive) is empty", generator => generator.Integers(3, 3) },
        { "from 4 to 3 (inclusive) is empty", generator => generator.Integers(4, 3, endpoint: true) },
        { "holds -128 to 127", generator => generator.Integers<sbyte>(0, 129) },
        { "holds 0 to 255", generator => generator.Integers<byte>(-1, 5) },
        { "holds 0 to 1", generator => generator.Integers(new bool[1], 0, 3) },
        { "is empty", generator => generator.Integers<byte>(new byte[2], [1, 5], [2, 5]) },
        { "size is 0", generator => generator.Choice<int>([]) },
        { "3 items and 2 probabilities", generator => generator.Choice<int>([1, 2, 3], [0.5, 0.5]) },
        { "sum 1", generator => generator.ChoiceIndex([0.5, 0.4]) },
        { "some are negative", generator => generator.ChoiceIndex([1.5, -0.5]) },
        { "sum NaN", generator => generator.ChoiceIndex([0.5, double.NaN]) },
        { "3 of 2 were asked for", generator => generator.ChoiceIndices(new long[3], 2, replace: false) },
        { "2 were asked for without replacement and 1", generator => generator.ChoiceIndices(new long[2], [1.0, 0.0], replace: false) },
        { "scale is -1", generator => generator.Normal(0, -1) },
        { "scale is -1", generator => generator.Exponential(-1) },
        { "p is 0;", generator => generator.Geometric(0) },
        { "p is 1.5;", generator => generator.Geometric(1.5) },
        { "p is NaN;", generator => generator.Geometric(double.NaN) },
        { "seed is -1", _ => Generator.FromSeed(-1) },
        { "odd one", generator => generator.BitGenerator.State = default },
    };

    [Theory]
    [MemberData(nameof(RefusedCalls))]
    public void Refused_arguments_are_named_and_draw_nothing(string message, Action<Generator> call)
    {
        var generator = Generator.FromSeed(0);
        var state = generator.BitGenerator.State;

        var exception = Assert.ThrowsAny<ArgumentException>(() => call(generator));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal(state, generator.BitGenerator.State);
    }

    private static BigInteger SeedOf(JsonElement item) => BigInteger.Parse(item.Text("seed"), CultureInfo.InvariantCulture);

    private static Pcg64State StateOf(JsonElement item) => new(
        UInt128.Parse(item.Text("state"), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        UInt128.Parse(item.Text("increment"), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        item.Flag("has_uint32"),
        item.GetProperty("uint32").GetUInt32());
}
