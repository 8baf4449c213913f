using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SocketGym.Protocol.Framing;

/// <summary>Where a server listens: a TCP host and port, or the path of a Unix socket.</summary>
/// <remarks>
/// Immutable. Written <c>tcp://host:port</c>, <c>host:port</c> (either without the port means <see cref="DefaultPort"/>) or <c>unix:/path</c>; an IPv6
/// address stands in brackets, as in <c>tcp://[::1]:65432</c>. Port 0 lets a listener choose one.
/// </remarks>
public sealed record ServerAddress
{
    /// <summary>The port of docs/protocol.md, section 1.</summary>
    public const int DefaultPort = 65432;

    /// <summary>The environment variable that names the server where a program does not.</summary>
    public const string EnvironmentVariable = "SOCKETGYM_ADDRESS";

    private const string TcpPrefix = "tcp://";
    private const string UnixPrefix = "unix:";

    private ServerAddress(string? host, int port, string? path)
    {
        Host = host;
        Port = port;
        Path = path;
    }

    /// <summary>The address that servers and clients take unless told otherwise: <c>tcp://127.0.0.1:65432</c>.</summary>
    public static ServerAddress Default { get; } = new("127.0.0.1", DefaultPort, null);

    /// <summary>The TCP host: a name, or an IP address without brackets; null for a Unix socket.</summary>
    public string? Host { get; }

    /// <summary>The TCP port, 0 to 65535; 0 for a Unix socket.</summary>
    public int Port { get; }

    /// <summary>The Unix socket's path; null for TCP.</summary>
    public string? Path { get; }

    /// <summary>Whether the address is that of a Unix socket.</summary>
    [MemberNotNullWhen(true, nameof(Path))]
    [MemberNotNullWhen(false, nameof(Host))]
    public bool IsUnix => Path is not null;

    /// <summary>The address for a socket: an <see cref="IPEndPoint"/> where the host is an IP address, a <see cref="DnsEndPoint"/> where it is a name, a <see cref="UnixDomainSocketEndPoint"/>.</summary>
    public EndPoint EndPoint => IsUnix
        ? new UnixDomainSocketEndPoint(Path)
        : IPAddress.TryParse(Host, out var address) ? new IPEndPoint(address, Port) : new DnsEndPoint(Host, Port);

    /// <summary>The address in <see cref="EnvironmentVariable"/>, or <see cref="Default"/> where that is unset or empty.</summary>
    /// <returns>The address.</returns>
    /// <exception cref="FormatException">The variable's value is no address.</exception>
    public static ServerAddress FromEnvironment()
    {
        var text = Environment.GetEnvironmentVariable(EnvironmentVariable);
        return string.IsNullOrEmpty(text) ? Default : Parse(text);
    }

    /// <summary>Reads an address.</summary>
    /// <param name="text">One of the forms that the type describes.</param>
    /// <returns>The address.</returns>
    /// <exception cref="FormatException">The text is none of them; the message says why.</exception>
    public static ServerAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
            return ParseUnix(text);
        var rest = text.StartsWith(TcpPrefix, StringComparison.Ordinal) ? text[TcpPrefix.Length..] : text;
        if (rest.Contains('/', StringComparison.Ordinal))
            throw Invalid(text, "it has a scheme or a path that is not known");
        var (host, port) = SplitPort(text, rest);
        if (host.Length == 0 || host.Any(char.IsWhiteSpace))
            throw Invalid(text, "the host is missing or has spaces");
        return new ServerAddress(host, port, null);
    }

    /// <summary>The address as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => IsUnix
        ? UnixPrefix + Path
        : string.Create(CultureInfo.InvariantCulture, $"{TcpPrefix}{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    private static ServerAddress ParseUnix(string text)
    {
        var path = text[UnixPrefix.Length..];
        // 'unix:///path' is a common spelling of the same.
        if (path.StartsWith("///", StringComparison.Ordinal))
            path = path[2..];
        if (path.Length == 0)
            throw Invalid(text, "the path is missing");
        try
        {
            _ = new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentException error)
        {
            throw Invalid(text, "the path is longer than the system allows for a socket (107 bytes on Linux)", error);
        }
        return new ServerAddress(null, 0, path);
    }

    private static (string Host, int Port) SplitPort(string text, string rest)
    {
        var bracket = rest.StartsWith('[') ? rest.IndexOf(']', StringComparison.Ordinal) : -1;
        var colon = rest.IndexOf(':', Math.Max(bracket, 0));
        var host = colon < 0 ? rest : rest[..colon];
        var port = DefaultPort;
        if (colon >= 0 && (!int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > IPEndPoint.MaxPort))
            throw Invalid(text, "the port is no number from 0 to 65535 (an IPv6 address needs brackets)");
        if (!rest.StartsWith('['))
            return (host, port);
        if (bracket != host.Length - 1 || !IPAddress.TryParse(host[1..^1], out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            throw Invalid(text, "the brackets do not hold an IPv6 address");
        return (host[1..^1], port);
    }

    private static FormatException Invalid(string text, string reason, Exception? cause = null) =>
        new($"'{text}' is no address: {reason}. Write tcp://host:port, host:port or unix:/path.", cause);
}
