"""Frames: a length of four bytes, big-endian, and a payload (docs/protocol.md, section 1)."""

from __future__ import annotations

from typing import Any

from socketgym.errors import (
    ConnectionLost,
    EmptyFrame,
    FrameTooLarge,
    MalformedMessage,
    TruncatedFrame,
)
from socketgym.wire.limits import Limits
from socketgym.wire.stream import Stream

__all__ = ["LENGTH_BYTES", "FrameReader", "after", "cut_off"]

LENGTH_BYTES = 4
_FIRST_PORTION_BYTES = 4 * 1024 * 1024


class FrameReader:
    """Completes frames of which the start was received. Not thread-safe."""

    def __init__(self, stream: Any, limits: Limits = Limits()) -> None:
        """Receives from a stream.

        Args:
            stream: A `Stream`, or what has its methods.
            limits: Limits on messages.
        """
        self._stream: Stream = stream
        self._limits = limits

    def complete(self, start: memoryview) -> bytearray:
        """Receives the rest of a frame.

        Args:
            start: Its first bytes, as far as they are there; nothing, where the stream ended before
                them.

        Returns:
            The whole frame, its length included.

        Raises:
            ConnectionLost: There is no first byte.
            EmptyFrame: The length is 0.
            FrameTooLarge: The length is beyond the limit; nothing was allocated for it.
            TruncatedFrame: The stream ended inside the frame.
            MalformedMessage: There are bytes after the frame, where no reply is due.
        """
        frame = bytearray(start)
        received = len(frame)
        if not received:
            raise ConnectionLost("The server ended the connection where a reply was due.")
        if received < LENGTH_BYTES:
            frame += bytes(LENGTH_BYTES - received)
            self._fill(frame, received)
            received = LENGTH_BYTES
        length = int.from_bytes(frame[:LENGTH_BYTES], "big")
        if length == 0:
            raise EmptyFrame("The server sent a frame of length 0.")
        if length > self._limits.max_frame_bytes:
            raise FrameTooLarge(
                f"The server sent a frame of {length} bytes; "
                f"{self._limits.max_frame_bytes} are allowed."
            )
        total = LENGTH_BYTES + length
        if received > total:
            raise MalformedMessage(
                f"The server sent {received - total} bytes more than the reply due."
            )
        self.extend(frame, total)
        return frame

    def extend(self, data: bytearray, total: int, before: int = 0) -> None:
        """Receives further bytes of a frame.

        Args:
            data: What there is of it; the bytes are appended.
            total: How many bytes `data` has to have.
            before: How many bytes of the frame came before those in `data`.

        Raises:
            TruncatedFrame: The stream ended before that.
        """
        received = len(data)
        while received < total:
            # In portions, so that a length alone does not cost the memory that it announces.
            portion = min(total - received, max(received, _FIRST_PORTION_BYTES))
            data += bytes(portion)
            self._fill(data, received, before)
            received += portion

    def _fill(self, frame: bytearray, start: int, before: int = 0) -> None:
        with memoryview(frame) as view:
            while start < len(view):
                count = self._stream.receive([view[start:]])
                if not count:
                    raise cut_off(before + start)
                start += count


def cut_off(received: int) -> TruncatedFrame:
    """The error for a stream that ended inside a frame.

    Args:
        received: How many bytes of the frame there were.

    Returns:
        The exception, not raised.
    """
    return TruncatedFrame(f"The connection ended after {received} bytes of a reply.")


def after(pieces: list[memoryview], received: int) -> list[memoryview]:
    """What is left of buffers of which the first bytes are filled.

    Args:
        pieces: The buffers, in their order.
        received: How many bytes are filled.

    Returns:
        The rest of them.
    """
    left = []
    for piece in pieces:
        if received < len(piece):
            left.append(piece[received:])
        received = max(0, received - len(piece))
    return left
