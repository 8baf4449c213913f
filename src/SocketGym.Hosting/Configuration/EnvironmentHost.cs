namespace SocketGym.Hosting.Configuration;

/// <summary>Where a configured environment runs.</summary>
public enum EnvironmentHost
{
    /// <summary>Native where a native one covers the id and every argument exactly and nothing asks for Python, else Python.</summary>
    WhatFits,

    /// <summary>In C#, in the server's process.</summary>
    Native,

    /// <summary>In a Python process of its own.</summary>
    Python,

    /// <summary>In Python, in the server's process.</summary>
    Embedded,
}
