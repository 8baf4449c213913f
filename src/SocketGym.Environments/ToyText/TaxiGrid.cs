using System.Text;
using SocketGym.Core.Values;

namespace SocketGym.Environments.ToyText;

/// <summary>The town of <see cref="Taxi"/>: 5 rows and columns, walls, and four places.</summary>
internal static class TaxiGrid
{
    /// <summary>The index of the last row and column.</summary>
    public const int Last = 4;

    /// <summary>The places' rows and columns: red, green, yellow, blue.</summary>
    public static readonly (int Row, int Column)[] Places = [(0, 0), (0, 4), (4, 0), (4, 3)];

    private static readonly string[] Map =
    [
        "+---------+",
        "|R: | : :G|",
        "| : | : : |",
        "| : : : : |",
        "| | : | : |",
        "|Y| : |B: |",
        "+---------+",
    ];

    /// <summary>The map's rows, its borders among them.</summary>
    public const int Rows = 7;

    /// <summary>The map's columns, its walls among them.</summary>
    public const int Columns = 11;

    /// <summary>A letter of the map.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="column">Its column.</param>
    /// <returns>The letter; a space outside the map.</returns>
    public static char LetterAt(int row, int column) => (uint)row < Rows && (uint)column < Columns ? Map[row][column] : ' ';

    /// <summary>Whether there is no wall east of a cell.</summary>
    /// <param name="row">The cell's row.</param>
    /// <param name="column">The cell's column.</param>
    public static bool IsOpenEast(int row, int column) => Map[1 + row][2 * column + 2] == ':';

    /// <summary>Whether there is no wall west of a cell.</summary>
    /// <param name="row">The cell's row.</param>
    /// <param name="column">The cell's column.</param>
    public static bool IsOpenWest(int row, int column) => Map[1 + row][2 * column] == ':';

    /// <summary>The place at a cell.</summary>
    /// <param name="row">The cell's row.</param>
    /// <param name="column">The cell's column.</param>
    /// <returns>Its index, or -1.</returns>
    public static int PlaceAt(int row, int column) => Array.IndexOf(Places, (row, column));

    /// <summary>The map as Gymnasium's <c>desc</c>: an array of <c>S1</c>.</summary>
    /// <returns>A new array of shape (7, 11).</returns>
    public static NDArray ToArray() => new(DType.Parse("|S1"), [Rows, Columns], Encoding.ASCII.GetBytes(string.Concat(Map)));

    /// <summary>The map for a terminal.</summary>
    /// <param name="state">The state: the taxi is yellow, or green with its passenger; the passenger blue; the destination magenta.</param>
    /// <returns>The rows, each with a newline.</returns>
    public static string Draw(TaxiState state)
    {
        var cells = Array.ConvertAll(Map, row => Array.ConvertAll(row.ToCharArray(), letter => letter.ToString()));
        ref var taxi = ref CellAt((state.Row, state.Column));
        if (state.Passenger < Places.Length)
        {
            taxi = GridText.Colorize(taxi, "43");
            ref var passenger = ref CellAt(Places[state.Passenger]);
            passenger = GridText.Colorize(passenger, "34;1");
        }
        else
        {
            taxi = GridText.Colorize(taxi == " " ? "_" : taxi, "42");
        }
        ref var destination = ref CellAt(Places[state.Destination]);
        destination = GridText.Colorize(destination, "35");
        return string.Concat(from row in cells select string.Concat(row) + "\n");

        ref string CellAt((int Row, int Column) place) => ref cells[1 + place.Row][2 * place.Column + 1];
    }
}
