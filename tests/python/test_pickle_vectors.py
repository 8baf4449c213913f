"""What SocketGym pickles, the real pickle and NumPy load: same types, dtypes, shapes and bytes."""

from __future__ import annotations

import importlib
import io
import json
import pathlib
import pickle
import pickletools
import sys
import warnings
from typing import Any

import pytest

VECTORS = pathlib.Path(__file__).resolve().parents[1] / "vectors"

# The generator's description of a value is the one that the files hold.
sys.path.append(str(VECTORS / "generate"))
GENERATOR = importlib.import_module("pickle_vectors")


def cases(name: str) -> list[Any]:
    """Returns the cases of one file as pytest parameters."""
    content = json.loads((VECTORS / "pickle" / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in content["cases"]]


@pytest.mark.parametrize("case", cases("written"))
def test_what_is_written_loads_without_loss_and_without_a_warning(case: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = pickle.loads(bytes.fromhex(case["hex"]))
    assert GENERATOR.describe(value) == case["value"]


@pytest.mark.parametrize("case", cases("written"))
def test_what_is_written_is_protocol_4_and_names_numpy_core(case: dict[str, Any]) -> None:
    data = bytes.fromhex(case["hex"])
    assert data[:2] == b"\x80\x04"
    pickletools.dis(data, out=io.StringIO())
    assert b"numpy._core" not in data


def test_arrays_that_were_written_can_be_written_to() -> None:
    case = next(
        param.values[0] for param in cases("written") if param.values[0]["name"] == "array <f4"
    )
    array = pickle.loads(bytes.fromhex(case["hex"]))
    array[0] = 5
    assert array[0] == 5 and array.flags.c_contiguous and array.flags.aligned


@pytest.mark.parametrize("case", cases("replies"))
def test_replies_load_as_the_dialect_has_them(case: dict[str, Any]) -> None:
    assert GENERATOR.describe(pickle.loads(bytes.fromhex(case["hex"]))) == case["value"]


def test_dtypes_pickle_again_as_numpy_pickles_them() -> None:
    """Alignment and flags are no part of a dtype's equality, so a wrong one would show only here."""
    originals = {**GENERATOR.array_values(), **GENERATOR.scalar_values()}
    # What the protocol leaves out: padding for alignment's sake, the order of names, titles.
    without_loss = [
        name
        for name in originals
        if name
        not in (
            "array aligned",
            "array fields out of order",
            "array titles",
            "arrays share a dtype",
        )
    ]
    written = {param.values[0]["name"]: param.values[0]["hex"] for param in cases("written")}
    for name in without_loss:
        value = pickle.loads(bytes.fromhex(written[name]))
        assert value.dtype.__reduce__() == originals[name].dtype.__reduce__(), name


def test_the_files_are_of_the_generator() -> None:
    """The values of the files are still those of the generator, so that none is lost by regenerating."""
    names = [
        *GENERATOR.plain_values(),
        *GENERATOR.array_values(),
        *GENERATOR.scalar_values(),
        *GENERATOR.message_values(),
    ]
    for file in ("numpy1", "numpy2", "written"):
        assert [param.values[0]["name"] for param in cases(file)] == names
    assert [param.values[0]["name"] for param in cases("refused")] == list(GENERATOR.refused())
