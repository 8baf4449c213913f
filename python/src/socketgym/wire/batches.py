"""Receiving the steps of a vector: arrays where they will stay, and infos parsed only where there are.

The arrays of a batch keep their form from step to step, while its infos come and go. So the form is
taken from one reply, and the next one's arrays are received by it; the infos, which are the last of a
reply, are parsed by themselves. This is the "Fast receive" of docs/protocol.md.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from typing import Any

import msgpack
import numpy as np

from socketgym.errors import MalformedMessage
from socketgym.quoting import quoted
from socketgym.wire.arrays import array_header
from socketgym.wire.frames import LENGTH_BYTES, FrameReader, after, cut_off
from socketgym.wire.kinds import ID_OFFSET, Extension, Mark, extension_head
from socketgym.wire.limits import Limits
from socketgym.wire.messages import read_response
from socketgym.wire.reader import ValueReader
from socketgym.wire.stream import Stream, bytes_of
from socketgym.wire.writer import ValueWriter

__all__ = ["BatchReader", "Step", "leaves_of", "step_of"]

# Up to this size a frame is received into one buffer and its arrays are copied out of it, which
# costs less than to receive into many.
_SMALL_BYTES = 12 * 1024
_BUFFER_BYTES = 32 * 1024
_MAX_LEAVES = 64
_MAX_PAUSE = 1024
_NO_INFOS = 0x90
_STEP_PARTS = 5
_U32 = struct.Struct(">I")

Array = np.ndarray[Any, Any]
Step = tuple[Any, Any, Any, Any, list[Any]]


class BatchReader:
    """Reads replies to the steps of a vector from a stream, one for each request. Not thread-safe."""

    def __init__(self, stream: Any, limits: Limits = Limits()) -> None:
        """Reads from a stream.

        Args:
            stream: A `Stream`, or what has its methods.
            limits: Limits on messages.
        """
        self._stream: Stream = stream
        self._limits = limits
        self._frames = FrameReader(stream, limits)
        self._values = ValueReader(limits)
        self._buffer = memoryview(bytearray(_BUFFER_BYTES))
        self._whole_buffer = [self._buffer]
        self._form: _Form | None = None
        self._pause = 0
        self._unlearned = 0

    def read(self, request_id: int, places: list[Array] | None = None) -> Step:
        """Waits for a reply.

        Args:
            request_id: The request that it answers.
            places: Arrays for the observations, in their order; they are used where the reply has
                the form of the one before, and after an error hold anything. None for new ones.

        Returns:
            Observations, rewards, terminations, truncations, and the infos as pairs of index and
            info. All but what lies in `places` is new.

        Raises:
            SocketGymError: The server answered with an error, or broke the protocol, or did not
                answer.
        """
        form = self._form
        if form is None:
            received = self._stream.receive(self._whole_buffer)
            return self._read_generally(self._buffer[:received], request_id)
        _U32.pack_into(form.head, ID_OFFSET, request_id)
        if not form.is_small:
            return self._read_in_place(form, request_id, places)
        received = self._stream.receive(self._whole_buffer)
        # The head has the length of a frame without infos.
        if received == form.frame_bytes and form.head_view == form.head and form.is_around():
            if self._buffer[form.data_bytes] == _NO_INFOS:
                return form.step(form.copies(places), [])
        return self._read_small(form, request_id, received, places)

    def _read_small(
        self, form: _Form, request_id: int, received: int, places: list[Array] | None
    ) -> Step:
        """A small frame that came in pieces, with infos, or is another."""
        start = form.data_bytes
        while received <= start and form.may_be(received):
            count = self._stream.receive([self._buffer[received:]])
            if not count:
                raise cut_off(received)
            received += count
        total = LENGTH_BYTES + int.from_bytes(self._buffer[:LENGTH_BYTES], "big")
        if received <= start or not form.is_alike() or not self._is_allowed(total, received):
            return self._read_generally(self._buffer[:received], request_id)
        arrays = form.copies(places)
        if total == form.frame_bytes and self._buffer[start] == _NO_INFOS:
            return form.step(arrays, [])
        return form.step(arrays, self._infos(self._buffer[start:received], start, total))

    def _read_in_place(self, form: _Form, request_id: int, places: list[Array] | None) -> Step:
        arrays = form.arrays(places)
        targets = form.targets(arrays)
        received = self._stream.receive(targets)
        pieces: list[memoryview] | None = None
        while received <= form.data_bytes:
            if not form.may_be(received):
                break
            pieces = [bytes_of(target) for target in targets] if pieces is None else pieces
            count = self._stream.receive(after(pieces, received))
            if not count:
                raise cut_off(received)
            received += count
        total = LENGTH_BYTES + int.from_bytes(form.head_view[:LENGTH_BYTES], "big")
        if received > form.data_bytes and form.is_alike() and self._is_allowed(total, received):
            tail = form.tail[: received - form.data_bytes]
            if total == form.frame_bytes and tail[0] == _NO_INFOS:
                return form.step(arrays, [])
            return form.step(arrays, self._infos(tail, form.data_bytes, total))
        frame = b"".join([bytes_of(target) for target in targets])[:received]
        return self._read_generally(memoryview(frame), request_id)

    def _is_allowed(self, total: int, received: int) -> bool:
        return received <= total <= LENGTH_BYTES + self._limits.max_frame_bytes

    def _infos(self, start: memoryview, before: int, total: int) -> list[Any]:
        """Completes the last value of a frame and parses it."""
        data = bytearray(start)
        self._frames.extend(data, total - before, before)
        infos = self._values.decode(data)
        if type(infos) is not list:
            raise MalformedMessage(f"The server sent {quoted(infos)} for a vector's infos.")
        return infos

    def _read_generally(self, start: memoryview, request_id: int) -> Step:
        self._form = None
        frame = self._frames.complete(start)
        result = read_response(self._values.decode_response(frame, LENGTH_BYTES), request_id)
        step = step_of(result)
        # Steps that have no form are looked at ever more rarely.
        if self._unlearned < self._pause:
            self._unlearned += 1
            return step
        self._unlearned = 0
        self._form = _form_of(result[:4], self._buffer)
        self._pause = 0 if self._form is not None else min(2 * self._pause + 1, _MAX_PAUSE)
        return step


def step_of(result: Any) -> Step:
    """Checks the result of a vector's step.

    Args:
        result: What the server sent.

    Returns:
        Its parts.

    Raises:
        MalformedMessage: It is not three arrays of one length between observations and a list, of
            float64, bool and bool.
    """
    if type(result) is list and len(result) == _STEP_PARTS and type(result[4]) is list:
        observations, rewards, terminations, truncations, infos = result
        if all(
            type(part) is np.ndarray and part.dtype == dtype and part.shape == rewards.shape
            for part, dtype in ((rewards, np.float64), (terminations, bool), (truncations, bool))
        ):
            return observations, rewards, terminations, truncations, infos
    raise MalformedMessage(f"The server answered a vector's step with {quoted(result)}.")


class _NoForm(Exception):
    """The values are not all arrays."""


class _Form:
    """How the arrays of a step nest, and the bytes before, between and after them.

    Attributes:
        data_bytes: Where the infos start in the frame.
        frame_bytes: The length of a frame without infos.
        head: The bytes before the first array, of a frame without infos.
        head_view: Where those of a reply are received.
        is_small: Whether the frame is received into one buffer.
        tail: Where the infos are received, where it is not.
    """

    def __init__(self, outline: _Outline, build: Callable[[Iterator[Array]], Any], buffer: Any):
        pieces, self._leaves = outline.pieces, outline.leaves
        self._build = build
        sizes = [dtype.itemsize * math.prod(shape) for shape, dtype in self._leaves]
        self.data_bytes: int = sum(map(len, pieces)) + sum(sizes)
        self.frame_bytes: int = self.data_bytes + 1
        pieces[0][:LENGTH_BYTES] = _U32.pack(self.frame_bytes - LENGTH_BYTES)
        self.is_small: bool = self.frame_bytes <= _SMALL_BYTES
        self.head: bytearray = pieces[0]
        places: list[memoryview] = []
        self._views: list[Array] = []
        position = 0
        for piece, leaf, size in zip(pieces, [*self._leaves, None], [*sizes, 0]):
            places.append(buffer[position : position + len(piece)])
            position += len(piece)
            if self.is_small and leaf is not None:
                shape, dtype = leaf
                self._views.append(np.ndarray(shape, dtype, buffer, position))
                position += size
        self.head_view: Any = places[0]
        # The last one is empty: after the last array come the infos.
        self._between = list(zip(places[1:-1], map(bytes, pieces[1:-1])))
        self._places = places
        self.tail: memoryview = buffer[position:]

    def is_around(self) -> bool:
        """Whether the bytes between the arrays are as expected."""
        for place, expected in self._between:
            if place != expected:
                return False
        return True

    def is_alike(self) -> bool:
        """Whether all bytes around the arrays are as expected, but for the frame's length."""
        return self.head_view[LENGTH_BYTES:] == self.head[LENGTH_BYTES:] and self.is_around()

    def may_be(self, received: int) -> bool:
        """Whether more of a frame belongs where its first bytes were received."""
        if received < LENGTH_BYTES:
            return received > 0
        length = int.from_bytes(self.head_view[:LENGTH_BYTES], "big")
        if LENGTH_BYTES + length < self.frame_bytes:
            return False
        size = min(received, len(self.head))
        return self.head_view[LENGTH_BYTES:size] == self.head[LENGTH_BYTES:size]

    def copies(self, places: list[Array] | None) -> list[Array]:
        """Copies the arrays out of the buffer."""
        if places is None or not self._fits(places):
            return [view.copy() for view in self._views]
        for place, view in zip(places, self._views):
            place[...] = view
        return [*places, *[view.copy() for view in self._views[len(places) :]]]

    def arrays(self, places: list[Array] | None) -> list[Array]:
        """The arrays into which a reply is received."""
        kept = places if places is not None and self._fits(places) else []
        return [*kept, *[np.empty(shape, dtype) for shape, dtype in self._leaves[len(kept) :]]]

    def targets(self, arrays: list[Array]) -> list[Any]:
        """Where the bytes of a frame belong, in their order."""
        targets: list[Any] = [self._places[0]]
        for array, place in zip(arrays, self._places[1:]):
            targets += (array, place) if array.size else (place,)
        targets[-1] = self.tail
        return targets

    def step(self, arrays: list[Array], infos: list[Any]) -> Step:
        """Puts a result together."""
        observations = arrays[0] if self._build is next else self._build(iter(arrays))
        return observations, arrays[-3], arrays[-2], arrays[-1], infos

    def _fits(self, places: list[Array]) -> bool:
        return len(places) == len(self._leaves) - 3 and all(
            place.shape == shape and place.dtype == dtype
            for place, (shape, dtype) in zip(places, self._leaves)
        )


class _Outline:
    """A walk over the values of a reply, which collects what stands around their arrays."""

    def __init__(self) -> None:
        head = b"\x94\x01\xce" + bytes(4) + b"\xc0" + bytes([0x90 | _STEP_PARTS])
        self.pieces = [bytearray(LENGTH_BYTES) + head]
        self.leaves: list[tuple[tuple[int, ...], np.dtype[Any]]] = []
        self._writer = ValueWriter()
        self._packer = msgpack.Packer(autoreset=False)

    def add(self, value: Any) -> Callable[[Iterator[Array]], Any]:
        """Walks a value; returns what makes its like of the next arrays."""
        kind = type(value)
        if kind is np.ndarray and value.dtype.kind in "biufc" and len(self.leaves) < _MAX_LEAVES:
            header = array_header(value.dtype, value.shape)
            self.pieces[-1] += extension_head(Extension.ARRAY, len(header) + value.nbytes) + header
            self.pieces.append(bytearray())
            self.leaves.append((value.shape, value.dtype))
            return next
        if kind is tuple:
            self._packer.pack_array_header(1 + len(value))
            self._packer.pack_ext_type(Extension.MARK, bytes([Mark.TUPLE]))
            self._take_packed()
            items = [self.add(item) for item in value]
            return lambda arrays: tuple([item(arrays) for item in items])
        if kind is dict:
            self._packer.pack_map_header(len(value))
            self._take_packed()
            entries = []
            for key, item in value.items():
                self.pieces[-1] += self._writer.encode(key)
                entries.append((key, self.add(item)))
            return lambda arrays: {key: item(arrays) for key, item in entries}
        raise _NoForm

    def _take_packed(self) -> None:
        self.pieces[-1] += self._packer.bytes()
        self._packer.reset()


def _form_of(values: list[Any], buffer: memoryview) -> _Form | None:
    outline = _Outline()
    try:
        build = outline.add(values[0])
        for value in values[1:]:
            if outline.add(value) is not next:
                return None
    except _NoForm:
        return None
    if sum(map(len, outline.pieces)) > _SMALL_BYTES:
        return None
    return _Form(outline, build, buffer)


def leaves_of(batch: Any) -> list[Array]:
    """The arrays of a batch, in their order.

    Args:
        batch: An array, or tuples and dicts of arrays.

    Returns:
        The arrays.
    """
    if type(batch) is tuple:
        return [leaf for item in batch for leaf in leaves_of(item)]
    if type(batch) is dict:
        return [leaf for item in batch.values() for leaf in leaves_of(item)]
    return [batch]
