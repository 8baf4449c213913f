namespace SocketGym.Environments.Rendering;

/// <summary>Which row of the frame row 0 of a canvas is.</summary>
public enum RowOrder
{
    /// <summary>Row 0 is the frame's first row, its top: y grows downward.</summary>
    TopDown,

    /// <summary>Row 0 is the frame's last row, its bottom: y grows upward, as if the picture were flipped when done.</summary>
    BottomUp,
}
