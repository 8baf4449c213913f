using System.Collections.Immutable;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers;

/// <summary>What the server's owner adds to the making of an environment. Nothing of it may come from a client unchecked: modules are imported by these names.</summary>
public sealed record PythonMakeOptions
{
    // Python takes these for the package that makes the id; it imports nothing for them that it would not import anyhow.
    private static readonly string[] Packages = ["gymnasium", "gym"];

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

    /// <summary>The parameters of the request that makes an environment, and the first ones of that which makes several.</summary>
    /// <param name="id">The id without a prefix.</param>
    /// <param name="kwargs">The keyword arguments of <c>gymnasium.make</c>.</param>
    /// <param name="imports">The interpreter's own modules to import first.</param>
    /// <returns>The parameters (python/worker's <c>main.py</c>).</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnknownEnvironment"/> for an id that names a module, <see cref="ErrorCode.UnsupportedValue"/> for a stand-in among the arguments.</exception>
    internal Value[] ToParameters(string id, ValueDictionary kwargs, ImmutableArray<string> imports)
    {
        if (id.LastIndexOf(':') is >= 0 and var colon && !Packages.Contains(id[..colon]))
            throw new SocketGymException(ErrorCode.UnknownEnvironment, $"'{id}' names a module to import; only the server's owner can have modules imported, in the configuration.");
        Value arguments = kwargs;
        OpaqueSearch.Refuse(arguments, "the keyword arguments");
        var modules = Value.List([.. imports.Concat(Imports).Select(Value.FromString)]);
        var wrappers = Value.List([.. Wrappers.Select(wrapper => Value.Tuple(wrapper.EntryPoint, wrapper.Kwargs))]);
        return [id, arguments, modules, EntryPoint, wrappers];
    }
}
