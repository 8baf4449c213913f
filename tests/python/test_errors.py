"""The exception classes."""

from __future__ import annotations

import pathlib
import pickle
import re

import gymnasium.error
import pytest

from socketgym import errors
from socketgym.errors import ERRORS, SocketGymError, error_for

PROTOCOL = pathlib.Path(__file__).resolve().parents[2] / "docs" / "protocol.md"


def documented() -> dict[str, bool]:
    """Code to whether the connection is over, from the table of section 6."""
    section = PROTOCOL.read_text(encoding="utf-8").split("## 6. Errors")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([\w, ]+) \|$", section, re.MULTILINE)
    return {code: connection != "lives" for code, connection in rows}


def test_the_classes_are_those_of_the_document() -> None:
    assert {code: cls.ends_connection for code, cls in ERRORS.items()} == documented()
    assert len(ERRORS) > 25
    for code, cls in ERRORS.items():
        assert cls.code == cls.__name__ == code
        assert getattr(errors, code) is cls and code in errors.__all__
        assert issubclass(cls, SocketGymError) and cls.__doc__


@pytest.mark.parametrize("code", ERRORS)
def test_they_can_be_pickled_and_made_of_their_text(code: str) -> None:
    error = error_for(code, "It broke.", "pkg.Odd", "Traceback:\n  boom\n")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error) and vars(copy) == vars(error)
    assert (
        str(copy)
        == str(error)
        == "It broke.\n\nThe environment's own traceback:\nTraceback:\n  boom"
    )
    again = type(error)(str(error))
    assert str(again) == again.message == str(error) and again.remote_type is None
    # As AsyncVectorEnv raises a worker's exception again.
    again = type(error)(error)
    assert vars(again) == vars(error) and str(again) == str(error)
    assert vars(pickle.loads(pickle.dumps(again))) == vars(error)
    assert str(type(error)(ValueError("odd"))) == "odd"


@pytest.mark.parametrize(
    ("code", "caught_as"),
    [
        ("ResetNeeded", gymnasium.error.ResetNeeded),
        ("ResetNeeded", AssertionError),
        ("InvalidAction", gymnasium.error.InvalidAction),
        ("InvalidAction", AssertionError),
        ("UnknownEnvironment", gymnasium.error.UnregisteredEnv),
        ("UnsupportedRenderMode", gymnasium.error.UnsupportedMode),
        ("ClosedEnvironment", gymnasium.error.ClosedEnvironmentError),
        ("ConnectionFailed", ConnectionError),
        ("ConnectionLost", ConnectionError),
        ("TruncatedFrame", ConnectionError),
        ("RequestTimeout", TimeoutError),
        ("EnvironmentTimeout", TimeoutError),
        ("UnsupportedValue", TypeError),
        ("InvalidArgument", ValueError),
        ("InvalidArgument", AssertionError),
        ("EnvironmentFault", RuntimeError),
        ("UnknownAttribute", AttributeError),
    ],
)
def test_local_code_catches_them(code: str, caught_as: type[Exception]) -> None:
    with pytest.raises(caught_as):
        raise error_for(code, "It broke.")
    with pytest.raises(gymnasium.error.Error):
        raise error_for(code, "It broke.")


def test_an_unknown_code_is_an_internal_error() -> None:
    error = error_for("TooModern", "It broke.")
    assert type(error) is errors.InternalError and str(error) == "TooModern: It broke."
