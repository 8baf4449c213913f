"""Requests and replies that are compressed on their way (docs/protocol.md, section 9)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any

from socketgym.errors import FrameTooLarge, MalformedMessage
from socketgym.wire.frames import LENGTH_BYTES, FrameReader
from socketgym.wire.limits import Limits
from socketgym.wire.stream import Stream, bytes_of

__all__ = ["METHOD", "CompressedStream", "pack", "unpack"]

METHOD = "zlib"

_PLAIN, _COMPRESSED = 0, 1
_HEAD = struct.Struct(">BI")
_LENGTH = struct.Struct(">I")
_THRESHOLD_BYTES = 512
_FASTEST = 1
_BUFFER_BYTES = 32 * 1024


class CompressedStream:
    """A stream of frames with the methods of `Stream`, compressed on the connection. Not thread-safe.

    Who uses it sends and receives frames as they would be without compression.
    """

    def __init__(self, stream: Stream, limits: Limits = Limits()) -> None:
        """Takes over a connection whose server has agreed to compress.

        Args:
            stream: The connection's socket, which belongs to this object from now on.
            limits: Limits on messages, which hold for them compressed and inflated.
        """
        self._stream = stream
        self._limits = limits
        self._frames = FrameReader(stream, limits)
        self._buffer = memoryview(bytearray(_BUFFER_BYTES))
        self._whole_buffer = [self._buffer]
        self._rest = memoryview(b"")

    def send(self, data: bytes | bytearray | memoryview) -> None:
        """Sends all of a request, and starts the time in which its reply is due; see `Stream`."""
        self._stream.send(pack(data))

    def send_both(self, head: bytearray, body: memoryview) -> None:
        """Sends a request of two parts; see `Stream`."""
        self.send(b"".join((head, body)))

    def receive(self, targets: Sequence[Any]) -> int:
        """Receives at least one byte, as many as are there and fit; see `Stream`.

        Raises:
            FrameTooLarge: A message is longer than the limit, compressed or inflated.
            MalformedMessage: A payload is not one of a compressed connection.
        """
        if not self._rest:
            received = self._stream.receive(self._whole_buffer)
            if not received:
                return 0
            self._rest = unpack(self._frames.complete(self._buffer[:received]), self._limits)
        rest, total = self._rest, 0
        for target in targets:
            target = bytes_of(target)
            count = min(len(target), len(rest))
            target[:count] = rest[:count]
            rest = rest[count:]
            total += count
        self._rest = rest
        return total

    def close(self) -> None:
        """Closes the socket; may be called again."""
        self._stream.close()


def pack(frame: bytes | bytearray | memoryview) -> bytes:
    """Turns a frame into that of a compressed connection, compressed where that makes it smaller.

    Args:
        frame: The frame, its length included.

    Returns:
        The other frame.
    """
    message = memoryview(frame)[LENGTH_BYTES:]
    size = len(message)
    if size >= _THRESHOLD_BYTES:
        deflated = zlib.compress(message, _FASTEST)
        if _HEAD.size + len(deflated) <= size:
            head = _HEAD.pack(_COMPRESSED, size)
            return b"".join((_LENGTH.pack(len(head) + len(deflated)), head, deflated))
    return b"".join((_LENGTH.pack(1 + size), bytes([_PLAIN]), message))


def unpack(frame: bytearray, limits: Limits = Limits()) -> memoryview:
    """Turns a frame of a compressed connection into one as it would be without.

    Args:
        frame: The frame, its length included; not kept as it is.
        limits: Limits on messages.

    Returns:
        The other frame.

    Raises:
        FrameTooLarge: The message is longer than the limit. It was not inflated.
        MalformedMessage: The payload is not one of a compressed connection.
    """
    kind = frame[LENGTH_BYTES]
    start = LENGTH_BYTES + 1
    if kind == _PLAIN and len(frame) > start:
        frame[:start] = _LENGTH.pack(len(frame) - start)
        return memoryview(frame)
    if kind != _COMPRESSED or len(frame) < LENGTH_BYTES + _HEAD.size:
        raise MalformedMessage(
            f"The server sent a payload of {len(frame) - LENGTH_BYTES} bytes that begins with "
            f"{kind}; where messages are compressed, it begins with 0 or 1 and has a message."
        )
    size = _HEAD.unpack_from(frame, LENGTH_BYTES)[1]
    if size > limits.max_frame_bytes:
        raise FrameTooLarge(
            f"The server sent a compressed message of {size} bytes; "
            f"{limits.max_frame_bytes} are allowed."
        )
    inflater = zlib.decompressobj()
    try:
        # A byte more than announced is the most that is ever inflated.
        message = inflater.decompress(memoryview(frame)[LENGTH_BYTES + _HEAD.size :], size + 1)
    except zlib.error as error:
        raise MalformedMessage(f"The server sent what is no zlib stream: {error}.") from None
    if not size or len(message) != size or not inflater.eof or inflater.unused_data:
        raise MalformedMessage(
            f"The server sent a compressed message that is not exactly one of {size} bytes."
        )
    return memoryview(b"".join((_LENGTH.pack(size), message)))
