"""Frames that are compressed on their way: the shared vectors, and all ways in which a stream delivers them."""

from __future__ import annotations

import random
import tracemalloc
import zlib
from typing import Any

import pytest
from fake_server import frame
from scripted_socket import ScriptedSocket, stream_of
from vectors import case_bytes, load

from socketgym import errors
from socketgym.wire.compression import CompressedStream, pack, unpack
from socketgym.wire.limits import Limits
from socketgym.wire.stream import Stream

CASES = load("framing/compressed.json")
ZEROS = bytes(100_000)
NOISE = random.Random(5).randbytes(100_000)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_vectors(case: dict[str, Any]) -> None:
    sent = bytearray(frame(case_bytes(case)))
    limits = Limits(max_frame_bytes=case["max_frame_bytes"])
    if "code" in case:
        with pytest.raises(errors.SocketGymError) as raised:
            unpack(sent, limits)
        assert raised.value.code == case["code"]
    else:
        assert unpack(sent, limits) == frame(case_bytes({"parts": case["message"]}))


@pytest.mark.parametrize(
    ("message", "kind"),
    [(b"1", 0), (bytes(511), 0), (bytes(512), 1), (ZEROS, 1), (NOISE, 0)],
    ids=["1 byte", "511 bytes", "512 bytes", "zeros", "noise"],
)
def test_a_message_is_compressed_where_that_makes_it_smaller(message: bytes, kind: int) -> None:
    packed = pack(frame(message))
    assert int.from_bytes(packed[:4], "big") == len(packed) - 4
    assert packed[4] == kind
    assert len(packed) == len(message) + 5 if kind == 0 else len(packed) < 100 + len(message) / 100
    assert unpack(bytearray(packed)) == frame(message)


@pytest.mark.parametrize("portion", [1, 7, 4096, 1 << 20])
def test_a_stream_hands_out_what_was_packed(portion: int) -> None:
    messages = [b"\x01", bytes(700), NOISE[:3000]]
    for message in messages:
        packed = pack(frame(message))
        pieces = [packed[at : at + portion] for at in range(0, len(packed), portion)]
        stream = CompressedStream(stream_of(*pieces))
        first, second = bytearray(3), bytearray(len(message) + 100)
        received = stream.receive([memoryview(first), memoryview(second)])
        assert received == len(message) + 4
        assert first + second[: len(message) + 1] == frame(message)
        assert stream.receive([memoryview(first)]) == 0


def test_a_stream_packs_requests_of_one_part_and_of_two() -> None:
    socket = ScriptedSocket([])
    stream = CompressedStream(Stream(socket))
    stream.send(frame(ZEROS))
    stream.send_both(bytearray(frame(ZEROS)[:9]), memoryview(ZEROS)[5:])
    assert socket.sent == 2 * pack(frame(ZEROS))


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ([pack(frame(ZEROS))[:-1]], errors.TruncatedFrame),
        ([pack(frame(b"1")) + b"\x00"], errors.MalformedMessage),
        ([frame(b"\x94\x01\xce\x00\x00\x00\x01\xc0\xc0")], errors.MalformedMessage),
        ([b"\x00\x00\x00\x00"], errors.EmptyFrame),
        ([b"\xff\xff\xff\xff"], errors.FrameTooLarge),
    ],
    ids=["cut off", "a byte more", "a message as it is", "nothing", "too long"],
)
def test_what_is_no_compressed_frame(script: list[bytes], error: type[Exception]) -> None:
    with pytest.raises(error):
        CompressedStream(stream_of(*script)).receive([memoryview(bytearray(100))])


@pytest.mark.parametrize(
    ("declared", "error"),
    [
        (1000, errors.MalformedMessage),
        (64 << 20, errors.FrameTooLarge),
        (2**32 - 1, errors.FrameTooLarge),
    ],
)
def test_a_bomb_costs_no_memory(declared: int, error: type[Exception]) -> None:
    deflated = zlib.compress(bytes(64 << 20), 1)
    sent = bytearray(frame(b"\x01" + declared.to_bytes(4, "big") + deflated))
    tracemalloc.start()
    try:
        with pytest.raises(error):
            unpack(sent, Limits(max_frame_bytes=1 << 20))
        # What is left of the stream is copied once.
        assert tracemalloc.get_traced_memory()[1] < 2 * len(sent) + (1 << 20)
    finally:
        tracemalloc.stop()
