"""A server in a thread that follows a script, for what no real server would do."""

from __future__ import annotations

import collections
import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from socketgym.addresses import ServerAddress
from socketgym.wire.reader import ValueReader
from socketgym.wire.writer import ValueWriter

BOX = {
    "type": "Box",
    "low": np.zeros(2, np.float32),
    "high": np.ones(2, np.float32),
    "bounded_below": np.ones(2, bool),
    "bounded_above": np.ones(2, bool),
}
MADE = {
    "observation_space": BOX,
    "action_space": {"type": "Discrete", "n": 2, "start": 0, "dtype": "<i8"},
    "metadata": {"render_modes": ["rgb_array"], "render_fps": 50},
    "render_mode": "rgb_array",
    "spec": {"id": "Fake-v0", "max_episode_steps": 100, "kwargs": {}, "unknown": 1},
}

Script = Callable[["FakeServer", int, str, list[Any]], Iterable[bytes]]


def frame(payload: bytes) -> bytes:
    """A payload with its length in front."""
    return len(payload).to_bytes(4, "big") + payload


def reply(request_id: int, result: Any = None, error: Any = None) -> bytes:
    """A response as a frame."""
    head = b"\x94\x01\xce" + request_id.to_bytes(4, "big")
    writer = ValueWriter()
    return frame(head + writer.encode(error) + writer.encode(result))


def error_reply(request_id: int, code: str, **more: Any) -> bytes:
    """A response with an error as a frame."""
    error = {"code": code, "message": f"A case of {code}.", "type": None, "traceback": None}
    return reply(request_id, error={**error, **more})


class FakeServer:
    """Accepts connections one after the other and answers each request with what its script yields.

    The pieces that a script yields are sent one by one. After a piece that is empty the connection
    is closed. `hello`, `make` and `close` are answered here, unless the script is asked for
    everything.

    Attributes:
        address: Where it listens.
        requests: Method and parameters of every request so far.
        faults: What went wrong in the thread.
    """

    def __init__(
        self,
        script: Script | None = None,
        *,
        everything: bool = False,
        made: Any = MADE,
        path: str | None = None,
    ) -> None:
        self._script = script
        self._everything = everything
        self._made = made
        if path is None:
            self._listener = socket.create_server(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        else:
            self._listener = socket.create_server(path, family=socket.AF_UNIX)
            self.address = f"unix:{path}"
        self.requests: list[tuple[str, list[Any]]] = []
        self.connections = 0
        self.faults: list[BaseException] = []
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> FakeServer:
        return self

    def __exit__(self, *exception: Any) -> None:
        self._stopping = True
        # Only a connection wakes accept(); closing the listener does not.
        ServerAddress.parse(self.address).connect(None).close()
        self._thread.join(30)
        assert not self._thread.is_alive(), "the fake server's connection is still open"
        self._listener.close()
        assert not self.faults, self.faults

    def methods(self) -> list[str]:
        """The methods asked for so far."""
        return [method for method, _ in self.requests]

    def _serve(self) -> None:
        workers = []
        while True:
            connection, _ = self._listener.accept()
            if self._stopping:
                connection.close()
                break
            self.connections += 1
            worker = threading.Thread(target=self._talk, args=(connection,), daemon=True)
            worker.start()
            workers.append(worker)
        for worker in workers:
            worker.join(30)

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            try:
                while self._answer(connection):
                    pass
            except ConnectionError:
                pass
            except BaseException as fault:
                self.faults.append(fault)

    def _answer(self, connection: socket.socket) -> bool:
        head = _read(connection, 4)
        if not head:
            return False
        request = ValueReader().decode(_read(connection, int.from_bytes(head, "big")))
        _, request_id, method, params = request
        self.requests.append((method, params))
        for piece in self._pieces(request_id, method, params):
            if not piece:
                return False
            connection.sendall(piece)
        return True

    def _pieces(self, request_id: int, method: str, params: list[Any]) -> Iterable[bytes]:
        if not self._everything:
            if method == "hello":
                return [reply(request_id, {"protocol": 1, "server": "fake"})]
            if method == "make":
                return [reply(request_id, self._made)]
            if method == "close":
                return [reply(request_id)]
        if self._script is None:
            return [reply(request_id)]
        return self._script(self, request_id, method, params)


def steps(*results: Any) -> Script:
    """A script that answers one request after the other with the next result."""
    left = collections.deque(results)

    def script(server: FakeServer, request_id: int, method: str, params: list[Any]) -> list[bytes]:
        return [reply(request_id, left.popleft())]

    return script


def _read(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            return b""
        data += piece
    return data
