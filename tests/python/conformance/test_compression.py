"""Compression between client and server: the same values as without, fewer bytes, and nothing that a peer sends does harm."""

from __future__ import annotations

import pathlib
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import msgpack
import numpy as np
import pytest
import socketgym_test_envs  # noqa: F401  (registers its environments here, too)
from comparison import compare
from gymnasium.vector import SyncVectorEnv
from identical import assert_identical
from live_server import ServerProcess
from raw_clients import MessagePackConnection
from socketgym import SocketGymClient, SocketGymVectorClient

PING = b"\x94\x00\xce\x00\x00\x00\x09\xa4ping\x90"


class CompressedConnection(MessagePackConnection):
    """A connection that has agreed to compress, written from docs/protocol.md, section 9, alone."""

    agreed = False

    def __init__(self, address: str) -> None:
        super().__init__(address)
        answer = self.call("hello", {"protocol": 1, "compression": "zlib"})
        assert answer["compression"] == "zlib"
        self.agreed = True
        self.last_bytes = 0

    def send_frame(self, payload: bytes) -> None:
        super().send_frame(b"\x00" + payload if self.agreed else payload)

    def send_compressed(self, deflated: bytes, declared: int) -> None:
        """Sends a stream, whatever it is, as a message of so many bytes."""
        super().send_frame(b"\x01" + struct.pack(">I", declared) + deflated)

    def receive_frame(self) -> bytes | None:
        payload = super().receive_frame()
        if payload is None or not self.agreed:
            return payload
        self.last_bytes = len(payload)
        if payload[0] == 0:
            return payload[1:]
        assert payload[0] == 1
        message = zlib.decompress(payload[5:])
        assert struct.unpack(">I", payload[1:5])[0] == len(message) >= 512
        assert len(payload) <= len(message)
        return message


@pytest.mark.parametrize(
    ("env_id", "steps"),
    [
        ("CartPole-v1", 300),
        ("SocketGymTest/LargeImage-v0", 8),
        ("SocketGymTest/Infos-v0", 100),
        ("SocketGymTest/Layouts-v0", 100),
    ],
)
def test_steps(server: Any, env_id: str, steps: int) -> None:
    with SocketGymClient(
        env_id, address=server.address, compression=True, shared_memory=True, copy=False
    ) as remote:
        assert remote.compresses and not remote.shares_memory
        local = gymnasium.make(env_id)
        compare(remote, local, steps)
        local.close()


def test_frames(server: Any) -> None:
    made = {"render_mode": "rgb_array"}
    local = gymnasium.make("CartPole-v1", **made)
    with SocketGymClient("CartPole-v1", address=server.address, compression=True, **made) as remote:
        remote.reset(seed=3)
        local.reset(seed=3)
        for number in range(6):
            assert_identical(remote.render(), local.render(), f"frame {number}")
            remote.step(number % 2)
            local.step(number % 2)
    local.close()


@pytest.mark.parametrize("count", [3, 500])
def test_a_vector(server: Any, count: int) -> None:
    local = SyncVectorEnv([lambda: gymnasium.make("CartPole-v1")] * count)
    addresses = [server.address, server.address]
    remote = SocketGymVectorClient("CartPole-v1", count, address=addresses, compression=True)
    assert remote.compresses and not remote.shares_memory
    assert_identical(remote.reset(seed=1), local.reset(seed=1), "reset")
    local.action_space.seed(2)
    for number in range(40):
        actions = local.action_space.sample()
        assert_identical(remote.step(actions), local.step(actions), f"step {number}")
    remote.close()
    local.close()


@pytest.mark.parametrize("size", [0, 1, 600, 100_000, 3_000_000])
@pytest.mark.parametrize("noisy", [False, True])
def test_actions_of_all_sizes(server: Any, size: int, noisy: bool) -> None:
    action = np.zeros(size, np.uint8)
    if noisy:
        action[:] = np.random.default_rng(size).integers(0, 256, size, np.uint8)
    with SocketGymClient("SocketGymTest/Echo-v0", address=server.address, compression=True) as env:
        env.reset(seed=0)
        for _ in range(3):
            assert_identical(env.step(action)[0], action, f"{size} bytes")


def test_a_copy_compresses_too(server: Any) -> None:
    with SocketGymClient("CartPole-v1", address=server.address, compression=True) as env:
        assert env.spec is not None
        with gymnasium.make(env.spec) as again:
            assert again.unwrapped.compresses


def test_fewer_bytes_travel(server: Any) -> None:
    with CompressedConnection(server.address) as connection:
        connection.call("make", "CartPole-v1", {"render_mode": "rgb_array"})
        connection.call("reset", 0, None)
        frame = connection.call("render").data
        assert len(frame) > 400 * 600 * 3
        assert connection.last_bytes < len(frame) / 20
        # Small ones are left as they are.
        connection.call("step", 0)
        assert connection.last_bytes < 100


def test_a_stranger_can_use_it(server: Any) -> None:
    with CompressedConnection(server.address) as connection:
        connection.send_compressed(zlib.compress(PING), len(PING))
        assert connection.receive_response() == (9, None, None)
        # A connection agrees once.
        again = connection.call(
            "hello", {"protocol": 1, "compression": "zlib", "shared_memory": True}
        )
        assert "compression" not in again and "shared_memory" not in again
        assert connection.error_of("make", "Nothing-v0", {})["code"] == "UnknownEnvironment"
        connection.call("ping")


@pytest.mark.parametrize("wish", ["gzip", "", True, None, 1, ["zlib"]])
def test_any_other_wish_is_declined(server: Any, wish: Any) -> None:
    with MessagePackConnection(server.address) as connection:
        assert "compression" not in connection.call("hello", {"protocol": 1, "compression": wish})
        connection.call("ping")


def test_a_server_may_decline(
    start_server: Callable[..., ServerProcess], tmp_path: pathlib.Path
) -> None:
    file = tmp_path / "socketgym.json"
    file.write_text('{ "limits": { "compression": false } }')
    server = start_server("--port", "0", "--config", str(file), "--no-python", module=None)
    with SocketGymClient("CartPole-v1", address=server.address, compression=True) as env:
        assert not env.compresses
        env.reset(seed=0)
        env.step(0)


@pytest.fixture(scope="module")
def strict_server() -> Iterator[ServerProcess]:
    """A server that takes no more than 1,000,000 bytes."""
    process = ServerProcess(
        "--port", "0", "--max-frame-bytes", "1000000", "--no-python", module=None
    )
    yield process
    process.stop()


BOMB = zlib.compress(bytes(64 << 20), 9)
PADDED = msgpack.packb([0, 9, "ping", [bytes(600)]])
STREAM = zlib.compress(PADDED)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"\x01\xff\xff\xff\xff" + BOMB, "FrameTooLarge"),
        (b"\x01\x04\x00\x00\x00" + BOMB, "FrameTooLarge"),
        (b"\x01\x00\x00\x03\xe8" + BOMB, "MalformedMessage"),
        (b"\x01" + struct.pack(">I", len(PADDED) - 1) + STREAM, "MalformedMessage"),
        (b"\x01" + struct.pack(">I", len(PADDED) + 1) + STREAM, "MalformedMessage"),
        (b"\x01" + struct.pack(">I", len(PADDED)) + STREAM[:-1], "MalformedMessage"),
        (b"\x01" + struct.pack(">I", len(PADDED)) + STREAM[:9], "MalformedMessage"),
        (b"\x01" + struct.pack(">I", len(PADDED)) + STREAM + b"\x00", "MalformedMessage"),
        (b"\x01" + struct.pack(">I", len(PADDED)) + bytes(len(STREAM)), "MalformedMessage"),
        (b"\x01\x00", "MalformedMessage"),
        (b"\x00", "MalformedMessage"),
        (b"\x02" + PING, "MalformedMessage"),
        (PING, "MalformedMessage"),
    ],
    ids=[
        "the greatest length",
        "a bomb that says so",
        "a bomb that says little",
        "one too small",
        "one too great",
        "cut off by a byte",
        "cut off",
        "a byte more",
        "no zlib",
        "no length",
        "no message",
        "another first byte",
        "a message as it is",
    ],
)
def test_what_is_no_payload_ends_its_connection_only(
    strict_server: ServerProcess, payload: bytes, code: str
) -> None:
    with CompressedConnection(strict_server.address) as other:
        other.call("make", "CartPole-v1", {})
        with CompressedConnection(strict_server.address) as connection:
            connection.send_bytes(struct.pack(">I", len(payload)) + payload)
            number, error, _ = connection.receive_response()
            assert number == 0 and error is not None and error["code"] == code
            assert connection.at_end()
        other.call("reset", 0, None)
