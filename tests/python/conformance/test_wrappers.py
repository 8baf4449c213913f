"""Gymnasium's wrappers round a client do what they do round the local environment."""

from __future__ import annotations

import copy
import pathlib
import pickle
import sys
import types
from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np
import pytest
import socketgym_test_envs  # noqa: F401  (registers its environments here, too)
from gymnasium import spaces, wrappers
from identical import assert_identical
from socketgym import SocketGymClient

STEPS = 40


def _scaled(env: Any) -> Any:
    space = spaces.Box(-np.inf, np.inf, env.observation_space.shape, np.float64)
    return wrappers.TransformObservation(env, lambda observation: observation * 2.0, space)


CASES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "TimeLimit": ("CartPole-v1", lambda env: wrappers.TimeLimit(env, 7)),
    "RecordEpisodeStatistics": ("CartPole-v1", wrappers.RecordEpisodeStatistics),
    "FrameStackObservation": ("CartPole-v1", lambda env: wrappers.FrameStackObservation(env, 3)),
    "AddRenderObservation": ("CartPole-v1", wrappers.AddRenderObservation),
    "AddRenderObservation beside": (
        "CartPole-v1",
        lambda env: wrappers.AddRenderObservation(env, render_only=False),
    ),
    "TransformObservation": ("CartPole-v1", _scaled),
    "TransformReward": ("Pendulum-v1", lambda env: wrappers.TransformReward(env, np.tanh)),
    "FlattenObservation": ("Blackjack-v1", wrappers.FlattenObservation),
    "FilterObservation": (
        "SocketGymTest/Dict-v0",
        lambda env: wrappers.FilterObservation(env, ["first"]),
    ),
    "DtypeObservation": (
        "CartPole-v1",
        lambda env: wrappers.DtypeObservation(env, np.float64),
    ),
    "RescaleAction": (
        "Pendulum-v1",
        lambda env: wrappers.RescaleAction(env, np.float32(-1), np.float32(1)),
    ),
    "ClipAction": ("Pendulum-v1", wrappers.ClipAction),
    "NormalizeReward": ("Pendulum-v1", wrappers.NormalizeReward),
    "NormalizeObservation": ("MountainCarContinuous-v0", wrappers.NormalizeObservation),
    "TimeAwareObservation": (
        "CartPole-v1",
        # It reads the spec's limit.
        lambda env: wrappers.TimeAwareObservation(env, normalize_time=True),
    ),
    "DelayObservation": ("CartPole-v1", lambda env: wrappers.DelayObservation(env, 2)),
    "MaxAndSkipObservation": ("CartPole-v1", lambda env: wrappers.MaxAndSkipObservation(env, 2)),
    "GrayscaleObservation": ("SocketGymTest/Image-v0", wrappers.GrayscaleObservation),
    "PassiveEnvChecker": ("FrozenLake-v1", wrappers.PassiveEnvChecker),
    "OrderEnforcing": ("FrozenLake-v1", wrappers.OrderEnforcing),
    "Autoreset": ("CartPole-v1", wrappers.Autoreset),
    "RenderCollection": ("CartPole-v1", wrappers.RenderCollection),
}


@pytest.mark.parametrize("name", CASES)
def test_a_wrapper_round_a_client(server: Any, name: str) -> None:
    check_wrapper(name, SocketGymClient(CASES[name][0], address=server.address))


@pytest.mark.parametrize("name", [n for n in CASES if not CASES[n][0].startswith("SocketGymTest")])
def test_a_wrapper_round_what_make_gives(server: Any, name: str) -> None:
    check_wrapper(name, gymnasium.make(f"SocketGym/{CASES[name][0]}", address=server.address))


def check_wrapper(name: str, inner: Any) -> None:
    env_id, wrap = CASES[name]
    mode = "rgb_array" if "Render" in name else None
    remote, local = wrap(inner), wrap(gymnasium.make(env_id, render_mode=mode))
    assert remote.observation_space == local.observation_space
    assert remote.action_space == local.action_space
    assert_transcripts_are_equal(remote, local)
    if mode is not None:
        assert_identical(remote.render(), local.render(), "frame")
        assert remote.render_mode == local.render_mode
    remote.close()
    local.close()


def assert_transcripts_are_equal(remote: Any, local: Any) -> None:
    local.action_space.seed(3)
    over = True
    for number in range(STEPS):
        if over:
            ours, theirs = remote.reset(seed=number), local.reset(seed=number)
            assert_identical(ours, theirs, f"reset {number}")
        action = local.action_space.sample()
        ours, theirs = remote.step(action), local.step(action)
        for result in (ours, theirs):
            # A duration, and no two are alike.
            result[4].get("episode", {}).pop("t", None)
        assert_identical(ours, theirs, f"step {number}")
        over = theirs[2] or theirs[3]


def test_statistics_start_anew_with_each_episode(server: Any) -> None:
    env = wrappers.RecordEpisodeStatistics(SocketGymClient("CartPole-v1", address=server.address))
    for _ in range(3):
        env.reset(seed=1)
        length, over = 0, False
        while not over:
            *_, terminated, truncated, info = env.step(1)
            length, over = length + 1, terminated or truncated
            assert ("episode" in info) is over
        assert info["episode"]["l"] == info["episode"]["r"] == length
    env.close()


def test_video(server: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[list[Any]] = []

    class Clip:
        """Takes the place of moviepy's, which would need ffmpeg."""

        def __init__(self, frames: list[Any], fps: int) -> None:
            assert fps == 50
            written.append(list(frames))

        def write_videofile(self, path: str, **options: Any) -> None:
            assert path.startswith(str(tmp_path))

    parts = "moviepy.video.io.ImageSequenceClip".split(".")
    for count in range(1, len(parts) + 1):
        name = ".".join(parts[:count])
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setattr(sys.modules[name], "ImageSequenceClip", Clip, raising=False)
    env = SocketGymClient("CartPole-v1", address=server.address)
    local = gymnasium.make("CartPole-v1", render_mode="rgb_array")
    recorder = wrappers.RecordVideo(env, str(tmp_path), gc_trigger=None)
    recorder.reset(seed=0)
    local.reset(seed=0)
    frames, over = [local.render()], False
    while not over:
        over = local.step(1)[2]
        frames.append(local.render())
        assert recorder.step(1)[2] is over
    recorder.close()
    assert_identical(written[0], frames, "frames")
    assert len(written) == 1 and len(frames) > 5


def test_a_window_is_this_machines(server: Any) -> None:
    with SocketGymClient("CartPole-v1", address=server.address) as env:
        window = wrappers.HumanRendering(env)
        window.reset(seed=0)
        window.step(1)
        assert window.render() is None and window.screen_size == (600, 400)
        window.close()
        assert "human" not in env.metadata["render_modes"]
    with pytest.warns(UserWarning, match="HumanRendering wrapper is being applied"):
        window = gymnasium.make(
            "SocketGym/CartPole-v1", render_mode="human", address=server.address
        )
    assert window.render_mode == "human" and window.unwrapped.render_mode == "rgb_array"
    window.reset(seed=0)
    window.close()
    with SocketGymClient("FrozenLake-v1", address=server.address, render_mode="ansi") as env:
        with pytest.raises(AssertionError, match="ansi"):
            wrappers.HumanRendering(env)


def test_copies_of_wrapped_clients(server: Any) -> None:
    env = gymnasium.make("SocketGym/CartPole-v1", address=server.address, max_episode_steps=9)
    env.reset(seed=1)
    for made in (copy.deepcopy(env), pickle.loads(pickle.dumps(env))):
        assert made.unwrapped is not env.unwrapped
        assert made.spec == env.spec and made.unwrapped.spec == env.unwrapped.spec
        assert_identical(made.reset(seed=5), env.reset(seed=5))
        for step in range(9):
            ours = made.step(step % 2)
            assert_identical(ours, env.step(step % 2))
        assert ours[3]
        made.close()
    env.close()
