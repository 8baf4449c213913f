"""Bad input: each gets its typed error; a protocol violation ends that connection only."""

from __future__ import annotations

import pickle
import struct
from typing import Any

import msgpack
import pytest
from raw_clients import MessagePackConnection, PickleConnection, RawConnection

HEAD = b"\x94\x00\xce\x00\x00\x00\x07"


def request(method: bytes, params: bytes) -> bytes:
    """A request frame's payload with id 7."""
    return HEAD + method + params


VIOLATIONS: dict[str, tuple[bytes, str, int]] = {
    # name: bytes on the wire, error code, id of the response
    "garbage": (b"\x00\x00\x00\x05\xc1\xc1\xc1\xc1\xc1", "MalformedMessage", 0),
    "http request": (b"GET / HTTP/1.1\r\n\r\n", "FrameTooLarge", 0),
    "greatest length": (b"\xff\xff\xff\xff", "FrameTooLarge", 0),
    "empty frame": (b"\x00\x00\x00\x00", "EmptyFrame", 0),
    "text instead of a message": (b"\x00\x00\x00\x06\xa5hello", "MalformedMessage", 0),
    "trailing bytes": (
        struct.pack(">I", 14) + request(b"\xa4ping", b"\x90") + b"\xc0",
        "MalformedMessage",
        7,
    ),
    "declares more than there is": (
        struct.pack(">I", 17) + request(b"\xa4step", b"\x91\xdd\xff\xff\xff\xff"),
        "MalformedMessage",
        7,
    ),
    "array of the wrong size": (
        # ext 1: header [ "<f8", [3] ], but 8 bytes of data
        struct.pack(">I", 13 + 2 + 1 + 2 + 7 + 8)
        + request(b"\xa4step", b"\x91")
        + b"\xc7"
        + bytes([2 + 7 + 8, 1])
        + b"\x00\x07\x92\xa3<f8\x91\x03"
        + bytes(8),
        "ShapeMismatch",
        7,
    ),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_violation_is_answered_and_ends_its_connection_only(server: Any, name: str) -> None:
    data, code, number = VIOLATIONS[name]
    with MessagePackConnection(server.address) as other, MessagePackConnection(
        server.address
    ) as connection:
        other.call("make", "CartPole-v1", {})
        connection.send_bytes(data)
        answered, error, _ = connection.receive_response()
        assert error is not None
        assert (error["code"], answered) == (code, number), error
        assert connection.at_end()
        assert other.call("reset", 1, None)


def test_nesting_bomb(server: Any) -> None:
    with MessagePackConnection(server.address) as connection:
        connection.send_frame(request(b"\xa4step", b"\x91" * 100_000 + b"\xc0"))
        _, error, _ = connection.receive_response()
        assert error is not None and error["code"] == "NestingTooDeep"
        assert connection.at_end()


def test_end_inside_a_frame_harms_nobody(server: Any) -> None:
    with RawConnection(server.address) as connection:
        connection.send_bytes(b"\x00\x00\x01\x00abc")
    with MessagePackConnection(server.address) as other:
        assert other.call("ping") is None


@pytest.mark.parametrize("method", ["reset", "step", "render", "spec"])
def test_before_make(server: Any, method: str) -> None:
    with MessagePackConnection(server.address) as connection:
        assert connection.error_of(method)["code"] == "NoEnvironment"
        assert connection.call("ping") is None


@pytest.mark.parametrize("host", ["native", "python"])
def test_step_before_reset(server: Any, host: str) -> None:
    with MessagePackConnection(server.address) as connection:
        connection.call("make", f"{host}:CartPole-v1", {"render_mode": "rgb_array"})
        assert connection.error_of("step", 1)["code"] == "ResetNeeded"
        assert connection.error_of("render")["code"] == "ResetNeeded"
        connection.call("reset", 5, None)
        assert len(connection.call("step", 1)) == 5


def test_unknown_method(server: Any) -> None:
    with MessagePackConnection(server.address) as connection:
        error = connection.error_of("stepp", 1)
        assert error["code"] == "UnknownMethod"
        assert "'stepp'" in error["message"]
        assert connection.call("ping") is None


@pytest.mark.parametrize(
    "asked, meant",
    [
        ("CartPole-v11", "CartPole-v1"),
        ("cartpole-v1", "CartPole-v1"),
        ("FrozenLak-v1", "FrozenLake-v1"),
    ],
)
def test_unknown_environment_names_close_matches(server: Any, asked: str, meant: str) -> None:
    with MessagePackConnection(server.address) as connection:
        error = connection.error_of("make", asked, {})
        assert error["code"] == "UnknownEnvironment"
        assert meant in error["message"]
        assert asked in error["message"]


def test_module_ids_are_not_imported(server: Any) -> None:
    with MessagePackConnection(server.address) as connection:
        error = connection.error_of("make", "os:CartPole-v1", {})
        assert error["code"] == "UnknownEnvironment"
        assert "--import os" in error["message"]


@pytest.mark.parametrize("host", ["native", "python"])
@pytest.mark.parametrize(
    "action, shown",
    [(2, "2"), (-1, "-1"), (None, "None"), ("left", "left"), ([0], "[0]"), (0.5, "0.5")],
)
def test_refused_action_names_action_and_space(
    server: Any, host: str, action: Any, shown: str
) -> None:
    with MessagePackConnection(server.address) as connection:
        connection.call("make", f"{host}:CartPole-v1", {})
        connection.call("reset", 0, None)
        error = connection.error_of("step", action)
        assert error["code"] == "InvalidAction", error
        assert shown in error["message"]
        assert "Discrete(2)" in error["message"]
        assert len(connection.call("step", 0)) == 5


@pytest.mark.parametrize("host", ["native", "python"])
@pytest.mark.parametrize(
    "method, params",
    [
        ("make", [7, {}]),
        ("make", ["CartPole-v1", [1]]),
        ("make", ["CartPole-v1", {1: 2}]),
        ("make", ["{host}:CartPole-v1", {"no_such_argument": 1}]),
        ("reset", ["now", None]),
        ("reset", [1.0, None]),
        ("reset", [1, [2]]),
    ],
)
def test_invalid_arguments(server: Any, host: str, method: str, params: list[Any]) -> None:
    params = [value.format(host=host) if isinstance(value, str) else value for value in params]
    with MessagePackConnection(server.address) as connection:
        connection.call("make", f"{host}:CartPole-v1", {})
        assert connection.error_of(method, *params)["code"] == "InvalidArgument"
        connection.call("make", f"{host}:CartPole-v1", {})
        assert connection.call("reset", 3, None)


@pytest.mark.parametrize("host", ["native", "python"])
@pytest.mark.parametrize("mode", ["human", "no_such_mode"])
def test_unsupported_render_mode(server: Any, host: str, mode: str) -> None:
    with MessagePackConnection(server.address) as connection:
        assert (
            connection.error_of("make", f"{host}:CartPole-v1", {"render_mode": mode})["code"]
            == "UnsupportedRenderMode"
        )


def test_requests_may_be_pipelined(server: Any) -> None:
    with MessagePackConnection(server.address) as connection:
        asked = [
            connection.send_request("make", "CartPole-v1", {}),
            connection.send_request("step", 1),
            connection.send_request("reset", 9, None),
            *(connection.send_request("step", 1) for _ in range(50)),
            connection.send_request("close"),
        ]
        answers = [connection.receive_response() for _ in asked]
        assert [number for number, _, _ in answers] == asked
        failed = [number for number, error, _ in answers if error is not None]
        assert failed == [asked[1]]


class Evil:
    """Pickles into a call of os.system."""

    def __reduce__(self) -> Any:
        import os

        return os.system, ("echo harm",)


def test_pickle_that_names_a_function_runs_nothing(server: Any) -> None:
    with PickleConnection(server.address) as connection:
        reply = connection.request(
            "make", {"env_id": "CartPole-v1", "env_type": None, "kwargs": {"x": Evil()}}
        )
        assert reply["status"] == "error"
        assert reply["code"] == "ForbiddenGlobal"
        assert "system" in reply["message"]
        assert isinstance(reply["traceback"], str)
        assert connection.at_end()


def test_pickle_bombs(server: Any) -> None:
    bomb: Any = [0] * 10
    for _ in range(31):
        bomb = [bomb] * 10
    cycle: list[Any] = []
    cycle.append(cycle)
    for value, code in ((bomb, "TooManyValues"), (cycle, "CyclicValue")):
        with PickleConnection(server.address) as connection:
            reply = connection.request("step", {"action": value})
            assert reply["code"] == code
            assert connection.at_end()


def test_pickle_errors_keep_the_connection(server: Any) -> None:
    with PickleConnection(server.address) as connection:
        assert connection.request("step", {"action": 0})["code"] == "NoEnvironment"
        assert connection.request("fly")["code"] == "UnknownMethod"
        # These are refused when they are read, which harms the connection no more.
        assert connection.request("step")["code"] == "InvalidArgument"
        connection.send_frame(pickle.dumps({"type": "reset", "payload": [1]}))
        assert pickle.loads(connection.receive_frame())["code"] == "InvalidArgument"
        connection.call(
            "make",
            {"env_id": "CartPole-v1", "env_type": None, "kwargs": {"render_mode": "rgb_array"}},
        )
        assert connection.request("step", {"action": 0})["code"] == "ResetNeeded"
        connection.call("reset")
        assert connection.request("step", {"action": 5})["code"] == "InvalidAction"
        assert connection.call("step", {"action": 1})["reward"] == 1.0


def test_pickle_switched_off(start_server: Any) -> None:
    server = start_server("--port", "0", "--pickle", "off", "--no-python")
    with RawConnection(server.address) as connection:
        connection.send_frame(pickle.dumps({"type": "close", "payload": {}}))
        payload = connection.receive_frame()
        assert payload is not None
        _, _, error, _ = msgpack.unpackb(payload)
        assert error["code"] == "UnsupportedProtocol"
        assert connection.at_end()
