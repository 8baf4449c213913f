using SocketGym.Environments.Rendering;

namespace SocketGym.Environments.ToyText;

/// <summary>Who and what moves about in the toy texts' pictures; drawings of our own, in the colours of Gymnasium's.</summary>
internal static class Figures
{
    private static readonly Color Skin = new(248, 192, 160);
    private static readonly Color Hair = new(80, 48, 56);
    private static readonly Color Coat = new(224, 64, 56);
    private static readonly Color Hat = new(96, 168, 56);

    /// <summary>Draws the elf.</summary>
    /// <param name="tile">Where.</param>
    /// <param name="column">Which way it looks: -1 left, 1 right, 0 neither.</param>
    /// <param name="row">Which way it looks: -1 away, 1 to the viewer, 0 neither.</param>
    public static void Elf(in Tile tile, int column, int row)
    {
        tile.Rectangle(0.36, 0.52, 0.64, 0.74, Coat);
        tile.Rectangle(0.38, 0.74, 0.47, 0.8, Hair);
        tile.Rectangle(0.53, 0.74, 0.62, 0.8, Hair);
        tile.Disc(0.5, 0.45, 0.14, row < 0 ? Hair : Skin);
        tile.Triangle(0.34, 0.38, 0.66, 0.38, 0.5, 0.2, Hat);
        if (row < 0)
            return;
        var gaze = 0.05 * column;
        tile.Disc(0.45 + gaze, 0.46, 0.02, Hair);
        tile.Disc(0.55 + gaze, 0.46, 0.02, Hair);
    }

    /// <summary>Draws the taxi's passenger.</summary>
    /// <param name="tile">Where.</param>
    public static void Passenger(in Tile tile)
    {
        tile.Rectangle(0.38, 0.34, 0.62, 0.52, new(136, 72, 80));
        tile.Disc(0.5, 0.26, 0.13, Skin);
        tile.Rectangle(0.37, 0.11, 0.63, 0.22, Hair);
    }

    /// <summary>Draws the taxi.</summary>
    /// <param name="tile">Where.</param>
    /// <param name="direction">Where it heads: 0 south, 1 north, 2 east, 3 west.</param>
    public static void Taxi(in Tile tile, int direction)
    {
        Color body = new(248, 216, 0), shade = new(216, 160, 0), glass = new(48, 48, 56);
        if (direction < 2)
        {
            tile.Rectangle(0.3, 0.3, 0.7, 0.8, body);
            tile.Rectangle(0.34, 0.38, 0.66, 0.52, glass);
            tile.Rectangle(0.3, 0.62, 0.7, 0.7, shade);
            tile.Rectangle(0.34, 0.63, 0.42, 0.69, direction == 0 ? Color.White : Coat);
            tile.Rectangle(0.58, 0.63, 0.66, 0.69, direction == 0 ? Color.White : Coat);
        }
        else
        {
            tile.Rectangle(0.12, 0.48, 0.88, 0.72, body);
            tile.Rectangle(0.28, 0.32, 0.72, 0.48, body);
            tile.Rectangle(0.34, 0.36, 0.66, 0.48, glass);
            tile.Rectangle(0.12, 0.6, 0.88, 0.66, shade);
            tile.Rectangle(direction == 2 ? 0.82 : 0.12, 0.52, direction == 2 ? 0.88 : 0.18, 0.58, Color.White);
        }
        tile.Disc(0.3, 0.76, 0.08, glass);
        tile.Disc(0.7, 0.76, 0.08, glass);
    }
}
