using SocketGym.Core.Environments;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Environments.ClassicControl;
using SocketGym.Environments.ToyText;

namespace SocketGym.Environments;

/// <summary>The native environments under Gymnasium's ids.</summary>
public static class NativeEnvironments
{
    /// <summary>Makes a registry of them: Gymnasium's classic control and toy text.</summary>
    /// <returns>A registry of the caller's own, to which further environments can be added.</returns>
    public static EnvironmentRegistry CreateRegistry() => AddTo(new EnvironmentRegistry());

    /// <summary>Adds them to a registry.</summary>
    /// <param name="registry">The registry.</param>
    /// <returns>The same registry.</returns>
    /// <exception cref="ArgumentException">One of the ids is there already.</exception>
    public static EnvironmentRegistry AddTo(EnvironmentRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        foreach (var entry in ClassicControlEntries.All.Concat(ToyTextEntries.All))
            registry.Add(entry);
        return registry;
    }

    /// <summary>Describes how one environment is made.</summary>
    /// <param name="spec">Its id and defaults.</param>
    /// <param name="renderModes">The render modes that it offers.</param>
    /// <param name="arguments">The keyword arguments of its constructor, other than <c>render_mode</c>.</param>
    /// <param name="make">Makes the bare environment.</param>
    /// <param name="drawnAnew">
    /// The render mode whose frames are drawings of the native version's own: left to Python where the id alone is asked for and there is a Python, and
    /// taken where the native version is.
    /// </param>
    /// <param name="makeBatch">Makes the batch that steps many of the bare environments at once; null where there is none.</param>
    /// <returns>The description.</returns>
    internal static NativeEnvironmentEntry Entry(
        EnvironmentSpec spec,
        string[] renderModes,
        EnvironmentArgument[] arguments,
        Func<MakeArguments, IEnvironment> make,
        string? drawnAnew = null,
        Func<IEnvironment[], BatchMemory, EnvironmentBatch>? makeBatch = null)
    {
        return new(spec, IsExact, Make) { IsParallel = true, MakeBatch = makeBatch };

        bool IsExact(ValueDictionary kwargs) => Read(kwargs, out var read) is null && (read.RenderMode is null || read.RenderMode != drawnAnew);

        Exception? Read(ValueDictionary kwargs, out MakeArguments read) => MakeArguments.TryRead(spec, kwargs, renderModes, arguments, out read);

        IEnvironment Make(ValueDictionary kwargs) => Read(kwargs, out var read) is { } problem ? throw problem : read.Wrap(make(read));
    }
}
