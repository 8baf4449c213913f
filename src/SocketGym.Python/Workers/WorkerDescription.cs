using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Python.Workers;

/// <summary>What a worker tells of the environment that it made.</summary>
internal sealed class WorkerDescription
{
    /// <summary>Reads what <c>make</c> answers.</summary>
    /// <param name="made">The worker's answer.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedSpace"/>, <see cref="ErrorCode.UnsupportedValue"/>.</exception>
    public WorkerDescription(Value made)
    {
        var entries = made.AsDict();
        ObservationSpace = Described(SpaceDescription.FromValue, entries["observation_space"], ErrorCode.UnsupportedSpace);
        ActionSpace = Described(SpaceDescription.FromValue, entries["action_space"], ErrorCode.UnsupportedSpace);
        Metadata = entries["metadata"].Kind is ValueKind.Dict or ValueKind.OrderedDict ? entries["metadata"].AsDict() : ValueDictionary.Empty;
        RenderMode = entries["render_mode"].IsNone ? null : entries["render_mode"].AsString();
        Spec = Described(SpecDescription.FromValue, entries["spec"], ErrorCode.UnsupportedValue);
    }

    /// <summary>What it was made from; null for an environment that was not registered.</summary>
    public EnvironmentSpec? Spec { get; }

    /// <summary>The space of its observations.</summary>
    public Space ObservationSpace { get; }

    /// <summary>The space of its actions.</summary>
    public Space ActionSpace { get; }

    /// <summary>Its metadata; empty where they are no dict.</summary>
    public ValueDictionary Metadata { get; }

    /// <summary>Its render mode; null for none.</summary>
    public string? RenderMode { get; }

    // The worker describes truly what the environment has; what cannot be read of it is the environment's own.
    private static T Described<T>(Func<Value, T> read, Value description, ErrorCode code)
    {
        try
        {
            return read(description);
        }
        catch (SocketGymException failure) when (failure.Code.EndsConnection())
        {
            throw new SocketGymException(code, $"The environment cannot be served: {failure.Message}", failure);
        }
    }
}
