"""Requests and replies through memory that the server shares (docs/protocol.md, section 8).

The socket only rings, carries what is too large, and tells of the server's end.
"""

from __future__ import annotations

import mmap
import os
import platform
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from socketgym.errors import MalformedMessage
from socketgym.wire.frames import LENGTH_BYTES
from socketgym.wire.stream import MAX_SPIN_SECONDS, Stream, bytes_of

try:
    import fcntl
except ImportError:  # Windows.
    fcntl = None  # type: ignore[assignment]

__all__ = ["SharedStream", "map_offered"]

# Where things lie, in words of 4 bytes, but for the areas.
_SERVER_WAITS = 32
_CLIENT_WAITS = 64
_REQUEST_AREA = 4096
_HEAD_BYTES = 16
_START, _LENGTH = 1, 2  # Words of an area, after the one that tells which frame lies there.
_MIN_AREA_BYTES = 4096
_MAX_AREA_BYTES = 1 << 30

_LINK_PREFIX = "/memfd:socketgym-"
_F_GET_SEALS = 1034
_LENGTH_SEALS = 1 | 2 | 4  # Against further seals, shrinking and growing.

_SMALL_BYTES = 4096
_ON_SOCKET = 1
_NUMBERS = 0x7FFFFFFF
_RING = bytes(LENGTH_BYTES)

# Looking costs 30 ns. Beyond this, where the server may share this processor, it is let run between
# looks.
_GLANCES = range(50)
# Processors that never let another see two writes the wrong way round.
_ORDERED = ("x86_64", "AMD64", "i686")


def map_offered(offer: Any) -> tuple[mmap.mmap, int] | None:
    """Maps the memory that a server offers.

    Args:
        offer: What the server answered under `shared_memory`; anything.

    Returns:
        The memory and the bytes of its area of requests; None where it cannot be had: the server is
        another user's, another container's, another machine's, or it is not what it is said to be.
    """
    if fcntl is None or sys.platform != "linux" or sys.byteorder != "little":
        return None
    try:
        process, descriptor, identity = offer["process"], offer["descriptor"], offer["identity"]
        request_bytes, reply_bytes = offer["request_bytes"], offer["reply_bytes"]
    except (TypeError, KeyError):
        return None
    numbers = (process, descriptor, request_bytes, reply_bytes)
    if any(type(number) is not int for number in numbers) or type(identity) is not str:
        return None
    fitting = all(_MIN_AREA_BYTES <= size <= _MAX_AREA_BYTES for size in numbers[2:])
    if not fitting or request_bytes % _MIN_AREA_BYTES or not identity.startswith(_LINK_PREFIX):
        return None
    try:
        memory = _map(f"/proc/{process}/fd/{descriptor}", identity)
    except OSError:
        return None
    if memory is None or len(memory) != _REQUEST_AREA + request_bytes + reply_bytes:
        return None
    return memory, request_bytes


def _map(path: str, identity: str) -> mmap.mmap | None:
    # Looked at before it is opened, because opening some other process's file could have effects,
    # and after, because the descriptor may stand for another one by then.
    if os.readlink(path) != identity:
        return None
    file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        if os.readlink(f"/proc/self/fd/{file}") != identity:
            return None
        # Else the server could shorten it, and a look at what is gone would end this process.
        if fcntl.fcntl(file, _F_GET_SEALS) & _LENGTH_SEALS != _LENGTH_SEALS:
            return None
        if sys.version_info >= (3, 13):
            return mmap.mmap(file, 0, trackfd=False)
        return mmap.mmap(file, 0)  # It keeps a descriptor of its own.
    finally:
        os.close(file)


class SharedStream:
    """A stream of frames in shared memory, with the methods of `Stream`. Not thread-safe.

    One request is sent and its reply received, in turn. What the server writes is checked as if a
    stranger had written it.
    """

    def __init__(self, stream: Stream, memory: mmap.mmap, request_bytes: int) -> None:
        """Takes over a connection whose server has agreed to use the memory.

        Args:
            stream: The connection's socket, which belongs to this object from now on.
            memory: The memory.
            request_bytes: The bytes of its area of requests.
        """
        self._stream = stream
        # Never closed: the arrays that were lent from it may outlive the connection.
        self._bytes = memoryview(memory)
        self._words = self._bytes[: len(self._bytes) & ~3].cast("I")
        self._request_word = _REQUEST_AREA // 4
        self._request_start = _REQUEST_AREA + _HEAD_BYTES
        self._request_room = request_bytes - _HEAD_BYTES
        self._words[self._request_word + _START] = _HEAD_BYTES
        self._reply_area = _REQUEST_AREA + request_bytes
        self._reply_bytes = len(self._bytes) - self._reply_area
        self._reply_word = self._reply_area // 4
        self._number = 0
        self._last = 0
        self._rest = self._bytes[:0]
        self._awaited = False
        self._on_socket = False
        self._ring = memoryview(bytearray(LENGTH_BYTES))
        self._ring_bytes = 0
        self._spin_seconds = MAX_SPIN_SECONDS
        # Its acquire and release are a fence, which Python has no other name for.
        self._fence = threading.Lock()
        self._keeps_order = platform.machine() in _ORDERED

    def send_both(self, head: bytearray, body: memoryview) -> None:
        """Sends a request of two parts; see `Stream`."""
        start, size = self._request_start + len(head), len(body)
        if len(head) + size > self._request_room:
            self.send(b"".join((head, body)))
            return
        self._bytes[start : start + size] = body
        self.send(head, size)

    def send(self, data: bytes | bytearray | memoryview, more: int = 0) -> None:
        """Sends all of a request, and starts the time in which its reply is due; see `Stream`.

        Args:
            data: The bytes; not kept.
            more: How many bytes of the same frame lie behind the place of these already.

        Raises:
            RequestTimeout: The peer took too long to take them.
            ConnectionLost: The connection is gone.
        """
        words, size = self._words, len(data)
        self._stream.start_time()
        self._awaited = True
        self._number = number = (self._number + 1) & _NUMBERS
        if size > self._request_room:
            words[self._request_word] = number << 1 | _ON_SOCKET
            self._stream.send(data)
            return
        start = self._request_start
        self._bytes[start : start + size] = data
        words[self._request_word + _LENGTH] = size + more
        if not self._keeps_order:
            self._order()
        words[self._request_word] = number << 1
        self._order()
        if words[_SERVER_WAITS]:
            self._stream.send(_RING)

    def receive(self, targets: Sequence[Any]) -> int:
        """Receives at least one byte, as many as are there and fit; see `Stream`.

        Raises:
            MalformedMessage: The server wrote what cannot be.
        """
        if self._awaited and not self._await():
            return 0
        rest = self._rest
        if not rest:
            if self._on_socket:
                return self._stream.receive(targets)
            raise _unlike(self._words[self._reply_word + _LENGTH])
        if len(targets) == 1 and type(targets[0]) is memoryview:
            target = targets[0]
            count = min(len(target), len(rest))
            target[:count] = rest[:count]
            self._rest = rest[count:]
            return count
        received = 0
        for target in targets:
            target = bytes_of(target)
            count = min(len(target), len(rest))
            target[:count] = rest[:count]
            rest = rest[count:]
            received += count
        self._rest = rest
        return received

    def lend(self) -> memoryview | None:
        """Waits for a reply, and shows it where it lies; it can still be received.

        Returns:
            The whole frame, until the next request is sent; None where it does not lie in memory.

        Raises:
            MalformedMessage: The server wrote what cannot be.
        """
        if (self._awaited and not self._await()) or self._on_socket:
            return None
        return self._rest

    def close(self) -> None:
        """Closes the socket; may be called again."""
        self._stream.close()
        self._rest = self._bytes[:0]

    def _await(self) -> bool:
        """Waits for the reply; false when the server has ended the stream."""
        words, word = self._words, self._reply_word
        for _ in _GLANCES:
            if words[word] != self._last:
                break
        else:
            if not self._await_longer():
                return False
        self._awaited = False
        self._last = found = words[word]
        if found >> 1 != self._number:
            raise MalformedMessage(
                f"Reply {found >> 1} lies in the shared memory where reply {self._number} was due."
            )
        self._on_socket = bool(found & _ON_SOCKET)
        if self._on_socket:
            return self._receive_head()
        if self._ring_bytes == LENGTH_BYTES:
            raise _unannounced()
        start, size = words[word + _START], words[word + _LENGTH]
        if start < _HEAD_BYTES or size <= LENGTH_BYTES or start + size > self._reply_bytes:
            raise MalformedMessage(
                f"A reply of {size} bytes is said to start at {start} of {self._reply_bytes} "
                "bytes of shared memory."
            )
        start += self._reply_area
        self._rest = rest = self._bytes[start : start + size]
        # The readers receive a smaller frame at once, and compare its length themselves.
        if (
            size > _SMALL_BYTES
            and int.from_bytes(rest[:LENGTH_BYTES], "big") != size - LENGTH_BYTES
        ):
            raise _unlike(size)
        return True

    def _await_longer(self) -> bool:
        words, word, last = self._words, self._reply_word, self._last
        give_way = self._stream.give_way
        start = now = time.monotonic()
        while now - start < self._spin_seconds:
            give_way()
            if words[word] != last:
                self._spin_seconds = MAX_SPIN_SECONDS
                return True
            now = time.monotonic()
        try:
            if not self._block():
                return False
        finally:
            words[_CLIENT_WAITS] = 0
        # A server that mostly takes longer is soon waited for without spinning; one quick reply,
        # the wake-up included, restores it.
        quick = time.monotonic() - start < 1.5 * MAX_SPIN_SECONDS
        self._spin_seconds = MAX_SPIN_SECONDS if quick else self._spin_seconds / 2
        return True

    def _block(self) -> bool:
        words, word, last = self._words, self._reply_word, self._last
        while True:
            words[_CLIENT_WAITS] = 1
            self._order()
            if words[word] != last:
                self._take_rings()
                return True
            if not self._receive_ring():
                return False
            if self._ring_bytes and words[word] == last:
                raise _unannounced()

    def _receive_ring(self) -> bool:
        """Waits for a ring, or keeps the length of a frame; false at the end of the stream."""
        while self._ring_bytes < LENGTH_BYTES:
            count = self._stream.receive_asleep(self._ring[self._ring_bytes :])
            if not count:
                return False
            self._ring_bytes += count
        if self._ring == _RING:
            self._ring_bytes = 0
        return True

    def _take_rings(self) -> None:
        """Receives rings that came when nobody waited any more, so that they never fill the socket."""
        while self._ring_bytes < LENGTH_BYTES:
            count = self._stream.receive_present(self._ring[self._ring_bytes :])
            if not count:
                break
            self._ring_bytes += count
            if self._ring_bytes == LENGTH_BYTES and self._ring == _RING:
                self._ring_bytes = 0

    def _receive_head(self) -> bool:
        """Receives the length of a frame on the socket, behind rings; false at the stream's end."""
        while self._ring_bytes < LENGTH_BYTES:
            if not self._receive_ring():
                return False
        self._ring_bytes = 0
        self._rest = memoryview(bytes(self._ring))
        return True

    def _order(self) -> None:
        with self._fence:
            pass


def _unlike(size: int) -> MalformedMessage:
    return MalformedMessage(
        f"A reply of {size} bytes in the shared memory has another length within itself."
    )


def _unannounced() -> MalformedMessage:
    return MalformedMessage("A frame came by the socket that the shared memory does not announce.")
