using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Python.Vectors;

/// <summary>The infos that a worker sends: those that are not empty, each with the index of its environment.</summary>
internal static class SparseInfos
{
    /// <summary>Reads the infos of one worker's environments.</summary>
    /// <param name="reply">What the worker sent: a list of pairs.</param>
    /// <param name="first">Which environment its first one is.</param>
    /// <param name="count">How many it has.</param>
    /// <param name="infos">Where they go.</param>
    /// <exception cref="InvalidDataException">They are of another form, or of other environments.</exception>
    public static void Read(Value reply, int first, int count, List<VectorInfo> infos)
    {
        if (reply.Kind != ValueKind.List)
            throw new InvalidDataException($"It sent {reply} for infos.");
        var least = first;
        foreach (var item in reply.AsItems())
        {
            var pair = item.Kind == ValueKind.Tuple ? item.AsItems() : default;
            var isInfo = pair.Length == 2 && pair[0].Kind == ValueKind.Int && pair[0].IsInt64 && pair[0].AsInt64() >= least && pair[0].AsInt64() < first + count
                && pair[1].Kind is ValueKind.Dict or ValueKind.OrderedDict;
            if (!isInfo)
                throw new InvalidDataException($"It sent {item} for an info of environments {first} to {first + count - 1}.");
            least = (int)pair[0].AsInt64();
            infos.Add(new VectorInfo(least, pair[1]));
        }
    }
}
