"""Values of every kind that the spaces are asked about."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import gymnasium.spaces as gs
import numpy as np

INTEGER_TYPES = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
REAL_TYPES = [*INTEGER_TYPES, "float16", "float32", "float64", "bool"]


def number_probes() -> Iterator[Any]:
    """Python's and NumPy's scalars and what is none."""
    yield from [
        None,
        True,
        False,
        -1,
        0,
        1,
        2,
        3,
        5,
        127,
        128,
        255,
        256,
        -128,
        -129,
        2**31,
        2**53 + 1,
    ]
    yield from [2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**400]
    yield from [
        0.0,
        -0.0,
        0.5,
        1.0,
        -1.0,
        1.7,
        -0.7,
        300.0,
        1e10,
        1e300,
        float("nan"),
        float("inf"),
        float("-inf"),
        1 + 0j,
    ]
    yield from [
        "",
        "a",
        "b",
        "ab",
        "abc",
        "aab",
        "a\u00e9",
        "\U0001f600",
        "\ud800",
        "hello",
        b"",
        b"a",
        bytearray(b"\0\1"),
    ]
    for dtype in REAL_TYPES:
        yield np.dtype(dtype).type(1)
        yield np.array(1, dtype=dtype)
    yield from [
        np.int8(-3),
        np.int64(7),
        np.uint64(2**64 - 1),
        np.float32(0.5),
        np.float64("nan"),
        np.float64(1.5),
        np.bool_(False),
    ]
    yield from [np.str_("ab"), np.bytes_(b"ab"), np.datetime64(5, "s"), np.complex64(1)]


def array_probes() -> Iterator[Any]:
    """Arrays, lists and tuples of several shapes and dtypes."""
    for dtype in REAL_TYPES:
        yield np.array([0, 1], dtype=dtype)
    for dtype in [">i4", ">f4", ">f8", ">u2", "complex128", "S1", "U1", "M8[s]"]:
        yield np.array([0, 1], dtype="i4").astype(dtype)
    yield from [
        np.zeros(3),
        np.ones((2, 2), dtype=np.float32),
        np.zeros((1,), np.int64),
        np.zeros((0,), np.float32),
        np.zeros((2, 0), np.int8),
    ]
    yield from [
        np.array([0.5, 0.5], np.float32),
        np.array([np.nan, 0]),
        np.array([2, 1]),
        np.array([-1, 1]),
        np.array([[0, 1], [1, 2]]),
    ]
    yield from [
        np.array([0, 1], dtype=object),
        np.array([0, None], dtype=object),
        np.array([True, 1.0], dtype=object),
    ]
    yield np.array([(1, 2)], dtype=[("x", "i4"), ("y", "i4")])["x"]
    items = [
        [],
        [0],
        [0, 1],
        [1, 0],
        [0.5, 0.5],
        [0, 0.5],
        [1, 2],
        [3, 3],
        [True, False],
        [0, 1, 1],
        [[0, 1], [1, 0]],
        [[0], [1, 2]],
    ]
    items += [
        [None, 1],
        ["a", "b"],
        [np.int8(1), np.int8(0)],
        [np.float32(1), 0],
        [np.array([0, 1]), [1, 0]],
        [np.array(0), 1],
        [2**63, 1],
    ]
    items += [
        [-1, 300],
        [1e300, 0],
        [[], []],
        [b"a"],
        [{}, 1],
        [np.array([0, 1], dtype=object), [1, 1]],
    ]
    yield from items
    yield from [tuple(item) for item in items]


def container_probes() -> Iterator[Any]:
    """Dictionaries, sets, graphs, and pairs as OneOf has them."""
    yield from [
        {},
        {"a": 0},
        {"a": 0, "b": 1},
        {"b": 1, "a": 0},
        OrderedDict(b=1, a=0),
        {"a": np.array([0, 1])},
        {0: 1},
        {"a": [0, 1], "b": [1, 1]},
    ]
    yield from [
        {0, 1},
        frozenset({0}),
        (0, (0, 1)),
        ({"a": 0, "b": 1},),
        [(0, 1), (1, 0)],
        ((0, 1), (1, 1)),
    ]
    yield from [
        (0, 1),
        (1, 0),
        (np.int64(1), np.int64(0)),
        (np.int32(0), 0),
        (True, 1),
        (5, 0),
        (-1, 0),
        [0, 1],
        (0, 1, 2),
        (np.array(0), 1),
    ]
    yield from [(1, np.zeros(2, np.float32)), (1, "a"), (1, [0, 0])]
    nodes, edges = np.zeros((3, 2), np.float32), np.array([0, 1])
    links = np.array([[0, 1], [2, 0]], np.int32)
    yield gs.GraphInstance(nodes, None, None)
    yield gs.GraphInstance(np.array([0, 1, 1]), edges, links)
    yield gs.GraphInstance(nodes, edges, links)
    yield gs.GraphInstance(nodes, edges, links.astype(np.uint8))
    yield gs.GraphInstance(nodes, edges, links.astype(np.float32))
    yield gs.GraphInstance(nodes, edges, links + 1)
    yield gs.GraphInstance(nodes, edges, -links)
    yield gs.GraphInstance(nodes, edges, links[:1])
    yield gs.GraphInstance(nodes, edges, None)
    yield gs.GraphInstance(nodes, nodes[:2], links)
    yield gs.GraphInstance([0, 1], None, None)
    yield gs.GraphInstance(np.zeros((0, 2), np.float32), None, None)
    yield gs.GraphInstance(np.array([0, 1], dtype=object), None, None)
    yield gs.GraphInstance(np.array(0), None, None)
    yield gs.GraphInstance(0, 1, 1)


PROBES = [*number_probes(), *array_probes(), *container_probes()]


def variants(value: Any, depth: int = 0) -> Iterator[Any]:
    """A sample, and values that resemble it."""
    yield value
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biuf":
        yield value.tolist()
        yield value.astype(np.float64)
        if value.dtype.itemsize > 1:
            yield value.astype(value.dtype.newbyteorder(">"))
        yield np.asarray(value)
        if value.dtype.kind in "iu":
            with np.errstate(over="ignore"):
                yield value + value.dtype.type(1)
        if value.size and value.ndim:
            yield value[:-1]
            yield tuple(value.tolist())
    elif isinstance(value, gs.GraphInstance):
        yield tuple(value)
        yield gs.GraphInstance(value.nodes, value.edges, None)
    elif isinstance(value, (tuple, list)):
        yield list(value)
        yield tuple(value[:-1])
        for index in range(len(value) if depth < 2 else 0):
            for part in list(variants(value[index], depth + 1))[1:4]:
                yield tuple(value[:index]) + (part,) + tuple(value[index + 1 :])
    elif isinstance(value, dict):
        yield OrderedDict(reversed(value.items()))
        yield dict(list(value.items())[:-1])
        for key in value if depth < 2 else []:
            for part in list(variants(value[key], depth + 1))[1:4]:
                yield {**value, key: part}
    elif isinstance(value, str):
        yield np.str_(value + "a")
        yield value + "a"
        yield value[:-1]
