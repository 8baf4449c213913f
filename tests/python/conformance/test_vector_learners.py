"""What learners take a vector for: Stable-Baselines3's `VecEnv`, and Gymnasium 0.29's infos."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np
import pytest
from identical import assert_identical
from socketgym import SocketGymVectorClient, errors


class StandIn:
    """As Stable-Baselines3's `VecEnv` begins."""

    def __init__(self, num_envs: int, observation_space: Any, action_space: Any) -> None:
        self.num_envs = num_envs
        self.observation_space = observation_space
        self.action_space = action_space
        self.reset_infos: list[dict[str, Any]] = [{} for _ in range(num_envs)]
        self._seeds: list[Any] = [None for _ in range(num_envs)]
        self._options: list[dict[str, Any]] = [{} for _ in range(num_envs)]
        modes = self.get_attr("render_mode")  # type: ignore[attr-defined]
        assert all(mode == modes[0] for mode in modes)
        self.render_mode = modes[0]

    def step(self, actions: Any) -> Any:
        self.step_async(actions)  # type: ignore[attr-defined]
        return self.step_wait()  # type: ignore[attr-defined]

    def seed(self, seed: int) -> Any:
        self._seeds = [seed + index for index in range(self.num_envs)]
        return self._seeds

    def set_options(self, options: Any = None) -> None:
        self._options = [options or {}] * self.num_envs


@pytest.fixture(params=["stand-in", "by itself"])
def vec_env(
    server: Any, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    name = "stable_baselines3.common.vec_env"
    modules: dict[str, Any] = {"stable_baselines3": None}
    if request.param == "stand-in":
        modules = {part: types.ModuleType(part) for part in (name, name[:24], name[:17])}
        modules[name].VecEnv = StandIn
    for key, module in modules.items():
        monkeypatch.setitem(sys.modules, key, module)
    monkeypatch.delitem(sys.modules, "socketgym.sb3", raising=False)
    cls = importlib.import_module("socketgym.sb3").SocketGymVecEnv
    monkeypatch.delitem(sys.modules, "socketgym.sb3")
    assert issubclass(cls, StandIn) == (request.param == "stand-in")
    return lambda *args, **kwargs: cls(*args, address=server.address, **kwargs)


def step_as_sb3(envs: list[Any], actions: Any) -> Any:
    """What Stable-Baselines3's own vector does with local environments."""
    observations, rewards, dones, infos, firsts = [], [], [], [], [None] * len(envs)
    for index, (env, action) in enumerate(zip(envs, actions)):
        observation, reward, terminated, truncated, info = env.step(action)
        info["TimeLimit.truncated"] = bool(truncated and not terminated)
        if terminated or truncated:
            info["terminal_observation"] = observation
            observation, firsts[index] = env.reset()
        observations.append(observation)
        rewards.append(reward)
        dones.append(bool(terminated or truncated))
        infos.append(info)
    batch = (np.stack(observations), np.array(rewards, np.float32), np.array(dones), infos)
    return batch, firsts


@pytest.mark.parametrize("env_id", ["CartPole-v1", "Taxi-v4"])
def test_sb3_sees_what_it_sees_locally(vec_env: Any, env_id: str) -> None:
    remote = vec_env(env_id, num_envs=3, max_episode_steps=20)
    envs = [gymnasium.make(env_id, max_episode_steps=20) for _ in range(3)]
    assert (remote.observation_space, remote.action_space) == (
        envs[0].observation_space,
        envs[0].action_space,
    )
    assert list(remote.seed(5)) == [5, 6, 7]
    starts = [env.reset(seed=5 + index) for index, env in enumerate(envs)]
    assert_identical(remote.reset(), np.stack([observation for observation, _ in starts]))
    assert_identical(remote.reset_infos, [info for _, info in starts])
    draw = np.random.default_rng(1)
    cut_off = 0
    for number in range(50):
        actions = draw.integers(0, remote.action_space.n, 3)
        expected, firsts = step_as_sb3(envs, actions)
        result = remote.step(actions)
        assert_identical(result, expected, f"step {number}")
        for index, first in enumerate(firsts):
            if first is not None:
                assert_identical(remote.reset_infos[index], first)
        cut_off += sum(info["TimeLimit.truncated"] for info in result[3])
        result[3][0]["mine"] = number  # A VecMonitor writes there.
    assert cut_off
    remote.close()
    remote.close()


def test_sb3s_other_methods(vec_env: Any) -> None:
    envs = vec_env("CartPole-v1", num_envs=3)
    assert envs.render_mode == "rgb_array" and envs.num_envs == 3
    envs.reset()
    assert [frame.shape for frame in envs.get_images()] == [(400, 600, 3)] * 3
    assert envs.get_attr("gravity") == [9.8] * 3 and envs.get_attr("gravity", 1) == [9.8]
    envs.set_attr("gravity", 5.0, indices=[0, 2])
    assert envs.get_attr("gravity") == [5.0, 9.8, 5.0]
    envs.set_attr("gravity", 6.0)
    assert envs.get_attr("gravity", [1, 2]) == [6.0, 6.0]
    assert envs.env_is_wrapped(gymnasium.Wrapper) == [False] * 3
    assert envs.env_is_wrapped(gymnasium.Wrapper, indices=0) == [False]
    with pytest.raises(AttributeError):
        envs.get_attr("absent")
    envs.set_options({"low": -0.01, "high": 0.01})
    assert abs(envs.reset()).max() <= 0.01 < abs(envs.reset()).max()
    envs._options = [{"low": -0.01, "high": 0.01}, {}, {}]
    with pytest.raises(errors.InvalidArgument, match="reset with the same"):
        envs.reset()
    envs.close()
    with pytest.raises(errors.ClosedEnvironment):
        envs.step(np.ones(3, int))
    plain = vec_env("CartPole-v1", num_envs=2, render_mode=None)
    assert plain.get_images() == [None, None] and plain.render_mode is None
    plain.close()


def test_sb3_calls_methods_of_all(vec_env: Any) -> None:
    envs = vec_env("SocketGymTest/Attributes-v0", num_envs=2)
    envs.reset()
    assert envs.env_method("echo", 1, key="x") == [((1,), {"key": "x"}, ["int"])] * 2
    with pytest.raises(errors.InvalidArgument, match="in all its environments"):
        envs.env_method("echo", 1, indices=[1])
    with pytest.raises(AttributeError):  # Of all are called, and some are wanted.
        envs.env_method("compute_reward", 1, indices=0)
    envs.close()


def test_sb3_reads_and_never_calls(vec_env: Any) -> None:
    envs = vec_env("SocketGymTest/Attributes-v0", num_envs=2)
    envs.reset()
    assert envs.has_attr("change") and envs.has_attr("reset") and envs.has_attr("count")
    for name in ("absent", "_limit", "", "a.b", "action_masks", "half_there"):
        assert not envs.has_attr(name), name
    for name in ("render_mode", "action_space", "observation_space", "np_random", "spec"):
        assert envs.has_attr(name), name
    first, second = envs.get_attr("echo")
    with pytest.raises(errors.InvalidArgument, match="in all its environments"):
        first(1)
    assert len(envs.get_attr("echo", 1)) == 1
    envs.get_attr("change")  # A call of it without arguments would raise.
    assert envs.get_attr("received") == [None, None] and envs.get_attr("count", [0]) == [3]
    with pytest.raises(errors.UnsupportedValue):
        envs.get_attr("thing")
    with pytest.raises(AttributeError):
        envs.get_attr("absent")
    envs.close()
    cart = vec_env("python:CartPole-v1", num_envs=2)
    before = cart.reset()
    assert cart.has_attr("reset") and cart.has_attr("render") and len(cart.get_attr("reset")) == 2
    cart.set_attr("force_mag", 0.0)
    cart.set_attr("gravity", 0.0)
    after = cart.step(np.zeros(2, int))[0]  # Of the same episode: no reset came between.
    assert abs(after - before).max() < 0.01
    cart.close()


@pytest.mark.parametrize(
    "given", [{"legacy_infos": True}, {"num_groups": 2}, {"autoreset_mode": "Disabled"}]
)
def test_what_a_vec_env_cannot_have(vec_env: Any, given: dict[str, Any]) -> None:
    with pytest.raises(errors.InvalidArgument, match=f"{next(iter(given))} is .*leave it out"):
        vec_env("CartPole-v1", num_envs=2, **given)


def batched_as_before(infos: list[dict[str, Any]]) -> dict[str, Any]:
    """Gymnasium 0.29's batch of infos."""
    batched: dict[str, Any] = {}
    for index, info in enumerate(infos):
        for key, value in info.items():
            if key not in batched:
                is_number = type(value) in (int, float, bool) or isinstance(value, np.number)
                batched[key] = np.zeros(len(infos), type(value) if is_number else object)
                if not is_number:
                    batched[key][:] = None
                batched[f"_{key}"] = np.zeros(len(infos), bool)
            batched[key][index], batched[f"_{key}"][index] = value, True
    return batched


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("env_id", ["CartPole-v1", "Taxi-v4"])
def test_infos_of_gymnasium_0_29(server: Any, env_id: str, groups: int) -> None:
    remote = gymnasium.make_vec(
        f"SocketGym/{env_id}",
        num_envs=4,
        address=server.address,
        max_episode_steps=20,
        legacy_infos=True,
        num_groups=groups,
    )
    envs = [gymnasium.make(env_id, max_episode_steps=20) for _ in range(4)]
    returns, lengths = np.zeros(4, np.float32), np.zeros(4, np.int32)
    starts = [env.reset(seed=2 + index) for index, env in enumerate(envs)]
    infos = batched_as_before([info for _, info in starts])
    expected: Any = (np.stack([observation for observation, _ in starts]), infos)
    assert_identical(remote.reset(seed=2), expected)
    draw = np.random.default_rng(1)
    ends = 0
    for number in range(50):
        actions = draw.integers(0, remote.single_action_space.n, 4)
        columns: list[Any] = []
        for index, env in enumerate(envs):
            observation, reward, terminated, truncated, info = env.step(actions[index])
            returns[index] += np.float32(reward)
            lengths[index] += 1
            if terminated or truncated:
                last = observation
                info["episode"] = {
                    "r": returns[index : index + 1].copy(),
                    "l": lengths[index : index + 1].copy(),
                }
                final = info
                observation, info = env.reset()
                info.update(final_observation=last, final_info=final)
                returns[index] = lengths[index] = 0
                ends += 1
            columns.append((observation, reward, terminated, truncated, info))
        for group, part in enumerate(remote.groups):
            remote.send(actions[part], group)
        for part in remote.groups:
            observations, rewards, terminations, truncations, infos = remote.recv()
            for final in infos.get("final_info", ()):
                if final and "episode" in final:
                    seconds = final["episode"].pop("t")
                    assert seconds.shape == (1,) and seconds.dtype == np.float64
            rows = list(zip(*columns[part]))
            expected = (
                np.stack(rows[0]),
                np.array(rows[1], np.float64),
                np.array(rows[2]),
                np.array(rows[3]),
                batched_as_before(list(rows[4])),
            )
            result = (observations, rewards, terminations, truncations, infos)
            assert_identical(result, expected, f"step {number}")
    assert ends > 3
    remote.close()


def test_the_loop_of_a_learner_of_that_time(server: Any) -> None:
    envs = SocketGymVectorClient("CartPole-v1", 4, address=server.address, legacy_infos=True)
    envs.reset(seed=1)
    seen = []
    for _ in range(60):
        *_, infos = envs.step(np.ones(4, int))
        if "final_info" in infos:
            for index, info in enumerate(infos["final_info"]):
                if info and "episode" in info:
                    assert infos["final_observation"][index].shape == (4,)
                    assert infos["_final_info"][index] and infos["_final_observation"][index]
                    assert info["episode"]["r"] == info["episode"]["l"]
                    seen.append(int(info["episode"]["l"]))
    assert len(seen) > 15 and all(8 <= length <= 11 for length in seen)
    envs.close()
