"""Batches divided among servers, and put together from what they return."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces

from socketgym.errors import InvalidAction
from socketgym.quoting import quoted

__all__ = ["copied", "cut", "divide", "holds_arrays_only", "join"]

Bounds = Sequence[tuple[int, int]]


def holds_arrays_only(space: spaces.Space[Any]) -> bool:
    """Whether a batch of a space's elements is an array, or tuples and dicts of arrays.

    Args:
        space: The space of one element.
    """
    if isinstance(space, (spaces.Tuple, spaces.Dict)):
        return all(holds_arrays_only(part) for part in _parts(space))
    return _is_array(space)


def join(space: spaces.Space[Any], batches: Sequence[Any]) -> Any:
    """Puts batches together, as Gymnasium's `concatenate` does elements.

    Args:
        space: The space of one element.
        batches: Batches, in their order.

    Returns:
        A new batch that shares nothing with them.
    """
    if isinstance(space, spaces.Tuple):
        return tuple(
            join(part, [batch[index] for batch in batches])
            for index, part in enumerate(space.spaces)
        )
    if isinstance(space, spaces.Dict):
        return {
            key: join(part, [batch[key] for batch in batches]) for key, part in space.spaces.items()
        }
    if _is_array(space):
        return np.concatenate(batches)
    return tuple(copy.deepcopy(item) for batch in batches for item in batch)


def cut(batch: Any, start: int, stop: int) -> Any:
    """A part of a batch of arrays.

    Args:
        batch: An array, or tuples and dicts of arrays.
        start: The first element.
        stop: The one after the last.

    Returns:
        Views of the batch.
    """
    if type(batch) is tuple:
        return tuple(cut(item, start, stop) for item in batch)
    if type(batch) is dict:
        return {key: cut(item, start, stop) for key, item in batch.items()}
    return batch[start:stop]


def copied(batch: Any) -> Any:
    """A copy of a batch of arrays.

    Args:
        batch: An array, or tuples and dicts of arrays.

    Returns:
        A batch that shares nothing with it.
    """
    if type(batch) is tuple:
        return tuple(copied(item) for item in batch)
    if type(batch) is dict:
        return {key: copied(item) for key, item in batch.items()}
    return batch.copy()


def divide(space: spaces.Space[Any], actions: Any, bounds: Bounds) -> list[Any]:
    """Divides a batch of actions, as Gymnasium's `iterate` does into single ones.

    Args:
        space: The space of one action.
        actions: The batch.
        bounds: First and last index of each part, the last excluded; they cover the batch.

    Returns:
        A batch for each part: of an array views, of anything else lists.

    Raises:
        InvalidAction: It cannot be divided, or has another number of elements.
    """
    try:
        return _divide(space, actions, bounds)
    except (TypeError, KeyError, IndexError, ValueError) as error:
        raise InvalidAction(
            f"The actions are {quoted(actions, 200)} ({type(actions).__name__}), which is no batch "
            f"of {bounds[-1][1]} of {space}: {error}"
        ) from error


def _divide(space: spaces.Space[Any], actions: Any, bounds: Bounds) -> list[Any]:
    if isinstance(space, spaces.Tuple) and space.spaces:
        parts = [_divide(part, actions[i], bounds) for i, part in enumerate(space.spaces)]
        return [tuple(items) for items in zip(*parts)]
    if isinstance(space, spaces.Dict) and space.spaces:
        entries = {key: _divide(part, actions[key], bounds) for key, part in space.spaces.items()}
        return [
            {key: items[index] for key, items in entries.items()} for index in range(len(bounds))
        ]
    if type(actions) not in (np.ndarray, list, tuple):
        actions = list(actions)
    if len(actions) != bounds[-1][1]:
        raise ValueError(f"it has {len(actions)} elements")
    return [actions[start:stop] for start, stop in bounds]


def _is_array(space: spaces.Space[Any]) -> bool:
    return isinstance(
        space, (spaces.Box, spaces.Discrete, spaces.MultiDiscrete, spaces.MultiBinary)
    )


def _parts(space: spaces.Tuple | spaces.Dict) -> Sequence[spaces.Space[Any]]:
    return list(space.spaces.values()) if isinstance(space, spaces.Dict) else space.spaces
