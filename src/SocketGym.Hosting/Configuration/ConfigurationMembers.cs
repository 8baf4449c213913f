using SocketGym.Hosting.Environments;

namespace SocketGym.Hosting.Configuration;

/// <summary>The members of an object, read by name; those that nobody asked for are unknown.</summary>
internal sealed class ConfigurationMembers(ConfigurationNode owner, IReadOnlyList<KeyValuePair<string, ConfigurationNode>> entries)
{
    private readonly List<string> _known = [];

    /// <summary>The member of a name; null where it is not there.</summary>
    public ConfigurationNode? Find(string name)
    {
        _known.Add(name);
        return entries.FirstOrDefault(entry => entry.Key == name).Value;
    }

    /// <summary>The member of a name.</summary>
    /// <exception cref="FormatException">It is not there.</exception>
    public ConfigurationNode Get(string name) => Find(name) ?? throw owner.Refuse($"the member '{name}' is missing.");

    /// <summary>Refuses what has not been asked for; comes after everything has been.</summary>
    /// <exception cref="FormatException">There is such a member.</exception>
    public void RefuseOthers()
    {
        foreach (var (name, value) in entries)
        {
            if (_known.Contains(name))
                continue;
            var close = CloseMatches.Find(name, _known);
            throw value.Refuse(close.Count > 0 ? $"there is no member '{name}'; did you mean '{close[0]}'?" : $"there is no member '{name}'; there are: {string.Join(", ", _known)}.");
        }
    }
}
