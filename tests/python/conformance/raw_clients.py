"""Clients written from docs/protocol.md alone, sharing no code with the package: what a stranger would write."""

from __future__ import annotations

import pickle
import socket
import struct
from typing import Any

import msgpack


class RawConnection:
    """Frames over a socket, and nothing else."""

    def __init__(self, address: str) -> None:
        if address.startswith("unix:"):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(address[len("unix:") :])
        else:
            host, port = address.removeprefix("tcp://").rsplit(":", 1)
            self.socket = socket.create_connection((host, int(port)))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A reply that never comes is a failure, not a hang of the whole run.
        self.socket.settimeout(60)

    def __enter__(self) -> RawConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send_bytes(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self.socket.sendall(data)

    def send_frame(self, payload: bytes) -> None:
        """Sends one frame."""
        self.send_bytes(struct.pack(">I", len(payload)) + payload)

    def receive_frame(self) -> bytes | None:
        """Returns one frame's payload, or None at a clean end."""
        head = self._receive(4)
        if head is None:
            return None
        payload = self._receive(struct.unpack(">I", head)[0])
        assert payload is not None, "the connection ended inside a frame"
        return payload

    def at_end(self) -> bool:
        """Whether the server has ended the connection; waits for more bytes or the end."""
        return self.socket.recv(1) == b""

    def _receive(self, count: int) -> bytes | None:
        data = b""
        while len(data) < count:
            chunk = self.socket.recv(count - len(data))
            if not chunk:
                assert not data, "the connection ended inside a frame"
                return None
            data += chunk
        return data


class MessagePackConnection(RawConnection):
    """Requests and responses without any of the value model's ext types decoded."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.last_id = 0

    def send_request(self, method: str, *params: Any) -> int:
        """Sends a request and returns its id."""
        self.last_id += 1
        body = msgpack.packb(method) + msgpack.packb(list(params))
        self.send_frame(b"\x94\x00\xce" + struct.pack(">I", self.last_id) + body)
        return self.last_id

    def receive_response(self) -> tuple[int, dict[str, Any] | None, Any]:
        """Returns id, error and result."""
        payload = self.receive_frame()
        assert payload is not None, "the connection ended instead of a response"
        assert payload[:3] == b"\x94\x01\xce", "a response's id must be written as uint32"
        kind, number, error, result = msgpack.unpackb(payload, strict_map_key=False)
        assert kind == 1
        assert error is None or result is None
        return number, error, result

    def call(self, method: str, *params: Any) -> Any:
        """Sends a request and returns its result; raises on an error."""
        number = self.send_request(method, *params)
        answered, error, result = self.receive_response()
        assert answered == number
        assert error is None, error
        return result

    def error_of(self, method: str, *params: Any) -> dict[str, Any]:
        """Sends a request that must fail and returns its error."""
        number = self.send_request(method, *params)
        answered, error, _ = self.receive_response()
        assert answered == number
        assert error is not None, "the request succeeded"
        return error


class PickleConnection(RawConnection):
    """gym_service's way of asking."""

    def request(
        self, kind: str, payload: dict[str, Any] | None = None, protocol: int = 4
    ) -> dict[str, Any]:
        """Sends a request and returns the whole reply."""
        self.send_frame(pickle.dumps({"type": kind, "payload": payload or {}}, protocol=protocol))
        reply = self.receive_frame()
        assert reply is not None, "the connection ended instead of a reply"
        # The server under test is ours and runs on this machine.
        return pickle.loads(reply)

    def call(
        self, kind: str, payload: dict[str, Any] | None = None, protocol: int = 4
    ) -> dict[str, Any]:
        """Sends a request that must succeed and returns its reply."""
        reply = self.request(kind, payload, protocol)
        assert reply["status"] == "ok", reply
        return reply
