using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Wrappers;

namespace SocketGym.Environments;

/// <summary>
/// The keyword arguments of <c>gymnasium.make</c>, divided into those of <c>make</c> itself (<c>max_episode_steps</c>, <c>disable_env_checker</c>)
/// and the environment's own, among them <c>render_mode</c>.
/// </summary>
internal sealed class MakeArguments
{
    // gymnasium.make's way to ask for no time limit.
    private const int NoTimeLimit = -1;
    private const string ListEnding = "_list";

    private readonly EnvironmentSpec _registered;
    private readonly ValueDictionary _own = [];
    private int? _maxEpisodeSteps;
    private bool _disableEnvChecker;
    private bool _collectsFrames;

    private MakeArguments(EnvironmentSpec registered)
    {
        _registered = registered;
        foreach (var (name, value) in registered.Kwargs)
            _own.Add(name, value);
        _maxEpisodeSteps = registered.MaxEpisodeSteps;
        _disableEnvChecker = registered.DisableEnvChecker;
    }

    /// <summary>The bare environment's render mode, so without an ending <c>_list</c>; null for none.</summary>
    public string? RenderMode { get; private set; }

    /// <summary>What the bare environment is made from: neither a time limit nor order enforcement, as in Gymnasium.</summary>
    public EnvironmentSpec BareSpec => _registered with
    {
        MaxEpisodeSteps = null,
        OrderEnforce = false,
        DisableEnvChecker = _disableEnvChecker,
        Kwargs = _own,
    };

    /// <summary>Divides and checks keyword arguments.</summary>
    /// <param name="registered">The registered spec, with the defaults.</param>
    /// <param name="kwargs">The keyword arguments.</param>
    /// <param name="renderModes">The render modes that the native environment offers.</param>
    /// <param name="ownArguments">The environment's own arguments.</param>
    /// <param name="arguments">The arguments where the result is null.</param>
    /// <returns>Why the native environment refuses them, or null.</returns>
    public static SocketGymException? TryRead(
        EnvironmentSpec registered,
        ValueDictionary kwargs,
        ReadOnlySpan<string> renderModes,
        ReadOnlySpan<EnvironmentArgument> ownArguments,
        out MakeArguments arguments)
    {
        arguments = new MakeArguments(registered);
        foreach (var (key, value) in kwargs)
        {
            var name = key.Kind == ValueKind.String ? key.AsString() : "";
            var problem = name switch
            {
                "max_episode_steps" => arguments.ReadTimeLimit(value),
                "disable_env_checker" => arguments.ReadCheckerFlag(value),
                "render_mode" => arguments.ReadRenderMode(value, renderModes),
                _ => arguments.ReadOwn(key, name, value, ownArguments),
            };
            if (problem is not null)
                return problem;
        }
        return null;
    }

    /// <summary>An own argument.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its value, given or registered; null leaves the constructor's default.</returns>
    public Value? Find(string name) => _own.TryGetValue(name, out var value) ? value : default(Value?);

    /// <summary>An own argument that is a <c>bool</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its value, or false where there is none.</returns>
    public bool Flag(string name) => Find(name) is { } value && value.AsBool();

    /// <summary>Puts around the bare environment what <c>gymnasium.make</c> puts there.</summary>
    /// <param name="environment">The bare environment.</param>
    /// <returns>The environment with order enforced, its time limit unless it has none, and its frames collected where a list of them was asked for.</returns>
    public IEnvironment Wrap(IEnvironment environment)
    {
        // The passive checker only warns about an environment that breaks Gymnasium's contract; these keep it.
        if (_registered.OrderEnforce)
            environment = new OrderEnforcing(environment);
        if (_maxEpisodeSteps is { } limit)
            environment = new TimeLimit(environment, limit);
        return _collectsFrames ? new RenderCollection(environment) : environment;
    }

    private SocketGymException? ReadTimeLimit(Value value)
    {
        if (value.IsNone)
            return null;
        if (!value.IsInt64 || value.AsInt64() is not (NoTimeLimit or (> 0 and <= int.MaxValue)))
            return Refusal(
                $"max_episode_steps is {value}; give a positive int up to {int.MaxValue}, -1 for no limit, or None for the registered one.");
        _maxEpisodeSteps = value.AsInt64() == NoTimeLimit ? null : (int)value.AsInt64();
        return null;
    }

    private SocketGymException? ReadCheckerFlag(Value value)
    {
        if (value.Kind is not (ValueKind.None or ValueKind.Bool))
            return Refusal($"disable_env_checker is {value}; give True, False or None.");
        _disableEnvChecker = value.IsNone ? _registered.DisableEnvChecker : value.AsBool();
        return null;
    }

    private SocketGymException? ReadRenderMode(Value value, ReadOnlySpan<string> offered)
    {
        _own["render_mode"] = value;
        if (value.IsNone)
            return null;
        var mode = value.Kind == ValueKind.String ? value.AsString() : "";
        // gymnasium.make collects the frames of the mode before the ending, which is what the environment is made with.
        _collectsFrames = mode.EndsWith(ListEnding, StringComparison.Ordinal);
        if (_collectsFrames)
        {
            mode = mode[..^ListEnding.Length];
            _own["render_mode"] = mode;
        }
        RenderMode = mode;
        return offered.Contains(mode) ? null : new SocketGymException(
            ErrorCode.UnsupportedRenderMode,
            $"render_mode is {value}; the native {_registered.Id} offers None, '{string.Join("', '", offered.ToArray())}', and lists of these frames with the ending '{ListEnding}'. "
            + "A window ('human') cannot be opened for a caller elsewhere: render to an array and show that.");
    }

    private SocketGymException? ReadOwn(Value key, string name, Value value, ReadOnlySpan<EnvironmentArgument> ownArguments)
    {
        foreach (var argument in ownArguments)
        {
            if (argument.Name != name)
                continue;
            _own[name] = value;
            return argument.Accepts(value) ? null : Refusal($"{name} is {value}; give {argument.Expected}.");
        }
        var names = string.Join("", from argument in ownArguments.ToArray() select $", {argument.Name}");
        return Refusal($"{key} is no keyword argument of the native {_registered.Id}; there are: max_episode_steps, disable_env_checker, render_mode{names}.");
    }

    private static SocketGymException Refusal(string message) => new(ErrorCode.InvalidArgument, message);
}
