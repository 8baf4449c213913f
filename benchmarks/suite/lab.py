"""Where the measuring is done: programs compiled at need, servers started once and ended with it."""

from __future__ import annotations

import contextlib
import functools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence

from suite.measurement import Budget, Sample

__all__ = ["STEP_COST", "Lab", "Process", "built", "on_core"]

BENCHMARKS = pathlib.Path(__file__).resolve().parents[1]
ROOT = BENCHMARKS.parent
SERVER = ROOT / "src/SocketGym.Server/bin/Release/net10.0/socketgym.dll"
BENCHMARK_SERVER = BENCHMARKS / "BenchmarkServer/bin/Release/net10.0/BenchmarkServer.dll"
STEP_COST = BENCHMARKS / "StepCost/bin/Release/net10.0/StepCost.dll"

_END_SECONDS = 20.0


class Process:
    """A program that is asked by lines on its standard input, and ends when that does."""

    def __init__(
        self,
        command: Sequence[str],
        marker: str,
        core: int | None = None,
        reads_input: bool = True,
    ) -> None:
        """Starts it and waits for a line that begins with the marker.

        Args:
            command: The program and its arguments.
            marker: How the line begins that says it is ready.
            core: The core that it is bound to, or None.
            reads_input: Whether it ends with its input; otherwise it is killed.

        Raises:
            RuntimeError: It ended before it was ready.
        """
        folders = [str(BENCHMARKS), str(ROOT / "python/src"), os.environ.get("PYTHONPATH", "")]
        environment = {
            "SOCKETGYM_PYTHON": sys.executable,
            "PYTHONPATH": os.pathsep.join(filter(None, folders)),
        }
        self._reads_input = reads_input
        self._process = subprocess.Popen(
            command if core is None else ["taskset", "-c", str(core), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        self.ready = ""
        try:
            while not self.ready.strip().startswith(marker):
                self.ready = self.read()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def read(self) -> str:
        """Reads a line."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended by itself.")
        return line

    def ask(self, line: str) -> str:
        """Writes a line and reads one."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self.read()

    def drain(self) -> None:
        """Reads and forgets whatever it still writes, so that it never waits for a reader."""
        threading.Thread(target=lambda: list(self._process.stdout or ()), daemon=True).start()

    def close(self) -> None:
        """Ends it."""
        if not self._reads_input:
            self._process.kill()
        with contextlib.suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Lab:
    """Keeps what several rows use. Use as a context manager; not thread-safe."""

    def __init__(self, budget: Budget) -> None:
        """Keeps how long to measure, for what measures by itself."""
        self.budget = budget
        cores = sorted(os.sched_getaffinity(0))
        self.first_core, self.last_core = cores[0], cores[-1]
        self.cores = len(cores)

    def __enter__(self) -> Lab:
        self._stack = contextlib.ExitStack()
        self.folder = pathlib.Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @functools.cache
    def compiled(self, name: str) -> str:
        """Compiles one of the C programs of pingpong/."""
        compiler = shutil.which("cc")
        if compiler is None:
            raise RuntimeError("A C compiler (cc) is needed for what the figures are held against.")
        program, source = self.folder / name, BENCHMARKS / "pingpong" / f"{name}.c"
        subprocess.run([compiler, "-O2", "-pthread", "-o", str(program), str(source)], check=True)
        return str(program)

    def start_server(
        self, stack: contextlib.ExitStack, core: int | None = None, unix: bool = False
    ) -> Process:
        """Starts one that ends with the stack."""
        socket = f"unix:{self.folder}/server-{core}.sock"
        where = ["--listen", socket] if unix else ["--port", "0"]
        options = ["--exit-with-stdin", "--import", "suite.environments"]
        command = ["dotnet", str(built(SERVER)), "serve", *where, *options]
        process = stack.enter_context(Process(command, "address", core))
        process.drain()
        return process

    def address(self, core: int | None = None, unix: bool = False) -> str:
        """Starts the server once, on one core or any; returns its TCP address or Unix socket."""
        return self._server(core, unix).ready.split()[-1]

    @functools.cache
    def _server(self, core: int | None, unix: bool) -> Process:
        return self.start_server(self._stack, core, unix)

    @functools.cache
    def benchmark_server(self) -> Process:
        """Starts the server of benchmark environments in C#, which says what it has allocated."""
        command = ["dotnet", str(built(BENCHMARK_SERVER)), "suite.environments"]
        return self._start(command, "address", None)

    @functools.cache
    def gym_service(self, core: int | None = None) -> int:
        """Starts the pickle server once; returns its port."""
        command = [sys.executable, "-m", "suite.pickle_service"]
        process = self._start(command, "ready", core)
        return int(process.ready.split()[-1])

    def echo(
        self,
        stack: contextlib.ExitStack,
        reply_bytes: int,
        core: int | None = None,
        unix: bool = False,
    ) -> str:
        """Starts the C server; returns where `load` finds it."""
        where = str(self.folder / f"echo{reply_bytes}-{core}.sock") if unix else "0"
        command = [self.compiled("server"), where, str(reply_bytes)]
        process = stack.enter_context(Process(command, "ready", core, reads_input=False))
        return process.ready.split()[-1]

    def load(
        self,
        stack: contextlib.ExitStack,
        address: str,
        script: tuple[pathlib.Path, int],
        core: int | None = None,
        connections: int = 1,
    ) -> Callable[[float], Sample]:
        """Starts the C client with a script; returns what runs it."""
        where = address.removeprefix("unix:")
        if not where.startswith("/"):
            where = where.rpartition(":")[2]
        path, once = script
        threads = min(connections, self.cores)
        counts = [str(count) for count in (once, connections, threads)]
        command = [self.compiled("client"), where, str(path), *counts]
        process = stack.enter_context(Process(command, "ready", core))

        def run(seconds: float) -> Sample:
            return Sample(*(float(word) for word in process.ask(str(seconds)).split()))

        return run

    def _start(self, command: Sequence[str], marker: str, core: int | None) -> Process:
        return self._stack.enter_context(Process(command, marker, core))


def on_core(core: int, run: Callable[[float], Sample]) -> Callable[[float], Sample]:
    """Binds this process to a core while a side of its own runs."""

    def run_bound(seconds: float) -> Sample:
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {core})
        try:
            return run(seconds)
        finally:
            os.sched_setaffinity(0, before)

    return run_bound


def built(program: pathlib.Path) -> pathlib.Path:
    """Returns a program of this repository's, or says how to build it."""
    if not program.exists():
        raise RuntimeError(f"{program} is missing; run: dotnet build -c Release SocketGym.sln")
    return program
