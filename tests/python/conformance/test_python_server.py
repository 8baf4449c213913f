"""The server as Python starts and ends it."""

from __future__ import annotations

import gc
import logging
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from live_server import ROOT, SERVER, TEST_ENVIRONMENTS
from process_watch import ProcessWatch
from socketgym import ServerStartError, SocketGymClient, SocketGymServer
from socketgym.server import SERVER_VARIABLE, find_server

NATIVE_ONLY = ["--no-python"]

FOREGROUND = """
import sys
from socketgym import SocketGymServer
server = SocketGymServer(host="localhost", port=0, options=sys.argv[1:])
server.start()
print("returned; running:", server.is_running)
"""

WITH_A_CHILD = """
import os, signal, sys
from socketgym import SocketGymServer
server = SocketGymServer(port=0, options=sys.argv[1:])
server.start(background=True)
child = os.fork()
if child == 0:
    signal.pause()  # Outlives its parent, with a copy of all that the parent has.
print("child", child, flush=True)
signal.pause()
"""


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProcessWatch]:
    """Marks what a test starts; whatever it does, none of that may be left."""
    monkeypatch.setenv(SERVER_VARIABLE, str(SERVER))
    found = ProcessWatch()
    for name, value in found.variables.items():
        monkeypatch.setenv(name, value)
    yield found
    found.await_none()


@pytest.fixture
def run_script() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a Python program whose server this module can find."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [sys.executable, *arguments],
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT / "python/src")},
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            )
        )
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def address_of(process: subprocess.Popen[str]) -> str:
    """Where a program's server listens, from what the program prints."""
    assert process.stdout is not None
    return next(line.split()[-1] for line in process.stdout if line.strip().startswith("address"))


def test_in_the_background_as_a_context_manager(watch: ProcessWatch) -> None:
    lines: list[str] = []
    with SocketGymServer(port=0, log=lines.append) as server:
        assert server.is_running and server.port > 0
        assert server.address == f"tcp://127.0.0.1:{server.port}"
        with SocketGymClient("FrozenLake-v1", port=server.port) as env:
            env.reset(seed=0)
            processes = watch.find()
            assert len(processes) >= 3  # server, supervisor and worker
    assert not server.is_running
    # Its environments live in the interpreter that runs this.
    text = "\n".join(lines)
    assert sys.executable in text and "Draining" in text


def test_the_interpreter_and_the_modules_can_be_chosen() -> None:
    # Nothing but this command finds the module.
    python = f"env PYTHONPATH={TEST_ENVIRONMENTS} {sys.executable}"
    with SocketGymServer(port=0, python=python, imports=["socketgym_test_envs"]) as server:
        with SocketGymClient("SocketGymTest/Discrete-v0", address=server.address) as env:
            env.reset(seed=0)


def test_modules_beside_the_script_are_found(
    tmp_path: pathlib.Path, run_script: Callable[..., subprocess.Popen[str]]
) -> None:
    (tmp_path / "beside.py").write_text(
        "import gymnasium\n"
        'gymnasium.register("Beside-v0", "gymnasium.envs.classic_control:CartPoleEnv")\n'
    )
    script = tmp_path / "serve.py"
    script.write_text(
        "from socketgym import SocketGymServer\n"
        'SocketGymServer(port=0, imports=["beside"]).start()\n'
    )
    address = address_of(run_script(str(script)))
    with SocketGymClient("Beside-v0", address=address) as env:
        env.reset(seed=0)


def test_a_configuration_wins_over_this_interpreter(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "socketgym.json"
    path.write_text('{"python": {"interpreter": "/no/such/python"}, "pickle": false}')
    lines: list[str] = []
    with SocketGymServer(port=0, config=path, log=lines.append):
        pass
    text = "\n".join(lines)
    assert "/no/such/python" in text and "pickle" not in text


def test_it_starts_again(caplog: pytest.LogCaptureFixture) -> None:
    server = SocketGymServer(port=0, options=NATIVE_ONLY)
    with pytest.raises(RuntimeError, match="before it is started"):
        server.address
    server.stop()
    with caplog.at_level(logging.INFO, "socketgym.server"):
        for _ in range(2):
            with server:
                with pytest.raises(RuntimeError, match="already"):
                    server.start()
                with SocketGymClient(address=server.address) as env:
                    env.reset(seed=1)
            server.stop()
    assert "Ctrl-C stops the server." in caplog.messages
    assert any(str(SERVER) in message for message in caplog.messages)


def test_on_a_unix_socket(tmp_path: pathlib.Path) -> None:
    with SocketGymServer(f"unix:{tmp_path}/gym.sock", options=NATIVE_ONLY) as server:
        assert server.address == f"unix:{tmp_path}/gym.sock"
        with SocketGymClient(address=server.address) as env:
            env.reset(seed=1)


def test_start_blocks_until_it_is_stopped(capfd: pytest.CaptureFixture[str]) -> None:
    server = SocketGymServer(port=0, options=NATIVE_ONLY)
    listening = threading.Event()
    server._log = lambda line: listening.set() if "address" in line else None
    thread = threading.Thread(target=server.start)
    thread.start()
    assert listening.wait(60)
    server.stop()
    thread.join(60)
    assert not thread.is_alive() and not server.is_running


def test_it_ends_with_its_object() -> None:
    server = SocketGymServer(port=0, options=NATIVE_ONLY)
    server.start(background=True)
    process = server._process
    assert process is not None
    del server
    gc.collect()
    assert process.returncode == 0


def test_ctrl_c_stops_it_cleanly(
    run_script: Callable[..., subprocess.Popen[str]], watch: ProcessWatch
) -> None:
    process = run_script("-c", FOREGROUND)
    with SocketGymClient("python:CartPole-v1", address=address_of(process)) as env:
        env.reset(seed=0)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert output.splitlines()[-1] == "returned; running: False"
    watch.await_none()


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGTERM])
def test_it_does_not_outlive_a_killed_python(
    run_script: Callable[..., subprocess.Popen[str]], watch: ProcessWatch, way: signal.Signals
) -> None:
    process = run_script("-c", FOREGROUND)
    env = SocketGymClient("python:CartPole-v1", address=address_of(process))
    env.reset(seed=0)
    assert len(watch.find()) >= 4
    process.send_signal(way)
    watch.await_none()
    env.close()


def test_a_forked_child_does_not_keep_it_alive(
    run_script: Callable[..., subprocess.Popen[str]], watch: ProcessWatch
) -> None:
    process = run_script("-c", WITH_A_CHILD, *NATIVE_ONLY)
    assert process.stdout is not None
    child = int(process.stdout.readline().split()[1])
    try:
        others = [number for number in watch.find() if number != child]
        assert len(others) == 2
        process.kill()
        process.wait()
        watch.await_end(others)
        assert watch.find() == [child]
    finally:
        os.kill(child, signal.SIGKILL)


def test_a_server_that_cannot_listen_says_why() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = SocketGymServer(port=taken.getsockname()[1], options=NATIVE_ONLY)
        with pytest.raises(ServerStartError, match="in use") as raised:
            server.start()
    assert isinstance(raised.value, OSError) and not server.is_running


def test_a_server_that_dies_says_so() -> None:
    server = SocketGymServer(port=0, options=NATIVE_ONLY)
    server.start(background=True)
    assert server._process is not None
    server._process.kill()
    with pytest.raises(RuntimeError, match="status -9"):
        server.wait()
    server.stop()


def test_it_is_found_in_this_order(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotnet = shutil.which("dotnet")
    assert dotnet is not None

    def program(name: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.touch(0o755)
        return str(path)

    named, on_path = program("named/server"), program("bin/socketgym")
    tool = program("home/.dotnet/tools/socketgym")
    (tmp_path / "bin" / "dotnet").symlink_to(dotnet)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv(SERVER_VARIABLE, named)
    assert find_server(["any", "command"]) == ["any", "command"]
    assert find_server(on_path) == [on_path]
    assert find_server() == [named]
    monkeypatch.delenv(SERVER_VARIABLE)
    assert find_server() == [on_path]
    os.unlink(on_path)
    assert find_server() == [tool]
    os.unlink(tool)
    assert find_server() == [str(tmp_path / "bin" / "dotnet"), str(SERVER)]
    (tmp_path / "bin" / "dotnet").unlink()
    monkeypatch.delenv("DOTNET_ROOT", raising=False)
    with pytest.raises(ServerStartError, match="needs .NET 10"):
        find_server()


def test_where_it_looked_in_vain(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(ServerStartError, match="which SOCKETGYM_SERVER names"):
        monkeypatch.setenv(SERVER_VARIABLE, "missing")
        SocketGymServer().start()
    with pytest.raises(ServerStartError, match="which the argument names"):
        SocketGymServer(command="missing").start()
    monkeypatch.delenv(SERVER_VARIABLE)
    monkeypatch.setattr("socketgym.server.__file__", str(tmp_path / "a/b/c/server.py"))
    with pytest.raises(ServerStartError) as raised:
        SocketGymServer().start()
    for place in (
        SERVER_VARIABLE,
        str(tmp_path / "bin"),
        str(tmp_path / ".dotnet/tools/socketgym"),
        str(tmp_path / "src/SocketGym.Server"),
        "dotnet tool install --global SocketGym.Server",
    ):
        assert place in str(raised.value)
