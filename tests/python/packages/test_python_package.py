"""The Python package: built without a network, installed into a fresh virtual environment, used."""

from __future__ import annotations

import email
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from typing import Any

import pytest
from socketgym_server import serve

ROOT = pathlib.Path(__file__).resolve().parents[3]
MISSING = [
    name for name in ("pip", "setuptools", "wheel") if importlib.util.find_spec(name) is None
]

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"building needs {', '.join(MISSING)} in the tests' Python"
)

EPISODE = """
import socketgym, sys
from importlib.metadata import version
assert socketgym.__file__.startswith(sys.prefix), socketgym.__file__
env = socketgym.SocketGymClient("CartPole-v1", address=sys.argv[1])
env.reset(seed=7)
print(version("socketgym"), env.step(1)[0].shape)
env.close()
"""


def run(*command: str, **options: Any) -> str:
    """Runs a command that must succeed, away from this repository's sources; returns what it printed."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    finished = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env=environment, **options
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def pip(*arguments: str, python: pathlib.Path | None = None) -> None:
    """Runs pip so that it finds nothing but what is here."""
    target = ["--python", str(python)] if python else []
    run(
        sys.executable,
        "-m",
        "pip",
        *target,
        "--disable-pip-version-check",
        *arguments,
        "--no-index",
        "--no-build-isolation",
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A copy of the package's sources, since setuptools leaves its files beside them."""
    copy = tmp_path_factory.mktemp("source") / "python"
    shutil.copytree(
        ROOT / "python", copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
    )
    return copy


@pytest.fixture(scope="module")
def sdist(source: pathlib.Path) -> pathlib.Path:
    """The source distribution, built as any front end builds it."""
    folder = source.parent / "dist"
    build = f"from setuptools import build_meta; build_meta.build_sdist({str(folder)!r})"
    run(sys.executable, "-c", build, cwd=source)
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(sdist: pathlib.Path) -> pathlib.Path:
    """The wheel, built from the source distribution alone."""
    pip("wheel", "--no-deps", "--wheel-dir", str(sdist.parent), str(sdist))
    return next(sdist.parent.glob("*.whl"))


@pytest.fixture
def fresh(tmp_path: pathlib.Path) -> pathlib.Path:
    """The interpreter of a new virtual environment that has this one's packages, but not its client."""
    run(sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "fresh"))
    python = tmp_path / "fresh/bin/python3"
    site = pathlib.Path(
        run(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    )
    here = [
        sysconfig.get_path("purelib"),
        *(path for path in sys.path if path.endswith("-packages")),
    ]
    (site / "packages-of-the-tests.pth").write_text("\n".join(here))
    return python


def test_the_source_distribution_has_the_package_and_its_texts(sdist: pathlib.Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert {
        "README.md",
        "pyproject.toml",
        "src/socketgym/__init__.py",
        "src/socketgym/py.typed",
    } <= names
    assert not [name for name in names if name.startswith("worker")]


def test_the_wheel_is_pure_and_says_what_it_needs(wheel: pathlib.Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        info = next(name for name in names if name.endswith("/METADATA"))
        metadata = email.message_from_bytes(archive.read(info))
        license_file = next(name for name in names if name.endswith("/LICENSE"))
        assert archive.read(license_file) == (ROOT / "LICENSE").read_bytes()
    packaged = {name for name in names if ".dist-info/" not in name}
    sources = ROOT / "python/src"
    expected = {path.relative_to(sources).as_posix() for path in sources.rglob("*.py")}
    assert packaged == expected | {"socketgym/py.typed"}
    assert metadata["License"] == "MIT"
    assert metadata["Author"] == "SocketGym contributors"
    # Older versions of wheel put the version in brackets.
    needs = {
        need.translate({ord(character): None for character in " ()"})
        for need in metadata.get_all("Requires-Dist") or []
        if "extra ==" not in need
    }
    assert needs == {"gymnasium>=1.0", "msgpack>=1.0", "numpy>=1.21"}
    assert str(metadata.get_payload()).startswith("# socketgym")


def test_the_wheel_works_in_a_fresh_environment(wheel: pathlib.Path, fresh: pathlib.Path) -> None:
    pip("install", "--no-deps", str(wheel), python=fresh)
    with serve() as address:
        assert run(str(fresh), "-c", EPISODE, address, cwd=fresh.parent).endswith(" (4,)\n")


def test_the_folder_installs(source: pathlib.Path, fresh: pathlib.Path) -> None:
    # Its dependencies are not resolved: Debian's Gymnasium lacks one of its own.
    pip("install", "--no-deps", str(source), python=fresh)
    with serve() as address:
        assert run(str(fresh), "-c", EPISODE, address, cwd=fresh.parent).endswith(" (4,)\n")
