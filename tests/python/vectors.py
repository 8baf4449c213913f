"""The shared test vectors (tests/vectors/README.md) as Python values."""

from __future__ import annotations

import collections
import json
import pathlib
import struct
from typing import Any

import numpy as np
from gymnasium.spaces import GraphInstance

from socketgym import Opaque

_FOLDER = pathlib.Path(__file__).resolve().parents[1] / "vectors"


def load(name: str) -> list[dict[str, Any]]:
    """The cases of a file."""
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))


def case_bytes(case: dict[str, Any]) -> bytes:
    """The bytes of a case, from `hex` or `parts`."""
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    return b"".join(bytes.fromhex(piece) * count for piece, count in case["parts"])


def build(value: dict[str, Any]) -> Any:
    """The Python value that a neutral description stands for."""
    return _BUILDERS[value["kind"]](value)


def _double(bits: str) -> float:
    return struct.unpack(">d", bytes.fromhex(bits))[0]


def _items(value: dict[str, Any]) -> list[Any]:
    return [build(item) for item in value["items"]]


def _entries(value: dict[str, Any]) -> list[tuple[Any, Any]]:
    return [(build(key), build(item)) for key, item in value["entries"]]


def _str(value: dict[str, Any]) -> str:
    return value["value"] if "value" in value else "".join(map(chr, value["code_points"]))


def _dtype(description: Any) -> np.dtype[Any]:
    if isinstance(description, str):
        return np.dtype(description)
    names, formats, offsets, size = [], [], [], 0
    for name, base, *shape in description:
        kind = np.dtype((_dtype(base), tuple(shape[0]))) if shape else _dtype(base)
        if name:
            names.append(name)
            formats.append(kind)
            offsets.append(size)
        size += kind.itemsize
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})


def _array(value: dict[str, Any]) -> np.ndarray[Any, Any]:
    data = bytearray.fromhex(value["hex"])
    return np.ndarray(tuple(value["shape"]), _dtype(value["dtype"]), data)


def _scalar(value: dict[str, Any]) -> Any:
    dtype, data = _dtype(value["dtype"]), bytes.fromhex(value["hex"])
    if dtype.kind == "S":
        return np.bytes_(data)
    if dtype.kind == "U":
        return np.str_(data.decode("utf-32-be" if dtype.byteorder == ">" else "utf-32-le"))
    if dtype.kind == "V" and dtype.names is None:
        return np.void(data)
    return np.ndarray((), dtype, bytearray(data))[()]


def _object_array(value: dict[str, Any]) -> np.ndarray[Any, Any]:
    array = np.empty(value["shape"], object)
    flat = array.reshape(-1)
    for index, item in enumerate(_items(value)):
        flat[index] = item
    return array


_BUILDERS = {
    "none": lambda value: None,
    "bool": lambda value: value["value"],
    "int": lambda value: int(value["value"]),
    "float": lambda value: _double(value["bits"]),
    "complex": lambda value: complex(_double(value["real"]), _double(value["imag"])),
    "str": _str,
    "bytes": lambda value: bytes.fromhex(value["hex"]),
    "bytearray": lambda value: bytearray.fromhex(value["hex"]),
    "list": _items,
    "tuple": lambda value: tuple(_items(value)),
    "set": lambda value: set(_items(value)),
    "frozenset": lambda value: frozenset(_items(value)),
    "dict": lambda value: dict(_entries(value)),
    "ordered_dict": lambda value: collections.OrderedDict(_entries(value)),
    "array": _array,
    "scalar": _scalar,
    "object_array": _object_array,
    "graph": lambda value: GraphInstance(
        *(build(value[part]) for part in ("nodes", "edges", "edge_links"))
    ),
    "opaque": lambda value: Opaque(value["type"], value["repr"]),
}
