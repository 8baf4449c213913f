"""What a vector's sessions returned last, for a batch of all and for resets that leave some out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.vector.utils import create_empty_array

from socketgym.errors import MalformedMessage
from socketgym.quoting import quoted
from socketgym.vector.batching import cut, holds_arrays_only

__all__ = ["LastObservations", "keep_last"]


class LastObservations:
    """The last observations of one session.

    Arrays are kept in the session's part of one batch of all, and steps are received there. Elements
    of other spaces are kept as they came.

    Attributes:
        part: The session's part of the batch, or what came.
        places: The part's arrays in the order in which a step has them; None before the first one.
        is_known: Whether they are the session's last: not before its first reset, and not behind an
            error, which may have been received there.
    """

    def __init__(self, part: Any) -> None:
        """Knows nothing yet.

        Args:
            part: The session's part of the batch; None where the space has others than arrays.
        """
        self.part = part
        self.places: list[Any] | None = None
        self.is_known = False
        self._has_arrays = part is not None

    def put_reset(self, observations: Any) -> None:
        """Keeps what a reset returned.

        Args:
            observations: The session's batch.

        Raises:
            MalformedMessage: It is none of the session's space.
        """
        # Its order is not a step's for certain, so the places stay as they are.
        self._put(observations)
        self.is_known = True

    def put_step(self, observations: Any) -> None:
        """Keeps what a step returned; what was received in `places` is there already.

        Args:
            observations: The session's batch.

        Raises:
            MalformedMessage: It is none of the session's space.
        """
        if observations is not self.part:
            if self.places is None or not _lies_in(observations, iter(self.places)):
                self.places = self._put(observations)
        self.is_known = True

    def _put(self, observations: Any) -> list[Any] | None:
        if not self._has_arrays:
            self.part = observations
            return None
        try:
            return _fill(self.part, observations)
        except (TypeError, ValueError) as error:
            raise MalformedMessage(
                f"The server sent observations that are no batch of the vector's space: {error}"
            ) from None


def keep_last(
    space: spaces.Space[Any], bounds: Sequence[tuple[int, int]]
) -> tuple[Any, list[LastObservations]]:
    """Makes room for the last observations of all sessions.

    Args:
        space: The space of one observation.
        bounds: Each session's first environment, and the one after its last.

    Returns:
        The batch of all, None where the space has others than arrays; and a `LastObservations` for
        each session.
    """
    if not holds_arrays_only(space):
        return None, [LastObservations(None) for _ in bounds]
    batch = create_empty_array(space, bounds[-1][1])
    return batch, [LastObservations(cut(batch, start, stop)) for start, stop in bounds]


def _lies_in(batch: Any, places: Any) -> bool:
    if type(batch) is tuple:
        return all(_lies_in(item, places) for item in batch)
    if type(batch) is dict:
        return all(_lies_in(item, places) for item in batch.values())
    return batch is next(places, None)


def _fill(part: Any, batch: Any) -> list[Any]:
    """Copies a batch; returns the arrays that it went into, in the batch's order."""
    if type(part) is not type(batch):
        raise TypeError(f"{type(batch).__name__} in place of {type(part).__name__}")
    if type(part) is dict:
        if part.keys() != batch.keys():
            raise ValueError(f"its keys are {quoted(list(batch))}, not {quoted(list(part))}")
        return [place for key, item in batch.items() for place in _fill(part[key], item)]
    if type(part) is tuple:
        if len(part) != len(batch):
            raise ValueError(f"a tuple has {len(batch)} parts, not {len(part)}")
        return [place for own, item in zip(part, batch) for place in _fill(own, item)]
    if part.shape != batch.shape:
        raise ValueError(f"an array has the shape {batch.shape}, not {part.shape}")
    np.copyto(part, batch, casting="same_kind")
    return [part]
