"""The stream on platforms and sockets that lack one thing or another."""

from __future__ import annotations

import os
import select
import socket
import ssl
from typing import Any

import pytest
from scripted_socket import ScatteringSocket, ScriptedSocket, stream_of

from socketgym.errors import ConnectionLost, RequestTimeout
from socketgym.wire.stream import Stream


@pytest.mark.parametrize("missing", [(), ("sched_yield",), ("poll",), ("sched_yield", "poll")])
def test_waiting_without_one_call_or_another(missing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in missing:
        monkeypatch.delattr(os if name == "sched_yield" else select, name)
    # Never for long enough to be worth spinning, so the wait is the system's.
    monkeypatch.setattr("socketgym.wire.stream.MAX_SPIN_SECONDS", 0.0)
    left, right = socket.socketpair()
    with left, right:
        stream = Stream(left, timeout=0.001)
        stream.send(b"request")
        assert right.recv(100) == b"request"
        buffer = bytearray(10)
        with pytest.raises(RequestTimeout, match="within 0.001 s"):
            stream.receive([buffer])
        right.send(b"reply")
        assert stream.receive([buffer]) == 5 and buffer[:5] == b"reply"


@pytest.mark.parametrize(
    "not_yet", [BlockingIOError(), ssl.SSLWantReadError(), ssl.SSLWantWriteError()]
)
@pytest.mark.parametrize("times", [1, 5, 500])
def test_bytes_that_are_not_there_yet(not_yet: OSError, times: int) -> None:
    buffer = bytearray(10)
    stream = stream_of(*[not_yet] * times, b"reply")
    assert stream.receive([buffer]) == 5 and buffer[:5] == b"reply"
    assert stream.receive([buffer]) == 0


def test_several_buffers() -> None:
    for scatter, expected in ((True, 5), (False, 2)):
        first, second = bytearray(2), bytearray(9)
        assert stream_of(b"reply", scatter=scatter).receive([first, second]) == expected
        assert first == b"re" and second[:3] == (b"ply" if scatter else b"\0\0\0")


def test_tls_sockets_are_not_asked_to_scatter() -> None:
    # They have the method, and it only raises.
    context = ssl.create_default_context()
    left, right = socket.socketpair()
    with right, left:
        wrapped = context.wrap_socket(left, do_handshake_on_connect=False, server_hostname="host")
        with wrapped:
            assert Stream(wrapped)._scatter is None
    assert Stream(ScatteringSocket([]))._scatter is not None
    assert Stream(ScriptedSocket([]))._scatter is None


def test_a_request_larger_than_the_socket_takes() -> None:
    for at_most in (0, 1, 3, 1000):
        connection = ScriptedSocket([], send_at_most=at_most)
        Stream(connection).send(b"a long request")
        assert connection.sent == b"a long request"


def test_a_lost_connection_is_reported_as_one() -> None:
    for error in (ConnectionResetError("reset by peer"), OSError(9, "Bad file descriptor")):
        with pytest.raises(ConnectionLost) as raised:
            stream_of(error).receive([bytearray(1)])
        assert raised.value.__cause__ is error
    left, right = socket.socketpair()
    with left:
        right.close()
        stream = Stream(left)
        with pytest.raises(ConnectionLost):
            for _ in range(3):
                stream.send(b"x" * 100)


def test_a_slow_server_is_soon_not_spun_for(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])

    class SlowSocket(ScriptedSocket):
        def recv_into(self, buffer: Any) -> int:
            clock[0] += delay
            return super().recv_into(buffer)

    stream = Stream(SlowSocket([BlockingIOError(), BlockingIOError(), b"x"] * 20))
    spins = []
    for delay in [1.0] * 10 + [1e-6]:
        stream.receive([bytearray(1)])
        spins.append(stream._spin_seconds)
    assert spins[9] < spins[0] / 100 < spins[10] == 100e-6
