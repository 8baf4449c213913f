"""examples/systemd: the unit as systemd reads it, and its command and configuration as they run.

Checked: `systemd-analyze verify` where there is one, what the unit says, and that its ExecStart serves both of the
configuration's addresses and ends well on its signal. Not checked: the sandbox, which takes a machine run by systemd.
"""

from __future__ import annotations

import configparser
import pathlib
import shlex
import shutil
import subprocess
import sys

import pytest
from socketgym import SocketGymClient
from socketgym_server import BUILT, serve

ROOT = pathlib.Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples/systemd"
UNIT = EXAMPLE / "socketgym.service"


@pytest.fixture(scope="module")
def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read(UNIT)
    return parser


def test_systemd_finds_no_fault(tmp_path: pathlib.Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze here (Debian: apt-get install systemd)")
    # It asks that the program be there, so one that is takes its place.
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text().replace("/opt/socketgym/socketgym", "/bin/true"))
    finished = subprocess.run(
        [analyze, "verify", str(copy)], capture_output=True, text=True, timeout=60
    )
    faults = [line for line in finished.stderr.splitlines() if "socketgym" in line]
    assert not faults and finished.returncode == 0, finished.stderr


def test_what_matters_is_said(unit: configparser.ConfigParser) -> None:
    service = unit["Service"]
    assert unit["Install"]["WantedBy"] == "multi-user.target"
    # Its own drain takes up to 21 seconds (ServerLimits); workers are the server's to end.
    assert service["KillMode"] == "mixed" and int(service["TimeoutStopSec"]) > 21
    assert service["Restart"] == "on-failure"
    assert service["DynamicUser"] == "yes" and "MemoryDenyWriteExecute" not in service
    assert f"/run/{service['RuntimeDirectory']}/" in (EXAMPLE / "socketgym.json").read_text()


def test_its_command_serves_its_configuration(
    unit: configparser.ConfigParser, tmp_path: pathlib.Path
) -> None:
    program, verb, option, path = shlex.split(unit["Service"]["ExecStart"])
    assert (program, verb, option) == ("/opt/socketgym/socketgym", "serve", "--config")
    assert path == "/etc/socketgym.json"
    configuration = tmp_path / "socketgym.json"
    text = (EXAMPLE / "socketgym.json").read_text()
    text = text.replace(":65432", ":0").replace("/run/socketgym", str(tmp_path))
    configuration.write_text(text.replace('"python3"', f'"{sys.executable}"'))
    environment = dict(word.split("=", 1) for word in unit["Service"]["Environment"].split())
    with serve(*BUILT, verb, option, str(configuration), environment=environment) as address:
        for where in (address, f"unix:{tmp_path}/gym.sock"):
            env = SocketGymClient("python:CartPole-v1", address=where)
            env.reset(seed=1)
            assert env.render().shape == (400, 600, 3)
            env.close()
