"""A layout says the same as the general reader, or nothing."""

from __future__ import annotations

import collections
from typing import Any

import numpy as np
import pytest
from fake_server import error_reply, reply
from gymnasium.spaces import GraphInstance
from identical import assert_identical

from socketgym.errors import SocketGymError
from socketgym.wire.layout import BULK_BYTES, MAX_SKELETON_BYTES, Layout, learn
from socketgym.wire.messages import read_response
from socketgym.wire.reader import ValueReader

ID = 0x01020304

EVERY_KIND = [
    None,
    True,
    7,
    -7,
    200,
    -200,
    70000,
    2**40,
    -(2**40),
    1.5,
    "text",
    "é" * 40,
    [1, [2, ()]],
    (1, (2.5,)),
    {"a": 1, "b": {"c": None}},
    np.arange(3, dtype="<f4"),
    np.arange(3, dtype=">u2").reshape(3, 1),
    np.array(5),
    np.array(["ab", ""]),
    np.array([b"ab", b""]),
    np.array(["2020-01-01"], "<M8[D]"),
    np.array([True, False]),
    np.array([1 + 2j]),
    np.empty((2, 0)),
    np.longdouble(1) / 3,
    np.float32(1.5),
    np.bool_(True),
    np.datetime64(3, "ns"),
]


def skeleton_of(layout: Layout, frame: bytes, buffer: memoryview) -> None:
    """Receives a frame as `ReplyReader` would."""
    position = 0
    for target in layout.targets():
        view = memoryview(target).cast("B")
        view[:] = frame[position : position + len(view)]
        position += len(view)
    assert position == len(frame)


def general(frame: bytes) -> Any:
    return read_response(ValueReader().decode_response(frame[4:]), ID)


def test_every_kind_is_built_as_it_was_sent() -> None:
    frame = reply(ID, EVERY_KIND)
    buffer = memoryview(bytearray(MAX_SKELETON_BYTES))
    layout = learn(frame, buffer)
    skeleton_of(layout, frame, buffer)
    assert layout.matches(ID) and not layout.matches(ID + 1)
    assert_identical(layout.build(), EVERY_KIND)


@pytest.mark.parametrize("bulk", [False, True])
def test_no_changed_byte_is_ever_misread(bulk: bool) -> None:
    values = [*EVERY_KIND, np.zeros(BULK_BYTES, np.uint8)] if bulk else EVERY_KIND
    frame = reply(ID, values)
    buffer = memoryview(bytearray(MAX_SKELETON_BYTES))
    layout = learn(frame, buffer)
    assert layout.has_bulk is bulk
    matched = 0
    for position in range(min(len(frame), 600)):
        for flip in (0x01, 0x02, 0x10, 0x40, 0x80, 0xFF):
            changed = bytearray(frame)
            changed[position] ^= flip
            skeleton_of(layout, changed, buffer)
            if layout.matches(ID):
                assert_identical(layout.build(), general(bytes(changed)))
                matched += 1
    assert matched > 300  # The data are free to change.


@pytest.mark.parametrize(
    "value",
    [
        {1: 2},
        {1},
        frozenset(),
        collections.OrderedDict(a=1),
        GraphInstance(np.zeros(2), None, None),
        np.array([None], object),
        b"bytes",
        bytearray(b"bytes"),
        1j,
        2**70,
        "\ud800",
        np.str_("text"),
        np.zeros(2, [("a", "u1"), ("b", "<f8")]),
        [0] * 1000,
        np.zeros((100, 100)).reshape(100, 100).tolist(),
        ["x" * MAX_SKELETON_BYTES],
        [np.zeros(BULK_BYTES, np.uint8)] * 65,
    ],
    ids=lambda value: f"{value!r:.30}",
)
def test_rare_and_large_things_have_no_layout(value: Any) -> None:
    buffer = memoryview(bytearray(MAX_SKELETON_BYTES))
    assert learn(reply(ID, value), buffer) is None


def test_errors_have_no_layout() -> None:
    buffer = memoryview(bytearray(MAX_SKELETON_BYTES))
    assert learn(error_reply(ID, "ResetNeeded"), buffer) is None
    with pytest.raises(SocketGymError):
        general(error_reply(ID, "ResetNeeded"))
