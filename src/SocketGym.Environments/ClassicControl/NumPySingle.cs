namespace SocketGym.Environments.ClassicControl;

/// <summary>NumPy's sine and cosine of float32.</summary>
/// <remarks>
/// NumPy has its own for processors with a fused multiply-add (x86-64 since 2013, 64-bit Arm), equal on all of them and in every version since 1.17; without one it
/// calls the C library's <c>sinf</c> and <c>cosf</c>, which differ from these in the last bit for about one number in a thousand. These are the former, on any processor.
/// The method is that of Cody and Waite: subtract the nearest multiple of a quarter turn, in three parts of falling size, and take a polynomial of what is left.
/// </remarks>
internal static class NumPySingle
{
    // Beyond these NumPy calls the C library.
    private const float LargestForCosine = 71476.0625f;
    private const float LargestForSine = 117435.992f;

    private const float QuarterTurnsPerRadian = 0.636619747f;

    // Added and subtracted again, this leaves a float32 rounded to a whole number.
    private const float Rounder = 12582912f;

    // A quarter turn, 1.5707963..., as the sum of three float32.
    private const float QuarterTurnHigh = 1.57079601f;
    private const float QuarterTurnMiddle = 3.13916473e-07f;
    private const float QuarterTurnLow = 5.39030253e-15f;

    /// <summary><c>np.cos</c> of a float32.</summary>
    /// <param name="angle">Radians.</param>
    /// <returns>The cosine.</returns>
    public static float Cos(float angle) => Math.Abs(angle) <= LargestForCosine ? Evaluate(angle, quarterTurnsAhead: 1) : MathF.Cos(angle);

    /// <summary><c>np.sin</c> of a float32.</summary>
    /// <param name="angle">Radians.</param>
    /// <returns>The sine.</returns>
    public static float Sin(float angle) => Math.Abs(angle) <= LargestForSine ? Evaluate(angle, quarterTurnsAhead: 0) : MathF.Sin(angle);

    private static float Evaluate(float angle, int quarterTurnsAhead)
    {
        var quarterTurns = angle * QuarterTurnsPerRadian + Rounder - Rounder;
        var rest = MathF.FusedMultiplyAdd(quarterTurns, -QuarterTurnHigh, angle);
        rest = MathF.FusedMultiplyAdd(quarterTurns, -QuarterTurnMiddle, rest);
        rest = MathF.FusedMultiplyAdd(quarterTurns, -QuarterTurnLow, rest);
        var quadrant = (int)quarterTurns + quarterTurnsAhead;
        var square = rest * rest;
        var result = (quadrant & 1) == 0 ? SinePolynomial(rest, square) : CosinePolynomial(square);
        return (quadrant & 2) == 0 ? result : -result;
    }

    // Coefficients near those of the Taylor series, fitted to an eighth of a turn either side.
    private static float CosinePolynomial(float square)
    {
        var sum = MathF.FusedMultiplyAdd(2.43722661e-05f, square, -0.00138865202f);
        sum = MathF.FusedMultiplyAdd(sum, square, 0.0416666195f);
        sum = MathF.FusedMultiplyAdd(sum, square, -0.5f);
        return MathF.FusedMultiplyAdd(sum, square, 1f);
    }

    private static float SinePolynomial(float rest, float square)
    {
        var sum = MathF.FusedMultiplyAdd(2.84040971e-06f, square, -0.000198564914f);
        sum = MathF.FusedMultiplyAdd(sum, square, 0.0083333971f);
        sum = MathF.FusedMultiplyAdd(sum, square, -0.166666672f);
        return MathF.FusedMultiplyAdd(sum * square, rest, rest);
    }
}
