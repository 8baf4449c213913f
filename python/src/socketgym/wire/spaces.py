"""Gymnasium's spaces from their description on the wire (docs/protocol.md, section 5)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from gymnasium import spaces

from socketgym.errors import MalformedMessage, SocketGymError, UnsupportedSpace
from socketgym.quoting import quoted
from socketgym.wire.dtypes import dtype_from_wire
from socketgym.wire.limits import Limits

__all__ = ["space_from_wire"]


def space_from_wire(description: Any) -> spaces.Space[Any]:
    """Makes the space that a server described.

    Args:
        description: A dict with `type` and the entries of that type.

    Returns:
        A space that equals the environment's own, and samples as it does when seeded alike.

    Raises:
        UnsupportedSpace: The type is none of Gymnasium's ten.
        MalformedMessage: An entry is missing or does not fit.
    """
    if type(description) is not dict or type(description.get("type")) is not str:
        raise MalformedMessage(f"{quoted(description)} does not describe a space.")
    make = _MAKERS.get(description["type"])
    if make is None:
        raise UnsupportedSpace(
            f"The server describes a space of type {quoted(description['type'])}, "
            "which is none of Gymnasium's."
        )
    try:
        return make(description)
    except SocketGymError:
        raise
    except Exception as error:  # Whatever Gymnasium's constructors make of entries that do not fit.
        raise MalformedMessage(
            f"The description of a {description['type']} space does not fit: {quoted(error, 200)}"
        ) from error


def _box(entry: dict[str, Any]) -> spaces.Box:
    low, high = entry["low"], entry["high"]
    box = spaces.Box(low, high, low.shape, low.dtype)
    for name in ("bounded_below", "bounded_above"):
        bounded = entry[name]
        if bounded.dtype != np.bool_ or bounded.shape != low.shape:
            raise MalformedMessage(f"A Box's {name} is not an array of bool of its shape.")
        # An integer box marks a side as unbounded by the dtype's extreme, so low and high do not
        # tell.
        setattr(box, name, bounded)
    return box


def _discrete(entry: dict[str, Any]) -> spaces.Discrete[Any]:
    n, start = int(entry["n"]), int(entry["start"])
    dtype: Any = dtype_from_wire(entry["dtype"])
    if dtype == np.int64:  # Gymnasium before 1.2 has no other.
        return spaces.Discrete(n, start=start)
    return spaces.Discrete(n, start=start, dtype=dtype)


def _multi_discrete(entry: dict[str, Any]) -> spaces.MultiDiscrete:
    return spaces.MultiDiscrete(entry["nvec"], dtype=entry["nvec"].dtype, start=entry["start"])


def _multi_binary(entry: dict[str, Any]) -> spaces.MultiBinary:
    n = entry["n"]
    # Its arrays are as large as the number says, which alone costs a few bytes; no element could
    # travel.
    if math.prod(n if type(n) is list else [n]) > Limits().max_frame_bytes:
        raise MalformedMessage(
            f"A MultiBinary has n={quoted(n)}; an element is longer than the longest message."
        )
    return spaces.MultiBinary(n)


def _text(entry: dict[str, Any]) -> spaces.Text:
    # As a str, because a set would number the characters in this process's own order.
    charset = entry["charset"]
    return spaces.Text(entry["max_length"], min_length=entry["min_length"], charset=charset)


def _dict(entry: dict[str, Any]) -> spaces.Dict:
    # As pairs, because a dict's keys would be sorted.
    return spaces.Dict([(key, space_from_wire(space)) for key, space in entry["spaces"]])


def _tuple(entry: dict[str, Any]) -> spaces.Tuple:
    return spaces.Tuple([space_from_wire(space) for space in entry["spaces"]])


def _one_of(entry: dict[str, Any]) -> spaces.OneOf:
    return spaces.OneOf([space_from_wire(space) for space in entry["spaces"]])


def _sequence(entry: dict[str, Any]) -> spaces.Sequence:
    return spaces.Sequence(space_from_wire(entry["space"]), stack=entry["stack"])


def _graph(entry: dict[str, Any]) -> spaces.Graph:
    edges = entry["edge_space"]
    # Graph itself refuses what is neither a Box nor a Discrete.
    node_space: Any = space_from_wire(entry["node_space"])
    edge_space: Any = None if edges is None else space_from_wire(edges)
    return spaces.Graph(node_space, edge_space)


_MAKERS: dict[str, Callable[[dict[str, Any]], spaces.Space[Any]]] = {
    "Box": _box,
    "Discrete": _discrete,
    "MultiDiscrete": _multi_discrete,
    "MultiBinary": _multi_binary,
    "Text": _text,
    "Tuple": _tuple,
    "OneOf": _one_of,
    "Dict": _dict,
    "Sequence": _sequence,
    "Graph": _graph,
}
