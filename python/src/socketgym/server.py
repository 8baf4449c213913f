"""The SocketGym server, found, started and ended by a Python program."""

from __future__ import annotations

import concurrent.futures
import logging
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from socketgym.addresses import DEFAULT_HOST, DEFAULT_PORT

__all__ = ["SERVER_VARIABLE", "ServerStartError", "SocketGymServer", "find_server"]

SERVER_VARIABLE = "SOCKETGYM_SERVER"
_INTERPRETER_VARIABLE = "SOCKETGYM_PYTHON"
_COMMAND = "socketgym.exe" if os.name == "nt" else "socketgym"
_PROJECT = pathlib.Path("src", "SocketGym.Server")
_ADVICE = (
    "Install it with `dotnet tool install --global SocketGym.Server`, build it in a checkout with "
    f"`dotnet build -c Release {_PROJECT.as_posix()}`, or name the program in {SERVER_VARIABLE}."
)
# How the server's own log begins a line that is more than information.
_LEVELS = {"warn:": logging.WARNING, "fail:": logging.ERROR, "crit:": logging.CRITICAL}
_GRACE_SECONDS = 10.0
_KILL_SECONDS = 5.0

_logger = logging.getLogger(__name__)
_running: weakref.WeakSet[subprocess.Popen[str]] = weakref.WeakSet()


class ServerStartError(RuntimeError, OSError):
    """No server was found, or it ended before it listened; the message says where or why."""


class SocketGymServer:
    """A SocketGym server that lives as long as this object, and never longer than its process.

    The server ends when it is stopped, when this object is collected and when the Python process
    ends, by whatever signal: it watches a pipe that only this process holds open.

    As a context manager it runs in the background:

        with SocketGymServer(port=0) as server:
            env = SocketGymClient("CartPole-v1", address=server.address)

    An object is for one thread at a time, but `stop` may be called from another one than `start`.

    Attributes:
        host: Where it listens.
        port: Its TCP port; where 0 was given, the one that was chosen, once it has started.
    """

    def __init__(
        self,
        host: str = DEFAULT_HOST,
        port: int = DEFAULT_PORT,
        *,
        python: str | None = None,
        config: str | os.PathLike[str] | None = None,
        imports: Iterable[str] = (),
        env_types: Iterable[str] = (),
        options: Iterable[str] = (),
        command: str | os.PathLike[str] | Sequence[str] | None = None,
        log: Callable[[str], object] | None = None,
    ) -> None:
        """Says which server to start; nothing is started yet.

        Args:
            host: The address or name to listen on, or `unix:/path`.
            port: The TCP port; 0 for any free one.
            python: The interpreter of Python environments, a program or a command that starts one.
                Default: the configuration's, else the one that runs this.
            config: A configuration file; see docs/configuration.md.
            imports: Modules that register environments. They are found where this interpreter finds
                its own, and beside the running script.
            env_types: The `env_type`s that clients may ask for; X lets them import `gym_X`.
            options: Further options of `socketgym serve`.
            command: The server, a program or a command. Default: see `find_server`.
            log: Takes each line that the server prints. Default: `print` where `start` blocks,
                else the logger `socketgym.server`.
        """
        self.host = host
        self.port = port
        self._command = command
        self._python = python
        self._log = log
        self._options = [*options]
        if python is not None:
            self._options += ["--python", python]
        if config is not None:
            self._options += ["--config", os.fspath(config)]
        for module in imports:
            self._options += ["--import", module]
        for env_type in env_types:
            self._options += ["--allow-env-type", env_type]
        self._address = ""
        self._process: subprocess.Popen[str] | None = None
        self._end: Any = None  # The `weakref.finalize` of a server that was started.

    @property
    def address(self) -> str:
        """Where it listens, as `SocketGymClient` takes it.

        Raises:
            RuntimeError: It has not been started.
        """
        if not self._address:
            raise RuntimeError("The server has no address before it is started.")
        return self._address

    @property
    def is_running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self, background: bool = False) -> None:
        """Starts the server, and unless told otherwise waits for its end.

        Args:
            background: Whether to return as soon as it listens. Otherwise it serves until Ctrl-C or
                `stop`, which both return from here.

        Raises:
            ServerStartError: There is no server, or it could not listen.
            RuntimeError: It runs already, or has ended by itself with an error.
        """
        if self.is_running:
            raise RuntimeError(f"The server runs already, at {self._address}.")
        self.stop()  # One that ended by itself left a pipe.
        log = self._log or (_write_to_log if background else _print)
        ready: concurrent.futures.Future[str] = concurrent.futures.Future()
        process = self._launch()
        reader = threading.Thread(target=_read, args=(process, log, ready), daemon=True)
        self._process = process
        self._end = weakref.finalize(self, _end, process, reader, os.getpid())
        reader.start()
        try:
            self._address = ready.result()
            if self._address.startswith("tcp:"):
                self.port = int(self._address.rpartition(":")[2])
            if not background:
                self.wait()
        except KeyboardInterrupt:
            self.stop()
            if background:
                raise
        except BaseException:
            self.stop()
            raise

    def wait(self) -> None:
        """Waits until the server has ended.

        Raises:
            RuntimeError: It ended by itself with an error.
        """
        if self._process is None:
            return
        status = self._process.wait()
        if status != 0 and self._end is not None and self._end.alive:
            self.stop()
            raise RuntimeError(f"The server ended by itself with status {status}.")

    def stop(self) -> None:
        """Ends the server; nothing happens where it has ended or was not started.

        Environments have ten seconds to finish what they are doing; then they are killed.
        """
        if self._end is not None:
            self._end()

    def __enter__(self) -> SocketGymServer:
        self.start(background=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _launch(self) -> subprocess.Popen[str]:
        command = find_server(self._command) + ["serve", "--exit-with-stdin"]
        command += ["--host", self.host, "--port", str(self.port), *self._options]
        _logger.info("starting %s", " ".join(command))
        environment = {**os.environ}
        if self._python is None and sys.executable:
            # A variable and not an option, so that a configuration may name another one.
            environment[_INTERPRETER_VARIABLE] = sys.executable
        if not getattr(sys.flags, "safe_path", False) and os.path.isdir(sys.path[0] or os.curdir):
            folders = [os.path.abspath(sys.path[0]), environment.get("PYTHONPATH", "")]
            environment["PYTHONPATH"] = os.pathsep.join(filter(None, folders))
        # Ctrl-C is for this process, which ends the server in its own time; a server of the same
        # process group would take it as well.
        group: dict[str, Any] = (
            {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP")}
            if os.name == "nt"
            else {"start_new_session": True}
        )
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                env=environment,
                **group,
            )
        except OSError as error:
            raise ServerStartError(f"{command[0]} cannot be started: {error}. {_ADVICE}") from error
        _running.add(process)
        return process


def find_server(command: str | os.PathLike[str] | Sequence[str] | None = None) -> list[str]:
    """Finds the server's program.

    Looks at the argument, at the environment variable `SOCKETGYM_SERVER`, for `socketgym` on the
    PATH, among .NET's global tools, and in the checkout that this package belongs to.

    Args:
        command: A program, or a command as a sequence of texts, which is taken as it is.

    Returns:
        The command that runs it.

    Raises:
        ServerStartError: There is none; the message names every place.
    """
    if command is not None and not isinstance(command, (str, os.PathLike)):
        return list(command)
    named = command or os.environ.get(SERVER_VARIABLE)
    if named:
        program = os.fspath(named)
        found = shutil.which(program) or (program if os.path.isfile(program) else None)
        if found is None:
            source = "the argument" if command else SERVER_VARIABLE
            raise ServerStartError(f"There is no {named!r}, which {source} names. {_ADVICE}")
        return _runnable(found)
    tool = pathlib.Path.home() / ".dotnet" / "tools" / _COMMAND
    project = pathlib.Path(__file__).resolve().parents[3] / _PROJECT
    found = (
        shutil.which(_COMMAND)
        or (str(tool) if tool.is_file() else None)
        or next((str(path) for path in project.glob("bin/Release/net*/socketgym.dll")), None)
    )
    if found is not None:
        return _runnable(found)
    raise ServerStartError(
        "No SocketGym server was found. Looked for\n"
        f"  the environment variable {SERVER_VARIABLE}, which is not set\n"
        f"  {_COMMAND} on the PATH: {os.environ.get('PATH', '')}\n"
        f"  {tool}\n"
        f"  {project / 'bin/Release/net*/socketgym.dll'}\n{_ADVICE}"
    )


def _runnable(program: str) -> list[str]:
    if not program.endswith(".dll"):
        return [program]
    roots = [os.environ.get("DOTNET_ROOT"), str(pathlib.Path.home() / ".dotnet")]
    dotnet = shutil.which("dotnet") or next(
        (found for root in roots if root and (found := shutil.which("dotnet", path=root))), None
    )
    if dotnet is None:
        raise ServerStartError(
            f"{program} needs .NET 10, and there is no `dotnet` on the PATH, in DOTNET_ROOT or in "
            "~/.dotnet; install it from https://dotnet.microsoft.com/download."
        )
    return [dotnet, program]


def _read(
    process: subprocess.Popen[str],
    log: Callable[[str], object],
    ready: concurrent.futures.Future[str],
) -> None:
    assert process.stdout is not None
    lines: list[str] = []
    for line in map(str.rstrip, process.stdout):
        if not ready.done():
            lines.append(line)
            if line.strip().startswith("address"):
                ready.set_result(line.split()[-1])
        try:
            log(line)
        except Exception:
            # The server's output has to be read all the same, or the server would come to a halt.
            _logger.exception("the server's output is no longer passed on")
            log = str
    if not ready.done():
        said = "\n".join(lines) or "It printed nothing."
        ready.set_exception(
            ServerStartError(f"The server ended with status {process.wait()}:\n{said}")
        )


def _print(line: str) -> None:
    print(line, flush=True)


def _write_to_log(line: str) -> None:
    _logger.log(_LEVELS.get(line[:5], logging.INFO), "%s", line)


def _end(process: subprocess.Popen[str], reader: threading.Thread, owner: int) -> None:
    if os.getpid() != owner:
        return  # A forked child has a copy of the object, but not the server.
    assert process.stdin is not None
    process.stdin.close()
    for next_means in (process.terminate, process.kill):
        try:
            process.wait(_GRACE_SECONDS if next_means == process.terminate else _KILL_SECONDS)
            break
        except subprocess.TimeoutExpired:
            next_means()
    process.wait()
    if reader is not threading.current_thread():  # Which may be the one that collects garbage.
        reader.join(_KILL_SECONDS)


def _let_go_after_fork() -> None:
    # The server's input has to end with the process that started it, not with its last child.
    for process in list(_running):
        if process.stdin is not None:
            process.stdin.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go_after_fork)
