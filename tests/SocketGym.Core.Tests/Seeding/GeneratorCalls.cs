using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using SocketGym.Core.Seeding;

namespace SocketGym.Core.Tests.Seeding;

/// <summary>Runs a call that the vectors describe, and gives the bytes of its result.</summary>
internal static class GeneratorCalls
{
    public static string Run(Generator generator, JsonElement call) => call.Text("call") switch
    {
        "random" => Hex(generator.Random()),
        "random_float32" => Hex(generator.RandomSingle()),
        "random_fill" => Fill<double>(call, generator.Random),
        "random_float32_fill" => Fill<float>(call, generator.Random),
        "uniform" => Hex(generator.Uniform(Doubles(call, "bounds")[0], Doubles(call, "bounds")[1])),
        "uniform_fill" => Fill<double>(call, span => generator.Uniform(span, Doubles(call, "bounds")[0], Doubles(call, "bounds")[1])),
        "uniform_array" => Fill<double>(Doubles(call, "low").Length, span => generator.Uniform(span, Doubles(call, "low"), Doubles(call, "high"))),
        "integers" or "integers_fill" or "integers_array" => call.Text("dtype") switch
        {
            "int8" => Integers<sbyte>(generator, call),
            "int16" => Integers<short>(generator, call),
            "int32" => Integers<int>(generator, call),
            "int64" => Integers<long>(generator, call),
            "uint8" => Integers<byte>(generator, call),
            "uint16" => Integers<ushort>(generator, call),
            "uint32" => Integers<uint>(generator, call),
            _ => Integers<ulong>(generator, call),
        },
        "bool_fill" => Fill<bool>(call, span => generator.Integers(span)),
        "choice_index" => Hex(generator.ChoiceIndex(call.GetProperty("population").GetInt64())),
        "choice_indices" => Fill<long>(call, span => generator.ChoiceIndices(span, call.GetProperty("population").GetInt64())),
        "choice_distinct" => Fill<long>(call, span => generator.ChoiceIndices(span, call.GetProperty("population").GetInt64(), replace: false, call.Flag("shuffle"))),
        "choice_p" => Hex((long)generator.ChoiceIndex(Doubles(call, "p"))),
        "choice_p_indices" => Fill<long>(call, span => generator.ChoiceIndices(span, Doubles(call, "p"))),
        "choice_p_distinct" => Fill<long>(call, span => generator.ChoiceIndices(span, Doubles(call, "p"), replace: false)),
        "standard_normal" => Hex(generator.StandardNormal()),
        "normal" => Hex(generator.Normal(Doubles(call, "loc_scale")[0], Doubles(call, "loc_scale")[1])),
        "normal_fill" => Fill<double>(call, span => generator.Normal(span, Doubles(call, "loc_scale")[0], Doubles(call, "loc_scale")[1])),
        "standard_exponential" => Hex(generator.StandardExponential()),
        "exponential" => Hex(generator.Exponential(Doubles(call, "scale")[0])),
        "exponential_fill" => Fill<double>(call, span => generator.Exponential(span, Doubles(call, "scale")[0])),
        "geometric" => Hex(generator.Geometric(Doubles(call, "p")[0])),
        "geometric_fill" => Fill<long>(call, span => generator.Geometric(span, Doubles(call, "p")[0])),
        var name => throw new InvalidDataException($"The vectors have a call '{name}' that is not known here."),
    };

    private delegate void SpanFill<T>(Span<T> destination);

    private static string Integers<T>(Generator generator, JsonElement call)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (call.Text("call") == "integers_array")
        {
            var (lows, highs) = (Convert.FromHexString(call.Text("low")), Convert.FromHexString(call.Text("high")));
            return Fill<T>(lows.Length / Unsafe.SizeOf<T>(), span =>
                generator.Integers(span, MemoryMarshal.Cast<byte, T>(lows), MemoryMarshal.Cast<byte, T>(highs), endpoint: true));
        }
        var low = Int128.Parse(call.Text("low"), CultureInfo.InvariantCulture);
        var high = Int128.Parse(call.Text("high"), CultureInfo.InvariantCulture);
        var endpoint = call.Flag("endpoint");
        if (call.Text("call") == "integers_fill")
            return Fill<T>(call, span => generator.Integers(span, low, high, endpoint));
        // The short form for NumPy's default dtype is one of its own.
        return typeof(T) == typeof(long) && high <= long.MaxValue
            ? Hex(generator.Integers((long)low, (long)high, endpoint))
            : Hex(generator.Integers<T>(low, high, endpoint));
    }

    private static string Fill<T>(JsonElement call, SpanFill<T> fill)
        where T : unmanaged => Fill(call.Int("size"), fill);

    private static string Fill<T>(int size, SpanFill<T> fill)
        where T : unmanaged
    {
        var values = new T[size];
        fill(values);
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes<T>(values));
    }

    private static string Hex<T>(T value)
        where T : unmanaged => Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    private static double[] Doubles(JsonElement call, string name) =>
        MemoryMarshal.Cast<byte, double>(Convert.FromHexString(call.Text(name))).ToArray();
}
