using System.Globalization;
using System.Text;

namespace SocketGym.Examples.CSharpLearning;

/// <summary>The returns of each generation, as a picture in SVG.</summary>
internal sealed class LearningCurve
{
    private const int Width = 640;
    private const int Height = 360;
    private const int Margin = 48;

    private readonly List<(double Mean, double Best)> _generations = [];

    public void Add(double mean, double best) => _generations.Add((mean, best));

    public void Save(string path, string title, double goal)
    {
        var top = Math.Max(goal, _generations.Max(generation => generation.Best)) * 1.05;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Width / 2}\" y=\"24\" text-anchor=\"middle\" font-size=\"15\">{title}</text>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Width / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">generation</text>");
        foreach (var value in (double[])[0, goal])
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{Margin}\" x2=\"{Width - Margin}\" y1=\"{Y(value):F1}\" y2=\"{Y(value):F1}\" stroke=\"#ccc\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Margin - 6}\" y=\"{Y(value) + 4:F1}\" text-anchor=\"end\">{value:F0}</text>");
        }
        AppendLine("best", "#1b7f4d", 44, generation => generation.Best);
        AppendLine("mean", "#2458a6", 60, generation => generation.Mean);
        svg.AppendLine("</svg>");
        File.WriteAllText(path, svg.ToString());

        void AppendLine(string name, string color, int row, Func<(double Mean, double Best), double> select)
        {
            var points = _generations.Select((generation, index) => string.Create(CultureInfo.InvariantCulture, $"{X(index):F1},{Y(select(generation)):F1}"));
            svg.AppendLine(CultureInfo.InvariantCulture, $"<polyline points=\"{string.Join(' ', points)}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Width - Margin}\" y=\"{row}\" text-anchor=\"end\" fill=\"{color}\">{name} return</text>");
        }

        double X(int index) => Margin + ((Width - (2.0 * Margin)) * index / Math.Max(1, _generations.Count - 1));

        double Y(double value) => Height - Margin - ((Height - (2.0 * Margin)) * value / top);
    }
}
