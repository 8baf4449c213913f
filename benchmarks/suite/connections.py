"""Many connections at once, each stepping an environment of its own; the clients are one C program."""

from __future__ import annotations

import contextlib
import pathlib

from suite.lab import Lab
from suite.measurement import Row, Sample, Side, Target
from suite.single import cartpole_script, step_reply_bytes

__all__ = ["ROWS"]

FEW, MANY = 16, 1000
SERVER, FLOOR = "SocketGym, {} connections", "C server, {} connections"
PAGE_KB = 4


def _few(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    script = cartpole_script(lab)
    echo = lab.echo(stack, step_reply_bytes(lab))
    floor = FLOOR.format(FEW)
    ours = lab.load(stack, lab.address(), script, connections=FEW)
    return [
        Side(SERVER.format(FEW), ours, [Target("figure", 0.85, floor)]),
        Side(floor, lab.load(stack, echo, script, connections=FEW)),
    ]


def _many(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    script = cartpole_script(lab)
    echo = lab.echo(stack, step_reply_bytes(lab))
    few = lab.load(stack, lab.address(), script, connections=FEW)
    many = lab.load(stack, lab.address(), script, connections=MANY)
    return [
        Side(SERVER.format(MANY), many, [Target("figure", 0.7, SERVER.format(FEW))]),
        Side(SERVER.format(FEW), few),
        Side(FLOOR.format(MANY), lab.load(stack, echo, script, connections=MANY)),
    ]


def _memory(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    server = lab.start_server(stack)
    address = server.ready.split()[-1]
    script = cartpole_script(lab)
    with contextlib.ExitStack() as first:
        lab.load(first, address, script, connections=FEW)(1.0)
    before = _resident_kilobytes(server.pid)
    run = lab.load(stack, address, script, connections=MANY)

    def grown(seconds: float) -> Sample:
        run(seconds)
        return Sample((_resident_kilobytes(server.pid) - before) / MANY)

    return [Side(SERVER.format(MANY), grown, [Target("figure", 150, at_most=True)])]


def _resident_kilobytes(pid: int) -> int:
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_KB


ROWS = [
    Row(f"{FEW} connections at once, native CartPole-v1", _few),
    Row(f"{MANY:,} connections at once, native CartPole-v1", _many),
    Row(f"server memory, {MANY:,} sessions of native CartPole-v1", _memory, unit="KB a session"),
]
