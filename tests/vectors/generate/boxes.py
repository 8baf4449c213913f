"""Boxes of every kind of bound and dtype, for the space vectors."""

from __future__ import annotations

from collections.abc import Iterator

import gymnasium.spaces as gs
import numpy as np
from probes import INTEGER_TYPES


def box_spaces() -> Iterator[gs.Space]:
    """Bounds of every kind and dtype."""
    inf = np.inf
    yield gs.Box(-1, 1, (2,))
    yield gs.Box(0, 1, ())
    yield gs.Box(-inf, inf, (3,))
    yield gs.Box(0.5, inf, (2,), np.float64)
    yield gs.Box(-inf, 0.1, (2,), np.float16)
    yield gs.Box(np.array([-inf, 0, -inf, -2.5]), np.array([inf, inf, 1, 3.75]), dtype=np.float64)
    yield gs.Box(
        np.array([[-inf, 0], [-inf, -2.5]], np.float32),
        np.array([[inf, inf], [1, 3.75]], np.float32),
    )
    yield gs.Box(0, 255, (2, 3, 2), np.uint8)
    yield gs.Box(0, 1, (5,), bool)
    yield gs.Box(0, 1, (), np.bool_)
    for dtype in INTEGER_TYPES:
        info = np.iinfo(dtype)
        yield gs.Box(
            int(info.min) if info.bits < 64 else 0, int(info.max) - (info.bits == 64), (4,), dtype
        )
        yield gs.Box(1, 5, (2,), dtype)
        if info.kind == "i":
            yield gs.Box(-inf, inf, (3,), dtype)
            yield gs.Box(-inf, 7, (2,), dtype)
            yield gs.Box(int(info.min), int(info.max) - 1, (3,), dtype)
    yield gs.Box(np.array([-(2**62), 2**62]), np.array([2**62, 2**62 + 5]), dtype=np.int64)
    yield gs.Box(np.array([1.5, 2]), np.array([1.5, 2]), dtype=np.float32)
    yield gs.Box(0, 1, (0,), np.float32)
    yield gs.Box(-1e308, 1.7e308, (2,), np.float64)
    yield gs.Box(-3e38, 3e38, (2,), np.float32)
    yield gs.Box(-1, 1, (2,), ">f4")
    yield gs.Box(0, 9, (2,), ">i2")
    yield from printed_boxes()


def printed_boxes() -> Iterator[gs.Space]:
    """Bounds whose text NumPy aligns, wraps, shortens or writes with exponents."""
    picker = np.random.default_rng(5)
    for dtype in ["float16", "float32", "float64"]:
        yield gs.Box(
            np.array([-4.8, -1e-5, 0.21887903], dtype),
            np.array([4.8, 60000, 1 / 3], dtype),
            dtype=dtype,
        )
        yield gs.Box(
            np.array([0.1, -2.25], dtype),
            np.array([1 / 512, 0.2], dtype) + np.array(1, dtype),
            dtype=dtype,
        )
    yield gs.Box(
        np.array([-3.4028235e38, -0.41887903], np.float32),
        np.array([3.4028235e38, 0.41887903], np.float32),
    )
    yield gs.Box(np.array([-np.inf, -1.5]), np.array([np.inf, 1e-12]), dtype=np.float64)
    yield gs.Box(np.array([-1.0, -5e-324]), np.array([1e100, 2e100]), dtype=np.float64)
    yield gs.Box(np.array([0.001953125, 0.1]), np.array([123456789.123, 0.2]), dtype=np.float64)
    yield gs.Box(-picker.random((3, 7)) * 10, picker.random((3, 7)), dtype=np.float64)
    yield gs.Box(
        picker.integers(-300, 0, (2, 2, 9)), picker.integers(0, 99999, (2, 2, 9)), dtype=np.int32
    )
    yield gs.Box(
        np.arange(1200).reshape(30, 40) * 0.5,
        np.arange(1200).reshape(30, 40) + 1.0,
        dtype=np.float32,
    )
    yield gs.Box(np.arange(-1500, 0), np.arange(1500), dtype=np.int16)
    yield gs.Box(
        np.zeros((2, 3), bool), np.array([[True, False, True], [True, True, False]]), dtype=bool
    )
    yield gs.Box(np.array([-0.1] * 20), np.array([1.0] * 19 + [12.5]), dtype=np.float64)
