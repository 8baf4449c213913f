namespace SocketGym.Hosting.Configuration;

/// <summary>A JSON number as it was written: Python tells <c>1</c> from <c>1.0</c>.</summary>
/// <param name="Text">The number's text.</param>
internal sealed record ConfigurationNumber(string Text)
{
    /// <summary>Whether it is written as an integer.</summary>
    public bool IsInteger => Text.AsSpan().IndexOfAny('.', 'e', 'E') < 0;
}
