namespace SocketGym.Core.Environments;

/// <summary>What an environment has under a name.</summary>
public enum AttributeKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A value, or an object that cannot travel.</summary>
    Value,

    /// <summary>Something that can be called.</summary>
    Method,
}
