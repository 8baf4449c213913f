"""`SocketGymClient` against servers that follow a script."""

from __future__ import annotations

import copy
import multiprocessing
import os
import pathlib
import pickle
import select
import socket
import struct
import threading
from typing import Any

import gymnasium
import numpy as np
import pytest
from fake_server import MADE, FakeServer, error_reply, reply, steps
from gymnasium import spaces
from identical import assert_identical

from socketgym import RemoteSpec, SocketGymClient, errors, list_environments, register_all
from socketgym.addresses import ServerAddress
from socketgym.wire.connection import Connection
from socketgym.wire.limits import Limits
from socketgym.wire.messages import RequestWriter

STEP = [np.array([1, 2], np.float32), 1.0, False, False, {"lives": 3}]
RESET = [np.array([3, 4], np.float32), {"why": "reset"}]


def make(server: FakeServer, *args: Any, **kwargs: Any) -> SocketGymClient:
    return SocketGymClient(*args, address=server.address, **kwargs)


def test_an_episode() -> None:
    with FakeServer(steps(RESET, STEP, np.zeros((2, 2, 3), np.uint8))) as server:
        env = make(server, "Fake-v0", level=3)
        assert isinstance(env, gymnasium.Env) and env.unwrapped is env
        assert env.action_space == spaces.Discrete(2)
        assert env.observation_space == spaces.Box(0, 1, (2,))
        assert env.metadata == MADE["metadata"] and env.render_mode == "rgb_array"
        assert env.remote_spec == RemoteSpec("Fake-v0", max_episode_steps=100)
        assert env.spec is not None and env.spec.id == "SocketGym/Fake-v0"
        assert_identical(env.reset(seed=7, options={"a": (1,)}), tuple(RESET))
        assert env.np_random_seed == 7
        assert_identical(env.step(np.int64(1)), tuple(STEP))
        assert_identical(env.render(), np.zeros((2, 2, 3), np.uint8))
        env.close()
        env.close()
    assert server.methods() == ["hello", "make", "reset", "step", "render", "close"]
    sent = dict(server.requests)
    assert sent["hello"][0]["protocol"] == 1
    assert_identical(sent["make"], ["Fake-v0", {"level": 3, "render_mode": "rgb_array"}])
    assert_identical(sent["reset"], [7, {"a": (1,)}])
    assert_identical(sent["step"], [np.int64(1)])


def test_actions_travel_as_they_are() -> None:
    actions = [0, 127, 128, -1, True, 1.5, None, "up", [1], (0, 1), 2**70, {"a": np.zeros(2)}]
    actions += [np.int64(1), np.int8(-1), np.float32(1.5), np.bool_(True), np.datetime64(3, "s")]
    actions += [np.zeros(3), np.zeros(3), np.zeros((3, 2), ">f4").T, np.array(5), np.str_("up")]
    actions += [np.array([1, None], object), np.array([2, None], object), np.datetime64(3, "D")]
    with FakeServer(steps(*[STEP] * len(actions))) as server:
        with make(server) as env:
            for action in actions:
                env.step(action)
    sent = [params for method, params in server.requests if method == "step"]
    expected = [
        [np.ascontiguousarray(a) if isinstance(a, np.ndarray) and a.ndim else a] for a in actions
    ]
    assert_identical(sent, expected)


def test_read_only_actions_and_two_in_a_row() -> None:
    first, second = np.arange(3.0), np.arange(3.0, 6.0)
    first.flags.writeable = False
    with FakeServer(steps(STEP, STEP)) as server, make(server) as env:
        env.step(first)
        env.step(second)
    assert_identical([p for m, p in server.requests if m == "step"], [[first], [second]])


def test_an_action_without_encoding_is_refused_before_it_is_sent() -> None:
    with FakeServer(steps(STEP)) as server, make(server) as env:
        for action in (object(), print, [range(3)], np.ma.zeros(2), np.zeros(2, [("a", "O")])):
            with pytest.raises(errors.UnsupportedValue):
                env.step(action)
        loop: list[Any] = []
        loop.append(loop)
        with pytest.raises(errors.CyclicValue) as raised:
            env.step(loop)
        assert not raised.value.ends_connection
        assert not pickle.loads(pickle.dumps(raised.value)).ends_connection
        assert not errors.CyclicValue(raised.value).ends_connection  # As AsyncVectorEnv makes it.
        assert_identical(env.step(1), tuple(STEP))
    assert server.methods() == ["hello", "make", "step", "close"]


def test_metadata_is_each_environments_own() -> None:
    with FakeServer() as server, make(server) as first, make(server) as second:
        first.metadata["render_fps"] = 1
        assert second.metadata["render_fps"] == 50
        assert SocketGymClient.metadata["render_fps"] == 30


def only_without_mode(code: str) -> Any:
    def script(server: FakeServer, request_id: int, method: str, params: list[Any]) -> list[bytes]:
        if method == "make" and "render_mode" in params[1]:
            return [error_reply(request_id, code)]
        return [reply(request_id, {**MADE, "render_mode": None})]

    return script


@pytest.mark.parametrize("code", ["UnsupportedRenderMode", "InvalidArgument", "EnvironmentFault"])
def test_rgb_array_is_asked_for_but_not_insisted_on(code: str) -> None:
    with FakeServer(only_without_mode(code), everything=True) as server:
        with make(server) as env:
            assert env.render_mode is None
        with pytest.raises(errors.ERRORS[code]):
            make(server, render_mode="rgb_array")
    modes = [params[1] for method, params in server.requests if method == "make"]
    assert modes == [{"render_mode": "rgb_array"}, {}, {"render_mode": "rgb_array"}]


def test_a_mode_of_none_is_the_same_as_no_argument_on_the_server() -> None:
    with FakeServer() as server, make(server, env_type="pusht", render_mode=None):
        pass
    assert dict(server.requests)["make"] == ["gym_pusht:CartPole-v1", {}]


def test_an_environments_errors_leave_the_connection_alive() -> None:
    fault = {"type": "builtins.KeyError", "traceback": "Traceback:\nKeyError: 3"}

    def script(server: FakeServer, request_id: int, method: str, params: list[Any]) -> list[bytes]:
        if method == "reset":
            return [reply(request_id, RESET)]
        return [error_reply(request_id, params[0], **(fault if "Fault" in params[0] else {}))]

    alive = [code for code, cls in errors.ERRORS.items() if not cls.ends_connection]
    with FakeServer(script) as server, make(server) as env:
        for code in alive:
            with pytest.raises(errors.ERRORS[code]) as raised:
                env.step(code)
            if code == "EnvironmentFault":
                assert raised.value.remote_type == "builtins.KeyError"
                assert str(raised.value).endswith("Traceback:\nKeyError: 3")
        assert_identical(env.reset(), tuple(RESET))
    assert len(alive) > 10 and server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda request_id: [error_reply(request_id, "ServerDraining")],
        lambda request_id: [error_reply(0, "MalformedMessage")],
        lambda request_id: [reply(request_id + 1, STEP)],
        lambda request_id: [reply(request_id, STEP[:4])],
        lambda request_id: [reply(request_id, 5)],
        lambda request_id: [reply(request_id, STEP)[:-1], b""],
        lambda request_id: [b"\0\0\0\0"],
        lambda request_id: [b"\xff\xff\xff\xff"],
        lambda request_id: [b"\0\0\0\1\xc1"],
        lambda request_id: [b""],
    ],
)
def test_after_a_broken_reply_nothing_is_read_any_more(answer: Any) -> None:
    def script(server: FakeServer, request_id: int, method: str, params: list[Any]) -> list[bytes]:
        return answer(request_id)

    with FakeServer(script) as server:
        env = make(server)
        with pytest.raises(errors.SocketGymError) as raised:
            env.step(0)
        assert raised.value.ends_connection
        with pytest.raises(errors.ConnectionLost, match=raised.value.code):
            env.step(0)
        env.close()
        with pytest.raises(errors.ClosedEnvironment):
            env.step(0)
    assert server.methods() == ["hello", "make", "step"]


def test_a_reply_that_does_not_come() -> None:
    done = threading.Event()

    def script(server: FakeServer, request_id: int, method: str, params: list[Any]) -> Any:
        yield reply(request_id, STEP)[:10]
        assert done.wait(30)

    with FakeServer(script) as server:
        env = make(server, timeout=0.05)
        with pytest.raises(TimeoutError):
            env.step(0)
        with pytest.raises(errors.ConnectionLost, match="RequestTimeout"):
            env.reset()
        env.close()
        done.set()


def test_an_interrupt_while_a_reply_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer(steps(STEP)) as server:
        env = make(server)

        def interrupted(*args: Any) -> int:
            raise KeyboardInterrupt

        monkeypatch.setattr("socketgym.wire.stream.Stream.receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            env.step(0)
        monkeypatch.undo()
        with pytest.raises(errors.ConnectionLost, match="KeyboardInterrupt"):
            env.step(0)
        env.close()


def test_two_threads_at_once_are_told_apart() -> None:
    asked, done = threading.Event(), threading.Event()

    def script(server: FakeServer, request_id: int, method: str, params: list[Any]) -> list[bytes]:
        asked.set()
        assert done.wait(30)
        return [reply(request_id, STEP)]

    with FakeServer(script) as server, make(server) as env:
        results: list[Any] = []
        thread = threading.Thread(target=lambda: results.append(env.step(0)))
        thread.start()
        assert asked.wait(30)
        with pytest.raises(RuntimeError, match="one thread at a time"):
            env.step(1)
        done.set()
        thread.join(30)
        assert_identical(results, [tuple(STEP)])


def test_closing_reports_the_environments_own_fault_only() -> None:
    def script(server: FakeServer, request_id: int, method: str, params: list[Any]) -> list[bytes]:
        if method == "close":
            return [error_reply(request_id, params_of_close.pop())]
        return [reply(request_id, MADE)]

    params_of_close = ["ServerDraining", "EnvironmentFault"]
    with FakeServer(script, everything=True) as server:
        env = make(server)
        with pytest.raises(errors.EnvironmentFault):
            env.close()
        env.close()
        make(server).close()
    assert params_of_close == []


def test_copies_are_new_environments() -> None:
    with FakeServer(steps(STEP, STEP, STEP)) as server:
        env = make(server, "Fake-v0", "pusht", timeout=20, level=3)
        copies = [copy.deepcopy(env), pickle.loads(pickle.dumps(env))]
        for each in (env, *copies):
            assert_identical(each.step(0), tuple(STEP))
            each.close()
    made = [params for method, params in server.requests if method == "make"]
    assert server.connections == 3 and made[0] == made[1] == made[2]


def _use_in_child(env: SocketGymClient, results: Any) -> None:
    try:
        env.step(0)
        results.put("stepped")
    except errors.ConnectionLost as error:
        env.close()
        results.put(str(error))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_leaves_its_parents_connection_alone() -> None:
    with FakeServer(steps(STEP)) as server:
        env = make(server)
        context = multiprocessing.get_context("fork")
        results = context.Queue()
        child = context.Process(target=_use_in_child, args=(env, results))
        child.start()
        assert "forked" in results.get(timeout=30)
        child.join(30)
        assert_identical(env.step(0), tuple(STEP))
        env.close()
    assert server.methods() == ["hello", "make", "step", "close"]


@pytest.mark.parametrize(
    "made",
    [
        5,
        {},
        {**MADE, "metadata": None},
        {**MADE, "spec": {"max_episode_steps": 3}},
        {**MADE, "spec": ["Fake-v0"]},
        {**MADE, "spec": {"id": 5}},
        {**MADE, "spec": {"id": "Fake-v0", "kwargs": None}},
        {**MADE, "spec": {"id": "Fake-v0", "max_episode_steps": "ten"}},
        {**MADE, "render_mode": 3},
        {**MADE, "action_space": {"type": "Discrete", "n": 0, "start": 0, "dtype": "<i8"}},
        {**MADE, "action_space": {"type": "Discrete", "n": 2, "start": 0, "dtype": "|O"}},
        {**MADE, "action_space": {"type": "Box", "low": 0}},
        {**MADE, "action_space": {"type": "MultiBinary", "n": 2**36}},
        {**MADE, "action_space": {"type": "MultiBinary", "n": [2**20, 2**20]}},
    ],
)
def test_descriptions_that_do_not_fit(made: Any) -> None:
    with FakeServer(made=made) as server, pytest.raises(errors.MalformedMessage):
        make(server)


@pytest.mark.parametrize(
    "entries",
    [
        5,
        [5],
        [["id", "host"]],
        [{"id": "Fake-v0"}],
        [{"id": 5, "host": "native"}],
        [{"id": "Fake-v0", "host": "python", "interpreter": 3}],
        [{"id": "Fake-v0", "host": "python", "problem": []}],
    ],
)
def test_lists_of_environments_that_do_not_fit(entries: Any) -> None:
    with FakeServer(steps(entries)) as server:
        with pytest.raises(errors.MalformedMessage, match="list"):
            list_environments(server.address)


def test_ids_that_become_one_here() -> None:
    entries = [{"id": id, "host": "python"} for id in ("lab/Arm-v3", "lab.Arm-v3", "lab/Leg-v3")]
    with FakeServer(steps(entries)) as server:
        with pytest.warns(UserWarning, match="'lab.Arm-v3' would be 'SocketGym/lab.Arm-v3'"):
            ids = register_all(server.address)
    assert ids == ["SocketGym/lab.Arm-v3", "SocketGym/lab.Leg-v3"]
    assert gymnasium.spec(ids[0]).kwargs["env_id"] == "lab/Arm-v3"
    for id in ids:
        del gymnasium.registry[id]


def test_metadata_as_environments_have_it() -> None:
    metadata = {"render_modes": None, "render_fps": np.int64(60)}
    with FakeServer(made={**MADE, "metadata": metadata}) as server, make(server) as env:
        assert env.metadata == {"render_modes": [], "render_fps": 60}


def test_a_space_of_no_known_type() -> None:
    made = {**MADE, "action_space": {"type": "Sphere"}}
    with FakeServer(made=made) as server, pytest.raises(errors.UnsupportedSpace, match="Sphere"):
        make(server)


@pytest.mark.parametrize("answer", ["UnknownMethod", "InvalidArgument", None])
def test_a_refused_greeting_closes_the_connection(answer: str | None) -> None:
    def script(server: FakeServer, request_id: int, method: str, params: list[Any]) -> list[bytes]:
        return [error_reply(request_id, answer) if answer else reply(request_id, "hello")]

    # The server's end asserts that no connection is open, though the error holds on to its frames.
    with pytest.raises(errors.ERRORS[answer or "MalformedMessage"]) as raised:
        with FakeServer(script, everything=True) as server:
            make(server)
    assert raised.value.__traceback__ is not None


def test_a_connection_that_is_reset_at_once() -> None:
    class Reset(ServerAddress):
        def connect(self, timeout: float | None) -> socket.socket:
            with socket.create_server(("127.0.0.1", 0)) as listener:
                client = socket.create_connection(listener.getsockname())
                accepted, _ = listener.accept()
            accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            accepted.close()
            poll = select.poll()
            poll.register(client, 0)
            assert poll.poll(30_000)  # The reset is here.
            made.append(client)
            return client

    made: list[socket.socket] = []
    with pytest.raises(errors.ConnectionLost, match="tcp://127.0.0.1:65432 took a connection"):
        Connection.open(Reset(), None)
    assert made[0].fileno() == -1


def test_the_servers_limit_on_requests() -> None:
    def script(server: FakeServer, request_id: int, method: str, params: list[Any]) -> list[bytes]:
        greeting = {"protocol": 1, "max_frame_bytes": 1000}
        return [reply(request_id, {"hello": greeting, "make": MADE}.get(method, STEP))]

    with FakeServer(script, everything=True) as server, make(server) as env:
        env.step(np.zeros(100))
        with pytest.raises(errors.FrameTooLarge, match="1000 are allowed") as raised:
            env.step(np.zeros(200))
        assert not raised.value.ends_connection
        env.step(0)


def test_values_are_counted_over_all_parameters() -> None:
    writer = RequestWriter(Limits(max_values=8, max_depth=3))
    writer.write(1, "call", [[1, 2], [3, 4]])  # With the list of parameters seven.
    writer.write(1, "call", [[1, 2], [3, 4], 5])
    for params in ([[1, 2], [3, 4], 5, 6], [[1, 2, 3], [4, 5, 6]], [[0] * 8]):
        with pytest.raises(errors.TooManyValues):
            writer.write(1, "call", params)
    writer.write(1, "call", [[[1]]])
    with pytest.raises(errors.NestingTooDeep):
        writer.write(1, "call", [[[[1]]]])


def test_no_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectionError, match=f"tcp://127.0.0.1:{port}"):
        SocketGymClient(port=port)
    with pytest.raises(errors.ConnectionFailed, match="unix:/no/such"):
        SocketGymClient(address="unix:/no/such")


def test_limits_of_connection_and_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    given = []
    connect = socket.create_connection

    def create_connection(address: Any, timeout: float | None) -> socket.socket:
        given.append(timeout)
        return connect(address, timeout)

    monkeypatch.setattr("socketgym.addresses.socket.create_connection", create_connection)
    with FakeServer() as server:
        for limits in ({}, {"timeout": 20}, {"timeout": 20, "connect_timeout": 5}):
            with make(server, **limits) as env, copy.deepcopy(env) as again:
                assert again._connection._stream._timeout == limits.get("timeout")
                assert env.spec is not None and limits.items() <= env.spec.kwargs.items()
        monkeypatch.undo()
    assert given == [None, None, 20, 20, 5, 5]


def test_where_the_server_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer() as server:
        host, port = server.address.removeprefix("tcp://").split(":")
        SocketGymClient(host=host, port=int(port)).close()
        SocketGymClient("CartPole-v1", None, host, int(port)).close()
        monkeypatch.setenv("SOCKETGYM_ADDRESS", server.address)
        SocketGymClient().close()
        monkeypatch.setenv("SOCKETGYM_ADDRESS", "nowhere:x")
        SocketGymClient(port=int(port)).close()
        with pytest.raises(errors.InvalidArgument, match="nowhere:x"):
            SocketGymClient()
        with pytest.raises(errors.InvalidArgument, match="not both"):
            SocketGymClient(host=host, address=server.address)
    assert server.connections == 4


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs Unix sockets")
def test_a_unix_socket(tmp_path: pathlib.Path) -> None:
    with FakeServer(steps(STEP), path=str(tmp_path / "gym")) as server, make(server) as env:
        assert_identical(env.step(0), tuple(STEP))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tcp://host:5", ServerAddress("host", 5)),
        ("host:5", ServerAddress("host", 5)),
        ("tcp://host", ServerAddress("host", 65432)),
        ("tcp://[::1]:5", ServerAddress("::1", 5)),
        ("unix:/run/gym", ServerAddress("", 0, "/run/gym")),
        ("unix:///run/gym", ServerAddress("", 0, "/run/gym")),
    ],
)
def test_addresses(text: str, expected: ServerAddress) -> None:
    assert ServerAddress.parse(text) == expected == ServerAddress.parse(str(expected))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"port": 70000}, "port is 70000"),
        ({"port": -1}, "port is -1"),
        ({"port": "x"}, "port is 'x'"),
        ({"host": b"local"}, "host is b'local'"),
        ({"address": "tcp://a..b:1"}, "a..b"),
        ({"timeout": float("inf")}, "timeout is inf"),
        ({"timeout": -1}, "timeout is -1"),
        ({"timeout": float("nan")}, "timeout is nan"),
        ({"connect_timeout": 0}, "connect_timeout is 0"),
        ({"connect_timeout": "soon"}, "connect_timeout is 'soon'"),
    ],
)
def test_where_no_server_can_be(given: dict[str, Any], message: str) -> None:
    with pytest.raises(errors.InvalidArgument, match=message):
        SocketGymClient(**given)


@pytest.mark.parametrize(
    "text", ["", "http://host:5", "host:x", "host:65536", "::1", "unix:", "tcp://:5"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(errors.InvalidArgument):
        ServerAddress.parse(text)
