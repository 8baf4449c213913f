"""Writes native_random_maps.json, and the frames that native environments draw anew (native_pendulum_frames.json, native_toy_text_frames.json).

Run with the Python of .venv, as native_environments.py.
"""

from __future__ import annotations

import gymnasium
import numpy as np
from described_values import describe
from gymnasium.envs.toy_text.frozen_lake import generate_random_map
from native_environments import Case, write
from rendering import packed


def random_maps() -> list[Case]:
    """Maps of FrozenLake that ``generate_random_map`` draws."""
    cases = [(8, 0.8), (4, 0.8), (2, 0.5), (5, 0.35), (12, 0.6), (3, 1.0), (3, 1.5)]
    return [
        {"size": size, "p": p, "seed": seed, "rows": generate_random_map(size, p, seed)}
        for size, p in cases
        for seed in (0, 1, 2, 2**40)
    ]


def pendulum_frames() -> list[Case]:
    """Pendulum's frames, with and without the arrow, in full."""
    env = gymnasium.make("Pendulum-v1", render_mode="rgb_array").unwrapped
    env.reset(seed=0)
    cases = []
    for angle, torque in [
        (0.0, None),
        (2.5, None),
        (0.3, 2.0),
        (-1.2, -2.0),
        (4.0, 0.7),
        (-9.0, -1.1),
    ]:
        env.state = np.array([angle, 0.0])
        env.last_u = None if torque is None else np.float64(torque)
        frame = packed(env.render())
        cases.append({"angle": describe(angle), "torque": describe(torque), "frame": frame})
    return cases


def toy_text_frames() -> list[Case]:
    """Frames of the toy texts as the mean colours of squares of 10 x 10 pixels: their pictures are drawn anew."""
    cases = []
    for env_id, states in [
        ("FrozenLake-v1", [0, 6, 5]),
        ("CliffWalking-v1", [36, 25, 11]),
        ("Taxi-v4", [86, 257, 416]),
    ]:
        env = gymnasium.make(env_id, render_mode="rgb_array")
        env.reset(seed=0)
        for state in states:
            env.unwrapped.s = state
            frame = env.render()
            height, width = frame.shape[0] // 10, frame.shape[1] // 10
            cut = frame[: 10 * height, : 10 * width].reshape(height, 10, width, 10, 3)
            squares = cut.mean((1, 3)).round().astype(np.uint8)
            case = {"id": env_id, "s": state, "shape": list(frame.shape)}
            cases.append(case | {"squares": packed(squares)})
    return cases


def main() -> None:
    """Writes every file."""
    gymnasium.logger.min_level = gymnasium.logger.ERROR
    write("random_maps", random_maps())
    write("pendulum_frames", pendulum_frames())
    write("toy_text_frames", toy_text_frames())


if __name__ == "__main__":
    main()
