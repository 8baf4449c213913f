using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>An environment whose attributes and further methods can be reached by name, as through Gymnasium's <c>get_wrapper_attr</c> and its kin.</summary>
/// <remarks>
/// Wrappers are searched from the outermost to the environment itself. As little thread-safe as the environment. Names are not restricted here: a session
/// lets only public ones through (docs/protocol.md, "Attributes").
/// </remarks>
public interface IAttributes
{
    /// <summary>What there is under a name: Gymnasium's <c>has_wrapper_attr</c>, and whether it can be called.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <returns>The kind; <see cref="AttributeKind.None"/> where there is nothing.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/> and its kin from a hosted environment.</exception>
    AttributeKind FindAttribute(string name);

    /// <summary>An attribute's value.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <returns>The value, valid until the environment's next call.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnknownAttribute"/>; <see cref="ErrorCode.UnsupportedValue"/> for one that cannot travel, such as a method or a module;
    /// <see cref="ErrorCode.EnvironmentFault"/> and its kin from a hosted environment.
    /// </exception>
    Value GetAttribute(string name);

    /// <summary>Sets an attribute where the outermost wrapper that has it keeps it.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value, which must not change after the call.</param>
    /// <param name="force">Whether the attribute is made, on the outermost wrapper, where there is none.</param>
    /// <returns>Whether it was set; false only where there is none and <paramref name="force"/> is false.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnknownAttribute"/> for one that cannot be set, <see cref="ErrorCode.InvalidArgument"/> for a value that is refused,
    /// <see cref="ErrorCode.EnvironmentFault"/> and its kin from a hosted environment.
    /// </exception>
    bool SetAttribute(string name, Value value, bool force = true);

    /// <summary>Calls a method.</summary>
    /// <param name="name">The method's name.</param>
    /// <param name="arguments">Its positional arguments; null for none.</param>
    /// <param name="kwargs">Its keyword arguments; null for none.</param>
    /// <returns>What it returned, valid until the environment's next call.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnknownAttribute"/>, <see cref="ErrorCode.InvalidArgument"/> where the attribute cannot be called,
    /// <see cref="ErrorCode.UnsupportedValue"/> for a result that cannot travel, <see cref="ErrorCode.EnvironmentFault"/> and its kin from a hosted environment.
    /// </exception>
    Value Call(string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null);
}
