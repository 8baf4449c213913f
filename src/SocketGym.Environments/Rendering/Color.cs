namespace SocketGym.Environments.Rendering;

/// <summary>An opaque colour, one byte a channel, in the order in which a frame stores it.</summary>
/// <param name="Red">Red, 0 to 255.</param>
/// <param name="Green">Green, 0 to 255.</param>
/// <param name="Blue">Blue, 0 to 255.</param>
public readonly record struct Color(byte Red, byte Green, byte Blue)
{
    /// <summary>(0, 0, 0).</summary>
    public static Color Black => default;

    /// <summary>(255, 255, 255).</summary>
    public static Color White => new(255, 255, 255);
}
