using System.Collections.Immutable;

namespace SocketGym.Python.Interpreters;

/// <summary>What an interpreter said of itself.</summary>
/// <param name="Version">Python's version, such as <c>3.11.2</c>.</param>
/// <param name="Executable">The interpreter's own path.</param>
/// <param name="NumpyVersion">NumPy's version.</param>
/// <param name="GymnasiumVersion">Gymnasium's version; null where there is only an old gym.</param>
/// <param name="GymVersion">The old gym's version; null where there is none that can be imported.</param>
/// <param name="FailedImports">A sentence for each configured module that could not be imported.</param>
/// <param name="Ids">The ids whose modules are installed, sorted.</param>
public sealed record InterpreterDescription(
    string Version,
    string Executable,
    string NumpyVersion,
    string? GymnasiumVersion,
    string? GymVersion,
    ImmutableArray<string> FailedImports,
    ImmutableArray<string> Ids)
{
    /// <summary>Why each worker starts an interpreter of its own rather than being forked; null where it is forked.</summary>
    public string? SpawnReason { get; init; }

    /// <summary>The path of its shared library, which another process can load; null where it has none.</summary>
    public string? Library { get; init; }

    /// <summary>Why no other process can load it; null where one can.</summary>
    public string? EmbeddingProblem { get; init; }

    /// <summary>One line for a person.</summary>
    public override string ToString() =>
        string.Join(" ", [$"Python {Version} ({Executable}) with {Packages} and NumPy {NumpyVersion}.", .. FailedImports, .. SpawnReason is null ? Array.Empty<string>() : [$"Each worker is an interpreter of its own: {SpawnReason}."]]);

    private string Packages => (GymnasiumVersion, GymVersion) switch
    {
        (null, _) => $"gym {GymVersion}",
        (_, null) => $"Gymnasium {GymnasiumVersion}",
        _ => $"Gymnasium {GymnasiumVersion}, gym {GymVersion}",
    };
}
