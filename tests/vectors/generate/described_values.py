"""Python values as JSON, with the exact type, dtype and bytes, for the vectors of environments."""

from __future__ import annotations

from typing import Any

import numpy as np


def describe(value: Any) -> dict[str, Any]:
    """Describes a value: ``kind`` is its type, and the other entries are its content.

    Args:
        value: One of the types that travel between an environment and its caller.

    Returns:
        A dictionary that JSON can hold; floats and NumPy data are hexadecimal digits of their bytes.
    """
    if isinstance(value, np.ndarray) and value.dtype == object:
        return {
            "kind": "object_array",
            "shape": list(value.shape),
            "items": [describe(item) for item in value.ravel()],
        }
    if isinstance(value, np.ndarray):
        return {
            "kind": "array",
            "dtype": value.dtype.str,
            "shape": list(value.shape),
            "bytes": value.tobytes().hex(),
        }
    if isinstance(value, np.generic):
        return {"kind": "scalar", "dtype": value.dtype.str, "bytes": value.tobytes().hex()}
    if value is None:
        return {"kind": "none"}
    if isinstance(value, (bool, str)):
        return {"kind": type(value).__name__, "value": value}
    if isinstance(value, int):
        return {"kind": "int", "value": str(value)}
    if isinstance(value, float):
        return {"kind": "float", "bytes": np.float64(value).tobytes().hex()}
    if isinstance(value, complex):
        return {"kind": "complex", "bytes": np.complex128(value).tobytes().hex()}
    if isinstance(value, (bytes, bytearray)):
        return {"kind": type(value).__name__, "bytes": value.hex()}
    if isinstance(value, (list, tuple)):
        return {"kind": type(value).__name__, "items": [describe(item) for item in value]}
    if isinstance(value, dict):
        return {
            "kind": "dict",
            "entries": [[describe(key), describe(item)] for key, item in value.items()],
        }
    raise TypeError(f"{value!r} ({type(value)}) has no description")


def exception_name(error: BaseException) -> str:
    """The qualified name of an exception's type, such as ``ValueError`` or ``gymnasium.error.Error``."""
    kind = type(error)
    return (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )
