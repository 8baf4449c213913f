using System.Numerics;
using SocketGym.Core.Values;

namespace SocketGym.Core.Tests;

public sealed class ValueConversionsTests
{
    public static TheoryData<Value, double> Numbers => new()
    {
        { 1.5, 1.5 },
        { -3, -3 },
        { true, 1 },
        { false, 0 },
        { Value.FromInt(BigInteger.Pow(2, 100)), Math.Pow(2, 100) },
        { Value.Scalar(1.5f), 1.5 },
        { Value.Scalar(-2.25), -2.25 },
        { Value.Scalar((Half)0.5f), 0.5 },
        { Value.Scalar(true), 1 },
        { Value.Scalar((sbyte)-128), -128 },
        { Value.Scalar((short)-2), -2 },
        { Value.Scalar(int.MinValue), int.MinValue },
        { Value.Scalar(long.MinValue), long.MinValue },
        { Value.Scalar(ulong.MaxValue), ulong.MaxValue },
        { Value.FromScalar(DType.Parse(">i2"), [0xFF, 0xFE]), -2 },
        { Value.FromScalar(DType.Parse(">f4"), [0x3F, 0xC0, 0, 0]), 1.5 },
        { NDArray.Of<double>([2.5]), 2.5 },
        { NDArray.Of<long>([-7], []), -7 },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Any_real_number_converts_to_a_double(Value value, double expected)
    {
        Assert.Equal(expected, value.ToDouble());
        Assert.Equal(expected != 0, value.IsTrue);
    }

    public static TheoryData<Value> OtherValues => new()
    {
        Value.None,
        "1.5",
        Value.FromComplex(Complex.One),
        Value.List(1),
        NDArray.Of<double>([1, 2]),
        Value.FromScalar(DType.Parse("<f16"), new byte[16]),
        Value.FromScalar(DType.Parse("<M8[s]"), new byte[8]),
        Value.FromArray(new NDArray(DType.Complex128, 1)),
    };

    [Theory]
    [MemberData(nameof(OtherValues))]
    public void What_is_no_real_number_is_refused(Value value) => Assert.Throws<InvalidOperationException>(() => value.ToDouble());
}
