"""Values in the messages of errors, whatever they are."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from socketgym import errors
from socketgym.quoting import quoted
from socketgym.wire.messages import read_response
from socketgym.wire.writer import ValueWriter


class Broken:
    def __repr__(self) -> str:
        raise ValueError("no repr")


@pytest.mark.parametrize("value", [3, "text", [1, "a"], {"a": (1, 2.5)}, b"ab", None, {1}, 1.5])
def test_plain_values_are_their_repr(value: Any) -> None:
    assert quoted(value) == repr(value)


@pytest.mark.parametrize(
    "value",
    [10**5000, [10**5000], Broken(), [Broken()], {1: Broken()}],
    ids=["int", "int in a list", "object", "object in a list", "object in a dict"],
)
def test_a_repr_that_fails(value: Any) -> None:
    assert 3 < len(quoted(value)) <= 100
    with pytest.raises(errors.MalformedMessage, match="not a response"):
        read_response(value, 1)


def test_only_the_start_of_a_value_is_looked_at() -> None:
    for value in (
        [0] * 10**6,
        "x" * 10**7,
        bytes(10**7),
        {i: i for i in range(10**5)},
        np.ones(10**6),
    ):
        tracemalloc.start()
        try:
            assert len(quoted(value)) <= 100
            assert tracemalloc.get_traced_memory()[1] < 1_000_000
        finally:
            tracemalloc.stop()


def test_a_value_without_encoding_is_quoted() -> None:
    with pytest.raises(errors.UnsupportedValue, match="Broken"):
        ValueWriter().encode(Broken())
