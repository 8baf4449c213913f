"""Python values and Gymnasium spaces as JSON that keeps every type and every bit."""

from __future__ import annotations

import struct
from collections import OrderedDict
from typing import Any

import gymnasium.spaces as gs
import numpy as np


def encode(value: Any) -> Any:
    """A value as a list that begins with its type."""
    if value is None:
        return ["none"]
    if isinstance(value, (np.ndarray, np.generic)):
        return encode_numpy(value)
    if isinstance(value, gs.GraphInstance):
        return ["graph", [encode(part) for part in value]]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", struct.pack("<d", value).hex()]
    if isinstance(value, complex):
        return ["complex", struct.pack("<dd", value.real, value.imag).hex()]
    if isinstance(value, str):
        return ["str", value]
    if isinstance(value, (bytes, bytearray)):
        return [type(value).__name__, value.hex()]
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, [encode(item) for item in value]]
    if isinstance(value, (set, frozenset)):
        return [type(value).__name__, [encode(item) for item in sorted(value)]]
    if isinstance(value, dict):
        name = "OrderedDict" if isinstance(value, OrderedDict) else "dict"
        return [name, [[encode(key), encode(item)] for key, item in value.items()]]
    raise TypeError(f"{type(value)} has no encoding.")


def encode_numpy(value: np.ndarray | np.generic) -> Any:
    """An array or a scalar with its dtype and bytes in C order."""
    if value.dtype == object:
        return ["objects", list(value.shape), [encode(item) for item in value.ravel().tolist()]]
    content = np.ascontiguousarray(value).tobytes().hex()
    if isinstance(value, np.ndarray):
        return ["array", value.dtype.str, list(value.shape), content]
    return ["scalar", value.dtype.str, content]


def flags(values: Any) -> str:
    """Booleans as ones and zeros."""
    return "".join("1" if value else "0" for value in np.asarray(values).ravel())


def encode_space(space: gs.Space | None) -> Any:
    """A space as a list that begins with its type; None stays None."""
    match space:
        case None:
            return None
        case gs.Box():
            return [
                "Box",
                encode(space.low),
                encode(space.high),
                flags(space.bounded_below),
                flags(space.bounded_above),
            ]
        case gs.Discrete():
            return ["Discrete", str(space.n), str(space.start), space.dtype.str]
        case gs.MultiBinary():
            return ["MultiBinary", list(space.n) if isinstance(space.n, tuple) else space.n]
        case gs.MultiDiscrete():
            return ["MultiDiscrete", encode(space.nvec), encode(space.start)]
        case gs.Text():
            return ["Text", space.max_length, space.min_length, "".join(space.character_list)]
        case gs.Tuple() | gs.OneOf():
            return [type(space).__name__, [encode_space(part) for part in space.spaces]]
        case gs.Dict():
            return [
                "Dict",
                [[encode(key), encode_space(part)] for key, part in space.spaces.items()],
            ]
        case gs.Sequence():
            return ["Sequence", encode_space(space.feature_space), space.stack]
        case gs.Graph():
            return ["Graph", encode_space(space.node_space), encode_space(space.edge_space)]
    raise TypeError(f"{type(space)} has no encoding.")
