"""Where the data of a reply lie, learned from one and used for the next.

This is the "Fast receive" of docs/protocol.md.

A server writes the same bytes for values of the same kinds, dtypes, shapes and text, but for the id
and the data. So a reply that was parsed once teaches two things: which bits have to be the same in
the next one, and how to make its values straight from where they lie. The bits are compared all at
once, as one large integer under a mask.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from socketgym.wire.arrays import read_header
from socketgym.wire.kinds import ID_OFFSET, Extension, Mark

__all__ = ["MAX_SKELETON_BYTES", "Layout", "learn"]

# A larger array is received where it will stay; a smaller one is cheaper to copy out of the buffer
# it came in.
BULK_BYTES = 4096
MAX_SKELETON_BYTES = 16 * 1024
_MAX_BULK_ARRAYS = 64
_MAX_VALUES = 512

_ID_BYTES = 4
_NIL_OFFSET = ID_OFFSET + _ID_BYTES
_INTEGERS = {
    0xCC: "B",
    0xCD: ">H",
    0xCE: ">I",
    0xCF: ">Q",
    0xD0: "b",
    0xD1: ">h",
    0xD2: ">i",
    0xD3: ">q",
}
_FIXED_EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
_LENGTHS = {0xC7: 1, 0xC8: 2, 0xC9: 4, 0xD9: 1, 0xDA: 2, 0xDC: 2, 0xDE: 2}
_SCALAR_KINDS = "biufcMm"

Part = Callable[[], Any]


class Layout:
    """How one kind of reply is made up.

    Its **skeleton** is the frame without the arrays that are received where they will stay. It is
    received at the start of the buffer that `learn` was given, and the values are made from there.

    Attributes:
        frame_bytes: The length of the frame, its own length included.
        build: Makes the reply's result from the skeleton in the buffer and the arrays of `targets`.
        has_bulk: Whether there are arrays that are not in the skeleton.
    """

    def __init__(self, lesson: _Lesson, build: Part) -> None:
        self.frame_bytes = len(lesson.frame)
        self.build = build
        self.has_bulk = bool(lesson.bulk)
        self._skeleton = lesson.buffer[: len(lesson.mask)]
        self._mask = int.from_bytes(lesson.mask, "big")
        self._constant = int.from_bytes(lesson.skeleton, "big") & self._mask
        self._id_shift = 8 * (len(lesson.mask) - _NIL_OFFSET)
        self._bulk = lesson.bulk
        self._pending = lesson.pending
        edges = [0, *lesson.cuts, len(lesson.mask)]
        self._pieces = [lesson.buffer[start:end] for start, end in zip(edges, edges[1:])]
        # Where the pieces and, between them, the arrays lie in the frame.
        self._piece_places: list[slice] = []
        self._bulk_starts: list[int] = []
        position = 0
        for piece, size in zip(self._pieces, [*lesson.bulk_bytes, 0]):
            self._piece_places.append(slice(position, position + len(piece)))
            position += len(piece)
            self._bulk_starts.append(position)
            position += size

    def matches(self, request_id: int) -> bool:
        """Whether the skeleton in the buffer is that of a reply of this kind to this request.

        Args:
            request_id: The id that the reply has to repeat.

        Returns:
            Whether every bit is as expected, but for those that are data.
        """
        received = int.from_bytes(self._skeleton, "big")
        return received & self._mask == self._constant + (request_id << self._id_shift)

    def targets(self) -> list[Any]:
        """Makes new arrays for the next reply, and lists where its bytes belong.

        Returns:
            Pieces of the skeleton and arrays, in the order of the frame; a piece may be empty.
        """
        arrays: list[np.ndarray[Any, Any]] = [
            np.ndarray(shape, dtype) for shape, dtype in self._bulk
        ]
        targets: list[Any] = [self._pieces[0]]
        for array, piece in zip(arrays, self._pieces[1:]):
            targets += (array, piece)
        # `build` takes them from the end, so that nothing here keeps an array that was handed out.
        self._pending[:] = reversed(arrays)
        return targets

    def borrow(self, frame: memoryview) -> None:
        """Takes the skeleton from a frame in memory, and for the arrays views of that memory.

        An array that does not lie there as its dtype has to is copied.

        Args:
            frame: A frame of `frame_bytes`.
        """
        for piece, place in zip(self._pieces, self._piece_places):
            piece[:] = frame[place]
        pending = self._pending
        pending.clear()
        for (shape, dtype), start in zip(self._bulk, self._bulk_starts):
            array: np.ndarray[Any, Any] = np.ndarray(shape, dtype, frame, start)
            pending.append(array if array.flags.aligned else array.copy())
        pending.reverse()


def learn(frame: bytes | bytearray, buffer: memoryview) -> Layout | None:
    """Learns the layout of a reply.

    Args:
        frame: A whole frame, its length included, whose reply was read without an error.
        buffer: Where the skeletons of such replies will be received; it must stay what it is.

    Returns:
        The layout, or None where there is nothing to gain: the reply is an error, has sets, object
        arrays or other rare kinds, or has too many parts.
    """
    try:
        return _Lesson(frame, buffer).learn()
    except _NotLearnable:
        return None


class _NotLearnable(Exception):
    """The reply is of no kind that has a layout."""


class _Lesson:
    """One walk over a frame that is known to be well-formed."""

    def __init__(self, frame: bytes | bytearray, buffer: memoryview) -> None:
        self.frame = frame
        self.buffer = buffer
        self.skeleton = bytearray()
        self.mask = bytearray()
        self.cuts: list[int] = []
        self.bulk: list[tuple[tuple[int, ...], np.dtype[Any]]] = []
        self.bulk_bytes: list[int] = []
        self.pending: list[np.ndarray[Any, Any]] = []
        self._position = 0
        self._values = 0

    def learn(self) -> Layout:
        if self.frame[4:ID_OFFSET] != b"\x94\x01\xce" or self.frame[_NIL_OFFSET] != 0xC0:
            raise _NotLearnable
        self._take(ID_OFFSET)
        self.skeleton += bytes(
            _ID_BYTES
        )  # The id is compared, though not with the one of this frame.
        self.mask += b"\xff" * _ID_BYTES
        self._position = _NIL_OFFSET
        self._take(1)
        build = self._value()
        if self._position != len(self.frame):
            raise _NotLearnable
        return Layout(self, build)

    def _take(self, count: int, mask: int = 0xFF) -> int:
        """Moves bytes into the skeleton, and tells where they start in it."""
        offset = len(self.skeleton)
        if offset + count > MAX_SKELETON_BYTES:
            raise _NotLearnable
        self.skeleton += self.frame[self._position : self._position + count]
        self.mask += bytes([mask]) * count
        self._position += count
        return offset

    def _length(self, code: int) -> int:
        """The length that follows a code, taken with it."""
        size = _LENGTHS[code]
        start = self._position + 1
        self._take(1 + size)
        return int.from_bytes(self.frame[start : start + size], "big")

    def _value(self) -> Part:
        self._values += 1
        if self._values > _MAX_VALUES:
            raise _NotLearnable
        code = self.frame[self._position]
        if code < 0x80 or code >= 0xE0:
            return self._small_integer(code)
        if code < 0x90:
            self._take(1)
            return self._dict(code & 0x0F)
        if code < 0xA0:
            self._take(1)
            return self._list(code & 0x0F)
        if code < 0xC0 or code in (0xD9, 0xDA):
            return _constant(self._text(code))
        if code == 0xC0:
            self._take(1)
            return _constant(None)
        if code in (0xC2, 0xC3):
            offset, buffer = self._take(1, mask=0xFE), self.buffer
            return lambda: buffer[offset] == 0xC3
        if code == 0xCB:
            return self._number(">f8", 8)
        if code in _INTEGERS:
            return self._number(_INTEGERS[code], np.dtype(_INTEGERS[code]).itemsize)
        if code in _FIXED_EXTENSIONS:
            self._take(1)
            return self._extension(_FIXED_EXTENSIONS[code])
        if code in (0xC7, 0xC8, 0xC9):
            return self._extension(self._length(code))
        if code == 0xDC:
            return self._list(self._length(code))
        if code == 0xDE:
            return self._dict(self._length(code))
        raise _NotLearnable

    def _small_integer(self, code: int) -> Part:
        buffer = self.buffer
        if code < 0x80:
            offset = self._take(1, mask=0x80)
            return lambda: buffer[offset]
        offset = self._take(1, mask=0xE0)
        return lambda: buffer[offset] - 0x100

    def _number(self, dtype: str, size: int) -> Part:
        self._take(1)
        return np.ndarray((), dtype, self.buffer, self._take(size, mask=0)).item

    def _text(self, code: int) -> str:
        if 0xA0 <= code < 0xC0:
            size = code & 0x1F
            self._take(1)
        elif code in (0xD9, 0xDA):
            size = self._length(code)
        else:
            raise _NotLearnable
        start = self._position
        self._take(size)
        return self.frame[start : start + size].decode()

    def _list(self, size: int) -> Part:
        if size and self.frame[self._position : self._position + 2] == b"\xd4\x03":
            if self.frame[self._position + 2] != Mark.TUPLE:
                raise _NotLearnable
            self._take(3)
            parts = [self._value() for _ in range(size - 1)]
            return lambda: tuple([part() for part in parts])
        parts = [self._value() for _ in range(size)]
        return lambda: [part() for part in parts]

    def _dict(self, size: int) -> Part:
        if not size:
            return dict
        entries = []
        for _ in range(size):
            key = self._text(self.frame[self._position])
            entries.append((key, self._value()))
        return lambda: {key: part() for key, part in entries}

    def _extension(self, size: int) -> Part:
        kind = self.frame[self._position]
        self._take(1)
        if kind not in (Extension.ARRAY, Extension.SCALAR):
            raise _NotLearnable
        dtype, shape, start = read_header(bytes(self.frame[self._position : self._position + size]))
        if dtype.fields is not None:  # NumPy does not copy the padding between fields.
            raise _NotLearnable
        self._take(start)
        count = size - start
        if kind == Extension.SCALAR:
            if dtype.kind not in _SCALAR_KINDS:
                raise _NotLearnable
            scalar: np.ndarray[Any, Any] = np.ndarray(
                (), dtype, self.buffer, self._take(count, mask=0)
            )
            return lambda: scalar[()]
        if count == 0:
            return functools.partial(np.ndarray, shape, dtype)
        if count < BULK_BYTES or dtype.kind in "mM":  # The buffer protocol has no format for dates.
            return np.ndarray(shape, dtype, self.buffer, self._take(count, mask=0)).copy
        if len(self.bulk) == _MAX_BULK_ARRAYS:
            raise _NotLearnable
        self._position += count
        self.cuts.append(len(self.skeleton))
        self.bulk.append((shape, dtype))
        self.bulk_bytes.append(count)
        return self.pending.pop


def _constant(value: Any) -> Part:
    return lambda: value
