using System.Numerics;
using SocketGym.Client.Internal;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client;

/// <summary>An environment on a server, used as though it were local.</summary>
/// <remarks>
/// <para>
/// Not thread-safe: one call at a time, synchronous or not; only <see cref="Interrupt"/> and <see cref="Dispose"/> may come while another is in progress.
/// What <see cref="IEnvironment.Reset"/>, <see cref="IEnvironment.Step"/> and <see cref="IEnvironment.Render"/> return lies in the memory that it was received into: arrays are
/// read without a copy, are valid until the next call (<see cref="NDArray.Copy"/> keeps one longer), and must not be written to.
/// </para>
/// <para>
/// Errors are <see cref="SocketGymException"/>. One of the environment or of a request's parameters leaves the client usable. A time-out
/// (<see cref="ErrorCode.RequestTimeout"/>), a cancelled call, a lost connection (<see cref="ErrorCode.ConnectionLost"/>, <see cref="ErrorCode.TruncatedFrame"/>) and a violation of the
/// protocol end the connection, and with it the environment: later calls throw <see cref="ErrorCode.ClosedEnvironment"/> with the first error inside. Only
/// <see cref="SocketGymClientOptions.Reconnecting"/> changes that.
/// </para>
/// </remarks>
public sealed partial class SocketGymClient : IEnvironment, IAttributes, IInterruptible, IAsyncDisposable
{
    private readonly EnvironmentRequest _request;
    private readonly Reconnection _reconnection = new();
    private volatile ClientConnection _connection;
    private EpisodeReader _reader;
    private NDArray? _action;
    private Value _observation;

    private SocketGymClient(EnvironmentRequest request, ClientConnection connection, MadeEnvironment made)
    {
        _request = request;
        _connection = connection;
        _reader = new EpisodeReader(connection.Codec, request.Options.Limits);
        ObservationSpace = made.ObservationSpace;
        ActionSpace = made.ActionSpace;
        Metadata = made.Metadata;
        RenderMode = made.RenderMode;
        Spec = made.Spec;
    }

    /// <summary>What the client calls itself to servers: <c>SocketGym C#</c> and its version.</summary>
    public static string Name { get; } = $"SocketGym C# {typeof(SocketGymClient).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>What the server said about itself when this client connected.</summary>
    public ServerInfo Server => _connection.Server;

    /// <summary>Whether requests and replies go through memory shared with the server.</summary>
    public bool SharesMemory => _connection.SharesMemory;

    /// <summary>Whether requests and replies are compressed.</summary>
    public bool Compresses => _connection.Compresses;

    /// <inheritdoc/>
    public EnvironmentSpec? Spec { get; }

    /// <inheritdoc/>
    public Space ObservationSpace { get; }

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <inheritdoc/>
    public ValueDictionary Metadata { get; }

    /// <inheritdoc/>
    public string? RenderMode { get; }

    /// <inheritdoc/>
    public ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null) => Reset(seed, options, CancellationToken.None);

    /// <summary>Starts an episode.</summary>
    /// <param name="seed">As for <see cref="IEnvironment.Reset"/>.</param>
    /// <param name="options">As for <see cref="IEnvironment.Reset"/>.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>The first observation and <c>info</c>, valid until the next call.</returns>
    /// <exception cref="SocketGymException">As for <see cref="IEnvironment.Reset"/>, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public ResetResult Reset(BigInteger? seed, ValueDictionary? options, CancellationToken cancellationToken)
    {
        var result = Exchange(RequestMethod.Reset, [seed is { } number ? Value.FromInt(number) : default, options], _reader.Reset, cancellationToken);
        _observation = result.Observation;
        return result;
    }

    /// <inheritdoc/>
    public StepResult Step(Value action) => Step(action, CancellationToken.None);

    /// <summary>Takes one step.</summary>
    /// <param name="action">As for <see cref="IEnvironment.Step"/>; sent with its own type and dtype.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>Observation, reward, terminated, truncated, info; valid until the next call.</returns>
    /// <exception cref="SocketGymException">As for <see cref="IEnvironment.Step"/>, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public StepResult Step(Value action, CancellationToken cancellationToken)
    {
        var result = Exchange(RequestMethod.Step, [action], _reader.Step, cancellationToken);
        _observation = result.Observation;
        return result;
    }

    /// <summary>Takes one step with an array for an action, as <see cref="Box"/>, <see cref="MultiDiscrete"/> and <see cref="MultiBinary"/> have them.</summary>
    /// <typeparam name="T">One of bool, the integers of 8 to 64 bits, <see cref="Half"/>, float and double; the array has its dtype.</typeparam>
    /// <param name="action">The elements in C order. The array has the action space's shape where the count fits it, else one dimension.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>As for <see cref="IEnvironment.Step"/>; valid until the next call.</returns>
    /// <exception cref="ArgumentException">The type has no dtype.</exception>
    /// <exception cref="SocketGymException">As for <see cref="IEnvironment.Step"/>, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public StepResult Step<T>(ReadOnlySpan<T> action, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        if (_action is null || _action.Count != action.Length || !_action.DType.Equals(NDArray.DTypeOf<T>()))
        {
            ReadOnlySpan<int> shape = ActionSpace.Shape is { } spaceShape && NDArray.CountOf(spaceShape.AsSpan()) == action.Length ? spaceShape.AsSpan() : [action.Length];
            _action = new NDArray(NDArray.DTypeOf<T>(), shape);
        }
        action.CopyTo(_action.AsSpan<T>());
        return Step(_action, cancellationToken);
    }

    /// <summary>The observation of the last <c>Reset</c> or <c>Step</c>, as the elements of its array.</summary>
    /// <typeparam name="T">The C# type with the array's dtype.</typeparam>
    /// <returns>The elements in C order where they were received; valid until the next call.</returns>
    /// <exception cref="InvalidOperationException">The last call was another one or failed; the observation is no array, or one of another dtype.</exception>
    public ReadOnlySpan<T> Observation<T>()
        where T : unmanaged => _observation.IsNone
            ? throw new InvalidOperationException("There is no observation: the last call must be a Reset or a Step that succeeded.")
            : _observation.AsArray().AsSpan<T>();

    /// <inheritdoc/>
    public Value Render() => Render(CancellationToken.None);

    /// <summary>Draws the present state in the render mode that the environment was made with.</summary>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>As for <see cref="IEnvironment.Render"/>; valid until the next call.</returns>
    /// <exception cref="SocketGymException">As for <see cref="IEnvironment.Render"/>, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Value Render(CancellationToken cancellationToken) => Exchange(RequestMethod.Render, [], _reader.Render, cancellationToken);

    /// <summary>Draws the present state into the caller's memory, without an allocation in steady state: a frame of the same form as the one before is received there, without another copy.</summary>
    /// <param name="destination">At least as long as the array: height x width x 3 bytes for <c>rgb_array</c>. What lies behind the array stays as it is.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>The number of bytes written: the array's, in C order.</returns>
    /// <exception cref="ArgumentException">The destination is too short; the message says how long the array is. Nothing was written.</exception>
    /// <exception cref="InvalidOperationException">The environment did not render an array, but text, a list of arrays or <c>None</c>.</exception>
    /// <exception cref="SocketGymException">As for <see cref="IEnvironment.Render"/>, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public int Render(Span<byte> destination, CancellationToken cancellationToken = default) => ExchangeRender(destination, cancellationToken);

    /// <summary>Waits until the server has answered an empty question; the environment is not touched.</summary>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <exception cref="SocketGymException">Those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public void Ping(CancellationToken cancellationToken = default) => Ask(RequestMethod.Ping, [], cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Another call is in progress.</exception>
    /// <exception cref="SocketGymException">The environment's own <c>close</c> failed; it is closed nevertheless.</exception>
    public void Close()
    {
        var isOwn = true;
        try
        {
            if (!_connection.IsEnded)
                _connection.Call(RequestMethod.Close, [], CancellationToken.None);
        }
        catch (SocketGymException) when (_connection.IsEnded)
        {
            // The end of the connection closes the environment too.
        }
        catch (InvalidOperationException)
        {
            // The connection is the call's that is in progress.
            isOwn = false;
            throw;
        }
        finally
        {
            if (isOwn)
            {
                _observation = default;
                _connection.Dispose();
            }
        }
    }

    /// <summary>Ends the connection at once, and with it the environment: a call in progress throws, and so does every later one but <see cref="Close"/>.</summary>
    /// <remarks>Thread-safe; a second call does nothing.</remarks>
    public void Interrupt()
    {
        _reconnection.Interrupt();
        _connection.Interrupt();
    }

    /// <summary>Closes the environment as <see cref="Close"/> does, but never throws; a call in progress on another thread is interrupted instead.</summary>
    public void Dispose()
    {
        // Whatever another thread finds lost from here on, it must not connect again.
        _reconnection.Interrupt();
        try
        {
            Close();
        }
        catch (InvalidOperationException)
        {
            Interrupt();
        }
        catch (SocketGymException)
        {
            // Whoever wants to know about the environment's last words calls Close.
        }
    }
}
