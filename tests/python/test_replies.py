"""Receiving replies, whole or in pieces, by layout or generally: the result is always the same."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fake_server import error_reply, frame, reply
from identical import assert_identical
from scripted_socket import stream_of
from vectors import load

from socketgym import errors
from socketgym.wire.frames import FrameReader
from socketgym.wire.limits import Limits
from socketgym.wire.replies import ReplyReader

IMAGE = (40, 40, 3)


def cart_pole(number: int) -> list[Any]:
    return [np.full(4, number, np.float32), 1.0, number % 2 == 0, False, {}]


def frozen_lake(number: int) -> list[Any]:
    return [number, 0, False, number % 3 == 0, {"prob": number / 3}]


def taxi(number: int) -> list[Any]:
    mask = np.full(6, number % 2, np.int8)
    return [number * 60, -number, False, False, {"prob": np.float64(number), "action_mask": mask}]


def pixels(number: int) -> list[Any]:
    info = {"lives": number, "ram": np.full(128, number, np.uint8)}
    return [np.full(IMAGE, number, np.uint8), np.float64(number), False, False, info]


def nested(number: int) -> list[Any]:
    observation = {
        "left": np.full((23, 23), number, "<f8"),
        "right": (np.full((3, 400), number, ">i4"), np.full(3, number, "<M8[ns]"), None),
        "empty": np.empty((0, 3), np.float32),
    }
    return [observation, number, True, False, {"text": "same", "flags": [True, number > 2]}]


def dates(number: int) -> list[Any]:
    return [
        np.full(1000, number, "<M8[s]"),
        0.0,
        False,
        False,
        {"seen": np.datetime64(number, "D")},
    ]


def changing(number: int) -> list[Any]:
    return [np.full(number, 1.5), "x" * number, False, False, {f"key {number}": {number}}]


KINDS: list[Callable[[int], list[Any]]] = [
    cart_pole,
    frozen_lake,
    taxi,
    pixels,
    nested,
    dates,
    changing,
]


def whole(data: bytes) -> list[bytes]:
    return [data]


def byte_by_byte(data: bytes) -> list[bytes]:
    return [data[index : index + 1] for index in range(len(data))]


def in_four(data: bytes) -> list[bytes]:
    cuts = sorted([0, 3, min(40, len(data)), len(data) // 2, len(data)])
    return [data[start:end] for start, end in itertools.pairwise(cuts) if end > start]


@pytest.mark.parametrize("scatter", [True, False], ids=["recvmsg_into", "recv_into"])
@pytest.mark.parametrize("split", [whole, byte_by_byte, in_four])
@pytest.mark.parametrize("kind", KINDS)
def test_results_are_what_was_sent(kind: Any, split: Any, scatter: bool) -> None:
    sent = [kind(number) for number in range(1, 6)]
    script = [piece for i, result in enumerate(sent, 1) for piece in split(reply(i, result))]
    replies = ReplyReader(stream_of(*script, scatter=scatter))
    received = [replies.read(i, "step") for i in range(1, 6)]
    assert_identical(received, sent)
    assert_own_memory(received)


@pytest.mark.parametrize("scatter", [True, False], ids=["recvmsg_into", "recv_into"])
@pytest.mark.parametrize("split", [whole, in_four])
@pytest.mark.parametrize(("first", "second"), itertools.permutations(KINDS, 2))
def test_layouts_may_change_at_any_step(first: Any, second: Any, split: Any, scatter: bool) -> None:
    kinds = [first, first, first, second, first, second, second, first]
    sent = [kind(number) for number, kind in enumerate(kinds, 1)]
    script = [piece for i, result in enumerate(sent, 1) for piece in split(reply(i, result))]
    replies = ReplyReader(stream_of(*script, scatter=scatter))
    assert_identical([replies.read(i, "step") for i in range(1, len(sent) + 1)], sent)


@pytest.mark.parametrize("scatter", [True, False], ids=["recvmsg_into", "recv_into"])
@pytest.mark.parametrize("kind", KINDS)
def test_errors_between_steps(kind: Any, scatter: bool) -> None:
    error = error_reply(4, "ResetNeeded")
    script = [reply(i, kind(i)) for i in (1, 2, 3)] + [error] + [reply(5, kind(5))]
    replies = ReplyReader(stream_of(*script, scatter=scatter))
    for i in (1, 2, 3):
        assert_identical(replies.read(i, "step"), kind(i))
    with pytest.raises(errors.ResetNeeded, match="A case of ResetNeeded"):
        replies.read(4, "step")
    assert_identical(replies.read(5, "step"), kind(5))


@pytest.mark.parametrize("scatter", [True, False], ids=["recvmsg_into", "recv_into"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("learned", [0, 3])
class TestBrokenReplies:
    """Each with a layout learned and without one."""

    def read_last(self, kind: Any, learned: int, scatter: bool, *script: bytes) -> Any:
        good = [reply(i, kind(i)) for i in range(1, learned + 1)]
        replies = ReplyReader(stream_of(*good, *script, scatter=scatter))
        for i in range(1, learned + 1):
            replies.read(i, "step")
        return replies.read(learned + 1, "step")

    def test_another_id(self, kind: Any, learned: int, scatter: bool) -> None:
        with pytest.raises(errors.MalformedMessage, match="answered request 99"):
            self.read_last(kind, learned, scatter, reply(99, kind(9)))

    def test_end_of_stream(self, kind: Any, learned: int, scatter: bool) -> None:
        with pytest.raises(errors.ConnectionLost):
            self.read_last(kind, learned, scatter)

    def test_end_inside_the_frame(self, kind: Any, learned: int, scatter: bool) -> None:
        data = reply(learned + 1, kind(9))
        for length in (1, 3, 4, 11, len(data) // 2, len(data) - 1):
            with pytest.raises(errors.TruncatedFrame, match=f"after {length} bytes"):
                self.read_last(kind, learned, scatter, data[:length])

    def test_lengths_refused_on_sight(self, kind: Any, learned: int, scatter: bool) -> None:
        with pytest.raises(errors.EmptyFrame):
            self.read_last(kind, learned, scatter, b"\0\0\0\0")
        with pytest.raises(errors.FrameTooLarge, match="4294967295 bytes"):
            self.read_last(kind, learned, scatter, b"\xff\xff\xff\xff")

    def test_more_than_one_reply(self, kind: Any, learned: int, scatter: bool) -> None:
        data = reply(learned + 1, cart_pole(1))
        with pytest.raises(errors.MalformedMessage, match=f"{len(data)} bytes more"):
            self.read_last(changing, learned, scatter, data + data)

    def test_reset_by_the_peer(self, kind: Any, learned: int, scatter: bool) -> None:
        half = reply(learned + 1, kind(9))[:20]
        with pytest.raises(errors.ConnectionLost, match="reset"):
            self.read_last(kind, learned, scatter, half, ConnectionResetError("reset"))


@pytest.mark.parametrize("case", load("framing/frames.json"), ids=lambda case: case["name"])
def test_framing_vectors(case: dict[str, Any]) -> None:
    frames = [frame(bytes.fromhex(payload)) for payload in case["payloads"]]
    rest = bytes.fromhex(case["hex"])[sum(map(len, frames)) :]
    # One receives at most one frame at a time, because a server sends nothing that is not asked
    # for.
    stream = stream_of(*frames, *([rest] if rest else []))
    reader = FrameReader(stream, Limits(max_frame_bytes=case["max_frame_bytes"]))
    buffer = memoryview(bytearray(1024))

    def read() -> bytearray:
        return reader.complete(buffer[: stream.receive([buffer])])

    assert [bytes(read()) for _ in frames] == frames
    # Where a server may hang up, a client still waits for its reply.
    end = "ConnectionLost" if case["end"] == "clean" else case["end"]
    with pytest.raises(errors.ERRORS[end]):
        read()


def test_replies_that_keep_changing_are_seldom_learned_from(monkeypatch: Any) -> None:
    learned = []
    monkeypatch.setattr("socketgym.wire.replies.learn", lambda *given: learned.append(given))
    replies = ReplyReader(stream_of(*[reply(i, changing(i % 9 + 1)) for i in range(1, 1000)]))
    for i in range(1, 1000):
        replies.read(i, "step")
    assert 1 < len(learned) <= 10


def assert_own_memory(values: Any) -> None:
    """Every array is writable, aligned, owns its memory, and shares it with no other."""
    arrays = list(arrays_in(values))
    for array in arrays:
        assert array.flags.owndata and array.flags.writeable and array.flags.aligned
    for left, right in itertools.combinations(arrays, 2):
        assert not np.shares_memory(left, right)


def arrays_in(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict):
        yield from arrays_in(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from arrays_in(item)
