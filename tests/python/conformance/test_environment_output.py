"""What environments print, and why they fail to close, is in the server's log, within bounds."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable

from live_server import ServerProcess
from raw_clients import MessagePackConnection


def logged(server: ServerProcess, fault: str, when: str) -> list[str]:
    """What a server prints from its start to its end, with one session in between."""
    with MessagePackConnection(server.address) as connection:
        connection.call("make", "SocketGymTest/Fault-v0", {"fault": fault, "when": when})
        connection.call("reset", 0, None)
        connection.call("step", 0)
        connection.call("close")
    server.interrupt()
    status, output = server.wait()
    assert status == 0
    return output.splitlines()


def test_warnings_are_logged_with_environment_and_connection_and_bounded(
    start_server: Callable[..., ServerProcess],
) -> None:
    lines = logged(start_server("--port", "0"), "flood warnings", "step")
    shown = [line for line in lines if "SocketGymTest/Fault-v0 of connection 1: " in line]
    assert "the joint 0 is warm" in shown[0] and "SocketGym.Environment" in shown[0]
    # Far fewer than the 40,000 that were printed.
    assert 100 <= len(shown) < 20_000


def test_a_failure_to_close_is_a_warning_with_its_traceback(
    start_server: Callable[..., ServerProcess],
) -> None:
    text = "\n".join(logged(start_server("--port", "0"), "raise", "close"))
    assert "warn: SocketGym.Environment" in text
    assert "failed to close with EnvironmentFault: ValueError: the gripper is stuck" in text
    assert "faults.py" in text


def test_it_can_be_turned_off(
    start_server: Callable[..., ServerProcess], tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "socketgym.json"
    path.write_text(json.dumps({"python": {"log_output": False}}))
    server = start_server("--port", "0", "--config", str(path))
    lines = logged(server, "flood warnings", "step")
    assert not [line for line in lines if "SocketGym.Environment" in line]
