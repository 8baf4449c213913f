"""Live servers for the conformance tests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import pytest
from live_server import TEST_ENVIRONMENTS, ServerProcess

sys.path.insert(0, str(TEST_ENVIRONMENTS))


@pytest.fixture(scope="session")
def server() -> Iterator[ServerProcess]:
    """One server for all tests that do not stop it."""
    process = ServerProcess("--port", "0")
    yield process
    process.stop()


@pytest.fixture(autouse=True)
def unmarked_classes() -> Iterator[None]:
    """Takes out what a local vector leaves in the metadata of its environments' class."""
    yield
    classes = [gymnasium.Env]
    for cls in classes:
        classes += cls.__subclasses__()
        metadata = vars(cls).get("metadata")
        if isinstance(metadata, dict):  # A wrapper's is a property.
            metadata.pop("autoreset_mode", None)


@pytest.fixture
def start_server() -> Iterator[Callable[..., ServerProcess]]:
    """Starts further servers, ended with the test."""
    started: list[ServerProcess] = []

    def start(*arguments: str, **options: Any) -> ServerProcess:
        started.append(ServerProcess(*arguments, **options))
        return started[-1]

    yield start
    for process in started:
        process.stop()
