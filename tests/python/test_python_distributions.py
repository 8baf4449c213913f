"""The distributions beside the client's own, built and installed by pip with nothing fetched."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DISTRIBUTIONS = {
    "gym-service": ("gym-service-socketgym", "gym_service"),
    "lerobot": ("lerobot_env_socketgym", "lerobot_env_socketgym"),
}


@pytest.mark.parametrize("folder", DISTRIBUTIONS)
def test_it_builds_and_installs(folder: str, tmp_path: pathlib.Path) -> None:
    for tool in ("pip", "setuptools", "wheel"):
        if importlib.util.find_spec(tool) is None:
            pytest.skip(f"this Python has no {tool}")
    name, package = DISTRIBUTIONS[folder]
    source, site = tmp_path / "source", tmp_path / "site"
    # A build leaves files beside its sources.
    shutil.copytree(
        ROOT / "python" / folder,
        source,
        ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"),
    )
    options = "--quiet --no-index --no-deps --no-build-isolation --disable-pip-version-check"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options.split(), "-t", str(site), str(source)],
        check=True,
        timeout=120,
    )
    (distribution,) = importlib.metadata.distributions(path=[str(site)])
    # LeRobot compares the name letter by letter.
    assert distribution.metadata["Name"] == name
    assert (site / package / "py.typed").is_file()
    paths = [site, ROOT / "python/src", ROOT / "tests/python/environments/lerobot_stand_in"]
    found = subprocess.run(
        [sys.executable, "-c", f"import {package}; print({package}.__file__)"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    assert pathlib.Path(found.stdout.strip()) == site / package / "__init__.py"
