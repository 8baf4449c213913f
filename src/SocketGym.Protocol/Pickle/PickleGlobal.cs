namespace SocketGym.Protocol.Pickle;

/// <summary>The name of a Python global in a pickle.</summary>
/// <param name="Module">The module, such as <c>collections</c>.</param>
/// <param name="Name">The name in the module, such as <c>OrderedDict</c>.</param>
public sealed record PickleGlobal(string Module, string Name);
