using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Client;

// Each runs the synchronous form on a thread of its own: one asynchronous operation would slow a socket down for good, and a thread of
// the pool must not be blocked for as long as an environment takes. The hand-over costs tens of microseconds, so a fast loop uses the synchronous forms.
public sealed partial class SocketGymClient
{
    /// <summary><see cref="Make(string, string?, string?, ValueDictionary?)"/> on a thread of its own.</summary>
    /// <param name="id">As for the synchronous form.</param>
    /// <param name="address">As for the synchronous form.</param>
    /// <param name="renderMode">As for the synchronous form.</param>
    /// <param name="kwargs">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>The environment; dispose of it.</returns>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<SocketGymClient> MakeAsync(
        string id, string? address = null, string? renderMode = null, ValueDictionary? kwargs = null, CancellationToken cancellationToken = default) =>
        MakeAsync(id, OptionsFor(address), renderMode, kwargs, cancellationToken);

    /// <summary><see cref="Make(string, SocketGymClientOptions, string?, ValueDictionary?, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="id">As for the synchronous form.</param>
    /// <param name="options">As for the synchronous form.</param>
    /// <param name="renderMode">As for the synchronous form.</param>
    /// <param name="kwargs">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>The environment; dispose of it.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<SocketGymClient> MakeAsync(
        string id, SocketGymClientOptions options, string? renderMode = null, ValueDictionary? kwargs = null, CancellationToken cancellationToken = default) =>
        OnThread(() => Make(id, options, renderMode, kwargs, cancellationToken), cancellationToken);

    /// <summary><see cref="List(SocketGymClientOptions, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="options">As for the synchronous form.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The environments, in the server's order.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<IReadOnlyList<EnvironmentListing>> ListAsync(SocketGymClientOptions options, CancellationToken cancellationToken = default) =>
        OnThread(() => List(options, cancellationToken), cancellationToken);

    /// <summary><see cref="GetServerInfo(SocketGymClientOptions, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="options">As for the synchronous form.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>As for the synchronous form.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<ServerInfo> GetServerInfoAsync(SocketGymClientOptions options, CancellationToken cancellationToken = default) =>
        OnThread(() => GetServerInfo(options, cancellationToken), cancellationToken);

    /// <summary><see cref="Reset(BigInteger?, ValueDictionary?, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="seed">As for the synchronous form.</param>
    /// <param name="options">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>The first observation and <c>info</c>, valid until the next call.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Task<ResetResult> ResetAsync(BigInteger? seed = null, ValueDictionary? options = null, CancellationToken cancellationToken = default) =>
        OnThread(() => Reset(seed, options, cancellationToken), cancellationToken);

    /// <summary><see cref="Step(Value, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="action">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>Observation, reward, terminated, truncated, info; valid until the next call.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Task<StepResult> StepAsync(Value action, CancellationToken cancellationToken = default) =>
        OnThread(() => Step(action, cancellationToken), cancellationToken);

    /// <summary><see cref="Step{T}(ReadOnlySpan{T}, CancellationToken)"/> on a thread of its own.</summary>
    /// <typeparam name="T">As for the synchronous form.</typeparam>
    /// <param name="action">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>As for the synchronous form; valid until the next call.</returns>
    /// <exception cref="ArgumentException">The type has no dtype.</exception>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Task<StepResult> StepAsync<T>(ReadOnlyMemory<T> action, CancellationToken cancellationToken = default)
        where T : unmanaged => OnThread(() => Step(action.Span, cancellationToken), cancellationToken);

    /// <summary><see cref="Render(CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>As for the synchronous form; valid until the next call.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Task<Value> RenderAsync(CancellationToken cancellationToken = default) => OnThread(() => Render(cancellationToken), cancellationToken);

    /// <summary><see cref="Render(Span{byte}, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="destination">As for the synchronous form; must not be read before the task ends.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>As for the synchronous form.</returns>
    /// <exception cref="ArgumentException">As for the synchronous form.</exception>
    /// <exception cref="InvalidOperationException">As for the synchronous form.</exception>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Task<int> RenderAsync(Memory<byte> destination, CancellationToken cancellationToken = default) =>
        OnThread(() => Render(destination.Span, cancellationToken), cancellationToken);

    /// <summary><see cref="Ping(CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Task PingAsync(CancellationToken cancellationToken = default) => OnThread(
        () =>
        {
            Ping(cancellationToken);
            return true;
        },
        cancellationToken);

    /// <summary><see cref="FindAttribute(string, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="name">As for the synchronous form.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>As for the synchronous form.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Task<AttributeKind> FindAttributeAsync(string name, CancellationToken cancellationToken = default) =>
        OnThread(() => FindAttribute(name, cancellationToken), cancellationToken);

    /// <summary><see cref="GetAttribute(string, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="name">As for the synchronous form.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>As for the synchronous form.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Task<Value> GetAttributeAsync(string name, CancellationToken cancellationToken = default) => OnThread(() => GetAttribute(name, cancellationToken), cancellationToken);

    /// <summary><see cref="SetAttribute(string, Value, bool, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="name">As for the synchronous form.</param>
    /// <param name="value">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="force">As for the synchronous form.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>As for the synchronous form.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Task<bool> SetAttributeAsync(string name, Value value, bool force = true, CancellationToken cancellationToken = default) =>
        OnThread(() => SetAttribute(name, value, force, cancellationToken), cancellationToken);

    /// <summary><see cref="Call(string, IReadOnlyList{Value}?, ValueDictionary?, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="name">As for the synchronous form.</param>
    /// <param name="arguments">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="kwargs">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>As for the synchronous form.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Task<Value> CallAsync(
        string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null, CancellationToken cancellationToken = default) =>
        OnThread(() => Call(name, arguments, kwargs, cancellationToken), cancellationToken);

    /// <summary><see cref="Close"/> on a thread of its own.</summary>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    public Task CloseAsync() => OnThread(
        () =>
        {
            Close();
            return true;
        },
        CancellationToken.None);

    /// <summary><see cref="Dispose"/> on a thread of its own.</summary>
    public ValueTask DisposeAsync() => new(OnThread(
        () =>
        {
            Dispose();
            return true;
        },
        CancellationToken.None));

    internal static Task<T> OnThread<T>(Func<T> call, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(call, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
