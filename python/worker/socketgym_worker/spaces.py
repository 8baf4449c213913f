"""Gymnasium's ten spaces, and those of the old gym that they come from, as dicts (docs/protocol.md, section 5)."""

import numpy as np

from . import packages
from .faults import Refusal
from .text import type_name


def describe(space, guard, where):
    """Describes a space.

    Args:
        space: The space.
        guard: A :class:`~socketgym_worker.values.ValueGuard`, for the keys of a ``Dict``.
        where: What it is, for messages, such as ``observation_space``.

    Returns:
        A dict of values that travel.

    Raises:
        Refusal: ``UnsupportedSpace``: it, or one inside it, is of another class; a subclass may behave in any way, so it is refused too.
    """
    name = packages.space_name(type(space))
    if name not in _DESCRIBE:
        raise Refusal(
            "UnsupportedSpace",
            "%s is of type %s, which is none of Gymnasium's ten spaces; wrap the environment so that it uses those"
            % (where, type_name(type(space))),
        )
    result = {"type": name}
    result.update(_DESCRIBE[name](space, guard, where))
    return result


def _box(space, guard, where):
    return {
        "low": np.array(space.low, dtype=space.dtype, order="C"),
        "high": np.array(space.high, dtype=space.dtype, order="C"),
        "bounded_below": np.array(space.bounded_below, dtype=bool, order="C"),
        "bounded_above": np.array(space.bounded_above, dtype=bool, order="C"),
    }


def _discrete(space, guard, where):
    return {
        "n": int(space.n),
        "start": int(getattr(space, "start", 0)),
        "dtype": np.dtype(space.dtype).str,
    }


def _multi_discrete(space, guard, where):
    nvec = np.array(space.nvec, dtype=space.dtype, order="C")
    start = getattr(space, "start", None)
    return {
        "nvec": nvec,
        "start": np.zeros_like(nvec)
        if start is None
        else np.array(start, dtype=space.dtype, order="C"),
    }


def _multi_binary(space, guard, where):
    return {"n": space.n if type(space.n) is int else [int(dimension) for dimension in space.shape]}


def _text(space, guard, where):
    return {
        "min_length": int(space.min_length),
        "max_length": int(space.max_length),
        "charset": "".join(space.character_list),
    }


def _tuple(space, guard, where):
    return {
        "spaces": [
            describe(part, guard, "%s[%d]" % (where, index))
            for index, part in enumerate(space.spaces)
        ]
    }


def _dict(space, guard, where):
    entries = []
    for key, part in space.spaces.items():
        try:
            guard.strict(key, "the key")
        except Refusal as error:
            raise Refusal(
                "UnsupportedSpace", "%s has a key that cannot travel: %s" % (where, error)
            ) from None
        entries.append([key, describe(part, guard, "%s[%r]" % (where, key))])
    return {"spaces": entries}


def _sequence(space, guard, where):
    return {
        "space": describe(space.feature_space, guard, where + ".feature_space"),
        "stack": bool(getattr(space, "stack", False)),
    }


def _graph(space, guard, where):
    edges = space.edge_space
    return {
        "node_space": describe(space.node_space, guard, where + ".node_space"),
        "edge_space": None if edges is None else describe(edges, guard, where + ".edge_space"),
    }


_DESCRIBE = {
    "Box": _box,
    "Discrete": _discrete,
    "MultiDiscrete": _multi_discrete,
    "MultiBinary": _multi_binary,
    "Text": _text,
    "Tuple": _tuple,
    "OneOf": _tuple,
    "Dict": _dict,
    "Sequence": _sequence,
    "Graph": _graph,
}
