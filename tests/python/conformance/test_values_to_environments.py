"""What a caller passes reaches a Python environment with its type, dtype, byte order, shape and bytes, through either codec."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
from comparison import PickleEnvironment
from identical import assert_identical
from raw_clients import PickleConnection
from socketgym_test_envs.described import describe
from socketgym_test_envs.infos import CASES, OPAQUE_CASES

from socketgym import Opaque, SocketGymClient

ID = "SocketGymTest/Described-v0"
VALUES = dict(CASES)
# Containers of the kinds that actions come in, and what NumPy has beside plain numbers.
VALUES |= {
    "int": lambda: 3,
    "float": lambda: -0.0,
    "numpy int": lambda: np.int64(3),
    "numpy float": lambda: np.float32(0.1),
    "list": lambda: [1, 2.5, [True]],
    "tuple": lambda: (1, (2.0, np.int8(3))),
    "dict": lambda: {"b": np.arange(3), "a": {"c": (1,)}},
    "big-endian scalar": lambda: np.array([1], ">i4")[0],
    "datetime scalar": lambda: np.datetime64("2026-11-20T01:02:03", "ms"),
    "timedelta scalar": lambda: np.timedelta64(-5, "25s"),
    "big-endian dates": lambda: np.array(["2026-11-20", "NaT"], "M8[us]").astype(">M8[us]"),
    "big-endian complex": lambda: np.array([1 + 2j], ">c16"),
    "big-endian half": lambda: np.array([[1.5], [np.nan]], ">f2"),
    "empty record": lambda: np.zeros(0, [("a", ">i2"), ("b", "M8[D]", (2,))]),
    "transposed": lambda: np.arange(6.0).reshape(2, 3).T,
    "read-only": lambda: np.broadcast_to(np.float32(2), (2, 2)),
}


@pytest.fixture(scope="module", params=["msgpack", "pickle"])
def make(request: pytest.FixtureRequest, server: Any) -> Any:
    """Makes a remote environment through one of the two codecs."""
    if request.param == "pickle":
        return lambda env_id, **kwargs: PickleEnvironment(env_id, server.address, **kwargs)
    return lambda env_id, **kwargs: SocketGymClient(
        env_id, address=server.address, render_mode=None, **kwargs
    )


@pytest.fixture(scope="module")
def env(make: Any) -> Iterator[Any]:
    remote = make(ID)
    yield remote
    remote.close()


@pytest.mark.parametrize("name", VALUES)
def test_an_action_and_options_arrive_bit_for_bit(env: Any, name: str) -> None:
    value = VALUES[name]()
    options = {"value": value, name: [value]}
    assert env.reset(options=options)[1]["options"] == describe(options)
    assert env.step(value)[4]["action"] == describe(value)


def test_keyword_arguments_arrive_bit_for_bit(make: Any) -> None:
    given = {name: value() for name, value in VALUES.items()}
    remote = make(ID, given=given)
    assert remote.reset()[1]["given"] == describe(given)
    remote.close()


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_every_pickle_protocol_carries_them(server: Any, protocol: int) -> None:
    with PickleConnection(server.address) as connection:
        make = {"env_id": ID, "env_type": None, "kwargs": {}}
        connection.call("make", make, protocol)
        connection.call("reset", {}, protocol)
        for name, value in VALUES.items():
            reply = connection.call("step", {"action": value()}, protocol)
            assert reply["info"]["action"] == describe(value()), name


@pytest.mark.filterwarnings("ignore:The environment's info:UserWarning")
def test_stand_ins_arrive_in_place_of_what_cannot_travel(make: Any) -> None:
    remote, local = make("SocketGymTest/OpaqueInfos-v0"), gymnasium.make(
        "SocketGymTest/OpaqueInfos-v0"
    )
    remote.reset()
    local.reset()
    stand_in = Opaque if isinstance(remote, SocketGymClient) else str
    found = {}
    for _ in OPAQUE_CASES:
        ours, theirs = remote.step(0), local.step(0)
        assert_identical(ours[:4], theirs[:4])
        found[ours[4]["case"]] = ours[4]["value"]
    assert type(found["function"]) is stand_in and "<function" in str(found["function"])
    assert type(found["named tuple"][0]) is stand_in and found["named tuple"][1] == (1, 2)
    assert type(found["cycle"][1]["self"]) is stand_in
    (key,) = (key for key in found["path"] if type(key) is stand_in)
    assert "PurePosixPath" in str(key)
    remote.close()


class _Payload:
    def __init__(self, path: pathlib.Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return pathlib.Path.touch, (self.path,)


@pytest.mark.parametrize("place", ["action", "options", "kwargs", "seed", "type"])
def test_a_hostile_pickle_runs_nothing_anywhere(
    server: Any, tmp_path: pathlib.Path, place: str
) -> None:
    trap = tmp_path / "trap"
    payload = _Payload(trap)
    requests = {
        "make": {"env_id": ID, "env_type": None, "kwargs": {}},
        "reset": {"options": payload if place == "options" else None},
        "step": {"action": payload},
    }
    if place == "kwargs":
        requests["make"]["kwargs"]["given"] = payload
    if place == "seed":
        requests["reset"]["seed"] = payload
    if place == "type":
        requests["make"]["env_type"] = payload
    with PickleConnection(server.address) as connection:
        for kind, request in requests.items():
            reply = connection.request(kind, request)
            if reply["status"] == "error":
                break
        assert reply["code"] == "ForbiddenGlobal" and type(reply["message"]) is str
        assert reply["traceback"] == "" and connection.at_end()
    assert not trap.exists()


def test_every_error_has_message_and_traceback(server: Any) -> None:
    with PickleConnection(server.address) as connection:
        errors = [connection.request("step", {"action": 0}), connection.request("fly")]
        make = {"env_id": "SocketGymTest/Fault-v0", "env_type": None, "kwargs": {"fault": "raise"}}
        connection.call("make", make)
        errors.append(connection.request("step"))
        connection.call("reset")
        errors.append(connection.request("step", {"action": 0}))
        errors.append(connection.request("step", {"action": 7}))
        errors.append(connection.request("make", {**make, "env_id": "NoSuch-v0"}))
        for error in errors:
            assert error["status"] == "error"
            assert type(error["message"]) is str and error["message"]
            assert type(error["traceback"]) is str
        assert "faults.py" in errors[3]["traceback"]
