"""What an interpreter says of being embedded."""

import os
import platform
import sys
import sysconfig

from worker_process import SOURCES

sys.path.insert(0, str(SOURCES))
from socketgym_worker import library  # noqa: E402


def test_this_interpreter_can_be_embedded():
    assert os.path.isfile(library.find())
    assert library.problem() is None


def test_a_free_threaded_build_is_refused_by_name(monkeypatch):
    variables = {"Py_GIL_DISABLED": 1}
    monkeypatch.setattr(sysconfig, "get_config_var", variables.get)
    assert "free-threaded" in library.problem()


def test_another_implementation_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(platform, "python_implementation", lambda: "PyPy")
    assert "PyPy" in library.problem()


def test_a_missing_library_is_told_with_its_package(monkeypatch):
    monkeypatch.setattr(os.path, "isfile", lambda path: False)
    assert library.find() is None
    assert "package libpython%d.%d" % sys.version_info[:2] in library.problem()
