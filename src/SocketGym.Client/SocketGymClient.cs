using System.Numerics;
using SocketGym.Client.Internal;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
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
/// protocol end the connection, and with it the environment: later calls throw <see cref="ErrorCode.ClosedEnvironment"/> with the first error inside.
/// </para>
/// </remarks>
public sealed partial class SocketGymClient : IEnvironment, IAttributes, IInterruptible, IAsyncDisposable
{
    private readonly ClientConnection _connection;
    private readonly EpisodeReader _reader;
    private NDArray? _action;
    private Value _observation;

    private SocketGymClient(ClientConnection connection, MessageLimits limits, MadeEnvironment made)
    {
        _connection = connection;
        _reader = new EpisodeReader(connection.Codec, limits);
        ObservationSpace = made.ObservationSpace;
        ActionSpace = made.ActionSpace;
        Metadata = made.Metadata;
        RenderMode = made.RenderMode;
        Spec = made.Spec;
    }

    /// <summary>What the client calls itself to servers: <c>SocketGym C#</c> and its version.</summary>
    public static string Name { get; } = $"SocketGym C# {typeof(SocketGymClient).Assembly.GetName().Version!.ToString(3)}";

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

    /// <summary>Connects to a server and makes an environment there.</summary>
    /// <param name="id">What <c>gymnasium.make</c> takes; the prefixes <c>native:</c> and <c>python:</c> choose who runs it.</param>
    /// <param name="address"><c>tcp://host:port</c>, <c>host:port</c> or <c>unix:/path</c>; null for <see cref="ServerAddress.FromEnvironment"/>.</param>
    /// <param name="renderMode">The keyword argument <c>render_mode</c>, such as <c>rgb_array</c>; null leaves it as <paramref name="kwargs"/> has it.</param>
    /// <param name="kwargs">Further keyword arguments of <c>gymnasium.make</c>; not changed.</param>
    /// <returns>The environment; dispose of it.</returns>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.ConnectionFailed"/>, <see cref="ErrorCode.UnsupportedProtocol"/>, <see cref="ErrorCode.ServerFull"/>, <see cref="ErrorCode.UnknownEnvironment"/>,
    /// <see cref="ErrorCode.InvalidArgument"/>, <see cref="ErrorCode.UnsupportedRenderMode"/>, <see cref="ErrorCode.EnvironmentFault"/> when its constructor fails, and those of any call.
    /// </exception>
    public static SocketGymClient Make(string id, string? address = null, string? renderMode = null, ValueDictionary? kwargs = null) =>
        Make(id, OptionsFor(address), renderMode, kwargs);

    /// <summary>Connects to a server and makes an environment there.</summary>
    /// <param name="id">As for <see cref="Make(string, string?, string?, ValueDictionary?)"/>.</param>
    /// <param name="options">The server and how long to wait.</param>
    /// <param name="renderMode">As for <see cref="Make(string, string?, string?, ValueDictionary?)"/>.</param>
    /// <param name="kwargs">As for <see cref="Make(string, string?, string?, ValueDictionary?)"/>.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>The environment; dispose of it.</returns>
    /// <exception cref="SocketGymException">As for <see cref="Make(string, string?, string?, ValueDictionary?)"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SocketGymClient Make(
        string id, SocketGymClientOptions options, string? renderMode = null, ValueDictionary? kwargs = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(options);
        var arguments = new ValueDictionary();
        foreach (var (key, value) in kwargs ?? ValueDictionary.Empty)
            arguments.Add(key, value);
        if (renderMode is not null)
            arguments["render_mode"] = renderMode;
        var connection = ClientConnection.Open(options, cancellationToken);
        try
        {
            var made = MadeEnvironment.FromValue(connection.Call(RequestMethod.Make, [id, arguments], cancellationToken));
            return new SocketGymClient(connection, options.Limits, made);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Asks a server what it offers.</summary>
    /// <param name="address">As for <see cref="Make(string, string?, string?, ValueDictionary?)"/>.</param>
    /// <returns>The environments, in the server's order.</returns>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.ConnectionFailed"/>, <see cref="ErrorCode.ServerFull"/>, and those of any call.</exception>
    public static IReadOnlyList<EnvironmentListing> List(string? address = null) => List(OptionsFor(address));

    /// <summary>Asks a server what it offers.</summary>
    /// <param name="options">The server and how long to wait.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The environments, in the server's order.</returns>
    /// <exception cref="SocketGymException">As for <see cref="List(string?)"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<EnvironmentListing> List(SocketGymClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var connection = ClientConnection.Open(options, cancellationToken);
        return EnvironmentListing.FromValue(connection.Call(RequestMethod.List, [], cancellationToken));
    }

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
        _observation = default;
        var result = _connection.Call(RequestMethod.Reset, [seed is { } number ? Value.FromInt(number) : default, options], _reader.Reset, cancellationToken);
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
        _observation = default;
        var result = _connection.Call(RequestMethod.Step, [action], _reader.Step, cancellationToken);
        _observation = result.Observation;
        return result;
    }

    /// <summary>Takes one step with an array for an action, as <see cref="Box"/>, <see cref="MultiDiscrete"/> and <see cref="MultiBinary"/> have them.</summary>
    /// <typeparam name="T">One of bool, the integers of 8 to 64 bits, <see cref="Half"/>, float and double; the array has its dtype.</typeparam>
    /// <param name="action">The elements in C order. The array has the action space's shape where the count fits it, else one dimension.</param>
    /// <returns>As for <see cref="IEnvironment.Step"/>.</returns>
    /// <exception cref="ArgumentException">The type has no dtype.</exception>
    /// <exception cref="SocketGymException">As for <see cref="IEnvironment.Step"/>, and those of any call.</exception>
    public StepResult Step<T>(ReadOnlySpan<T> action)
        where T : unmanaged
    {
        if (_action is null || _action.Count != action.Length || !_action.DType.Equals(NDArray.DTypeOf<T>()))
        {
            ReadOnlySpan<int> shape = ActionSpace.Shape is { } spaceShape && NDArray.CountOf(spaceShape.AsSpan()) == action.Length ? spaceShape.AsSpan() : [action.Length];
            _action = new NDArray(NDArray.DTypeOf<T>(), shape);
        }
        action.CopyTo(_action.AsSpan<T>());
        return Step(_action);
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
    public Value Render(CancellationToken cancellationToken)
    {
        _observation = default;
        return _connection.Call(RequestMethod.Render, [], _reader.Render, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">The environment's own <c>close</c> failed; it is closed nevertheless.</exception>
    public void Close()
    {
        if (_connection.IsEnded)
            return;
        try
        {
            _connection.Call(RequestMethod.Close, [], CancellationToken.None);
        }
        catch (SocketGymException) when (_connection.IsEnded)
        {
            // The end of the connection closes the environment too.
        }
        finally
        {
            _observation = default;
            _connection.Dispose();
        }
    }

    /// <summary>Ends the connection at once, and with it the environment: a call in progress throws, and so does every later one but <see cref="Close"/>.</summary>
    /// <remarks>Thread-safe; a second call does nothing.</remarks>
    public void Interrupt() => _connection.Interrupt();

    /// <summary>Closes the environment as <see cref="Close"/> does, but never throws; a call in progress on another thread is interrupted instead.</summary>
    public void Dispose()
    {
        if (_connection.IsBusy)
        {
            Interrupt();
            return;
        }
        try
        {
            Close();
        }
        catch (SocketGymException)
        {
            // Whoever wants to know about the environment's last words calls Close.
        }
    }

    private static SocketGymClientOptions OptionsFor(string? address) =>
        address is null ? new SocketGymClientOptions() : new SocketGymClientOptions { Address = ServerAddress.Parse(address) };
}
