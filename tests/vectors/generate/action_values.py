"""Values of every kind that an environment may be given as an action."""

from __future__ import annotations

from typing import Any

import numpy as np


def action_values() -> list[Any]:
    """Python's and NumPy's numbers, arrays, texts and containers."""
    values: list[Any] = [
        0,
        1,
        2,
        -1,
        True,
        False,
        2**63 - 1,
        2**63,
        2**64,
        -(2**70),
        0.0,
        1.0,
        "1",
        b"1",
        None,
        [1],
        (1,),
        {},
        1j,
    ]
    for code in (
        "?",
        "b",
        "B",
        "h",
        "H",
        "i",
        "I",
        "l",
        "L",
        "q",
        "Q",
        "e",
        "f",
        "d",
        "F",
        "m8[ns]",
        "M8[ns]",
    ):
        values += [np.array(number).astype(code)[()] for number in (0, 1, 2)]
        values += [np.array(1).astype(code), np.array([1]).astype(code)]
    for code in (">i2", ">i4", ">i8", ">u2", ">u4", ">u8"):
        values += [np.array(number, dtype=code) for number in (0, 1, 256)]
    values += [
        np.int8(-1),
        np.int64(-1),
        np.array([[1]]),
        np.array([0, 1]),
        np.array(1, dtype=object),
        np.str_("1"),
        np.array("1"),
    ]
    return values
