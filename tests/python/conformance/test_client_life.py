"""A client's end, expected or not: closing, losing the server, interrupts, and lesser platforms."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
import warnings
import weakref
from typing import Any

import gymnasium
import numpy as np
import pytest
from fake_server import FakeServer, reply
from identical import assert_identical
from live_server import ROOT
from socketgym import SocketGymClient, errors
from socketgym.wire.stream import Stream

HANGING = {"env_id": "SocketGymTest/Fault-v0", "fault": "hang"}


def socket_of(env: SocketGymClient) -> Stream:
    """The stream of a client's socket."""
    stream = env._connection._stream
    return stream if isinstance(stream, Stream) else stream._stream


def test_closing_is_final_and_can_be_repeated(server: Any) -> None:
    with SocketGymClient("CartPole-v1", address=server.address) as env:
        env.reset(seed=0)
        env.close()
        env.close()
        uses = [env.reset, env.render, lambda: env.step(0), lambda: env.get_attr("gravity")]
        for use in uses:
            with pytest.raises(errors.ClosedEnvironment, match="make a new one"):
                use()
        # A copy is a new environment, also of one that is closed.
        with copy.deepcopy(env) as again:
            again.reset(seed=0)


def test_an_environment_nobody_holds_is_closed_without_a_word(server: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        env = SocketGymClient("CartPole-v1", address=server.address, shared_memory=False)
        gone = weakref.ref(env)
        descriptor = env._connection._stream._connection.fileno()
        del env
        gc.collect()
        assert gone() is None
        with pytest.raises(OSError):
            os.fstat(descriptor)
        # Nor does one that never came to be say anything.
        with pytest.raises(errors.InvalidArgument):
            SocketGymClient(address="nowhere:x")
        with pytest.raises(errors.UnknownEnvironment):
            SocketGymClient("CartPoel-v1", address=server.address)
        gc.collect()


def test_the_end_of_the_interpreter_is_quiet(server: Any) -> None:
    script = f"""
import socketgym
env = socketgym.SocketGymClient("CartPole-v1", address={server.address!r})
env.reset()
env.itself = env
"""
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", script],
        env={"PYTHONPATH": str(ROOT / "python/src")},
        capture_output=True,
        text=True,
    )
    assert (finished.returncode, finished.stderr) == (0, "")


def test_a_server_that_is_gone(start_server: Any) -> None:
    own = start_server("--port", "0")
    idle = SocketGymClient("CartPole-v1", address=own.address)
    vector_member = SocketGymClient("CartPole-v1", address=own.address)
    idle.reset(seed=0)
    own.process.kill()
    own.process.wait()
    with pytest.raises(errors.ConnectionLost):
        idle.step(0)
    with pytest.raises(errors.ConnectionLost, match="The connection ended, because"):
        idle.reset()
    idle.close()
    vector_member.close()
    with pytest.raises(errors.ConnectionFailed, match=own.address) as raised:
        copy.deepcopy(idle)
    assert "socketgym serve" in str(raised.value) and "SOCKETGYM_ADDRESS" in str(raised.value)


def test_a_server_that_goes_in_the_middle_of_a_step(start_server: Any) -> None:
    own = start_server("--port", "0")
    env = SocketGymClient(**HANGING, address=own.address)
    env.reset(seed=0)
    # The step never ends by itself, so however long this takes, the server goes before the reply.
    killer = threading.Thread(target=own.process.kill)
    killer.start()
    with pytest.raises(errors.ConnectionLost):
        env.step(0)
    killer.join()
    own.process.wait()
    env.close()


@pytest.mark.parametrize("shared", [True, False])
def test_a_limit_on_the_wait(server: Any, shared: bool) -> None:
    env = SocketGymClient(**HANGING, address=server.address, timeout=20, shared_memory=shared)
    env.reset(seed=0)
    socket_of(env)._timeout = 0.05
    with pytest.raises(TimeoutError, match="within 0.05 s"):
        env.step(0)
    with pytest.raises(errors.ConnectionLost, match="RequestTimeout"):
        env.step(0)
    env.close()
    again = pickle.loads(pickle.dumps(env))
    assert again.shares_memory is shared
    assert socket_of(again)._timeout == 20
    again.close()


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs pthread_kill")
def test_ctrl_c_in_the_middle_of_a_step() -> None:
    main, done = threading.main_thread(), threading.Event()

    def script(server: FakeServer, request_id: int, method: str, params: list[Any]) -> Any:
        assert main.ident is not None
        signal.pthread_kill(main.ident, signal.SIGINT)
        assert done.wait(30)
        return [reply(request_id, [np.zeros(2, np.float32), 1.0, False, False, {}])]

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with FakeServer(script) as server:
            env = SocketGymClient(address=server.address)
            with pytest.raises(KeyboardInterrupt):
                env.step(0)
            done.set()
            for use in (lambda: env.step(0), env.reset, env.render):
                with pytest.raises(errors.ConnectionLost, match="KeyboardInterrupt"):
                    use()
            env.close()
            with pytest.raises(errors.ClosedEnvironment):
                env.step(0)
    finally:
        signal.signal(signal.SIGINT, before)
    assert server.methods() == ["hello", "make", "step"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_shares_no_socket(server: Any) -> None:
    with SocketGymClient("CartPole-v1", address=server.address) as env:
        env.reset(seed=0)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            said = "nothing"
            try:
                env.step(0)
            except BaseException as error:
                said = f"{type(error).__name__}: {error}"
            # Its own copy works.
            own = copy.deepcopy(env)
            said += f" {own.reset(seed=0)[0].shape}"
            os.write(write, said.encode())
            os._exit(0)
        os.close(write)
        os.waitpid(child, 0)
        with os.fdopen(read, encoding="utf-8") as answer:
            said = answer.read()
        assert said.startswith("ConnectionLost: ") and "forked" in said and said.endswith("(4,)")
        env.step(0)


LESS = """
import os, select, signal, socket, sys
for module, names in (
    (os, "fork forkpty register_at_fork sched_yield"),
    (select, "poll epoll"),
    (socket, "AF_UNIX MSG_WAITALL MSG_DONTWAIT"),
    (signal, "pthread_kill"),
):
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
for name in ("recvmsg_into", "recvmsg", "sendmsg"):
    setattr(socket.socket, name, None)
assert not hasattr(os, "sched_yield") and socket.socket.recvmsg_into is None
import socketgym
env = socketgym.SocketGymClient("CartPole-v1", address=sys.argv[1], timeout=60)
env.reset(seed=1)
print(*env.step(1)[0].tolist())
frames = [env.render() for _ in range(9)]
print(frames[8].shape, sum(int(frame.sum()) for frame in frames))
env.close()
try:
    socketgym.SocketGymClient(address="unix:/tmp/gym")
except socketgym.errors.ConnectionFailed as error:
    print(error)
"""


def test_a_platform_that_lacks_what_windows_lacks(server: Any) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", LESS, server.address],
        env={"PYTHONPATH": str(ROOT / "python/src")},
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr
    first, second, third = finished.stdout.splitlines()
    with SocketGymClient("CartPole-v1", address=server.address) as env:
        env.reset(seed=1)
        assert first == " ".join(map(str, env.step(1)[0].tolist()))
        frame = env.render()
        assert second == f"{frame.shape} {9 * int(frame.sum())}"
    assert "no Unix sockets" in third


@pytest.mark.parametrize("scatters", [True, False])
def test_frames_by_every_way_to_receive(
    server: Any, monkeypatch: pytest.MonkeyPatch, scatters: bool
) -> None:
    used = []

    def scatter_method(connection: Any) -> Any:
        def scatter(targets: Any) -> int:
            used.append(len(targets))
            return connection.recvmsg_into(targets)[0]

        return scatter if scatters else None

    monkeypatch.setattr("socketgym.wire.stream._scatter_method", scatter_method)
    local = gymnasium.make("CartPole-v1", render_mode="rgb_array")
    make = {"env_id": "python:CartPole-v1", "address": server.address}
    with SocketGymClient(**make, shared_memory=False) as env:
        assert_identical(env.reset(seed=1), local.reset(seed=1))
        # The layout of a reply is learned only after a while.
        for step in range(20):
            assert_identical(env.step(step % 2), local.step(step % 2), f"step {step}")
            assert_identical(env.render(), local.render(), f"frame {step}")
    assert bool(used) is scatters
