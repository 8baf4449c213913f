"""Writes tests/vectors/environments/vectors.json: what Gymnasium 1.3.0's SyncVectorEnv makes of its own environments, in all three modes.

Run with the Python of .venv. Infos are as the environments gave them, in the order in which they are added.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

# NumPy before 1.25 has sines of its own on AVX-512 machines; the reference is the C library's.
os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "AVX512_SKX")

import gymnasium
import numpy as np
from described_values import describe
from gymnasium.vector import AutoresetMode, SyncVectorEnv

FILE = Path(__file__).resolve().parent.parent / "environments" / "vectors.json"
COUNT = 3
STEPS = 14
CASES: list[tuple[str, dict[str, Any]]] = [
    ("CartPole-v1", {"max_episode_steps": 5}),
    ("FrozenLake-v1", {}),
    ("Blackjack-v1", {}),
    ("Taxi-v4", {"max_episode_steps": 4}),
    ("MountainCarContinuous-v0", {"max_episode_steps": 5}),
]


class RecordingVectorEnv(SyncVectorEnv):
    """A vector that keeps each environment's info as it came."""

    def _add_info(
        self, vector_infos: dict[str, Any], env_info: dict[str, Any], env_num: int
    ) -> dict[str, Any]:
        if env_info:
            vector_infos.setdefault("all", []).append([env_num, describe(env_info)])
        return vector_infos


def transcript(env_id: str, kwargs: dict[str, Any], mode: AutoresetMode) -> dict[str, Any]:
    """One vector from its making to its end."""
    vector = RecordingVectorEnv(
        [lambda: gymnasium.make(env_id, **kwargs) for _ in range(COUNT)], autoreset_mode=mode
    )
    vector.action_space.seed(5)
    observations, infos = vector.reset(seed=11)
    steps = []
    result: dict[str, Any] = {
        "id": env_id,
        "kwargs": describe(kwargs),
        "mode": mode.name.replace("_", "").lower(),
        "count": COUNT,
        "observation_space": repr(vector.observation_space),
        "action_space": repr(vector.action_space),
        "reset": {"observations": describe(observations), "infos": infos.get("all", [])},
        "steps": steps,
    }
    for _ in range(STEPS):
        actions = vector.action_space.sample()
        observations, rewards, terminations, truncations, infos = vector.step(actions)
        step: dict[str, Any] = {
            "actions": describe(actions),
            "observations": describe(observations),
            "rewards": describe(rewards),
            "terminations": describe(terminations),
            "truncations": describe(truncations),
            "infos": infos.get("all", []),
        }
        steps.append(step)
        over = np.logical_or(terminations, truncations)
        if mode == AutoresetMode.DISABLED and over.any():
            step["mask"] = describe(over)
            observations, infos = vector.reset(options={"reset_mask": over})
            step["reset"] = {"observations": describe(observations), "infos": infos.get("all", [])}
    vector.close()
    return result


def main() -> None:
    """Writes the file."""
    cases = [transcript(env_id, kwargs, mode) for env_id, kwargs in CASES for mode in AutoresetMode]
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    FILE.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
