"""A worker's end of the memory that it shares with the server, in this process."""

from __future__ import annotations

import os
import pickle
import platform
import select
import struct
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from worker_process import SOURCES

sys.path.insert(0, str(SOURCES))
from socketgym_worker import sharing  # noqa: E402
from socketgym_worker.channel import Channel  # noqa: E402
from socketgym_worker.environment import HostedEnvironment  # noqa: E402
from socketgym_worker.steps import Steps  # noqa: E402
from socketgym_worker.values import ValueGuard  # noqa: E402

RING = b"\0\0\0\0"


class Server:
    """The other end.

    Attributes:
        port: The worker's end.
    """

    def __init__(self) -> None:
        reader, self._requests = os.pipe()
        self._replies, writer = os.pipe()
        memory = os.memfd_create("port")
        os.ftruncate(memory, sharing.REPLY_AREA + 4096)
        self._channel = Channel(reader, writer)
        identity = os.readlink("/proc/self/fd/%d" % memory)
        self.port = sharing.Port(self._channel, os.getpid(), memory, identity)
        os.close(memory)
        self._number = 0

    def ask(self, kind: int) -> None:
        """Publishes a request, as one whose message is where it belongs."""
        self._number += 1
        self.port.memory[:4] = struct.pack("<I", self._number << 3 | kind)

    def read(self) -> bytes:
        """Reads a reply in the pipe."""
        data = b""
        while len(data) < 4 or len(data) < 4 + struct.unpack_from(">I", data)[0]:
            assert select.select([self._replies], [], [], 30)[0], "no reply came"
            data += os.read(self._replies, 1 << 20)
        return data[4:]

    def write(self, data: bytes) -> None:
        os.write(self._requests, data)

    def close(self) -> None:
        self._channel.close()
        os.close(self._requests)
        os.close(self._replies)


@pytest.fixture
def server() -> Iterator[Server]:
    opened = Server()
    yield opened
    opened.close()


def message(value: Any) -> bytes:
    data = pickle.dumps(value, 4)
    return struct.pack(">I", len(data)) + data


def receive(server: Server) -> Any:
    return Channel.decode(server.port.receive(server.port.wait()), 0)


@pytest.mark.parametrize("rings", [0, 1, 2, 5])
def test_rings_in_front_of_a_message_are_dropped(server: Server, rings: int) -> None:
    for number in range(3):
        server.ask(sharing.PIPED)
        server.write(RING * rings + message(("step", number)))
        assert receive(server) == ("step", number)


def test_a_ring_that_came_late_is_dropped(server: Server) -> None:
    server.ask(sharing.PIPED)
    server.write(message("first") + RING)
    assert receive(server) == "first"
    server.ask(sharing.PIPED)
    server.write(RING + message("second") + RING)
    assert receive(server) == "second"


def test_a_channel_gives_one_message_at_a_time() -> None:
    reader, writer = os.pipe()
    channel = Channel(reader, os.dup(writer))
    os.write(writer, message(1) + message(2))
    assert [channel.receive(), channel.has_more] == [message(1), True]
    assert [channel.receive(), channel.has_more] == [message(2), False]
    channel.close()
    os.close(writer)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_requests_and_replies_on_every_processor(
    monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    server = Server()
    data = pickle.dumps(("render",), 4)
    memory = server.port.memory
    memory[sharing.REQUEST_AREA : sharing.REQUEST_AREA + len(data)] = data
    memory[4:8] = struct.pack("<I", len(data))
    server.ask(sharing.MESSAGE)
    assert receive(server) == ("render",)
    server.port.send(b"reply")
    assert memory[128:136] == struct.pack("<II", 1 << 3 | sharing.MESSAGE, 5)
    server.close()


class ManyValues(HostedEnvironment):
    """Its steps' infos hold so many values as the action says."""

    def take(self, action: int) -> Any:
        return 0, 0.0, False, False, {"many": [0] * action}


def test_an_info_that_has_no_room_is_counted_once(server: Server) -> None:
    count = 600_000
    guard = ValueGuard(1 << 28)
    steps = Steps(server.port, ManyValues(guard), guard)
    server.ask(sharing.PATTERN)
    server.port.wait()
    steps.answer("step", sharing.PATTERN, (0,))
    server.port.memory[sharing.ACTION : sharing.ACTION + 8] = struct.pack("<q", count)
    server.ask(sharing.STEP)
    worker = threading.Thread(target=steps.answer_raw, daemon=True)
    worker.start()
    ok, result = pickle.loads(server.read())
    assert ok and result[4] == {"many": [0] * count}
    server.ask(sharing.MESSAGE)
    server.write(RING)
    worker.join()
