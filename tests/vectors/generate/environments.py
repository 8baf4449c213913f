"""Writes tests/vectors/environments/cartpole_*.json: what Gymnasium 1.3.0's CartPole does, as exact bytes.

Run with the Python of .venv. ``--scale N`` makes N times as many random episodes, for a one-off comparison.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

# NumPy before 1.25 has sines of its own on AVX-512 machines; the reference is the C library's.
os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "AVX512_SKX")
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

import gymnasium
import numpy as np
from action_values import action_values
from described_values import describe, exception_name

FOLDER = Path(__file__).resolve().parent.parent / "environments"

Policy = Callable[[np.ndarray, int], int]
Call = dict[str, Any]


def lean(observation: np.ndarray, _: int) -> int:
    """Keeps the pole up for long: pushes to the side to which it leans and turns, in float32."""
    return int(observation[2] + observation[3] > 0)


class Recorder:
    """Drives an environment and keeps a transcript of calls and their exact results."""

    def __init__(self, env_id: str, **kwargs: Any) -> None:
        self._env = gymnasium.make(env_id, **kwargs)
        self._observation = np.zeros(4, dtype=np.float32)
        self.calls: list[Call] = []
        self.transcript = {"id": env_id, "kwargs": describe(kwargs), "calls": self.calls}

    def reset(self, seed: int | None = None, options: dict[Any, Any] | None = None) -> Recorder:
        """Resets, whether or not that is refused."""
        call: Call = {
            "call": "reset",
            "seed": None if seed is None else str(seed),
            "options": describe(options),
        }
        try:
            self._observation, info = self._env.reset(seed=seed, options=options)
            assert info == {}
            call["observation"] = describe(self._observation)
        except Exception as error:
            call |= {"error": exception_name(error), "code": "InvalidArgument"}
        self.calls.append(call)
        return self

    def step(self, action: Any) -> Recorder:
        """Takes one step and keeps its result in full."""
        call: Call = {"call": "step", "action": describe(action)}
        try:
            self._observation, reward, terminated, truncated, info = self._env.step(action)
            call["result"] = [
                describe(value)
                for value in (self._observation, reward, terminated, truncated, info)
            ]
        except Exception as error:
            # CartPole asserts both that the action is in its space and that it has a state.
            wants_reset = isinstance(error, gymnasium.error.ResetNeeded) or "Call reset" in str(
                error
            )
            call |= {
                "error": exception_name(error),
                "code": "ResetNeeded" if wants_reset else "InvalidAction",
            }
        self.calls.append(call)
        return self

    def steps(self, count: int, policy: Policy, until_done: bool = False) -> Recorder:
        """Takes several steps with plain actions and keeps their results packed."""
        results = []
        actions = ""
        for index in range(count):
            action = policy(self._observation, index)
            results.append(self._env.step(action))
            self._observation = results[-1][0]
            actions += str(action)
            if until_done and (results[-1][2] or results[-1][3]):
                break
        assert all(type(reward) is float for _, reward, *_ in results)
        self.calls.append(
            {
                "call": "steps",
                "actions": actions,
                "observations": np.concatenate([result[0] for result in results]).tobytes().hex(),
                "rewards": np.array([result[1] for result in results]).tobytes().hex(),
                "terminated": "".join(str(int(result[2])) for result in results),
                "truncated": "".join(str(int(result[3])) for result in results),
            }
        )
        return self

    def render(self) -> Recorder:
        """Renders and keeps the frame's digest."""
        call: Call = {"call": "render"}
        try:
            frame = self._env.render()
            call["sha256"] = None if frame is None else hashlib.sha256(frame.tobytes()).hexdigest()
        except gymnasium.error.ResetNeeded as error:
            call |= {"error": exception_name(error), "code": "ResetNeeded"}
        self.calls.append(call)
        return self


def random_policy(picker: np.random.Generator) -> Policy:
    """Pushes either way with equal probability."""
    return lambda _observation, _index: int(picker.integers(2))


def transcripts(scale: int) -> list[dict[str, Any]]:
    """Sessions that show every rule: order, limits, seeds, options, steps beyond the end of an episode."""
    picker = np.random.default_rng(2026)
    anyhow = random_policy(picker)
    recorders = []
    for seed in range(12 * scale):
        recorder = Recorder(["CartPole-v0", "CartPole-v1"][seed % 2])
        recorders.append(
            recorder.reset(seed).steps(600, anyhow, until_done=True).reset().steps(30, anyhow)
        )
    for flag in (False, True):
        recorders.append(
            Recorder("CartPole-v1", sutton_barto_reward=flag)
            .reset(5)
            .steps(60, anyhow)
            .reset()
            .steps(5, anyhow)
        )
    # From far out the cart comes back: terminal, then not, then terminal again.
    for flag in (False, True):
        recorder = Recorder("CartPole-v1", sutton_barto_reward=flag)
        recorders.append(
            recorder.reset(5, {"low": 2.39, "high": 2.41}).steps(
                80, lambda _o, index: index % 40 // 20
            )
        )
    recorders.append(
        Recorder("CartPole-v1", max_episode_steps=5)
        .reset(3)
        .steps(9, anyhow)
        .reset()
        .steps(6, anyhow)
    )
    recorders.append(
        Recorder("CartPole-v1", max_episode_steps=1, disable_env_checker=True)
        .reset(3)
        .steps(2, anyhow)
    )
    recorders.append(
        Recorder("CartPole-v0", max_episode_steps=None, disable_env_checker=False)
        .reset(3)
        .steps(9, anyhow)
    )
    recorders.append(Recorder("CartPole-v1", max_episode_steps=-1).reset(11).steps(40, anyhow))
    recorders.append(
        Recorder("CartPole-v1")
        .step(0)
        .render()
        .step("no action")
        .reset(0)
        .render()
        .step(1)
        .render()
    )
    recorders.append(
        Recorder("CartPole-v1", render_mode="rgb_array")
        .step(0)
        .render()
        .reset(0)
        .render()
        .step(1)
        .render()
        .reset()
        .render()
    )
    # A first reset that is refused counts as a reset for the order, but gives no state.
    refused = (
        Recorder("CartPole-v1", render_mode="rgb_array")
        .reset(1, {"low": "x"})
        .step(0)
        .step(7)
        .render()
        .reset()
    )
    recorders.append(
        refused.step(0).reset(-1).step(0).reset(9, {"low": 1, "high": 0}).step(1).reset()
    )
    for seed in (2**31, 2**32 + 1, 2**64 - 1, 2**200 + 17):
        recorders.append(Recorder("CartPole-v1").reset(seed).steps(10, anyhow))
    for bound in (1e20, 1e300):
        recorders.append(
            Recorder("CartPole-v1").reset(4, {"low": -bound, "high": bound}).steps(5, anyhow)
        )
    return [recorder.transcript for recorder in recorders]


def actions() -> list[dict[str, Any]]:
    """What ``step`` takes and refuses as an action: each from the same state."""
    env = gymnasium.make("CartPole-v1")
    cases = []
    for value in action_values():
        observation, _ = env.reset(seed=0)
        case: dict[str, Any] = {"action": describe(value)}
        try:
            observation, *_ = env.step(value)
            case["observation"] = describe(observation)
        except Exception as error:
            case["error"] = exception_name(error)
        cases.append(case)
    return cases


def options() -> list[dict[str, Any]]:
    """What ``reset`` makes of options, each with seed 1."""
    texts = [
        "-0.1",
        " -1e-1\n",
        "abc",
        "",
        "nan",
        "-inf",
        "1_0",
        "-1_0.5",
        "-1__0",
        "_1",
        "-.5",
        "-5.",
        ".",
        "0x1",
        "-1e1_0",
        "-1e_1",
    ]
    texts += ["-infinity", "Inf", "\u00a0-1\u2003", "-1 2"]
    numbers = [-0.1, 0, -1, 1, 0.05, True, np.nan, -np.inf, 10**400, -(10**400)]
    numbers += [
        -(10**20),
        -(2**63) - 1,
        -(2**1023) - 1,
        -(2**53) - 1,
        -(2**64) - 2**11 - 1,
    ]
    arrays = [np.array([-0.1]), np.array(-0.1), np.array([-0.1, 0]), np.array([])]
    arrays += [
        np.array([[-0.1]], dtype=">f4"),
        np.array(-1, dtype=object),
        np.array(-300, dtype=">i2"),
        np.array([-7], dtype="<i8"),
    ]
    scalars = [
        np.bool_(False),
        np.float16(-0.1),
        np.float32(-0.1),
        np.float64(-0.1),
        np.int8(-3),
        np.uint64(2**64 - 1),
    ]
    scalars += [np.dtype(code).type(0) for code in "bBhHiIlL"]
    bounds = [
        *texts,
        *numbers,
        *arrays,
        *scalars,
        None,
        b"-0.1",
        bytearray(b"-1"),
        b"x",
        [1],
        (),
        {},
        1j,
    ]
    cases: list[dict[Any, Any] | None] = [None, {}, {"foo": 1}, {1: 2, "low": -0.25}]
    cases += [{"low": -0.5, "high": 0.5}, {"low": 0.01, "high": 0.01}]
    cases += [{"low": bound} for bound in bounds] + [
        {"high": bound} for bound in (0.3, -0.3, np.inf, "0.06", 10**400)
    ]
    cases += [
        {"low": -1.7e308, "high": 1.7e308},
        {"low": 0.0, "high": -0.0},
        {"low": -0.0, "high": 0.0},
        {"low": 1e-320, "high": 2e-320},
    ]
    return [Recorder("CartPole-v1").reset(1, case).calls[0] for case in cases]


def specs() -> list[dict[str, Any]]:
    """What ``gymnasium.make`` makes of keyword arguments that the native environment takes."""
    cases: list[dict[str, Any]] = [
        {},
        {"max_episode_steps": 3},
        {"max_episode_steps": -1},
        {"max_episode_steps": None},
    ]
    cases += [{"disable_env_checker": flag} for flag in (True, False, None)]
    cases += [
        {"render_mode": None},
        {"render_mode": "rgb_array"},
        {"sutton_barto_reward": True, "render_mode": "rgb_array", "max_episode_steps": 7},
    ]
    made = []
    for env_id in ("CartPole-v0", "CartPole-v1"):
        for kwargs in cases:
            env = gymnasium.make(env_id, **kwargs)
            spec = env.spec
            assert spec is not None
            box = env.observation_space
            made.append(
                {
                    "id": env_id,
                    "kwargs": describe(kwargs),
                    "render_mode": env.render_mode,
                    "metadata": describe(env.metadata),
                    "low": describe(box.low),
                    "high": describe(box.high),
                    "bounded_below": describe(box.bounded_below),
                    "bounded_above": describe(box.bounded_above),
                    "n": int(env.action_space.n),
                    "spec": {
                        "reward_threshold": spec.reward_threshold,
                        "nondeterministic": spec.nondeterministic,
                        "max_episode_steps": spec.max_episode_steps,
                        "order_enforce": spec.order_enforce,
                        "disable_env_checker": spec.disable_env_checker,
                        "kwargs": describe(spec.kwargs),
                    },
                }
            )
    return made


def digests(scale: int) -> list[dict[str, Any]]:
    """Digests of many whole episodes under the policy ``lean``, which every seventh step of ``clumsy`` episodes contradicts."""
    cases = []
    for clumsy in (False, True):
        for first_seed in range(0, 100 * scale, 20):
            env = gymnasium.make("CartPole-v1")
            digest = hashlib.sha256()
            steps = 0
            for seed in range(first_seed, first_seed + 20):
                observation, _ = env.reset(seed=seed)
                done = False
                index = 0
                while not done:
                    action = lean(observation, index) ^ int(clumsy and index % 7 == 6)
                    observation, reward, terminated, truncated, _ = env.step(action)
                    digest.update(
                        observation.tobytes()
                        + np.float64(reward).tobytes()
                        + bytes([terminated, truncated])
                    )
                    done = terminated or truncated
                    index += 1
                steps += index
            played = {"clumsy": clumsy, "first_seed": first_seed, "episodes": 20, "steps": steps}
            cases.append(played | {"sha256": digest.hexdigest()})
    return cases


def write(name: str, cases: list[dict[str, Any]]) -> None:
    """Writes one file, a case a line."""
    lines = ",\n".join(json.dumps(case) for case in cases)
    (FOLDER / f"cartpole_{name}.json").write_text(f"[\n{lines}\n]\n")
    print(f"cartpole_{name}: {len(cases)} cases")


def main() -> None:
    """Writes every file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--scale", type=int, default=1, help="how many times as many random episodes"
    )
    scale = parser.parse_args().scale
    if gymnasium.__version__ != "1.3.0":
        raise SystemExit(
            f"The vectors are Gymnasium 1.3.0's; this Python has {gymnasium.__version__}."
        )
    gymnasium.logger.min_level = gymnasium.logger.ERROR
    FOLDER.mkdir(exist_ok=True)
    write("transcripts", transcripts(scale))
    write("actions", actions())
    write("options", options())
    write("specs", specs())
    write("digests", digests(scale))


if __name__ == "__main__":
    main()
