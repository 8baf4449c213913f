"""A live server, started as a user would start it."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
SERVER = ROOT / "src/SocketGym.Server/bin/Release/net10.0/socketgym.dll"
TEST_ENVIRONMENTS = ROOT / "tests/python/environments"


class ServerProcess:
    """One `socketgym serve`; its address is read off what it prints."""

    def __init__(
        self,
        *arguments: str,
        python: str = sys.executable,
        python_path: str = str(TEST_ENVIRONMENTS),
        module: str | None = "socketgym_test_envs",
    ) -> None:
        environment = {**os.environ, "SOCKETGYM_PYTHON": python, "PYTHONPATH": python_path}
        command = ["dotnet", str(SERVER), "serve", *arguments]
        if module is not None:
            command += ["--import", module]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            # A shell starts background jobs with Ctrl-C ignored, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.banner: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.banner.append(line)
            if line.startswith("Ctrl-C"):
                break
        else:
            raise RuntimeError("the server ended before it was ready:\n" + "".join(self.banner))
        self.addresses = [
            line.split()[-1] for line in self.banner if line.strip().startswith("address")
        ]

    @property
    def address(self) -> str:
        """Where it listens."""
        return self.addresses[0]

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)

    def wait(self) -> tuple[int, str]:
        """Waits for the end; returns the exit status and what was printed after the banner."""
        output, _ = self.process.communicate(timeout=60)
        return self.process.returncode, output

    def stop(self) -> None:
        """Ends it in any case."""
        if self.process.poll() is None:
            self.process.terminate()
            self.wait()
