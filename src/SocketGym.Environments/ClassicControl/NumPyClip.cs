namespace SocketGym.Environments.ClassicControl;

/// <summary>Limits as Python and NumPy draw them, which differ from .NET's in what they make of NaN, zeros and crossed bounds.</summary>
internal static class NumPyClip
{
    /// <summary><c>np.clip(number, low, high)</c>: NaN stays.</summary>
    /// <param name="number">The number.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound, which prevails.</param>
    /// <returns>The number within the bounds.</returns>
    public static double Clip(double number, double low, double high)
    {
        if (double.IsNaN(number))
            return number;
        var raised = number > low ? number : low;
        return raised < high ? raised : high;
    }

    /// <summary>Python's <c>min(max(number, low), high)</c>: a bound is taken only where it is beyond, so NaN stays.</summary>
    /// <param name="number">The number.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound, which prevails.</param>
    /// <returns>The number within the bounds.</returns>
    public static double MinMax(double number, double low, double high)
    {
        var raised = low > number ? low : number;
        return high < raised ? high : raised;
    }
}
