"""A socket without a network: what it receives, and in which pieces, is written down beforehand."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from socketgym.wire.stream import Stream


class ScriptedSocket:
    """Has only what every socket-like object has: one buffer at a time, as under TLS.

    An item of its script is a piece of bytes, which is received by itself, or an exception, which
    is raised. After the last one the stream is at its end.
    """

    def __init__(self, script: Iterable[bytes | BaseException], send_at_most: int | None = None):
        self._script = list(script)
        self._send_at_most = send_at_most
        self.sent = b""
        self.closed = False
        # A descriptor that is always ready, so that waiting for it returns at once.
        self._ready, self._other = os.pipe()
        os.close(self._other)

    def __del__(self) -> None:
        # A stream that a test leaves open must not use descriptors up.
        self.close()

    def setblocking(self, flag: bool) -> None:
        assert flag is False

    def fileno(self) -> int:
        return self._ready

    def close(self) -> None:
        if not self.closed:
            os.close(self._ready)
        self.closed = True

    def send(self, data: Any) -> int:
        if self._send_at_most is None:
            self.sent += bytes(data)
            return len(data)
        if self._send_at_most == 0:
            self._send_at_most = 3
            raise BlockingIOError
        piece = bytes(data)[: self._send_at_most]
        self.sent += piece
        return len(piece)

    def recv_into(self, buffer: Any) -> int:
        return self._fill([buffer])

    def _fill(self, buffers: Iterable[Any]) -> int:
        if not self._script:
            return 0
        item = self._script[0]
        if isinstance(item, BaseException):
            raise self._script.pop(0)
        count = 0
        for buffer in buffers:
            target = memoryview(buffer).cast("B")
            piece = item[count : count + len(target)]
            target[: len(piece)] = piece
            count += len(piece)
        self._script[0] = item[count:]
        if not self._script[0]:
            del self._script[0]
        return count


class ScatteringSocket(ScriptedSocket):
    """Receives into several buffers at once, too."""

    def recvmsg_into(self, buffers: Any) -> tuple[int, list[Any], int, None]:
        return self._fill(buffers), [], 0, None


def stream_of(*script: bytes | BaseException, scatter: bool = False) -> Stream:
    """A stream over a scripted socket."""
    return Stream((ScatteringSocket if scatter else ScriptedSocket)(script))
