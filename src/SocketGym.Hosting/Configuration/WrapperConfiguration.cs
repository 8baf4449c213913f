using SocketGym.Core.Values;

namespace SocketGym.Hosting.Configuration;

/// <summary>A Python wrapper to put around an environment.</summary>
/// <param name="EntryPoint">The wrapper's class, <c>module:name</c>.</param>
/// <param name="Kwargs">The keyword arguments that it is made with.</param>
public sealed record WrapperConfiguration(string EntryPoint, ValueDictionary Kwargs)
{
    internal static WrapperConfiguration Read(ConfigurationNode node)
    {
        if (!node.IsObject)
            return new(node.EntryPoint(), ValueDictionary.Empty);
        var members = node.Members();
        var wrapper = new WrapperConfiguration(members.Get("entry_point").EntryPoint(), members.Find("kwargs")?.ToDictionary() ?? ValueDictionary.Empty);
        members.RefuseOthers();
        return wrapper;
    }
}
