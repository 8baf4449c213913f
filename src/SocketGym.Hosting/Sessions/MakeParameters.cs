using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Protocol.Messages;

namespace SocketGym.Hosting.Sessions;

/// <summary>The parameters of <c>make</c> and <c>make_vec</c>, checked for their kinds.</summary>
internal static class MakeParameters
{
    /// <summary>What both begin with.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The id and the keyword arguments.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: one is of another kind.</exception>
    public static (string Id, ValueDictionary Kwargs) Read(Request request)
    {
        if (request[0].Kind != ValueKind.String)
            throw Refusal($"The environment's id is {request[0]} ({ValueText.TypeName(request[0])}); it must be a str such as 'CartPole-v1'.");
        return (request[0].AsString(), DictOf("kwargs", request[1]));
    }

    /// <summary>gym_service's <c>env_type</c>.</summary>
    /// <param name="type">What was sent.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: it is neither a str nor None.</exception>
    public static string? EnvironmentTypeOf(Value type) => type.Kind switch
    {
        ValueKind.None => null,
        ValueKind.String => type.AsString(),
        _ => throw Refusal($"env_type is {type} ({ValueText.TypeName(type)}); it must be a str or None."),
    };

    /// <summary>What only <c>make_vec</c> takes.</summary>
    /// <param name="count">The parameter <c>num_envs</c>.</param>
    /// <param name="options">The parameter <c>options</c>.</param>
    /// <param name="limits">How many environments and workers a client's vector may have.</param>
    /// <returns>How the vector is made, and <c>env_type</c>.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: one is of another kind or out of range, or an option is unknown.</exception>
    public static (VectorOptions Options, string? EnvironmentType) VectorOptionsOf(Value count, Value options, ServerLimits limits)
    {
        var made = new VectorOptions(CountOf("num_envs", count, limits.MaxVectorEnvironments)) { MaxWorkers = limits.MaxVectorWorkers };
        string? environmentType = null;
        foreach (var (key, value) in DictOf("options", options))
        {
            switch (key.Kind == ValueKind.String ? key.AsString() : "")
            {
                case "autoreset_mode":
                    made = made with { AutoresetMode = AutoresetModeOf(value) };
                    break;
                case "workers":
                    made = made with { Workers = value.IsNone ? null : CountOf("workers", value, limits.MaxVectorWorkers) };
                    break;
                case "env_type":
                    environmentType = EnvironmentTypeOf(value);
                    break;
                default:
                    throw Refusal($"make_vec has no option {key}; it has autoreset_mode, workers and env_type.");
            }
        }
        return (made, environmentType);
    }

    private static ValueDictionary DictOf(string name, Value value) => value.Kind switch
    {
        ValueKind.None => ValueDictionary.Empty,
        ValueKind.Dict or ValueKind.OrderedDict => value.AsDict(),
        _ => throw Refusal($"{name} is {value} ({ValueText.TypeName(value)}); it must be a dict or None."),
    };

    private static int CountOf(string name, Value value, int most) => value.Kind == ValueKind.Int && value.IsInt64 && value.AsInt64() >= 1 && value.AsInt64() <= most
        ? (int)value.AsInt64()
        : throw Refusal($"{name} is {value} ({ValueText.TypeName(value)}); it must be an int from 1 to {most}.");

    // By name alone: Enum.TryParse would take numbers and lists too.
    private static AutoresetMode AutoresetModeOf(Value mode) => mode switch
    {
        { IsNone: true } => AutoresetMode.NextStep,
        { Kind: ValueKind.String } when Enum.IsDefined(typeof(AutoresetMode), mode.AsString()) => Enum.Parse<AutoresetMode>(mode.AsString()),
        _ => throw Refusal($"autoreset_mode is {mode} ({ValueText.TypeName(mode)}); it must be 'NextStep', 'SameStep' or 'Disabled'."),
    };

    private static SocketGymException Refusal(string message) => new(ErrorCode.InvalidArgument, message);
}
