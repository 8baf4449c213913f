using System.Collections.Immutable;

namespace SocketGym.Python.Workers;

/// <summary>What the server's owner adds to the making of an environment. Nothing of it may come from a client unchecked: modules are imported by these names.</summary>
public sealed record PythonMakeOptions
{
    /// <summary>Nothing is added.</summary>
    public static PythonMakeOptions None { get; } = new();

    /// <summary>Modules to import first, beside the interpreter's. Default none.</summary>
    public ImmutableArray<string> Imports { get; init; } = [];

    /// <summary>What makes the environment, <c>module:name</c>, in place of what is registered under its id; null (the default) for the latter.</summary>
    public string? EntryPoint { get; init; }

    /// <summary>Wrappers to put around it, innermost first. Default none.</summary>
    public ImmutableArray<PythonWrapper> Wrappers { get; init; } = [];

    /// <summary>How long the worker may take; null (the default) for the provider's limits.</summary>
    public WorkerLimits? Limits { get; init; }
}
