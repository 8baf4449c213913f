"""What a vector is given, checked before anything is sent."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode

from socketgym.errors import InvalidArgument
from socketgym.quoting import quoted

__all__ = ["check_count", "mask_of", "mode_of", "seeds_of"]


def check_count(name: str, count: Any, most: int | None = None) -> int:
    """Checks how many of something there are to be.

    Args:
        name: The argument's name.
        count: What should be an int of at least 1, Python's or NumPy's.
        most: The most that there may be, or None.

    Returns:
        Python's int.

    Raises:
        InvalidArgument: It is none, or out of range.
    """
    is_int = isinstance(count, (int, np.integer)) and not isinstance(count, bool)
    if not is_int or count < 1 or (most is not None and count > most):
        limits = "at least 1" if most is None else f"from 1 to {most}"
        raise InvalidArgument(f"{name} is {count!r}; it must be an int, {limits}.")
    return int(count)


def mode_of(mode: str | AutoresetMode | None, legacy_infos: bool) -> AutoresetMode:
    """The mode of resetting that a caller means.

    Args:
        mode: A mode or its value; None for the default.
        legacy_infos: Whether infos are those of Gymnasium 0.29.

    Raises:
        InvalidArgument: There is no such mode, or that version had another.
    """
    if mode is None:
        return AutoresetMode.SAME_STEP if legacy_infos else AutoresetMode.NEXT_STEP
    try:
        mode = AutoresetMode(mode)
    except ValueError:
        raise InvalidArgument(
            f"autoreset_mode is {quoted(mode)}; it must be an AutoresetMode or the value of one: "
            f"{', '.join(repr(each.value) for each in AutoresetMode)}."
        ) from None
    if legacy_infos and mode is not AutoresetMode.SAME_STEP:
        raise InvalidArgument(
            f"legacy_infos with autoreset_mode {mode.value!r}: Gymnasium 0.29 reset in the same "
            "step, so leave the mode out."
        )
    return mode


def seeds_of(seed: Any, num_envs: int) -> list[int | None] | None:
    """The seed of each environment.

    Args:
        seed: None; the first one's seed, from which the others' count on; or one for each.
        num_envs: How many environments there are.

    Raises:
        InvalidArgument: There is another number of seeds, or it is none of these.
    """
    if seed is None:
        return None
    if isinstance(seed, (int, np.integer)):
        return [int(seed) + index for index in range(num_envs)]
    try:
        seeds = list(seed)
    except TypeError:
        raise InvalidArgument(
            f"seed is {quoted(seed)}; it must be an int, None, or a list of one for each."
        ) from None
    if len(seeds) != num_envs:
        raise InvalidArgument(
            f"There are {len(seeds)} seeds for num_envs={num_envs} environments; give one or None "
            "for each, or an int from which they count on."
        )
    return seeds


def mask_of(mask: Any, num_envs: int) -> np.ndarray[Any, Any]:
    """Checks which environments are to be reset.

    Args:
        mask: What should be an array of bool.
        num_envs: How many environments there are.

    Raises:
        InvalidArgument: It is none, has another shape, or names no environment.
    """
    if isinstance(mask, np.ndarray) and mask.dtype == np.bool_:
        if mask.shape == (num_envs,) and mask.any():
            return mask
    raise InvalidArgument(
        f"options['reset_mask'] is {quoted(mask, 200)}; it must be an array of bool of shape "
        f"({num_envs},), at least one of them true."
    )
