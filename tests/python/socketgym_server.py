"""A server for the length of a block, started by any command that starts one."""

from __future__ import annotations

import contextlib
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILT = ("dotnet", str(ROOT / "src/SocketGym.Server/bin/Release/net10.0/socketgym.dll"))


@contextlib.contextmanager
def serve(
    *command: str, folder: pathlib.Path | None = None, environment: dict[str, str] | None = None
) -> Iterator[str]:
    """Starts a server, yields its first address, and requires that it ends well when asked to.

    Args:
        command: The program and its arguments; by default this repository's, at a free port.
        folder: Where it runs.
        environment: Variables beyond this process's own.
    """
    with subprocess.Popen(
        command or (*BUILT, "serve", "--port", "0"),
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "SOCKETGYM_PYTHON": sys.executable, **(environment or {})},
    ) as server:
        assert server.stdout is not None
        for line in server.stdout:
            if line.strip().startswith("address"):
                break
        else:
            raise AssertionError("the server ended before it had an address")
        try:
            yield line.split()[-1]
        finally:
            server.terminate()
            server.communicate(timeout=60)
    assert server.returncode == 0
