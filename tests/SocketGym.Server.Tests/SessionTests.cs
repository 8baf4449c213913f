using System.Buffers;
using System.Numerics;
using Microsoft.Extensions.Logging;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Hosting;
using SocketGym.Hosting.Environments;
using SocketGym.Hosting.Sessions;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;

namespace SocketGym.Server.Tests;

/// <summary>What a session does with environments that misbehave and clients that ask for too much.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly List<Faulty> _made = [];
    private readonly Lines _log = new();
    private readonly Recorder _recorder = new();
    private readonly Session _session;

    public SessionTests()
    {
        var registry = new EnvironmentRegistry()
            .Add("Faulty-v0", () => Made(new Faulty(new Box(0, 1, [1]))), orderEnforce: false)
            .Add("Foreign-v0", () => Made(new Faulty(new ForeignSpace())), orderEnforce: false);
        _session = new Session(new EnvironmentCatalog([registry, _recorder]), _ => Value.None, new ServerLimits { MaxVectorWorkers = 5 }, new EnvironmentLog(_log, 7));
    }

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData(RequestMethod.Make)]
    [InlineData(RequestMethod.MakeVector)]
    public void What_an_environment_throws_when_it_closes_ends_neither_a_session_nor_the_making_of_another(RequestMethod method)
    {
        Value[] parameters = method == RequestMethod.Make ? ["Faulty-v0"] : ["Faulty-v0", Value.None, 2];
        Assert.Null(Ask(method, parameters).Error);
        _made[0].FailsToEnd = true;
        Assert.Null(Ask(method, parameters).Error);
        Assert.Contains("Faulty-v0 of connection 7 failed to close with EnvironmentFault", _log.Last, StringComparison.Ordinal);
        _made[^1].FailsToEnd = true;

        _session.Dispose();

        Assert.All(_made, environment => Assert.Equal(1, environment.Closings));
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public void A_client_that_closes_is_told_what_the_environment_threw()
    {
        Ask(RequestMethod.Make, "Faulty-v0");
        _made[0].FailsToEnd = true;

        var error = Ask(RequestMethod.Close).Error;

        Assert.Equal((ErrorCode.EnvironmentFault, "System.InvalidOperationException"), (error?.Code, error?.RemoteType));
        Assert.Null(Ask(RequestMethod.Close).Error);
    }

    [Fact]
    public void What_an_environment_throws_when_it_is_interrupted_does_not_reach_the_caller()
    {
        Ask(RequestMethod.Make, "Faulty-v0");
        _made[0].FailsToEnd = true;

        _session.Interrupt();

        Assert.Contains("Faulty-v0 of connection 7 failed to end", _log.Last, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RequestMethod.Make)]
    [InlineData(RequestMethod.MakeVector)]
    public void An_environment_that_cannot_be_described_is_not_made(RequestMethod method)
    {
        var error = Ask(method, method == RequestMethod.Make ? ["Foreign-v0"] : ["Foreign-v0", Value.None, 2]).Error;

        Assert.Equal(ErrorCode.UnsupportedSpace, error?.Code);
        Assert.All(_made, environment => Assert.Equal(1, environment.Closings));
        Assert.Equal(ErrorCode.NoEnvironment, Ask(RequestMethod.Step, 0).Error?.Code);
    }

    [Theory]
    [InlineData(RequestMethod.Reset)]
    [InlineData(RequestMethod.Step)]
    [InlineData(RequestMethod.Render)]
    [InlineData(RequestMethod.GetAttribute)]
    public void What_an_environment_throws_is_its_fault_and_the_session_goes_on(RequestMethod method)
    {
        foreach (var parameters in (Value[][])[["Faulty-v0"], ["Faulty-v0", Value.None, 2]])
        {
            Ask(parameters.Length == 1 ? RequestMethod.Make : RequestMethod.MakeVector, parameters);
            Ask(RequestMethod.Reset);
            _made.ForEach(environment => environment.FailsToPlay = true);
            var error = Ask(method, method == RequestMethod.GetAttribute ? "broken" : parameters.Length == 1 ? 0 : method == RequestMethod.Reset ? Value.None : NDArray.Of<long>([0, 0])).Error;
            Assert.Equal((ErrorCode.EnvironmentFault, "InvalidOperationException: play"), (error?.Code, error?.Message));
        }
    }

    [Fact]
    public void A_client_has_no_more_workers_than_its_server_allows()
    {
        Assert.Null(Ask(RequestMethod.MakeVector, "X-v0", Value.None, 64, new ValueDictionary { ["workers"] = 5 }).Error);
        Assert.Equal((5, 5), (_recorder.Options?.Workers, _recorder.Options?.MaxWorkers));
        Assert.Null(Ask(RequestMethod.MakeVector, "X-v0", Value.None, 64).Error);
        Assert.Equal((null, 5), (_recorder.Options?.Workers, _recorder.Options?.MaxWorkers));

        var error = Ask(RequestMethod.MakeVector, "X-v0", Value.None, 64, new ValueDictionary { ["workers"] = 6 }).Error;

        Assert.Equal((ErrorCode.InvalidArgument, "workers is 6 (int); it must be an int from 1 to 5."), (error?.Code, error?.Message));
    }

    [Fact]
    public void Sixty_four_environments_may_have_a_worker_each_by_default() => Assert.InRange(new ServerLimits().MaxVectorWorkers, 64, int.MaxValue);

    [Fact]
    public void A_long_seed_is_not_multiplied_by_many_environments()
    {
        var seed = Value.FromInt(BigInteger.One << 524_000);
        Ask(RequestMethod.MakeVector, "Faulty-v0", Value.None, 2);
        Assert.Null(Ask(RequestMethod.Reset, seed).Error);
        Ask(RequestMethod.MakeVector, "Faulty-v0", Value.None, 2_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(ErrorCode.InvalidArgument, Ask(RequestMethod.Reset, seed).Error?.Code);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024 * 1024);
        Assert.Null(Ask(RequestMethod.Reset, 5).Error);
    }

    private Faulty Made(Faulty environment)
    {
        _made.Add(environment);
        return environment;
    }

    private Response Ask(RequestMethod method, params Value[] parameters)
    {
        var request = new Request();
        request.Begin(1, method);
        foreach (var parameter in parameters)
            request.Add(parameter);
        var reply = new FrameBuffer();
        Assert.True(_session.Handle(request, new MessagePackCodec(MessageLimits.Default), reply));
        var pieces = new List<ReadOnlyMemory<byte>>();
        reply.Complete(pieces);
        byte[] frame = [.. pieces.SelectMany(piece => piece.ToArray())];
        return new MessagePackClientCodec(MessageLimits.Default).ReadResponse(new ReadOnlySequence<byte>(frame.AsMemory(FrameBuffer.HeaderBytes)));
    }

    private sealed class Faulty : ValueEnvironment, IInterruptible
    {
        public Faulty(Space observations)
            : base(observations, new Discrete(2), "ansi", new Rendering(FramesPerSecond: 1) { Text = true }) =>
            PublishAttribute("broken", () => Play(Value.None));

        public bool FailsToPlay { get; set; }

        public bool FailsToEnd { get; set; }

        public int Closings { get; private set; }

        public void Interrupt() => End();

        public override void Close()
        {
            Closings++;
            End();
        }

        protected override Value Reset(ValueDictionary options) => Play(NDArray.Of<float>([0]));

        protected override Outcome Step(Value action, out Value observation)
        {
            observation = Play(NDArray.Of<float>([0]));
            return 0;
        }

        protected override string RenderText() => Play("text").AsString();

        private Value Play(Value value) => FailsToPlay ? throw new InvalidOperationException("play") : value;

        private void End()
        {
            if (FailsToEnd)
                throw new InvalidOperationException("end");
        }
    }

    private sealed class ForeignSpace : Space
    {
        public override System.Collections.Immutable.ImmutableArray<int>? Shape => null;

        public override DType? DType => null;

        public override bool Contains(Value value) => true;

        protected override Value Draw(Value mask, Value probability) => Value.None;

        public override bool Equals(Space? other) => other is ForeignSpace;

        public override int GetHashCode() => 1;
    }

    /// <summary>Makes whatever it is asked for, and remembers how.</summary>
    private sealed class Recorder : IEnvironmentProvider
    {
        public string Name => "recorder";

        public VectorOptions? Options { get; private set; }

        public IReadOnlyList<string> ListIds() => ["X-v0"];

        public bool CanMake(string id, ValueDictionary kwargs) => id == "X-v0";

        public IEnvironment Make(string id, ValueDictionary kwargs) => new Faulty(new Box(0, 1, [1]));

        public IVectorEnvironment MakeVector(string id, ValueDictionary kwargs, VectorOptions options, CancellationToken cancellation = default)
        {
            Options = options;
            return new VectorEnvironment([Make(id, kwargs)]);
        }
    }

    private sealed class Lines : ILogger
    {
        public int Count { get; private set; }

        public string Last { get; private set; } = "";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            (Count, Last) = (Count + 1, formatter(state, exception));
    }
}
