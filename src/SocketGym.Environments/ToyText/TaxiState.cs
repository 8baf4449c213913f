namespace SocketGym.Environments.ToyText;

/// <summary>What a state of <see cref="Taxi"/> stands for.</summary>
/// <param name="Row">The taxi's row, 0 to 4 from the north.</param>
/// <param name="Column">The taxi's column, 0 to 4 from the west.</param>
/// <param name="Passenger">Where the passenger is: one of the four places, or 4 in the taxi.</param>
/// <param name="Destination">The place to go to, 0 to 3.</param>
internal readonly record struct TaxiState(int Row, int Column, int Passenger, int Destination)
{
    /// <summary>How many states there are.</summary>
    public const int Count = 5 * 5 * 5 * 4;

    /// <summary>The state's number.</summary>
    public int Number => ((Row * 5 + Column) * 5 + Passenger) * 4 + Destination;

    /// <summary>The state of a number.</summary>
    /// <param name="number">0 to 499.</param>
    /// <returns>The state.</returns>
    public static TaxiState Of(int number) => new(number / 100, number / 20 % 5, number / 4 % 5, number % 4);
}
