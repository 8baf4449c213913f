"""Comparison without any tolerance: type, dtype, shape and bytes, all the way down."""

from __future__ import annotations

import dataclasses
import struct
from typing import Any

import numpy as np


def assert_identical(actual: Any, expected: Any, where: str = "value") -> None:
    """Fails unless two values are of the same kinds with the same bits.

    Args:
        actual: The value under test.
        expected: What it has to be.
        where: The value's name in the failure's message.
    """
    assert type(actual) is type(expected), f"{where}: {type(actual)} is not {type(expected)}"
    if isinstance(expected, np.ndarray) and expected.dtype == object:
        assert actual.dtype == object and actual.shape == expected.shape, where
        for index, (left, right) in enumerate(zip(actual.flat, expected.flat)):
            assert_identical(left, right, f"{where}.flat[{index}]")
    elif isinstance(expected, (np.ndarray, np.generic)):
        assert actual.dtype == expected.dtype and actual.dtype.str == expected.dtype.str, where
        assert actual.shape == expected.shape, f"{where}: {actual.shape} is not {expected.shape}"
        assert _bits(actual) == _bits(expected), f"{where}: {actual!r} is not {expected!r}"
    elif isinstance(expected, float):
        assert struct.pack("<d", actual) == struct.pack("<d", expected), where
    elif isinstance(expected, complex):
        assert_identical((actual.real, actual.imag), (expected.real, expected.imag), where)
    elif isinstance(expected, dict):
        assert len(actual) == len(expected), where
        for left, right in zip(actual, expected):
            assert_identical(left, right, f"{where}'s key")
            assert_identical(actual[left], expected[right], f"{where}[{right!r}]")
    elif isinstance(expected, (list, tuple)):
        assert len(actual) == len(expected), where
        for index, (left, right) in enumerate(zip(actual, expected)):
            assert_identical(left, right, f"{where}[{index}]")
    elif dataclasses.is_dataclass(expected):
        assert dataclasses.asdict(actual) == dataclasses.asdict(expected), where
    else:
        assert actual == expected, f"{where}: {actual!r} is not {expected!r}"


def _bits(value: Any) -> bytes:
    if value.dtype == np.longdouble and np.finfo(np.longdouble).nmant == 63:
        # x87's numbers have 10 bytes; what NumPy leaves in the padding after them is no part of the value.
        return np.array(value).reshape(-1, 1).view(np.uint8)[:, :10].tobytes()
    return value.tobytes()
