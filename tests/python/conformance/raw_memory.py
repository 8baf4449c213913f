"""A client of shared memory written from docs/protocol.md, section 8, alone, that can also write what it must not."""

from __future__ import annotations

import mmap
import os
import struct
import time
from typing import Any

import msgpack
from raw_clients import MessagePackConnection

SERVER_WAITS, CLIENT_WAITS, REQUESTS = 128, 256, 4096
WORD, START, LENGTH, FRAMES = 0, 4, 8, 16
RING = bytes(4)
_LIMIT_SECONDS = 30


class MemoryConnection(MessagePackConnection):
    """A connection that has agreed on memory; each piece of a request can be written by itself."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.offer = self.call("hello", {"protocol": 1, "shared_memory": True})["shared_memory"]
        path = f"/proc/{self.offer['process']}/fd/{self.offer['descriptor']}"
        assert os.readlink(path) == self.offer["identity"]
        file = os.open(path, os.O_RDWR)
        self.memory = mmap.mmap(file, 0)
        os.close(file)
        self.replies = REQUESTS + self.offer["request_bytes"]
        # Its items are written at once: struct's way leaves zeros first, which the server may see.
        self.words = memoryview(self.memory).cast("I")
        assert len(self.memory) == self.replies + self.offer["reply_bytes"]
        agreed = self.call("hello", {"protocol": 1, "shared_memory": self.offer["identity"]})
        assert agreed["shared_memory"] is True
        self.number = 0

    def word(self, offset: int) -> int:
        """Reads a word."""
        return self.words[offset // 4]

    def set_word(self, offset: int, value: int) -> None:
        """Writes a word."""
        self.words[offset // 4] = value

    def write(self, frame: bytes, start: int = FRAMES, length: int | None = None) -> None:
        """Puts a frame into the area of requests, wherever it is said to be."""
        place = REQUESTS + (start if FRAMES <= start <= 2**16 else FRAMES)
        self.memory[place : place + len(frame)] = frame
        self.set_word(REQUESTS + START, start)
        self.set_word(REQUESTS + LENGTH, len(frame) if length is None else length)

    def publish(self, on_socket: bool = False, skip: int = 0) -> None:
        """Shows the server the next request and rings in any case."""
        self.number += 1 + skip
        self.set_word(REQUESTS + WORD, self.number << 1 | on_socket)
        if not on_socket:
            self.send_bytes(RING)

    def frame_of(self, method: str, *params: Any) -> bytes:
        """A request as a frame."""
        self.last_id += 1
        body = msgpack.packb(method) + msgpack.packb(list(params))
        payload = b"\x94\x00\xce" + struct.pack(">I", self.last_id) + body
        return struct.pack(">I", len(payload)) + payload

    def receive_frame(self) -> bytes | None:
        """The reply's payload once it is there, by whatever way it comes; only after the agreement."""
        if not hasattr(self, "number"):
            return super().receive_frame()
        end = time.monotonic() + _LIMIT_SECONDS
        while (word := self.word(self.replies)) >> 1 != self.number:
            assert time.monotonic() < end, f"reply {self.number} did not come; the word is {word}"
            os.sched_yield()
        if word & 1:
            payload = b""
            while not payload:  # rings
                payload = super().receive_frame()
                assert payload is not None
            return payload
        start, length = (self.word(self.replies + offset) for offset in (START, LENGTH))
        frame = self.memory[self.replies + start : self.replies + start + length]
        assert struct.unpack_from(">I", frame)[0] == length - 4
        return frame[4:]

    def send_frame(self, payload: bytes) -> None:
        """Sends one frame through the memory, or where it is too large by the socket."""
        if not hasattr(self, "number"):
            super().send_frame(payload)
            return
        frame = struct.pack(">I", len(payload)) + payload
        if len(frame) > self.offer["request_bytes"] - FRAMES:
            self.publish(on_socket=True)
            self.send_bytes(frame)
        else:
            self.write(frame)
            self.publish()

    def rest(self) -> bytes:
        """Whatever the socket still brings, until its end."""
        data = b""
        while piece := self.socket.recv(65536):
            data += piece
        return data
