"""Equality in type, dtype, shape and bytes: what "as though it were local" means."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium.spaces import GraphInstance


def assert_identical(remote: Any, local: Any, path: str = "value") -> None:
    """Fails unless both have the same type, dtype, shape, order and bytes, all the way down.

    NaN equals the same NaN and -0.0 differs from 0.0, which neither == nor Gymnasium's data_equivalence gives.
    """
    assert type(remote) is type(local), f"{path}: {type(remote)} is not {type(local)}"
    if isinstance(local, (np.ndarray, np.generic)):
        assert remote.dtype == local.dtype, f"{path}: dtype {remote.dtype} is not {local.dtype}"
        assert remote.shape == local.shape, f"{path}: shape {remote.shape} is not {local.shape}"
        if local.dtype.hasobject:
            for index, (left, right) in enumerate(zip(remote.ravel(), local.ravel())):
                assert_identical(left, right, f"{path}[{index}]")
        else:
            assert remote.tobytes() == local.tobytes(), f"{path}: {remote!r} is not {local!r}"
    elif isinstance(local, float):
        assert struct.pack("<d", remote) == struct.pack("<d", local), f"{path}: {remote!r} is not {local!r}"
    elif isinstance(local, complex):
        assert struct.pack("<dd", remote.real, remote.imag) == struct.pack("<dd", local.real, local.imag), path
    elif isinstance(local, Mapping):
        assert len(remote) == len(local), f"{path}: keys {list(remote)} are not {list(local)}"
        for left, right in zip(remote, local):
            assert_identical(left, right, f"{path} key")
            assert_identical(remote[left], local[right], f"{path}[{right!r}]")
    elif isinstance(local, (list, tuple, GraphInstance)):
        assert len(remote) == len(local), f"{path}: {len(remote)} items are not {len(local)}"
        for index, (left, right) in enumerate(zip(remote, local)):
            assert_identical(left, right, f"{path}[{index}]")
    else:
        assert remote == local, f"{path}: {remote!r} is not {local!r}"
