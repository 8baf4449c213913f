using System.Reflection;
using System.Text;
using System.Text.Json;

namespace SocketGym.Python.Workers;

/// <summary>The worker's own sources, and the command that has an interpreter run them.</summary>
internal static class WorkerSource
{
    private const string Prefix = "worker/";
    private const string Loader = "loader.py";
    private const string Start = "start.py";

    private static readonly SortedDictionary<string, string> Sources = ReadSources();

    /// <summary>What makes the worker's modules importable, and does nothing else.</summary>
    public static ReadOnlyMemory<byte> Modules { get; } = MakeModules();

    /// <summary>What is written into the interpreter's standard input first.</summary>
    public static ReadOnlyMemory<byte> Bundle { get; } = (byte[])[.. Modules.Span, (byte)'\n', .. Encoding.ASCII.GetBytes(Sources[Start])];

    /// <summary>What the interpreter's <c>-c</c> runs: it reads exactly the bundle, no byte more, and runs it. One line, since some wrappers take no more.</summary>
    public static string Bootstrap { get; } =
        $"import io;exec(io.BufferedReader(io.FileIO(0,closefd=False),1).read({Bundle.Length}))";

    private static SortedDictionary<string, string> ReadSources()
    {
        var assembly = typeof(WorkerSource).Assembly;
        var sources = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
            sources.Add(resource[Prefix.Length..].Replace('\\', '/'), Read(assembly, resource));
        return sources.ContainsKey(Loader) && sources.ContainsKey(Start) ? sources : throw new InvalidOperationException("The assembly was built without the worker's sources.");
    }

    private static byte[] MakeModules()
    {
        var modules = Sources.Where(source => source.Key is not (Loader or Start)).ToDictionary(source => ModuleName(source.Key), source => source.Value);
        // A JSON object of ASCII strings is a Python dict as it stands.
        return Encoding.ASCII.GetBytes($"sources = {JsonSerializer.Serialize(modules)}\n{Sources[Loader]}");
    }

    private static string ModuleName(string path) =>
        path[..^".py".Length].Replace('/', '.').Replace(".__init__", "", StringComparison.Ordinal);

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
