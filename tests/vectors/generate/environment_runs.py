"""Writes tests/vectors/environments/runs.json: digests of long runs of Gymnasium 1.3.0's environments.

Run with the Python of .venv. A run is 200 seeds, each with a reset and 20 steps, and then 100,000 steps with a reset without a seed after every episode. The
actions are drawn by ``numpy.random.default_rng(2026)``: integers, or for a Box an array of shape (1,) uniform over one and a half times the space.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from pathlib import Path
from typing import Any

# NumPy before 1.25 has sines of its own on AVX-512 machines; the reference is the C library's.
os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "AVX512_SKX")

import gymnasium
import numpy as np
from described_values import describe

FILE = Path(__file__).resolve().parent.parent / "environments" / "runs.json"
SEEDS = 200
STEPS_A_SEED = 20
STEPS = 100_000

MAPS = [["SFFF", "FHFH", "FFFH", "HFFG"], ["SS", "FG"], ["FFS", "HAG"], ["SFHG", "FFFF", "GHFS"]]
RUNS: list[tuple[str, dict[str, Any]]] = [
    ("Blackjack-v1", {}),
    ("Blackjack-v1", {"sab": False}),
    ("Blackjack-v1", {"sab": False, "natural": True}),
    ("CliffWalking-v1", {}),
    ("CliffWalking-v1", {"max_episode_steps": 90}),
    ("CliffWalkingSlippery-v1", {"max_episode_steps": 200}),
    ("FrozenLake-v1", {}),
    ("FrozenLake-v1", {"is_slippery": False}),
    ("FrozenLake-v1", {"success_rate": 0.7, "reward_schedule": (10, -1.5, -1)}),
    ("FrozenLake8x8-v1", {}),
    ("FrozenLake8x8-v1", {"max_episode_steps": -1, "success_rate": 1}),
    *[("FrozenLake-v1", {"desc": rows}) for rows in MAPS],
    ("Taxi-v4", {}),
    ("Taxi-v4", {"is_rainy": True}),
    ("Taxi-v4", {"is_rainy": True, "rainy_probability": 0.5, "fickle_passenger": True}),
    ("Taxi-v4", {"fickle_passenger": True, "fickle_probability": 1.0}),
    ("CartPole-v0", {"sutton_barto_reward": True}),
    ("CartPole-v1", {}),
    ("Acrobot-v1", {}),
    ("MountainCar-v0", {}),
    ("MountainCar-v0", {"goal_velocity": 0.02}),
    ("MountainCarContinuous-v0", {"max_episode_steps": 300}),
    ("MountainCarContinuous-v0", {"goal_velocity": 0.01}),
    ("Pendulum-v1", {}),
    ("Pendulum-v1", {"g": 9.81}),
]


def feed(digest: Any, value: Any) -> None:
    """Adds a value with its exact type to a digest."""
    if value is None:
        digest.update(b"N")
    elif type(value) is bool:
        digest.update(b"T" if value else b"F")
    elif type(value) is int:
        digest.update(b"i%d;" % value)
    elif type(value) is float:
        digest.update(b"d" + np.float64(value).tobytes())
    elif type(value) is str:
        digest.update(b"s%d;" % len(value.encode()) + value.encode())
    elif isinstance(value, np.ndarray):
        shape = ",".join(map(str, value.shape))
        digest.update(f"a{value.dtype.str};{shape};".encode() + value.tobytes())
    elif isinstance(value, np.generic):
        digest.update(f"g{value.dtype.str};".encode() + value.tobytes())
    elif type(value) in (tuple, list):
        digest.update((b"(" if type(value) is tuple else b"[") + b"%d;" % len(value))
        for item in value:
            feed(digest, item)
    elif type(value) is dict:
        digest.update(b"{%d;" % len(value))
        for key, item in value.items():
            feed(digest, key)
            feed(digest, item)
    else:
        raise TypeError(f"{value!r} ({type(value)}) has no digest")


def draw(picker: np.random.Generator, space: gymnasium.Space[Any]) -> Any:
    """Draws an action."""
    if isinstance(space, gymnasium.spaces.Discrete):
        return int(picker.integers(int(space.n)))
    bound = 1.5 * float(space.high[0])
    return np.array([picker.uniform(-bound, bound)]).astype(space.dtype)


def run(env_id: str, kwargs: dict[str, Any], steps: int) -> str:
    """The digest of one run."""
    env = gymnasium.make(env_id, **kwargs)
    picker = np.random.default_rng(2026)
    digest = hashlib.sha256()
    for seed in range(SEEDS):
        feed(digest, env.reset(seed=seed))
        for _ in range(STEPS_A_SEED):
            feed(digest, env.step(draw(picker, env.action_space)))
    for _ in range(steps):
        result = env.step(draw(picker, env.action_space))
        feed(digest, result)
        if result[2] or result[3]:
            feed(digest, env.reset())
    return digest.hexdigest()


def main() -> None:
    """Writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only ids that contain this; others are kept")
    only = parser.parse_args().only
    if gymnasium.__version__ != "1.3.0":
        raise SystemExit(
            f"The vectors are Gymnasium 1.3.0's; this Python has {gymnasium.__version__}."
        )
    gymnasium.logger.min_level = gymnasium.logger.ERROR
    kept = json.loads(FILE.read_text()) if only and FILE.exists() else []
    cases = []
    for env_id, kwargs in RUNS:
        case = {"id": env_id, "kwargs": describe(kwargs), "steps": STEPS}
        old = [entry for entry in kept if {key: entry[key] for key in case} == case]
        sha256 = old[0]["sha256"] if old and only not in env_id else run(env_id, kwargs, STEPS)
        cases.append(case | {"sha256": sha256})
    lines = ",\n".join(json.dumps(case) for case in cases)
    FILE.write_text(f"[\n{lines}\n]\n")
    print(f"runs: {len(cases)} runs of {SEEDS} seeds and {STEPS} steps")


if __name__ == "__main__":
    main()
