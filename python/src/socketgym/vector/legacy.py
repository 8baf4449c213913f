"""Infos as Gymnasium 0.29 gave them, for learners that were written for it."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from socketgym.vector.shards import Infos

__all__ = ["LegacyInfos"]


class LegacyInfos:
    """Builds the infos of Gymnasium 0.29's vectors, whose environments record their episodes.

    An environment is reset in the step that ends its episode. Its last observation and info are
    `infos["final_observation"][i]` and `infos["final_info"][i]`, in object arrays with None for the
    others, and bools in `infos["_final_observation"]` and `infos["_final_info"]`. Each final info has
    `episode`, as that version's `RecordEpisodeStatistics` made it: a dict with the return `r`
    (float32), the length `l` (int32) and the seconds `t` (float64), arrays of shape (1,). Every other
    key's value is an array of the value's type where that is a number or a bool, else an object
    array, with the bools in `_key`.
    """

    def __init__(self, num_envs: int) -> None:
        """Starts with no episode.

        Args:
            num_envs: How many environments there are.
        """
        self._num_envs = num_envs
        self._returns = np.zeros(num_envs, np.float32)
        self._lengths = np.zeros(num_envs, np.int32)
        self._starts = np.full(num_envs, time.perf_counter())

    def start(self, mask: Any) -> None:
        """Takes note of a reset.

        Args:
            mask: Which environments were reset; None for all.
        """
        which = slice(None) if mask is None else mask
        self._returns[which] = 0
        self._lengths[which] = 0
        self._starts[which] = time.perf_counter()

    def step(self, infos: Infos, rewards: Any, over: Any, start: int, stop: int) -> dict[str, Any]:
        """Takes note of a step of neighbouring environments.

        Args:
            infos: Their infos, in Gymnasium's mode `SAME_STEP`, numbered from 0.
            rewards: Their rewards.
            over: Whose episodes are over.
            start: The first environment.
            stop: The one after the last.

        Returns:
            The infos.
        """
        self._returns[start:stop] += rewards.astype(np.float32)
        self._lengths[start:stop] += 1
        if not infos:
            return {}
        ends = dict.fromkeys(np.flatnonzero(over).tolist())
        merged: dict[int, dict[Any, Any]] = {}
        finals: dict[int, dict[str, Any]] = {}
        for index, info in infos:
            if index in ends and index not in finals:
                final = dict(info["final_info"])
                final.setdefault("episode", self._episode(start + index))
                finals[index] = {"final_observation": info["final_obs"], "final_info": final}
                merged[index] = {}
            else:
                merged[index] = info
        return self.batched(
            [(index, {**info, **finals.get(index, {})}) for index, info in merged.items()],
            stop - start,
        )

    def batched(self, infos: Infos, count: int | None = None) -> dict[str, Any]:
        """Batches infos as Gymnasium 0.29 did.

        Args:
            infos: Environments and their infos.
            count: How many environments there are; all unless given.

        Returns:
            The infos.
        """
        count = self._num_envs if count is None else count
        batched: dict[str, Any] = {}
        for index, info in infos:
            for key, value in info.items():
                if key not in batched:
                    kind = type(value)
                    is_number = kind in (int, float, bool) or issubclass(kind, np.number)
                    batched[key] = (
                        np.zeros(count, kind) if is_number else np.full(count, None, object)
                    )
                    batched[f"_{key}"] = np.zeros(count, bool)
                batched[key][index] = value
                batched[f"_{key}"][index] = True
        return batched

    def _episode(self, index: int) -> dict[str, Any]:
        now = time.perf_counter()
        episode = {
            "r": self._returns[index : index + 1].copy(),
            "l": self._lengths[index : index + 1].copy(),
            "t": np.round(now - self._starts[index : index + 1], 6),
        }
        self.start(slice(index, index + 1))
        return episode
