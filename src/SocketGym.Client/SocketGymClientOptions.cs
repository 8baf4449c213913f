using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client;

/// <summary>How a client reaches its server and how long it waits.</summary>
public sealed record SocketGymClientOptions
{
    private readonly ServerAddress? _address;
    private readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(10);
    private readonly TimeSpan _timeout = TimeSpan.FromMinutes(2);
    private readonly TimeSpan _spin = TimeSpan.FromMicroseconds(100);

    /// <summary>The server; default: <see cref="ServerAddress.FromEnvironment"/>.</summary>
    /// <exception cref="FormatException">On getting the default: the environment variable <c>SOCKETGYM_ADDRESS</c> holds no address.</exception>
    public ServerAddress Address { get => _address ?? ServerAddress.FromEnvironment(); init => _address = value; }

    /// <summary>How long connecting may take; default 10 s; <see cref="Timeout.InfiniteTimeSpan"/> for no limit of the client's own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is zero or negative.</exception>
    public TimeSpan ConnectTimeout { get => _connectTimeout; init => _connectTimeout = Positive(value); }

    /// <summary>
    /// How long one call may wait for its reply, the environment's own work included; default 2 minutes;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for no limit. A call that exceeds it ends the connection.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is zero or negative.</exception>
    public TimeSpan Timeout { get => _timeout; init => _timeout = Positive(value); }

    /// <summary>
    /// How long a call looks for its reply, giving way to other threads between looks, before it sleeps; default 100 us, zero for never.
    /// Waking a sleeping thread costs about 50 us, which is more than a fast environment's step; after a slow reply the next call sleeps at once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public TimeSpan Spin
    {
        get => _spin;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _spin = value;
        }
    }

    /// <summary>What the server can make this client allocate; default: <see cref="MessageLimits.Default"/>.</summary>
    public MessageLimits Limits { get; init; } = MessageLimits.Default;

    /// <summary>
    /// Whether to talk through memory shared with the server, which a server of the same user on the same machine (Linux) offers; default null: where the address is a Unix socket or a
    /// loopback address. Where the memory cannot be had, everything goes by the socket, without an error; <see cref="SocketGymClient.SharesMemory"/> and <see cref="SocketGymVectorClient.SharesMemory"/> tell.
    /// </summary>
    public bool? SharedMemory { get; init; }

    /// <summary>
    /// Whether to ask the server to compress what both send, without loss, for links that are slower than zlib at its fastest level; default false. Then no memory is shared. Where the server declines,
    /// everything goes as it is, without an error; <see cref="SocketGymClient.Compresses"/> tells. A message that is compressed or inflated allocates a little.
    /// </summary>
    public bool Compression { get; init; }

    /// <summary>Decides what happens when a call finds the connection of an environment lost; default null: nothing, the client is closed.</summary>
    /// <remarks>
    /// <para>
    /// Called on the call's own thread; may take its time, and do what it likes except use the client. False gives up: the call throws the error that it met, and the client is closed. True lets the client
    /// connect and make the environment anew, with the arguments of its <c>Make</c>; where that fails because the server is away or full, the hook is asked again with the next number. A server that no
    /// longer makes the environment, or one with other spaces, ends it with that error.
    /// </para>
    /// <para>
    /// No episode is continued silently: the call that found the connection lost always throws, with a new environment <see cref="SocketGym.Core.Errors.ErrorCode.ResetNeeded"/> with the loss as its inner exception.
    /// So does every step until <c>Reset</c>. Attributes that were set are those of a new environment again. Connections that are lost while an environment is first made, listed or closed are no matter of this hook.
    /// </para>
    /// </remarks>
    public Func<ReconnectAttempt, bool>? Reconnecting { get; init; }

    private static TimeSpan Positive(TimeSpan value)
    {
        if (value != System.Threading.Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }
}
