"""examples/container, as far as it goes without a container engine.

Checked: the file's instructions, that what it copies is there and is all that the sources refer to, that its publish
command and its entry point work here, with its environment. Not checked: the images and what is installed in them.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

import pytest
from socketgym import SocketGymClient
from socketgym_server import serve

ROOT = pathlib.Path(__file__).resolve().parents[3]
CONTAINERFILE = ROOT / "examples/container/Containerfile"
INSTRUCTIONS = {
    "FROM",
    "WORKDIR",
    "COPY",
    "RUN",
    "ENV",
    "USER",
    "EXPOSE",
    "STOPSIGNAL",
    "ENTRYPOINT",
}


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    lines = CONTAINERFILE.read_text().replace("\\\n", " ").splitlines()
    parts = [line.split(" ", 1) for line in lines if line.strip() and not line.startswith("#")]
    return [(name, rest) for name, rest in parts]


def of(instructions: list[tuple[str, str]], name: str) -> list[str]:
    return [rest for instruction, rest in instructions if instruction == name]


def copied(instructions: list[tuple[str, str]]) -> list[str]:
    return [
        source
        for copy in of(instructions, "COPY")
        if not copy.startswith("--from")
        for source in copy.split()[:-1]
    ]


def test_the_instructions_are_known_and_in_order(instructions: list[tuple[str, str]]) -> None:
    assert {name for name, _ in instructions} == INSTRUCTIONS
    build, final = of(instructions, "FROM")
    assert re.fullmatch(r"mcr\.microsoft\.com/dotnet/sdk:10\.0 AS build", build)
    assert re.fullmatch(r"mcr\.microsoft\.com/dotnet/runtime:10\.0", final)
    assert "--from=build /app /app" in of(instructions, "COPY")
    assert of(instructions, "EXPOSE") == ["65432"]
    # Nothing runs as root in the image that is left.
    assert of(instructions, "USER")[-1] not in ("0", "root")
    names = [name for name, _ in instructions]
    assert names.index("USER") > max(index for index, name in enumerate(names) if name == "RUN")


def test_everything_that_is_copied_is_there(instructions: list[tuple[str, str]]) -> None:
    for source in copied(instructions):
        assert (ROOT / source).exists(), source


def test_nothing_outside_what_is_copied_is_needed_to_build(
    instructions: list[tuple[str, str]]
) -> None:
    inside = [ROOT / source for source in copied(instructions)]
    projects = [*ROOT.glob("src/*/*.csproj"), *ROOT.glob("src/*.props"), *ROOT.glob("*.props")]
    assert len(projects) > 8
    for project in projects:
        for reference in re.findall(r'"((?:\.\./)+[^"$*]+)', project.read_text()):
            target = (project.parent / reference).resolve()
            assert any(target == path or path in target.parents for path in inside), (
                project,
                reference,
            )


def test_publish_and_entry_point_work(
    instructions: list[tuple[str, str]], tmp_path: pathlib.Path
) -> None:
    app = str(tmp_path / "app")
    publish = next(run for run in of(instructions, "RUN") if run.startswith("dotnet publish"))
    # --no-build: the tests have built it already.
    command = [*shlex.split(publish.replace(" /app", f" {app}")), "--no-build"]
    # A build node left for the next build would keep the output open.
    alone = {**os.environ, "MSBUILDDISABLENODEREUSE": "1"}
    finished = subprocess.run(
        command, cwd=ROOT, env=alone, capture_output=True, text=True, timeout=300
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr

    entry_point = [
        word.replace("/app", app) for word in json.loads(of(instructions, "ENTRYPOINT")[0])
    ]
    environment = dict(word.split("=", 1) for word in of(instructions, "ENV")[0].split())
    assert environment["SOCKETGYM_PYTHON"].startswith("/opt/gymnasium/")
    environment["SOCKETGYM_PYTHON"] = sys.executable
    with serve(*entry_point, "--port", "0", folder=tmp_path, environment=environment) as address:
        assert address.startswith("tcp://0.0.0.0:")
        here = address.replace("0.0.0.0", "127.0.0.1")
        for env_id in ("native:CartPole-v1", "python:CartPole-v1"):
            env = SocketGymClient(env_id, address=here)
            env.reset(seed=1)
            assert env.render().shape == (400, 600, 3)
            env.close()
