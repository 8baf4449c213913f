"""Shared memory between client and server: the same values as without, and nothing that a peer writes there does harm."""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from identical import assert_identical
from live_server import ServerProcess
from process_watch import resources_of, shared_mappings_of
from raw_clients import MessagePackConnection
from raw_memory import CLIENT_WAITS, FRAMES, REQUESTS, RING, WORD, MemoryConnection
from socketgym import SocketGymClient, errors

MIB = 1024 * 1024


@pytest.fixture(params=["tcp", "unix"])
def address(
    request: pytest.FixtureRequest,
    start_server: Callable[..., ServerProcess],
    tmp_path: pathlib.Path,
) -> str:
    where = "tcp://127.0.0.1:0" if request.param == "tcp" else f"unix:{tmp_path}/socket"
    return start_server("--listen", where, "--no-python", module=None).address


def test_it_is_used_where_the_server_is_near(address: str) -> None:
    with SocketGymClient("CartPole-v1", address=address) as env:
        assert env.shares_memory
    with SocketGymClient("CartPole-v1", address=address, shared_memory=False) as env:
        assert not env.shares_memory
        env.reset(seed=0)


def test_large_requests_and_replies_go_by_the_socket(
    start_server: Callable[..., ServerProcess], tmp_path: pathlib.Path
) -> None:
    file = tmp_path / "socketgym.json"
    file.write_text('{ "limits": { "max_shared_memory_bytes": 2000000 } }')
    server = start_server("--port", "0", "--config", str(file))
    env = SocketGymClient("SocketGymTest/Echo-v0", address=server.address)
    assert env.shares_memory
    env.reset(seed=0)
    for size in (0, 1, MIB - 100, MIB, 1_999_000, 7, 3 * MIB, 9, 20, 3 * MIB, 8):
        value = np.arange(size, dtype=np.uint8)
        assert_identical(env.step(value)[0], value, f"{size} bytes")
    env.close()


@pytest.mark.parametrize("copy", [True, False])
def test_large_observations(server: Any, copy: bool) -> None:
    make: dict[str, Any] = {"env_id": "SocketGymTest/LargeImage-v0", "address": server.address}
    env, other = SocketGymClient(**make, copy=copy), SocketGymClient(**make, shared_memory=False)
    assert_identical(env.reset(seed=1), other.reset(seed=1), "reset")
    kept = None
    for step in range(6):
        action = env.action_space.sample()
        ours, theirs = env.step(action), other.step(action)
        assert_identical(ours, theirs, f"step {step}")
        assert ours[0].flags.writeable and ours[0].flags.aligned
        if step > 3:
            assert np.shares_memory(ours[0], kept) is not copy
        kept = ours[0]
    env.close()
    other.close()
    assert kept is not None and kept.sum() >= 0  # a view outlives its connection


def test_what_was_offered_is_withdrawn(server: Any) -> None:
    with MessagePackConnection(server.address) as connection:
        hello = {"protocol": 1, "shared_memory": True}
        offers = [connection.call("hello", hello)["shared_memory"] for _ in range(3)]
        assert len({offer["identity"] for offer in offers}) == 3
        assert len(memories_of(server.process.pid)) == 1
        connection.call("ping")
        # It is gone once the server reads on, which may be after the reply has arrived.
        connection.call("ping")
        assert memories_of(server.process.pid) == []
        # It is too late for that one, and any other text names nothing.
        for name in (offers[-1]["identity"], "/memfd:socketgym-", ""):
            answer = connection.call("hello", {"protocol": 1, "shared_memory": name})
            assert "shared_memory" not in answer
        connection.call("ping")


def test_none_is_offered_where_it_is_off(
    start_server: Callable[..., ServerProcess], tmp_path: pathlib.Path
) -> None:
    file = tmp_path / "socketgym.json"
    file.write_text('{ "limits": { "max_shared_memory_bytes": 0 } }')
    server = start_server("--port", "0", "--config", str(file), "--no-python", module=None)
    with SocketGymClient("CartPole-v1", address=server.address, shared_memory=True) as env:
        assert not env.shares_memory
        env.reset(seed=0)


@pytest.mark.parametrize("obstacle", ["no /proc", "another link", "no seals"])
def test_without_a_way_to_the_memory_all_goes_by_the_socket(
    server: Any, monkeypatch: pytest.MonkeyPatch, obstacle: str
) -> None:
    readlink = os.readlink

    def refuse(path: str) -> str:
        if obstacle == "another link":
            return "/dev/null"
        if obstacle == "no /proc":
            raise PermissionError(13, "Permission denied", path)
        return readlink(path)

    monkeypatch.setattr("socketgym.wire.sharing.os.readlink", refuse)
    if obstacle == "no seals":
        monkeypatch.setattr("socketgym.wire.sharing.fcntl.fcntl", lambda *_: 0)
    before = shared_mappings_of(server.process.pid)
    with SocketGymClient("CartPole-v1", address=server.address) as env:
        assert not env.shares_memory
        observation, _ = env.reset(seed=0)
        assert observation.shape == (4,)
        assert len(shared_mappings_of(server.process.pid)) == len(before)


def test_a_stranger_can_use_it(server: Any) -> None:
    with MemoryConnection(server.address) as connection:
        connection.call("make", "CartPole-v1", {})
        assert len(connection.call("reset", 0, None)) == 2
        for _ in range(100):
            assert len(connection.call("step", 0)) == 5
        # A client that says that it waits is rung for.
        connection.set_word(CLIENT_WAITS, 1)
        connection.call("ping")
        assert connection._receive(4) == RING
        connection.set_word(CLIENT_WAITS, 0)
        # Rings that nobody needs do no harm.
        connection.send_bytes(100 * RING)
        connection.call("ping")
        assert "shared_memory" not in connection.call("hello", {"shared_memory": True})


def lie(connection: MemoryConnection, name: str) -> None:
    """Writes what must not be."""
    ping = connection.frame_of("ping")
    if name == "another number":
        connection.write(ping)
        connection.publish(skip=1)
    elif name == "a frame that nobody announced":
        connection.send_bytes(ping)
    elif name == "an announced frame that is too long":
        connection.publish(on_socket=True)
        connection.send_bytes(b"\xff\xff\xff\xff")
    else:
        start, length = {
            "a start in the head": (0, len(ping)),
            "a start behind the end": (2 * MIB, len(ping)),
            "the greatest start": (0xFFFFFFFF, len(ping)),
            "the greatest length": (FRAMES, 0xFFFFFFFF),
            "a length beyond the end": (FRAMES, MIB),
            "no length": (FRAMES, 0),
            "an empty frame": (FRAMES, 4),
            "less than the frame says": (FRAMES, len(ping) - 1),
            "more than the frame says": (FRAMES, len(ping) + 1),
            "a start at the end": (MIB - 2, 4),
        }[name]
        connection.write(ping, start, length)
        connection.publish()


@pytest.mark.parametrize(
    "name",
    [
        "another number",
        "a frame that nobody announced",
        "an announced frame that is too long",
        "a start in the head",
        "a start behind the end",
        "the greatest start",
        "the greatest length",
        "a length beyond the end",
        "no length",
        "an empty frame",
        "less than the frame says",
        "more than the frame says",
        "a start at the end",
    ],
)
def test_a_lie_ends_its_connection_only(server: Any, name: str) -> None:
    with MemoryConnection(server.address) as other, MemoryConnection(server.address) as connection:
        other.call("make", "CartPole-v1", {})
        connection.call("ping")
        lie(connection, name)
        if name != "another number":
            if name == "a frame that nobody announced":
                connection.number += 1
            _, error, _ = connection.receive_response()
            expected = "FrameTooLarge" if "too long" in name else "MalformedMessage"
            assert error is not None and error["code"] == expected
        assert connection.rest().strip(b"\0") == b""
        other.call("reset", 0, None)


def test_memory_that_is_written_all_the_time(server: Any) -> None:
    rng = np.random.default_rng(5)
    for _ in range(30):
        with MemoryConnection(server.address) as connection:
            ping = connection.frame_of("ping")
            connection.write(ping)
            connection.number += 1
            words = rng.integers(0, 2**32, (200, 4), dtype=np.uint64)
            for first, start, length, head in words.tolist():
                connection.set_word(REQUESTS + WORD, connection.number << 1 | (first & 1))
                connection.write(head.to_bytes(4, "big") + ping[4:], start % 64, length % 64)
            connection.send_bytes(RING + rng.bytes(16))
    with MemoryConnection(server.address) as connection:
        connection.call("ping")


CLIENT = """
import sys
import threading
from socketgym import SocketGymClient
env = SocketGymClient("SocketGymTest/Fault-v0", address=sys.argv[1], when="step", fault="hang")
assert env.shares_memory
env.reset(seed=0)
threading.Thread(target=env.step, args=(0,), daemon=True).start()
while not env._connection.is_busy:
    pass
print("now", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("victim", ["client", "server"])
def test_whoever_is_killed_in_a_step_leaves_nothing(
    start_server: Callable[..., ServerProcess], victim: str
) -> None:
    server = start_server("--port", "0")
    pid = server.process.pid
    shared = sorted(os.listdir("/dev/shm"))
    with SocketGymClient("SocketGymTest/Process-v0", address=server.address) as env:
        env.reset(seed=0)
    with subprocess.Popen(
        [sys.executable, "-c", CLIENT, server.address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as client:
        assert client.stdout is not None and client.stdin is not None
        assert client.stdout.readline() == b"now\n"
        # Once both have agreed, the server has no descriptor by which others could come to it.
        assert client_memories(client.pid) == 1
        assert memories_of(pid) == []
        if victim == "client":
            client.kill()
        else:
            os.kill(pid, signal.SIGKILL)
            server.process.wait()
            client.stdin.close()
    if victim == "client":
        # The next sessions of the server work, and what the dead one had is gone.
        with SocketGymClient("CartPole-v1", address=server.address) as env:
            env.reset(seed=0)
        end = time.monotonic() + 30
        while mappings := [name for name in shared_mappings_of(pid) if "socketgym-" in name]:
            assert time.monotonic() < end, mappings
            os.sched_yield()
    assert sorted(os.listdir("/dev/shm")) == shared


def test_a_client_sees_the_end_of_the_server(start_server: Callable[..., ServerProcess]) -> None:
    server = start_server("--port", "0", "--no-python", module=None)
    with SocketGymClient("CartPole-v1", address=server.address) as env:
        env.reset(seed=0)
        server.process.kill()
        server.process.wait()
        with pytest.raises(errors.ConnectionLost):
            env.step(0)


def memories_of(pid: int) -> list[str]:
    """The descriptors of memory that a process offers."""
    return [name for name in resources_of(pid) if name.startswith("/memfd:socketgym-")]


def client_memories(pid: int) -> int:
    """How many mappings of a server's memory a process has."""
    maps = pathlib.Path(f"/proc/{pid}/maps").read_text()
    return len(re.findall(r"/memfd:socketgym-", maps))
