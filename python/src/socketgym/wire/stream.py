"""A connected socket as a stream of bytes, with a short spin and a limit on the wait."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from socketgym.errors import ConnectionLost, RequestTimeout

try:
    import ssl

    _WOULD_BLOCK: tuple[type[OSError], ...] = (
        BlockingIOError,
        ssl.SSLWantReadError,
        ssl.SSLWantWriteError,
    )
    _TLS_SOCKETS: tuple[type, ...] = (ssl.SSLSocket,)
except ImportError:  # A Python built without OpenSSL.
    _WOULD_BLOCK = (BlockingIOError,)
    _TLS_SOCKETS = ()

__all__ = ["MAX_SPIN_SECONDS", "Stream", "bytes_of"]

# Waking a thread on an idle core takes 20 to 50 us, so a reply that comes sooner than this is not
# slept for. Between two looks at the socket the core is offered to others, so a server on the same
# core loses nothing.
MAX_SPIN_SECONDS = 100e-6


def _yield_by_sleeping() -> None:
    time.sleep(0)


class Stream:
    """A connected stream socket. Not thread-safe.

    The socket is made non-blocking and belongs to the stream. It may be a `socket.socket`, an
    `ssl.SSLSocket`, or anything else that has `send`, `recv_into`, `fileno`, `setblocking` and
    `close`.

    Attributes:
        give_way: Lets other threads and processes run.
    """

    def __init__(self, connection: Any, timeout: float | None = None) -> None:
        """Takes over a socket.

        Args:
            connection: The socket.
            timeout: The longest wait for a whole reply in seconds, or None for no limit.
        """
        connection.setblocking(False)
        if getattr(connection, "family", None) in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection
        self._gather = _gather_method(connection)
        self._timeout = timeout
        self._deadline = float("inf")
        self._spin_seconds = MAX_SPIN_SECONDS
        self._send: Callable[[Any], int] = connection.send
        self._recv_into: Callable[[Any], int] = connection.recv_into
        self._scatter = _scatter_method(connection)
        self.give_way: Callable[[], None] = getattr(os, "sched_yield", _yield_by_sleeping)

    def send(self, data: bytes | bytearray | memoryview) -> None:
        """Sends all of a request, and starts the time in which its reply is due.

        Args:
            data: The bytes; not kept.

        Raises:
            RequestTimeout: The peer took too long to take them.
            ConnectionLost: The connection is gone.
        """
        if self._timeout is not None:
            self._deadline = time.monotonic() + self._timeout
        try:
            sent = self._send(data)
        except _WOULD_BLOCK:
            sent = 0
        except OSError as error:
            raise ConnectionLost(f"The connection ended: {error}.") from error
        if sent < len(data):
            self._send_rest(memoryview(data)[sent:])

    def start_time(self) -> None:
        """Starts the time in which a reply is due."""
        if self._timeout is not None:
            self._deadline = time.monotonic() + self._timeout

    def receive(self, targets: Sequence[Any]) -> int:
        """Receives at least one byte, as many as are there and fit.

        Args:
            targets: Writable buffers in C order, filled one after the other. Whether more than the
                first is used depends on the socket.

        Returns:
            How many bytes were received; 0 when the peer has ended the stream.

        Raises:
            RequestTimeout: The time since `send` is over.
            ConnectionLost: The connection is gone.
        """
        if len(targets) > 1 and self._scatter is not None:
            receive, target = self._scatter, targets
        else:
            receive, target = self._recv_into, targets[0]
        start = time.monotonic()
        # On one core the reply can only come once the server has had its turn.
        self.give_way()
        try:
            return receive(target)
        except _WOULD_BLOCK:
            return self._receive_later(receive, target, start)
        except OSError as error:
            raise ConnectionLost(f"The connection ended: {error}.") from error

    def receive_asleep(self, target: memoryview) -> int:
        """Receives at least one byte, without a spin; else as `receive`."""
        while True:
            try:
                return self._recv_into(target)
            except _WOULD_BLOCK:
                self._wait(writing=False)
            except OSError as error:
                raise ConnectionLost(f"The connection ended: {error}.") from error

    def receive_present(self, target: memoryview) -> int:
        """Receives what is there and fits, without a wait; 0 where nothing is, or not any more."""
        try:
            return self._recv_into(target)
        except OSError:  # Among them those that say that it would block.
            return 0

    def close(self) -> None:
        """Closes the socket; may be called again."""
        self._connection.close()

    def send_both(self, head: bytearray, body: memoryview) -> None:
        """Sends a request of two parts, which are not copied together where the socket can do it.

        Args:
            head: The first bytes; not kept.
            body: The bytes after them; not kept.

        Raises:
            RequestTimeout: The peer took too long to take them.
            ConnectionLost: The connection is gone.
        """
        if self._gather is None:
            self.send(b"".join((head, body)))
            return
        self.start_time()
        try:
            sent = self._gather((head, body))
        except _WOULD_BLOCK:
            sent = 0
        except OSError as error:
            raise ConnectionLost(f"The connection ended: {error}.") from error
        if sent < len(head):
            self._send_rest(memoryview(head)[sent:])
            sent = len(head)
        if sent < len(head) + len(body):
            self._send_rest(body[sent - len(head) :])

    def _receive_later(self, receive: Callable[[Any], int], target: Any, start: float) -> int:
        spin_until = start + self._spin_seconds
        while True:
            if time.monotonic() < spin_until:
                self.give_way()
            else:
                self._wait(writing=False)
            try:
                received = receive(target)
                break
            except _WOULD_BLOCK:
                continue
            except OSError as error:
                raise ConnectionLost(f"The connection ended: {error}.") from error
        # A server that mostly takes longer is soon waited for without spinning; one quick reply,
        # the wake-up included, restores it.
        quick = time.monotonic() - start < 1.5 * MAX_SPIN_SECONDS
        self._spin_seconds = MAX_SPIN_SECONDS if quick else self._spin_seconds / 2
        return received

    def _send_rest(self, rest: memoryview) -> None:
        while len(rest):
            self._wait(writing=True)
            try:
                rest = rest[self._send(rest) :]
            except _WOULD_BLOCK:
                continue
            except OSError as error:
                raise ConnectionLost(f"The connection ended: {error}.") from error

    def _wait(self, writing: bool) -> None:
        left = None if self._timeout is None else self._deadline - time.monotonic()
        if left is not None and left <= 0:
            raise RequestTimeout(
                f"The server did not answer within {self._timeout} s; the connection is closed. "
                "Make a new environment, with a longer timeout if the environment is slow."
            )
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(self._connection.fileno(), select.POLLOUT if writing else select.POLLIN)
            poll.poll(None if left is None else left * 1000 + 1)
        else:
            ready = [self._connection]
            select.select([] if writing else ready, ready if writing else [], [], left)


def _gather_method(connection: Any) -> Callable[[Any], int] | None:
    """Sends several buffers at once; TLS sockets and Windows cannot."""
    if isinstance(connection, _TLS_SOCKETS):
        return None
    sendmsg: Callable[[Any], int] | None = getattr(connection, "sendmsg", None)
    return sendmsg


def _scatter_method(connection: Any) -> Callable[[Any], int] | None:
    """Receives into several buffers at once; TLS sockets and Windows cannot."""
    recvmsg_into: Callable[[Any], tuple[int, Any, Any, Any]] | None
    recvmsg_into = getattr(connection, "recvmsg_into", None)
    if recvmsg_into is None or isinstance(connection, _TLS_SOCKETS):
        return None
    receive = recvmsg_into

    def scatter(targets: Any) -> int:
        return receive(targets)[0]

    return scatter


def bytes_of(target: Any) -> memoryview:
    """The bytes of a buffer in C order, which is a `memoryview` of bytes or an array."""
    return target.reshape(-1).view(np.uint8).data if isinstance(target, np.ndarray) else target
