"""A client's connection: requests out, their replies in."""

from __future__ import annotations

import functools
import numbers
import os
import weakref
from typing import Any

from socketgym.addresses import ServerAddress, is_local
from socketgym.errors import (
    ClosedEnvironment,
    ConnectionLost,
    InvalidArgument,
    MalformedMessage,
    SocketGymError,
)
from socketgym.quoting import quoted
from socketgym.wire.batches import BatchReader, Step
from socketgym.wire.compression import METHOD, CompressedStream
from socketgym.wire.limits import Limits
from socketgym.wire.messages import PROTOCOL_VERSION, RequestWriter
from socketgym.wire.replies import ReplyReader
from socketgym.wire.sharing import SharedStream, map_offered
from socketgym.wire.stream import Stream

__all__ = ["Connection"]

# What is sent first, and what is sent after it without being copied.
Frame = tuple[bytearray, "memoryview | None"]

_LAST_ID = 0xFFFFFFFF
_MAX_SECONDS = 2_000_000  # What poll() can wait for, roughly: 23 days.
_open_connections: weakref.WeakSet[Connection] = weakref.WeakSet()


class Connection:
    """A connection on which requests are answered one by one. Not thread-safe.

    It ends with the first error that leaves the stream in doubt: a violation of the protocol, a
    timeout, or an exception such as `KeyboardInterrupt` while a reply is due. It is never resumed
    after that.

    Attributes:
        shares_memory: Whether requests and replies go through memory that the server shares.
        compresses: Whether requests and replies are compressed.
    """

    def __init__(
        self,
        stream: Stream,
        limits: Limits = Limits(),
        shared_memory: bool = False,
        copy: bool = True,
        compression: bool = False,
    ) -> None:
        """Greets the server.

        Args:
            stream: The stream, which belongs to the connection from now on.
            limits: Limits on messages.
            shared_memory: Whether to ask for memory shared with the server. Where there is none
                to be had, everything goes by the stream.
            copy: False lets large arrays of steps and resets be views of shared memory, valid until the next
                request.
            compression: Whether to ask the server to compress; then no memory is shared.

        Raises:
            SocketGymError: The server does not answer, or speaks another version. The stream is
                closed then.
        """
        self._stream: Stream | SharedStream | CompressedStream = stream
        self._requests = RequestWriter(limits)
        self._replies = ReplyReader(stream, limits)
        self._id = 0
        self._busy = False
        self._due = ""
        self._limits = limits
        self._end_reason: str | None = None
        self._closed = False
        _open_connections.add(self)
        self.shares_memory = False
        self.compresses = False
        wishes: dict[str, Any] = {}
        if compression:
            wishes["compression"] = METHOD
        elif shared_memory:
            wishes["shared_memory"] = True
        try:
            server = self.request("hello", _greeting(wishes))
            if type(server) is not dict:
                raise self._malformed("hello", server)
            if compression:
                self._compress(stream, server.get("compression"), limits)
            elif shared_memory:
                self._share(stream, server.get("shared_memory"), limits, copy)
            self._requests.limit(server.get("max_frame_bytes"))
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(
        cls,
        address: ServerAddress,
        timeout: float | None,
        connect_timeout: float | None = None,
        limits: Limits = Limits(),
        shared_memory: bool | None = None,
        copy: bool = True,
        compression: bool = False,
    ) -> Connection:
        """Connects to a server.

        Args:
            address: Where it listens.
            timeout: The longest wait in seconds for each reply; None for no limit.
            connect_timeout: The longest wait for the connection; `timeout` unless given.
            limits: Limits on messages.
            shared_memory: Whether to ask for memory shared with the server; None asks where it is
                reached by a Unix socket or a loopback address.
            copy: As for the constructor.
            compression: As for the constructor.

        Returns:
            The connection.

        Raises:
            ConnectionFailed: The server could not be reached.
            ConnectionLost: It ended the connection at once.
            InvalidArgument: A limit is no positive number of seconds.
        """
        for name, seconds in (("timeout", timeout), ("connect_timeout", connect_timeout)):
            _check_seconds(name, seconds)
        connecting = timeout if connect_timeout is None else connect_timeout
        socket = address.connect(connecting)
        try:
            if shared_memory is None:
                shared_memory = is_local(socket)
            stream = Stream(socket, timeout)
        except OSError as error:
            socket.close()
            raise ConnectionLost(
                f"{address} took a connection and ended it at once: {error}. Look whether a "
                "SocketGym server listens there, and not only what forwards to it."
            ) from error
        return cls(stream, limits, shared_memory, copy, compression)

    @property
    def is_open(self) -> bool:
        """Whether requests can be sent."""
        return self._end_reason is None

    @property
    def is_busy(self) -> bool:
        """Whether a reply is due, as in a signal handler that interrupts a step."""
        return self._busy

    def request(self, method: str, *params: Any) -> Any:
        """Sends a request and waits for its reply.

        Args:
            method: The method's name.
            params: Its parameters.

        Returns:
            The result.

        Raises:
            SocketGymError: An error of the server's, of the connection, or of the parameters.
        """
        request_id = self._next_id()
        return self._exchange(self._requests.write(request_id, method, list(params)), method)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Asks for a step.

        Args:
            action: The action.

        Returns:
            Observation, reward, terminated, truncated, info; all of them the caller's own, unless
            the connection was opened with `copy=False`.

        Raises:
            SocketGymError: An error of the server's, of the connection, or of the action.
        """
        frame = self._requests.write_step(self._next_id(), action)
        return self._step_of(self._exchange(frame, "step"))

    def reset(self, seed: Any, options: Any) -> tuple[Any, dict[str, Any]]:
        """Asks for a new episode.

        Args:
            seed: The seed, or None.
            options: Options, or None.

        Returns:
            Observation and info; as for `step`.

        Raises:
            SocketGymError: An error of the server's, of the connection, or of the parameters.
        """
        return self._reset_of(self.request("reset", seed, options))

    def prepare(self, method: str, *params: Any) -> Frame:
        """Writes a request for `begin`, which may also be left out.

        Args:
            method: The method's name.
            params: Its parameters.

        Returns:
            The request, valid until the next one is written.

        Raises:
            SocketGymError: An error of the connection or of the parameters.
        """
        return self._requests.write(self._next_id(), method, list(params)), None

    def prepare_batch_step(self, actions: Any) -> Frame:
        """Writes a step of a vector for `begin`; see `prepare`.

        Args:
            actions: The batch of actions. Large ones are not copied.
        """
        return self._requests.write_batch_step(self._next_id(), actions)

    def begin(self, frame: Frame, method: str) -> None:
        """Sends a request whose reply `end` takes; nothing else may be asked before that.

        Args:
            frame: The request that was written last.
            method: Its method.

        Raises:
            SocketGymError: An error of the connection.
        """
        self._busy = True
        self._due = method
        head, body = frame
        try:
            if body is None:
                self._stream.send(head)
            else:
                self._stream.send_both(head, body)
        except BaseException as error:
            self._busy = False
            self._give_up(error)
            raise

    def end(self) -> Any:
        """Waits for the reply to `begin`, and returns its result."""
        try:
            return self._replies.read(self._id, self._due)
        except BaseException as error:
            self._give_up(error)
            raise
        finally:
            self._busy = False

    def end_batch_step(self, places: list[Any] | None = None) -> Step:
        """Waits for the step of a vector; see `BatchReader.read`."""
        try:
            return self._batches.read(self._id, places)
        except BaseException as error:
            self._give_up(error)
            raise
        finally:
            self._busy = False

    @functools.cached_property
    def _batches(self) -> BatchReader:
        return BatchReader(self._stream, self._limits)

    def close(self) -> None:
        """Closes the connection; may be called again, and while a reply is due."""
        self._closed = True
        self._end("it was closed.")

    def _compress(self, stream: Stream, agreed: Any, limits: Limits) -> None:
        if agreed == METHOD:
            compressed = CompressedStream(stream, limits)
            self._stream = compressed
            self._replies = ReplyReader(compressed, limits)
            self.compresses = True

    def _share(self, stream: Stream, offer: Any, limits: Limits, copy: bool) -> None:
        mapped = map_offered(offer)
        if mapped is None:  # The server withdraws its offer with the next request.
            return
        try:
            answer = self.request("hello", _greeting({"shared_memory": offer["identity"]}))
        except SocketGymError as error:
            if error.ends_connection:
                raise
            return  # With anything else than its agreement all stays as it was.
        if type(answer) is dict and answer.get("shared_memory") is True:
            shared = SharedStream(stream, *mapped)
            self._stream = shared
            self._replies = ReplyReader(shared, limits, copy)
            self.shares_memory = True

    def _next_id(self) -> int:
        if self._end_reason is not None or self._busy:
            self._refuse()
        self._id = self._id + 1 if self._id < _LAST_ID else 1
        return self._id

    def _exchange(self, frame: bytearray, method: str) -> Any:
        self._busy = True
        try:
            self._stream.send(frame)
            return self._replies.read(self._id, method)
        except BaseException as error:
            self._give_up(error)
            raise
        finally:
            self._busy = False

    def _give_up(self, error: BaseException) -> None:
        """Ends the connection, unless the error was the reply and the next one can be told apart."""
        if not isinstance(error, SocketGymError):
            # Above all KeyboardInterrupt: the reply may still come, and would be taken for the next
            # one's.
            self._end(f"of a {type(error).__name__} while a reply was due.")
        elif error.ends_connection:
            self._end(f"of {error.code}: {error.message}")

    def _step_of(self, result: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        try:
            observation, reward, terminated, truncated, info = result
        except (TypeError, ValueError):
            raise self._malformed("step", result) from None
        return observation, reward, terminated, truncated, info

    def _reset_of(self, result: Any) -> tuple[Any, dict[str, Any]]:
        try:
            observation, info = result
        except (TypeError, ValueError):
            raise self._malformed("reset", result) from None
        return observation, info

    def _refuse(self) -> None:
        if self._closed:
            raise ClosedEnvironment("The environment was closed; make a new one.")
        if self._end_reason is not None:
            raise ConnectionLost(
                f"The connection ended, because {self._end_reason} Make a new environment."
            )
        raise RuntimeError("A request is under way; use an environment from one thread at a time.")

    def _malformed(self, method: str, result: Any) -> MalformedMessage:
        error = MalformedMessage(f"The server answered {method} with {quoted(result)}.")
        self._end(f"of {error.code}: {error.message}")
        return error

    def _end(self, reason: str) -> None:
        if self._end_reason is None:
            self._end_reason = reason
            self._stream.close()


def _greeting(wishes: dict[str, Any]) -> dict[str, Any]:
    from socketgym import __version__  # Here, because the package imports this module.

    name = f"socketgym-python {__version__}"
    return {"protocol": PROTOCOL_VERSION, "client": name, **wishes}


def _check_seconds(name: str, seconds: Any) -> None:
    if seconds is None:
        return
    if not isinstance(seconds, numbers.Real) or not 0 < float(seconds) <= _MAX_SECONDS:
        raise InvalidArgument(
            f"{name} is {quoted(seconds)}; it must be a number of seconds above 0, up to "
            f"{_MAX_SECONDS}, or None for no limit."
        )


def _leave_connections_to_parent() -> None:
    """In a forked child, closes this process's handles on streams that are the parent's."""
    for connection in list(_open_connections):
        connection._end("this process was forked from the one that opened it.")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_connections_to_parent)
