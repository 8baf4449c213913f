"""Writes wrappers/wrappers.json: what Gymnasium's wrappers make of the calls, and of what environments return.

    NPY_DISABLE_CPU_FEATURES=AVX512_SKX python3 tests/vectors/generate/wrappers.py

A recorder inside each wrapper notes the calls that reach the environment and what it returned, so that a test can play the environment.
"""

from __future__ import annotations

import json
import pathlib
from typing import Any
from unittest import mock

import gymnasium
import numpy as np
from encoding import encode, encode_space
from gymnasium import wrappers
from gymnasium.wrappers import common

FILE = pathlib.Path(__file__).resolve().parents[1] / "wrappers/wrappers.json"


class Recorder(gymnasium.Wrapper):
    """Notes what reaches the environment and what it returns, before a wrapper changes it."""

    def __init__(self, env: gymnasium.Env) -> None:
        super().__init__(env)
        self.calls: list[dict[str, Any]] = []

    def reset(self, **kwargs: Any) -> Any:
        """Resets, and notes it."""
        result = self.env.reset(**kwargs)
        self.calls.append({"call": "reset", "result": [encode(part) for part in result]})
        return result

    def step(self, action: Any) -> Any:
        """Steps, and notes it."""
        encoded = encode(action)
        result = self.env.step(action)
        parts = [encode(part) for part in result]
        self.calls.append({"call": "step", "action": encoded, "result": parts})
        return result


class Clock:
    """Stands in for the time module: the n-th look finds 0.015625 * n * n seconds."""

    def __init__(self) -> None:
        self.looks = 0

    def perf_counter(self) -> float:
        """The time."""
        self.looks += 1
        return 0.015625 * self.looks * self.looks


class Rewards(gymnasium.Wrapper):
    """Returns these rewards in place of the environment's, and ends an episode with the last."""

    def __init__(self, env: gymnasium.Env, rewards: list[Any]) -> None:
        super().__init__(env)
        self.rewards = rewards
        self.steps = 0

    def reset(self, **kwargs: Any) -> Any:
        """Begins with the first reward."""
        self.steps = 0
        return self.env.reset(**kwargs)

    def step(self, action: Any) -> Any:
        """The next reward; the last one again once the episode is over."""
        observation, _, _, _, info = self.env.step(action)
        reward = self.rewards[min(self.steps, len(self.rewards) - 1)]
        self.steps += 1
        over = self.steps >= len(self.rewards)
        return observation, reward, np.bool_(over), False, {**info, "n": self.steps}


def run(wrapper: str, arguments: dict[str, Any], env: gymnasium.Env, actions: list[Any]) -> dict:
    """Plays a session: a reset, then a step for each action; where the action is "reset", a reset."""
    recorder = Recorder(env)
    wrapped = getattr(wrappers, wrapper)(recorder, **arguments)
    calls = []
    with mock.patch.object(common, "time", Clock()):
        for action in ["reset", *actions]:
            recorder.calls.clear()
            if isinstance(action, str):
                call = {"call": "reset"}
                result = wrapped.reset(seed=3)
            else:
                call = {"call": "step", "action": encode(action)}
                result = wrapped.step(action)
            call["result"] = [encode(part) for part in result]
            call["inner"] = list(recorder.calls)
            calls.append(call)
    return {
        "wrapper": wrapper,
        "arguments": encode(arguments),
        "inner_spaces": [encode_space(env.observation_space), encode_space(env.action_space)],
        "spaces": [encode_space(wrapped.observation_space), encode_space(wrapped.action_space)],
        "calls": calls,
    }


def box_actions(limit: float) -> list[Any]:
    """Actions within and out of bounds, of every real dtype and as lists."""
    numbers = [0.0, -0.0, limit, -limit, 0.3 * limit, -0.7 * limit, 3 * limit, -1e9, np.inf, np.nan]
    actions: list[Any] = [
        np.array([number], dtype) for dtype in ("f4", "f8", "f2") for number in numbers
    ]
    actions += [
        np.array([number], dtype) for dtype in ("i1", "i2", "i4", "i8") for number in (0, 1, -3)
    ]
    actions += [
        np.array([2], "u1"),
        np.array([True]),
        np.array([0.5], ">f4"),
        [0.25],
        [2],
        (np.float32(0.1),),
    ]
    return actions


def two_bounds() -> gymnasium.Env:
    """An environment whose action space is bounded differently for each element."""
    env = gymnasium.make("CartPole-v1").unwrapped
    env.action_space = gymnasium.spaces.Box(
        np.array([-1.5, 0.1], np.float32), np.array([0.7, 12.3], np.float32)
    )
    env.step = lambda action: (np.zeros(4, np.float32), 0.0, False, False, {})
    return env


def main() -> None:
    """Writes the file."""
    rng = np.random.default_rng(7)
    pairs = [rng.uniform(-2, 2, 2).astype(dtype) for dtype in ("f4", "f8") for _ in range(20)]
    rewards = [1.0, 2, np.float64(0.25), np.float32(-3.1), np.int64(7), -0.5, 0.1]
    plain = [1.0, -2.5, 0.1, 3]
    left = [0, 1] * 12
    sessions = [
        run("ClipAction", {}, gymnasium.make("Pendulum-v1").unwrapped, box_actions(2.0)),
        run("ClipAction", {}, two_bounds(), pairs),
        *(
            run("RescaleAction", {"min_action": low, "max_action": high}, env, actions)
            for low, high in ((-1.0, 1.0), (-0.3, 0.9), (0.0, 255.0))
            for env, actions in (
                (gymnasium.make("Pendulum-v1").unwrapped, box_actions(1.0)),
                (two_bounds(), pairs),
            )
        ),
        run(
            "RescaleObservation",
            {"min_obs": -1.0, "max_obs": 1.0},
            gymnasium.make("MountainCar-v0").unwrapped,
            left,
        ),
        run(
            "RescaleObservation",
            {"min_obs": 0.0, "max_obs": 0.3},
            gymnasium.make("Pendulum-v1").unwrapped,
            [np.array([0.5], "f4")] * 9,
        ),
        *(
            run(
                "ClipReward",
                bounds,
                Rewards(gymnasium.make("CartPole-v1").unwrapped, rewards),
                left[:7],
            )
            for bounds in (
                {"min_reward": -1.0, "max_reward": 1.0},
                {"min_reward": 0.2},
                {"max_reward": 0.2},
            )
        ),
        *(
            run(
                "RecordEpisodeStatistics",
                arguments,
                Rewards(gymnasium.make("CartPole-v1").unwrapped, given),
                [*left[: len(given)], "reset", *left[: len(given) + 2]],
            )
            for arguments in ({}, {"buffer_length": 1, "stats_key": "stats"})
            for given in (rewards, plain)
        ),
        run(
            "Autoreset",
            {},
            gymnasium.make("CartPole-v1").unwrapped,
            [1] * 24 + ["reset"] + [0] * 12,
        ),
        run("Autoreset", {}, Rewards(gymnasium.make("CartPole-v1").unwrapped, plain), left),
        run(
            "TimeLimit",
            {"max_episode_steps": 4},
            gymnasium.make("CartPole-v1").unwrapped,
            left[:5] + ["reset"] + left[:5],
        ),
        *(
            run(
                "FrameStackObservation",
                {"stack_size": size},
                gymnasium.make("CartPole-v1").unwrapped,
                left[:6] + ["reset"] + left[:3],
            )
            for size in (1, 3)
        ),
    ]
    FILE.parent.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(session, separators=(",", ":")) for session in sessions)
    FILE.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
