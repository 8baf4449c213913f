using System.Buffers;
using System.Text.Json;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Pickle;
using SocketGym.Protocol.Tests.Vectors;

namespace SocketGym.Protocol.Tests.Pickle;

/// <summary>replies.json holds every reply with its meaning; tests/python/test_pickle_vectors.py has the real pickle load it.</summary>
public sealed class PickleCodecTests
{
    private const string RepliesFile = "pickle/replies.json";

    [Fact]
    public void Every_reply_means_what_the_dialect_says()
    {
        foreach (var vector in Dialect())
        {
            var name = vector.GetProperty("name").GetString()!;
            var expected = VectorValue.Parse(vector.GetProperty("value"));
            var reply = new Unpickler().Read(new ReadOnlySequence<byte>(PickleReplies.Write(name)));
            Assert.True(expected == reply, $"'{name}' is {JsonSerializer.Serialize(reply.ToString())}, but {expected} is expected.");
        }
    }

    [Fact]
    public void Every_reply_is_written_as_the_committed_vectors_have_it()
    {
        var written = Dialect().Select(vector => (vector.GetProperty("name").GetString()!, vector.GetProperty("value"))).Select(
            entry => new WrittenVector(entry.Item1, entry.Item2, Convert.ToHexStringLower(PickleReplies.Write(entry.Item1)))).ToList();
        WrittenVector.AssertCommitted(RepliesFile, "Replies of gym_service's dialect that SocketGym writes.", written);
    }

    [Fact]
    public void Make_has_the_parameters_of_MessagePack_and_the_type_of_environment_third()
    {
        var kwargs = new ValueDictionary { ["render_mode"] = "rgb_array" };
        var request = Read(Message("make", new ValueDictionary { ["env_id"] = "CartPole-v1", ["env_type"] = Value.None, ["kwargs"] = kwargs }));
        Assert.Equal((RequestMethod.Make, 2, 0u), (request.Method, request.ParameterCount, request.Id));
        Assert.Equal(("CartPole-v1", (Value)kwargs), (request[0].AsString(), request[1]));
        request = Read(Message("make", new ValueDictionary { ["env_id"] = "gym_pusht/PushT-v0", ["env_type"] = "pusht", ["kwargs"] = kwargs }));
        Assert.Equal((3, "pusht"), (request.ParameterCount, request[2].AsString()));
    }

    [Fact]
    public void Reset_has_seed_and_options_which_may_be_left_out()
    {
        var request = Read(Message("reset", new ValueDictionary()));
        Assert.True(request.Method == RequestMethod.Reset && request[0].IsNone && request[1].IsNone);
        request = Read(Message("reset", new ValueDictionary { ["seed"] = 7, ["options"] = new ValueDictionary() }));
        Assert.Equal((7L, (Value)new ValueDictionary()), (request[0].AsInt64(), request[1]));
    }

    [Fact]
    public void Step_has_the_action_as_it_was_sent()
    {
        Value action = NDArray.Of<float>([0.5f, -0f]);
        var request = Read(Message("step", new ValueDictionary { ["action"] = action }));
        Assert.Equal((RequestMethod.Step, 1, action), (request.Method, request.ParameterCount, request[0]));
    }

    [Fact]
    public void The_requests_for_attributes_have_the_parameters_of_MessagePack()
    {
        foreach (var (type, method) in ((string, RequestMethod)[])[("get_attr", RequestMethod.GetAttribute), ("has_attr", RequestMethod.HasAttribute)])
        {
            var get = Read(Message(type, new ValueDictionary { ["name"] = "P" }));
            Assert.Equal((method, 1, "P"), (get.Method, get.ParameterCount, get[0].AsString()));
        }
        var set = Read(Message("set_attr", new ValueDictionary { ["name"] = "tau", ["value"] = Value.None, ["force"] = false }));
        Assert.Equal((RequestMethod.SetAttribute, 3, "tau", Value.None, (Value)false), (set.Method, set.ParameterCount, set[0].AsString(), set[1], set[2]));
        var kwargs = new ValueDictionary { ["depth"] = 3 };
        var call = Read(Message("call", new ValueDictionary { ["name"] = "solve", ["args"] = Value.Tuple(1), ["kwargs"] = kwargs }));
        Assert.Equal((RequestMethod.Call, 3, "solve", Value.Tuple(1), (Value)kwargs), (call.Method, call.ParameterCount, call[0].AsString(), call[1], call[2]));
        Assert.True(Read(Message("call", new ValueDictionary())) is { ParameterCount: 3 } bare && bare[0].IsNone);
    }

    [Theory]
    [InlineData("render", RequestMethod.Render)]
    [InlineData("close", RequestMethod.Close)]
    [InlineData("ping", RequestMethod.Unknown)]
    [InlineData("hello", RequestMethod.Unknown)]
    [InlineData("Step", RequestMethod.Unknown)]
    public void A_request_without_parameters_is_known_by_its_type(string type, RequestMethod expected)
    {
        var request = Read(Message(type, new ValueDictionary()));
        Assert.Equal((expected, 0), (request.Method, request.ParameterCount));
        Assert.Equal(expected == RequestMethod.Unknown ? type : null, request.MethodName);
        Assert.Equal(expected, Read(new ValueDictionary { ["type"] = type }).Method);
    }

    [Fact]
    public void A_pickle_that_is_no_request_is_malformed()
    {
        foreach (var message in (Value[])[Value.None, 1, Value.List("step"), new ValueDictionary(), new ValueDictionary { ["type"] = 1 }])
            Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => Read(message)).Code);
    }

    [Fact]
    public void A_request_with_a_wrong_payload_is_an_invalid_argument()
    {
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => Read(Message("step", 1))).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => Read(Message("step", new ValueDictionary()))).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => Read(Message("set_attr", new ValueDictionary { ["name"] = "tau" }))).Code);
    }

    [Fact]
    public void A_request_leaves_nothing_of_the_one_before()
    {
        var codec = new PickleCodec(MessageLimits.Default);
        var request = new Request();
        Read(codec, request, Message("step", new ValueDictionary { ["action"] = 1 }));
        Assert.Throws<SocketGymException>(() => Read(codec, request, Value.None));
        Assert.Equal((RequestMethod.Unknown, 0), (request.Method, request.ParameterCount));
    }

    [Fact]
    public void Parameters_outlive_the_next_request()
    {
        var codec = new PickleCodec(MessageLimits.Default);
        var (first, second) = (new Request(), new Request());
        Read(codec, first, Message("make", new ValueDictionary { ["env_id"] = "A-v0", ["kwargs"] = new ValueDictionary { ["size"] = 3 } }));
        Read(codec, second, Message("make", new ValueDictionary { ["env_id"] = "B-v0", ["kwargs"] = new ValueDictionary { ["size"] = 4 } }));
        Assert.Equal(("A-v0", 3L), (first[0].AsString(), first[1].AsDict()["size"].AsInt64()));
    }

    [Fact]
    public void A_dict_that_is_both_a_part_of_the_envelope_and_a_parameter_outlives_the_next_request()
    {
        // {"x": d, "type": "step", "payload": {"action": d}} with d = {"k": 1}
        byte[] payload = [
            0x80, 4, .. "}("u8, 0x8C, 1, .. "x}"u8, 0x94, 0x8C, 1, .. "kK"u8, 1, (byte)'s', 0x8C, 4, .. "type"u8, 0x8C, 4, .. "step"u8,
            0x8C, 7, .. "payload}"u8, 0x8C, 6, .. "actionh"u8, 0, .. "su."u8,
        ];
        var codec = new PickleCodec(MessageLimits.Default);
        var request = new Request();
        codec.ReadRequest(new ReadOnlySequence<byte>(payload), request);
        Read(codec, new Request(), Message("close", new ValueDictionary()));
        Assert.Equal(new ValueDictionary { ["k"] = 1 }, request[0].AsDict());
    }

    [Fact]
    public void Reading_a_step_allocates_nothing_in_steady_state()
    {
        var output = new ArrayBufferWriter<byte>();
        new Pickler().Write(output, Message("step", new ValueDictionary { ["action"] = Value.Scalar(1L) }));
        var payload = new ReadOnlySequence<byte>(output.WrittenMemory);
        var codec = new PickleCodec(MessageLimits.Default);
        var request = new Request();
        for (var run = 0; run < 50; run++)
            codec.ReadRequest(payload, request);
        Assert.Equal(0, Allocation.Least(ReadMany));
        Assert.Equal(Value.Scalar(1L), request[0]);

        void ReadMany()
        {
            for (var run = 0; run < 100; run++)
                codec.ReadRequest(payload, request);
        }
    }

    [Fact]
    public void Answering_a_step_allocates_nothing_in_steady_state()
    {
        var codec = new PickleCodec(MessageLimits.Default);
        var frame = new FrameBuffer();
        var request = new Request();
        var result = new StepResult(NDArray.Of<float>([1, 2, 3, 4]), 1.0, false, false, new ValueDictionary());
        for (var run = 0; run < 50; run++)
            Run();
        Assert.Equal(0, Allocation.Least(RunMany));

        void RunMany()
        {
            for (var run = 0; run < 100; run++)
                Run();
        }

        void Run()
        {
            frame.Clear();
            codec.WriteStep(frame, request, result);
        }
    }

    private static JsonElement.ArrayEnumerator Dialect() => VectorFile.Open("pickle/dialect.json").GetProperty("cases").EnumerateArray();

    private static ValueDictionary Message(Value type, Value payload) => new() { ["type"] = type, ["payload"] = payload };

    private static Request Read(Value message)
    {
        var request = new Request();
        Read(new PickleCodec(MessageLimits.Default), request, message);
        return request;
    }

    private static void Read(PickleCodec codec, Request request, Value message)
    {
        var output = new ArrayBufferWriter<byte>();
        new Pickler().Write(output, message);
        codec.ReadRequest(new ReadOnlySequence<byte>(output.WrittenMemory), request);
    }
}
