using System.Numerics;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Client;

// The synchronous forms on a thread of their own, as in SocketGymClient and for the same reasons. A fast loop uses the synchronous forms.
public sealed partial class SocketGymVectorClient
{
    /// <summary><see cref="Make(string, VectorOptions, IReadOnlyList{SocketGymClientOptions}, string?, ValueDictionary?, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="id">As for the synchronous form.</param>
    /// <param name="vector">As for the synchronous form.</param>
    /// <param name="servers">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="renderMode">As for the synchronous form.</param>
    /// <param name="kwargs">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>The vector; dispose of it.</returns>
    /// <exception cref="ArgumentException">As for the synchronous form.</exception>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<SocketGymVectorClient> MakeAsync(
        string id,
        VectorOptions vector,
        IReadOnlyList<SocketGymClientOptions> servers,
        string? renderMode = null,
        ValueDictionary? kwargs = null,
        CancellationToken cancellationToken = default) =>
        SocketGymClient.OnThread(() => Make(id, vector, servers, renderMode, kwargs, cancellationToken), cancellationToken);

    /// <summary><see cref="Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/> on a thread of its own.</summary>
    /// <param name="id">As for the synchronous form.</param>
    /// <param name="count">As for the synchronous form.</param>
    /// <param name="address">As for the synchronous form.</param>
    /// <param name="autoresetMode">As for the synchronous form.</param>
    /// <param name="renderMode">As for the synchronous form.</param>
    /// <param name="kwargs">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>The vector; dispose of it.</returns>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<SocketGymVectorClient> MakeAsync(
        string id,
        int count,
        string? address = null,
        AutoresetMode autoresetMode = AutoresetMode.NextStep,
        string? renderMode = null,
        ValueDictionary? kwargs = null,
        CancellationToken cancellationToken = default) =>
        MakeAsync(id, new VectorOptions(count, autoresetMode), [SocketGymClient.OptionsFor(address)], renderMode, kwargs, cancellationToken);

    /// <summary><see cref="Reset(IReadOnlyList{BigInteger?}?, ValueDictionary?, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="seeds">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="options">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>Observations and infos, valid until the next call.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public Task<VectorResetResult> ResetAsync(IReadOnlyList<BigInteger?>? seeds = null, ValueDictionary? options = null, CancellationToken cancellationToken = default) =>
        SocketGymClient.OnThread(() => Reset(seeds, options, cancellationToken), cancellationToken);

    /// <summary><see cref="Step(Value, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="actions">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>As for the synchronous form; valid until the next call.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public Task<VectorStepResult> StepAsync(Value actions, CancellationToken cancellationToken = default) =>
        SocketGymClient.OnThread(() => Step(actions, cancellationToken), cancellationToken);

    /// <summary><see cref="Receive"/> on a thread of its own.</summary>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>As for the synchronous form; valid until the next call.</returns>
    /// <exception cref="InvalidOperationException">No step was sent.</exception>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public Task<VectorStepResult> ReceiveAsync(CancellationToken cancellationToken = default) =>
        SocketGymClient.OnThread(() => Receive(cancellationToken), cancellationToken);

    /// <summary><see cref="Render(CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>As for the synchronous form; valid until the next call.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public Task<Value> RenderAsync(CancellationToken cancellationToken = default) => SocketGymClient.OnThread(() => Render(cancellationToken), cancellationToken);

    /// <summary><see cref="GetAttribute(string, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="name">As for the synchronous form.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>As for the synchronous form.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public Task<Value> GetAttributeAsync(string name, CancellationToken cancellationToken = default) =>
        SocketGymClient.OnThread(() => GetAttribute(name, cancellationToken), cancellationToken);

    /// <summary><see cref="SetAttribute(string, Value, bool, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="name">As for the synchronous form.</param>
    /// <param name="value">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="force">As for the synchronous form.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>As for the synchronous form.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public Task<bool> SetAttributeAsync(string name, Value value, bool force = true, CancellationToken cancellationToken = default) =>
        SocketGymClient.OnThread(() => SetAttribute(name, value, force, cancellationToken), cancellationToken);

    /// <summary><see cref="Call(string, IReadOnlyList{Value}?, ValueDictionary?, CancellationToken)"/> on a thread of its own.</summary>
    /// <param name="name">As for the synchronous form.</param>
    /// <param name="arguments">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="kwargs">As for the synchronous form; must not change before the task ends.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>As for the synchronous form.</returns>
    /// <exception cref="SocketGymException">As for the synchronous form.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public Task<Value> CallAsync(
        string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null, CancellationToken cancellationToken = default) =>
        SocketGymClient.OnThread(() => Call(name, arguments, kwargs, cancellationToken), cancellationToken);

    /// <summary><see cref="Dispose"/> on a thread of its own.</summary>
    public ValueTask DisposeAsync() => new(SocketGymClient.OnThread(
        () =>
        {
            Dispose();
            return true;
        },
        CancellationToken.None));
}
