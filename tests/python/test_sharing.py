"""Shared memory in which a server writes what it must not: nothing of it is handed out."""

from __future__ import annotations

import mmap
import os
import socket
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fake_server import MADE, FakeServer, error_reply, frame, reply
from identical import assert_identical

from socketgym import SocketGymClient, errors
from socketgym.wire.replies import ReplyReader
from socketgym.wire.sharing import SharedStream
from socketgym.wire.stream import Stream

fcntl = pytest.importorskip("fcntl")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs memfd_create")

AREA = 64 * 1024
REPLIES = 4096 + AREA  # Where the area of replies starts.
LARGE = np.arange(10_000, dtype=np.int32)


class Hostile:
    """A client's stream, and the server's side of its memory and socket."""

    def __init__(self) -> None:
        ours, self.socket = socket.socketpair()
        self.memory = mmap.mmap(-1, 4096 + 2 * AREA)
        self.stream = SharedStream(Stream(ours, timeout=30), self.memory, AREA)
        self.reader = ReplyReader(self.stream)
        self.number = 0

    def ask(self) -> None:
        self.stream.send(frame(b"request"))
        self.number += 1

    def publish(
        self,
        data: bytes,
        *,
        number: int | None = None,
        start: int = 16,
        length: int | None = None,
        on_socket: bool = False,
    ) -> None:
        length = len(data) if length is None else length
        if not on_socket and start + len(data) <= AREA:
            self.memory[REPLIES + start : REPLIES + start + len(data)] = data
        self.word(REPLIES + 4, start)
        self.word(REPLIES + 8, length)
        self.word(REPLIES, (self.number if number is None else number) * 2 + on_socket)

    def word(self, place: int, value: int) -> None:
        self.memory[place : place + 4] = value.to_bytes(4, "little")


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    made = Hostile()
    yield made
    made.stream.close()
    made.socket.close()


def test_what_is_as_it_must_be(hostile: Hostile) -> None:
    for value in (1, LARGE, "text", LARGE, LARGE):
        hostile.ask()
        hostile.publish(reply(7, value), start=64)
        assert_identical(hostile.reader.read(7, "step"), value)


@pytest.mark.parametrize("learned", [0, 2])
@pytest.mark.parametrize("value", [1, LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 99},
        {"number": 0x7FFFFFFF},
        {"start": 0},
        {"start": AREA - 4},
        {"start": 0xFFFFFFF0},
        {"length": 0},
        {"length": 4},
        {"length": 0xFFFFFFFF},
        {"length": AREA},
        {"length": -1},
        {"length": 1},
    ],
    ids=str,
)
def test_words_that_cannot_be(
    hostile: Hostile, wrong: dict[str, int], value: Any, learned: int
) -> None:
    data = reply(7, value)
    for _ in range(learned):
        hostile.ask()
        hostile.publish(data)
        hostile.reader.read(7, "step")
    if abs(wrong.get("length", 0)) == 1:
        wrong = {"length": len(data) + wrong["length"]}
    hostile.ask()
    hostile.publish(data, **wrong)
    with pytest.raises(errors.MalformedMessage):
        hostile.reader.read(7, "step")


def test_a_frame_that_was_not_announced(hostile: Hostile) -> None:
    hostile.ask()
    hostile.socket.sendall(reply(7, 1))
    with pytest.raises(errors.MalformedMessage, match="does not announce"):
        hostile.reader.read(7, "step")


def test_rings_and_frames_by_the_socket(hostile: Hostile) -> None:
    for rings in (0, 1, 3):
        hostile.ask()
        hostile.socket.sendall(bytes(4) * rings + reply(7, LARGE))
        hostile.publish(b"", on_socket=True)
        assert_identical(hostile.reader.read(7, "step"), LARGE)
    hostile.ask()
    hostile.publish(b"", on_socket=True)
    hostile.socket.close()
    with pytest.raises(errors.ConnectionLost):
        hostile.reader.read(7, "step")


@pytest.mark.parametrize("answer", ["InvalidArgument", False, 5, {"shared_memory": 1}])
def test_a_server_that_takes_its_offer_back(answer: Any) -> None:
    memory = os.memfd_create("socketgym-test", os.MFD_ALLOW_SEALING)
    os.ftruncate(memory, 4096 + 2 * AREA)
    fcntl.fcntl(memory, 1033, 7)  # F_ADD_SEALS, of its length.
    offer = {
        "process": os.getpid(),
        "descriptor": memory,
        "identity": os.readlink(f"/proc/self/fd/{memory}"),
        "request_bytes": AREA,
        "reply_bytes": AREA,
    }

    def script(server: FakeServer, request_id: int, method: str, params: list[Any]) -> list[bytes]:
        if method != "hello":
            return [reply(request_id, MADE if method == "make" else [1, {}])]
        if params[0].get("shared_memory") is True:
            return [reply(request_id, {"protocol": 1, "shared_memory": offer})]
        assert params[0]["shared_memory"] == offer["identity"]
        return [
            error_reply(request_id, answer) if type(answer) is str else reply(request_id, answer)
        ]

    try:
        with FakeServer(script, everything=True) as server:
            with SocketGymClient(address=server.address) as env:
                assert not env.shares_memory and env.reset() == (1, {})
    finally:
        os.close(memory)
