"""Registered ids: what `gymnasium.make` and `make_vec` give for them equals the local environment."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
import socketgym
from gymnasium.envs.registration import EnvSpec, registry
from identical import assert_identical
from live_server import ROOT
from socketgym import SocketGymClient, errors
from socketgym.specs import local_id
from socketgym_test_envs.sampled import LENGTH


@pytest.fixture(autouse=True)
def address(server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SOCKETGYM_ADDRESS", server.address)
    return server.address


@pytest.fixture
def clean_registry() -> Iterator[None]:
    before = dict(registry)
    yield
    registry.clear()
    registry.update(before)


def walk(remote: Any, local: Any, steps: int) -> list[Any]:
    """Takes the same steps in both; returns the flags of those that ended an episode."""
    assert_identical(remote.reset(seed=4), local.reset(seed=4), "reset")
    local.action_space.seed(4)
    ends = []
    for number in range(steps):
        action = local.action_space.sample()
        expected = local.step(action)
        assert_identical(remote.step(action), expected, f"step {number}")
        if expected[2] or expected[3]:
            ends.append((number, expected[2], expected[3]))
            assert_identical(remote.reset(), local.reset(), f"reset after {number}")
    return ends


def test_an_import_registers_and_opens_nothing() -> None:
    script = """
import sys
def refuse(event, args):
    assert not event.startswith("socket."), event
sys.addaudithook(refuse)
import gymnasium
import socketgym
print(*[id for id in gymnasium.registry if id.startswith("SocketGym/")])
print(gymnasium.pprint_registry(disable_print=True))
"""
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={"PYTHONPATH": str(ROOT / "python/src"), "SOCKETGYM_ADDRESS": "tcp://192.0.2.1:1"},
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0 and not finished.stderr, finished.stderr
    ids, _, shown = finished.stdout.partition("\n")
    assert {"SocketGym/CartPole-v1", "SocketGym/Taxi-v4", "SocketGym/Ant-v5"} <= set(ids.split())
    assert not any(id.count("/") > 1 or "Environment" in id for id in ids.split())
    ours = shown.split("===== SocketGym =====\n")[1]
    assert "SocketGym/CartPole-v0" in ours and "SocketGym/FrozenLake-v1" in ours


def test_make_imports_the_package_by_itself(address: str) -> None:
    script = """
import gymnasium
env = gymnasium.make("socketgym:SocketGym/CartPole-v1")
print(env.reset(seed=1)[0].shape, env.spec.id)
env.close()
"""
    finished = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(ROOT / "python/src"), "SOCKETGYM_ADDRESS": address},
        capture_output=True,
        text=True,
    )
    assert finished.stdout == "(4,) SocketGym/CartPole-v1\n", finished.stderr


@pytest.mark.parametrize(
    ("env_id", "arguments"),
    [
        ("CartPole-v1", {}),
        ("CartPole-v1", {"max_episode_steps": 9}),
        # Beyond the registered 100, and without any: the server's limit must not show.
        ("FrozenLake-v1", {"is_slippery": False, "desc": ["SFF", "FFF", "FHG"]}),
        ("Pendulum-v1", {"max_episode_steps": 230}),
        ("Pendulum-v1", {"max_episode_steps": -1}),
        ("MountainCar-v0", {}),
        ("CliffWalking-v1", {"max_episode_steps": 30, "disable_env_checker": True}),
    ],
)
def test_episodes_end_as_they_do_locally(env_id: str, arguments: dict[str, Any]) -> None:
    remote = gymnasium.make(f"SocketGym/{env_id}", **arguments)
    local = gymnasium.make(env_id, **arguments)
    ends = walk(remote, local, 260)
    assert bool(ends) == (arguments.get("max_episode_steps") != -1)
    assert remote.spec.max_episode_steps == local.spec.max_episode_steps
    assert remote.spec.reward_threshold == local.spec.reward_threshold
    assert remote.spec.nondeterministic == local.spec.nondeterministic
    names = [wrapper.name for wrapper in remote.spec.additional_wrappers]
    assert names == [wrapper.name for wrapper in local.spec.additional_wrappers]
    remote.close()


def test_a_limit_that_ends_an_episode_with_its_last_step() -> None:
    # The fifth step terminates by itself where the limit is five: both flags, as locally.
    arguments = {"is_slippery": False, "desc": ["SFFFFG"], "max_episode_steps": 5}
    remote = gymnasium.make("SocketGym/FrozenLake-v1", **arguments)
    local = gymnasium.make("FrozenLake-v1", **arguments)
    for env in (remote, local):
        env.reset(seed=0)
        for _ in range(4):
            env.step(2)
    expected = local.step(2)
    assert expected[2] and expected[3]
    assert_identical(remote.step(2), expected)
    remote.close()


def test_specs_make_the_client_again(address: str) -> None:
    direct = SocketGymClient("native:CartPole-v1", max_episode_steps=30)
    wrapped = gymnasium.make("SocketGym/FrozenLake-v1", max_episode_steps=8, render_mode="ansi")
    for env, local in (
        (direct, gymnasium.make("CartPole-v1", max_episode_steps=30)),
        (wrapped, gymnasium.make("FrozenLake-v1", max_episode_steps=8, render_mode="ansi")),
    ):
        spec = env.spec
        assert spec is not None and spec.max_episode_steps == local.spec.max_episode_steps
        again = [
            spec.make(),
            gymnasium.make(spec),
            gymnasium.make(EnvSpec.from_json(spec.to_json())),
            gymnasium.make(pickle.loads(pickle.dumps(spec))),
        ]
        for made in again:
            assert type(made.unwrapped) is SocketGymClient
            assert made.render_mode == env.render_mode
            assert made.spec.max_episode_steps == spec.max_episode_steps
            assert walk(made, local, 60)
            made.close()
        for vectorization in ("sync", "vector_entry_point"):
            vector = gymnasium.make_vec(spec, num_envs=2, vectorization_mode=vectorization)
            assert vector.get_attr("_max_episode_steps") == (spec.max_episode_steps,) * 2
            vector.close()
        env.close()
    assert (
        direct.spec.id == "SocketGym/CartPole-v1"
        and "address" in json.loads(direct.spec.to_json())["kwargs"]
    )


def test_every_render_mode_of_a_spec(address: str) -> None:
    with SocketGymClient("FrozenLake-v1", render_mode=None) as env:
        assert env.metadata["render_modes"] == ["ansi", "rgb_array"]
        for mode in [*env.metadata["render_modes"], "rgb_array_list"]:
            with env.spec.make(render_mode=mode) as made:
                made.reset(seed=0)
                frames = made.render()
                assert made.render_mode == mode
                assert type(frames) is {"ansi": str, "rgb_array": np.ndarray}.get(mode, list)


@pytest.mark.parametrize("mode", ["sync", "async", "vector_entry_point", None])
def test_make_vec(mode: str | None) -> None:
    remote = gymnasium.make_vec(
        "SocketGym/CartPole-v1", num_envs=2, vectorization_mode=mode, max_episode_steps=12
    )
    local = gymnasium.make_vec(
        "CartPole-v1", num_envs=2, vectorization_mode="sync", max_episode_steps=12
    )
    try:
        assert remote.spec.max_episode_steps == local.spec.max_episode_steps
        assert remote.call("_max_episode_steps") == local.call("_max_episode_steps") == (12, 12)
        assert_identical(remote.reset(seed=2), local.reset(seed=2))
        local.action_space.seed(2)
        for number in range(30):
            actions = local.action_space.sample()
            assert_identical(remote.step(actions), local.step(actions), f"step {number}")
        again = gymnasium.make_vec(remote.spec)
        assert again.num_envs == 2 and type(again) is type(remote)
        again.close()
    finally:
        remote.close()


@pytest.mark.usefixtures("clean_registry")
def test_registering_one(address: str, recwarn: pytest.WarningsRecorder) -> None:
    socketgym.register(
        "Lab/Short-v0", "FrozenLake-v1", address=address, max_episode_steps=3, is_slippery=False
    )
    with gymnasium.make("Lab/Short-v0") as env:
        walk(env, gymnasium.make("FrozenLake-v1", max_episode_steps=3, is_slippery=False), 20)
        assert env.spec.max_episode_steps == env.get_wrapper_attr("_max_episode_steps") == 3
    # Again, with the server's own limit.
    socketgym.register("Lab/Short-v0", env_id="SocketGymTest/Discrete-v0", reward_threshold=2.5)
    with gymnasium.make("Lab/Short-v0") as env:
        assert env.spec.max_episode_steps == env.get_wrapper_attr("_max_episode_steps") == LENGTH
        assert env.spec.reward_threshold == 2.5
        env.reset(seed=0)
        assert [env.step(0)[3] for _ in range(LENGTH)] == [False] * (LENGTH - 1) + [True]
        made = gymnasium.make(env.spec)
        made.reset(seed=0)
        assert [made.step(0)[3] for _ in range(LENGTH)] == [False] * (LENGTH - 1) + [True]
        made.close()
    socketgym.register("SocketGymTest/Discrete-v1", "SocketGymTest/Discrete-v0")
    socketgym.register("Lab/Endless-v0", "CartPole-v1", max_episode_steps=-1)
    with gymnasium.make("Lab/Endless-v0") as env:
        assert env.spec.max_episode_steps is None and env.unwrapped.remote_spec is not None
        assert env.unwrapped.remote_spec.max_episode_steps is None
    with pytest.raises(errors.InvalidArgument, match="nowhere:x"):
        socketgym.register("Lab/Lost-v0", address="nowhere:x")
    assert "Lab/Lost-v0" not in registry
    assert not [str(warning.message) for warning in recwarn if "verriding" in str(warning.message)]


@pytest.mark.usefixtures("clean_registry")
def test_registering_all(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCKETGYM_ADDRESS", "tcp://127.0.0.1:1")
    ids = socketgym.register_all(address)
    assert len(ids) == len(set(ids)) > 40
    assert "SocketGym/CartPole-v1" in ids and "SocketGym/SocketGymTest.Dict-v0" in ids
    assert "SocketGym/SocketGymTest.Dict-v0" in gymnasium.pprint_registry(disable_print=True)
    for id in ("SocketGym/CartPole-v1", "SocketGym/SocketGymTest.Dict-v0"):
        with gymnasium.make(id) as env:
            assert env.reset(seed=0)[0] in env.observation_space
        vector = gymnasium.make_vec(id, num_envs=2)
        assert vector.reset(seed=0)[0] in vector.observation_space
        vector.close()
    assert gymnasium.spec("SocketGym/CartPole-v1").max_episode_steps == 500
    # Those of the import go on looking for their server, and there is none.
    with pytest.raises(errors.ConnectionFailed, match="tcp://127.0.0.1:1.*socketgym serve"):
        gymnasium.make("SocketGym/Ant-v5")
    with pytest.raises(errors.ConnectionFailed):
        socketgym.register_all()


def test_limits_that_the_server_fixes(start_server: Any, tmp_path: Any) -> None:
    fixed = {"make": "CartPole-v1", "max_episode_steps": 5, "client_kwargs": ["render_mode"]}
    (tmp_path / "socketgym.json").write_text(json.dumps({"environments": {"CartPole-v1": fixed}}))
    own = start_server("--port", "0", "--config", str(tmp_path / "socketgym.json"))
    with gymnasium.make("SocketGym/CartPole-v1", address=own.address) as env:
        env.reset(seed=0)
        assert [env.step(step % 2)[3] for step in range(5)] == [False] * 4 + [True]


@pytest.mark.parametrize(
    ("env_id", "expected"),
    [
        ("CartPole-v1", "SocketGym/CartPole-v1"),
        ("native:CartPole-v1", "SocketGym/CartPole-v1"),
        ("lab/Reach-v0", "SocketGym/lab.Reach-v0"),
        ("ale_py:ALE/Pong-v5", "SocketGym/ALE.Pong-v5"),
        ("a b-v0", "SocketGym/a_b-v0"),
        ("", "SocketGym/_"),
    ],
)
def test_ids(env_id: str, expected: str) -> None:
    assert local_id(env_id) == expected == EnvSpec(expected).id
