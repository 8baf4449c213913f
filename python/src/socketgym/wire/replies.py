"""Receiving replies: frames, and their results by way of a learned layout where there is one."""

from __future__ import annotations

from typing import Any

from socketgym.wire.compression import CompressedStream
from socketgym.wire.frames import LENGTH_BYTES, FrameReader, after, cut_off
from socketgym.wire.layout import MAX_SKELETON_BYTES, Layout, learn
from socketgym.wire.limits import Limits
from socketgym.wire.messages import read_response
from socketgym.wire.reader import ValueReader
from socketgym.wire.sharing import SharedStream
from socketgym.wire.stream import Stream, bytes_of

__all__ = ["ReplyReader"]

_MAX_LAYOUTS = 16
_MAX_PAUSE = 1024


class ReplyReader:
    """Reads replies from a stream, one for each request. Not thread-safe.

    Every reply is received into one buffer, unless the last reply to the same method had large
    arrays: then the next one's are received where they will stay. A reply that turns out not to be
    of a layout known is put together and parsed generally before anything of it is handed out.
    """

    def __init__(
        self,
        stream: Stream | SharedStream | CompressedStream,
        limits: Limits = Limits(),
        copy: bool = True,
    ) -> None:
        """Reads replies from a stream.

        Args:
            stream: The stream.
            limits: Limits on messages.
            copy: False lets large arrays be views of shared memory, where there is one.
        """
        self._stream = stream
        self._lend = stream.lend if isinstance(stream, SharedStream) and not copy else None
        self._frames = FrameReader(stream, limits)
        self._values = ValueReader(limits)
        self._buffer = memoryview(bytearray(MAX_SKELETON_BYTES))
        self._whole_buffer = [self._buffer]
        self._layouts: dict[int, Layout] = {}
        self._expected: dict[str, Layout] = {}
        self._pause = 0
        self._unlearned = 0

    def read(self, request_id: int, method: str) -> Any:
        """Waits for a reply.

        Args:
            request_id: The request that it answers.
            method: That request's method; replies to one method tend to have one layout.

        Returns:
            The result; its containers and arrays are new, but for arrays that are views.

        Raises:
            SocketGymError: The server answered with an error, or broke the protocol, or did not
                answer.
        """
        expected = self._expected.get(method)
        if expected is not None:
            if self._lend is None:
                return self._read_in_place(expected, request_id, method)
            frame = self._lend()
            if frame is None:
                return self._read_in_place(expected, request_id, method)
            if len(frame) == expected.frame_bytes:
                expected.borrow(frame)
                if expected.matches(request_id):
                    self._pause = 0
                    return expected.build()
            del self._expected[method]
        received = self._stream.receive(self._whole_buffer)
        layout = self._layouts.get(received)
        if layout is not None and layout.matches(request_id):
            self._pause = 0
            return layout.build()
        return self._read_generally(self._buffer[:received], request_id, method)

    def _read_in_place(self, expected: Layout, request_id: int, method: str) -> Any:
        targets = expected.targets()
        received = self._stream.receive(targets)
        total = expected.frame_bytes
        if received != total:
            pieces = [bytes_of(target) for target in targets]
            # Once the length is known to be another, nothing more belongs where it was expected to.
            while received < total and self._may_be(expected, pieces[0], received):
                count = self._stream.receive(after(pieces, received))
                if not count:
                    raise cut_off(received)
                received += count
        if received == total and expected.matches(request_id):
            self._pause = 0
            return expected.build()
        del self._expected[method]
        frame = b"".join(bytes_of(target) for target in targets)[:received]
        return self._read_generally(memoryview(frame), request_id, method)

    def _may_be(self, expected: Layout, start: memoryview, received: int) -> bool:
        if received < LENGTH_BYTES:
            return received > 0
        length = int.from_bytes(start[:LENGTH_BYTES], "big")
        return LENGTH_BYTES + length == expected.frame_bytes

    def _read_generally(self, start: memoryview, request_id: int, method: str) -> Any:
        frame = self._frames.complete(start)
        message = self._values.decode_response(frame, LENGTH_BYTES)
        result = read_response(message, request_id)
        self._learn(frame, method)
        return result

    def _learn(self, frame: bytearray, method: str) -> None:
        # Learning costs more than parsing, so replies that keep changing are learned from ever more
        # rarely.
        if self._unlearned < self._pause:
            self._unlearned += 1
            return
        self._unlearned = 0
        self._pause = min(2 * self._pause + 1, _MAX_PAUSE)
        layout = learn(frame, self._buffer)
        if layout is None:
            return
        if layout.has_bulk:
            self._expected[method] = layout
            return
        if len(self._layouts) >= _MAX_LAYOUTS:
            self._layouts.clear()
        self._layouts[layout.frame_bytes] = layout
