using SocketGym.Core.Values;

namespace SocketGym.Python.Workers;

/// <summary>A wrapper to put around a Python environment.</summary>
/// <param name="EntryPoint">Its class, <c>module:name</c>; called with the environment and the keyword arguments.</param>
/// <param name="Kwargs">The keyword arguments.</param>
public sealed record PythonWrapper(string EntryPoint, ValueDictionary Kwargs);
