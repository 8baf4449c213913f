using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Wrappers;

namespace SocketGym.Core.Environments;

/// <summary>The keyword arguments with which a registered environment is made: its render mode and those of its own, without those that <c>gymnasium.make</c> keeps for itself.</summary>
/// <remarks>Immutable.</remarks>
public sealed class EnvironmentArguments
{
    // gymnasium.make's way to ask for no time limit.
    private const int NoTimeLimit = -1;

    private readonly EnvironmentSpec _registered;
    private readonly ValueDictionary _given = [];
    private int? _maxEpisodeSteps;
    private bool _disableEnvChecker;

    private EnvironmentArguments(EnvironmentSpec registered)
    {
        _registered = registered;
        _maxEpisodeSteps = registered.MaxEpisodeSteps;
        _disableEnvChecker = registered.DisableEnvChecker;
    }

    /// <summary>The render mode; null for none.</summary>
    public string? RenderMode { get; private set; }

    /// <summary>An argument of the environment's own; <c>None</c> where it was not given.</summary>
    /// <param name="name">Its name.</param>
    public Value this[string name] => _given.GetOrNone(name);

    /// <summary>An argument of the environment's own that is a number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="defaultValue">What it is where it was not given.</param>
    /// <returns>The number.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: it is no real number.</exception>
    public double Number(string name, double defaultValue) => Read(name, defaultValue, value => value.ToDouble(), "a number");

    /// <summary>An argument of the environment's own that is an integer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="defaultValue">What it is where it was not given.</param>
    /// <returns>The integer.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: it is no <c>int</c> of 32 bits.</exception>
    public int Integer(string name, int defaultValue) => Read(name, defaultValue, value => checked((int)value.AsInt64()), "an int of 32 bits");

    /// <summary>An argument of the environment's own that is a text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="defaultValue">What it is where it was not given.</param>
    /// <returns>The text.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: it is no <c>str</c>.</exception>
    public string Text(string name, string defaultValue) => Read(name, defaultValue, value => value.AsString(), "a str");

    /// <summary>An argument of the environment's own that is a flag.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="defaultValue">What it is where it was not given.</param>
    /// <returns>The flag.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: it is no <c>bool</c>.</exception>
    public bool Flag(string name, bool defaultValue = false) => Read(name, defaultValue, value => value.AsBool(), "True or False");

    /// <summary>Divides and checks keyword arguments.</summary>
    /// <param name="registered">The registered spec, with the defaults.</param>
    /// <param name="kwargs">The keyword arguments of <c>gymnasium.make</c>.</param>
    /// <param name="names">The names of the environment's own; null where it takes nothing, not even a render mode.</param>
    /// <param name="arguments">The arguments where the result is null.</param>
    /// <returns>Why they are refused, or null.</returns>
    internal static SocketGymException? TryRead(EnvironmentSpec registered, ValueDictionary kwargs, IReadOnlyCollection<string>? names, out EnvironmentArguments arguments)
    {
        arguments = new EnvironmentArguments(registered);
        foreach (var (key, value) in kwargs)
        {
            var name = key.Kind == ValueKind.String ? key.AsString() : "";
            var problem = name switch
            {
                "max_episode_steps" => arguments.ReadTimeLimit(value),
                "disable_env_checker" => arguments.ReadCheckerFlag(value),
                "render_mode" => arguments.ReadRenderMode(value, names is not null),
                _ when names?.Contains(name) == true => null,
                _ => Refusal($"{key} is no keyword argument of {registered.Id}; there are: {string.Join(", ", (IEnumerable<string>)["max_episode_steps", "disable_env_checker", "render_mode", .. names ?? []])}."),
            };
            if (problem is not null)
                return problem;
            if (name is not ("max_episode_steps" or "disable_env_checker"))
                arguments._given.Add(key, value);
        }
        return null;
    }

    /// <summary>Gives the bare environment its spec, where it takes one, and puts around it what <c>gymnasium.make</c> puts there.</summary>
    /// <param name="environment">The bare environment.</param>
    /// <returns>The environment with order enforced and, unless it has none, its time limit.</returns>
    internal IEnvironment Complete(IEnvironment environment)
    {
        if (environment is GymEnvironment own)
        {
            own.Spec = _registered with
            {
                EntryPoint = own.GetType().FullName,
                MaxEpisodeSteps = null,
                OrderEnforce = false,
                DisableEnvChecker = _disableEnvChecker,
                Kwargs = _given,
            };
        }
        // The passive checker only warns about an environment that breaks Gymnasium's contract: that is EnvironmentChecker's to find, before it is served.
        if (_registered.OrderEnforce)
            environment = new OrderEnforcing(environment);
        return _maxEpisodeSteps is { } limit ? new TimeLimit(environment, limit) : environment;
    }

    private T Read<T>(string name, T defaultValue, Func<Value, T> read, string expected)
    {
        var value = this[name];
        if (value.IsNone)
            return defaultValue;
        try
        {
            return read(value);
        }
        catch (Exception refusal) when (refusal is InvalidOperationException or OverflowException)
        {
            throw new SocketGymException(ErrorCode.InvalidArgument, $"{name} is {value} ({ValueText.TypeName(value)}); {_registered.Id} takes {expected}.", refusal);
        }
    }

    private SocketGymException? ReadTimeLimit(Value value)
    {
        if (value.IsNone)
            return null;
        if (!value.IsInt64 || value.AsInt64() is not (NoTimeLimit or (> 0 and <= int.MaxValue)))
            return Refusal($"max_episode_steps is {value}; give a positive int up to {int.MaxValue}, -1 for no limit, or None for the registered one.");
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

    // Which modes there are is the environment's to say when it is made.
    private SocketGymException? ReadRenderMode(Value value, bool isTaken)
    {
        if (value.IsNone)
            return null;
        RenderMode = value.Kind == ValueKind.String ? value.AsString() : null;
        return isTaken && RenderMode is not null ? null : new SocketGymException(
            ErrorCode.UnsupportedRenderMode,
            $"render_mode is {value}; {_registered.Id} {(isTaken ? "takes a str or None" : "takes none: its registration makes it without one")}.");
    }

    private static SocketGymException Refusal(string message) => new(ErrorCode.InvalidArgument, message);
}
