using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>The methods by which callers elsewhere reach <see cref="IStateful"/>, and what is common to saved states.</summary>
internal static class StateMethods
{
    private const string Get = "get_state";
    private const string Set = "set_state";

    /// <summary>Whether there is a method of this name.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="name">The name.</param>
    public static bool Has(IStateful environment, string name) => name is Get or Set && environment.KeepsState;

    /// <summary>Calls one.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="name">A name that <see cref="Has"/> knows.</param>
    /// <param name="arguments">The positional arguments: for <c>set_state</c> the state.</param>
    /// <param name="kwargs">The keyword arguments: <c>state</c> in place of a positional one.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/> for other arguments.</exception>
    public static Value Call(IStateful environment, string name, IReadOnlyList<Value>? arguments, ValueDictionary? kwargs)
    {
        var positional = arguments?.Count ?? 0;
        var named = kwargs?.Count ?? 0;
        if (name == Get)
            return positional + named == 0 ? environment.GetState() : throw Refusal($"{Get} takes no argument, and {positional + named} were given.");
        if (positional + named != 1)
            throw Refusal($"{Set} takes the state that {Get} gave, and {positional + named} arguments were given.");
        if (positional == 1)
            environment.SetState(arguments![0]);
        else
            environment.SetState(kwargs!.TryGetValue("state", out var state) ? state : throw Refusal($"{Set} has no keyword argument {kwargs[0].Key}; there is 'state'."));
        return Value.None;
    }

    /// <summary>Where a state is a dictionary, its entry.</summary>
    /// <param name="state">What was given as a state.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: there is none.</exception>
    public static Value Entry(Value state, string key) =>
        state.Kind is ValueKind.Dict or ValueKind.OrderedDict && state.AsDict().TryGetValue(key, out var entry)
            ? entry
            : throw Refusal($"The state is {state}, which has no '{key}'; give what {Get} gave.");

    /// <summary>The refusal of a state.</summary>
    /// <param name="message">What is wrong.</param>
    public static SocketGymException Refusal(string message) => new(ErrorCode.InvalidArgument, message);
}
