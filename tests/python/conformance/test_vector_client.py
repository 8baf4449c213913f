"""`SocketGymVectorClient` beside Gymnasium's `SyncVectorEnv`: transcripts, arguments and copies."""

from __future__ import annotations

import copy
import functools
import pickle
from typing import Any

import gymnasium
import numpy as np
import pytest
import socketgym
import socketgym_test_envs  # noqa: F401  (registers its environments here, too)
from gymnasium.envs.registration import EnvSpec
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.wrappers import vector as vector_wrappers
from identical import assert_identical
from socketgym import SocketGymVectorClient, errors
from socketgym_test_envs.sampled import SPACES

MODES = list(AutoresetMode)
# The characters of TextDefault are a set, so they differ between processes.
NAMES = [name for name in SPACES if name not in ("TextDefault", "LargeImage")]


def local_of(
    env_id: str, count: int, mode: AutoresetMode, copy: bool = True, **kwargs: Any
) -> SyncVectorEnv:
    make = functools.partial(gymnasium.make, env_id, **kwargs)
    return SyncVectorEnv([make] * count, autoreset_mode=mode, copy=copy)


def assert_equal(remote: Any, local: Any, steps: int, seed: Any = 1) -> int:
    """Takes the same steps in both; returns how many episodes ended."""
    mode = local.metadata["autoreset_mode"]
    assert remote.metadata["autoreset_mode"] is mode
    assert remote.observation_space == local.observation_space
    assert remote.action_space == local.action_space
    assert remote.single_observation_space == local.single_observation_space
    assert remote.single_action_space == local.single_action_space
    assert_identical(remote.reset(seed=seed), local.reset(seed=seed), "reset")
    local.action_space.seed(2)
    ends = 0
    for number in range(steps):
        actions = local.action_space.sample()
        expected = local.step(actions)
        assert_identical(remote.step(actions), expected, f"step {number}")
        over = expected[2] | expected[3]
        ends += over.sum()
        if mode is AutoresetMode.DISABLED and over.any():
            seeds = [number, *[None] * (local.num_envs - 1)]
            assert_identical(
                remote.reset(seed=seeds, options={"reset_mask": over, "x": 1}),
                local.reset(seed=seeds, options={"reset_mask": over, "x": 1}),
                f"reset after {number}",
            )
    return ends


@pytest.mark.parametrize("name", NAMES)
def test_every_space(server: Any, name: str) -> None:
    # Every space over two sessions, which the one server has as well as two would, in one mode.
    mode = MODES[NAMES.index(name) % len(MODES)]
    env_id = f"SocketGymTest/{name}-v0"
    local = local_of(env_id, 3, mode)
    addresses: Any = [server.address] * (1 + NAMES.index(name) % 2)
    remote = SocketGymVectorClient(env_id, 3, address=addresses, autoreset_mode=mode)
    try:
        if "Stacked" in name:  # Infos of changing shapes are none that Gymnasium can batch.
            assert_identical(remote.reset(seed=1), local.reset(seed=1), "reset")
        else:
            assert_equal(remote, local, 22)
    finally:
        remote.close()
        local.close()


@pytest.mark.parametrize("servers", [1, 2])
@pytest.mark.parametrize("copies", [True, False])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("env_id", ["CartPole-v1", "Taxi-v4", "Pendulum-v1"])
def test_modes_copies_and_servers(
    server: Any, env_id: str, mode: AutoresetMode, copies: bool, servers: int
) -> None:
    limit = None if env_id == "CartPole-v1" else 25
    remote = SocketGymVectorClient(
        env_id,
        5,
        address=[server.address] * servers,
        autoreset_mode=mode.value,
        copy=copies,
        max_episode_steps=limit,
    )
    local = local_of(env_id, 5, mode, copy=copies, max_episode_steps=limit)
    assert assert_equal(remote, local, 60, seed=[3, 2, 1, 2**40, 0] if servers == 2 else 7)
    remote.close()
    local.close()


@pytest.mark.parametrize("count", [1, 300, 2000])
def test_small_and_large_batches(server: Any, count: int) -> None:
    remote = SocketGymVectorClient(
        "CartPole-v1", count, address=server.address, autoreset_mode="SameStep"
    )
    local = local_of("CartPole-v1", count, AutoresetMode.SAME_STEP)
    assert assert_equal(remote, local, 12) or count == 1
    remote.close()
    local.close()


def test_copy_false_hands_out_the_same_arrays(server: Any) -> None:
    for env_id, count in (("CartPole-v1", 3), ("CartPole-v1", 1000), ("SocketGymTest/Dict-v0", 2)):
        kept = SocketGymVectorClient(env_id, count, address=server.address, copy=False)
        new = SocketGymVectorClient(env_id, count, address=server.address)
        arrays = {True: [], False: []}
        for vector in (kept, new):
            for number in range(5):
                result = vector.reset(seed=1) if number % 4 == 0 else vector.step(actions)
                observations = result[0]
                if isinstance(observations, dict):
                    observations = observations["first"]
                arrays[vector.copy].append(observations)
                actions = vector.action_space.sample()
                if len(result) == 5:
                    arrays[True] += result[1:4]
            vector.close()
        assert all(array is arrays[False][0] for array in arrays[False])
        for index, array in enumerate(arrays[True]):
            assert array.flags.owndata and array.flags.writeable and array.flags.aligned
            assert not any(array is other for other in arrays[True][:index])


def test_what_make_vec_makes(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCKETGYM_ADDRESS", server.address)
    made = gymnasium.make_vec(
        "SocketGym/CartPole-v1",
        num_envs=8,
        vectorization_mode="vector_entry_point",
        autoreset_mode=AutoresetMode.SAME_STEP,
    )
    assert type(made) is SocketGymVectorClient and made.unwrapped is made
    assert repr(made) == "SocketGymVectorClient(SocketGym/CartPole-v1, num_envs=8)"
    assert made.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP
    assert made.remote_spec.max_episode_steps == made.spec.max_episode_steps == 500
    again = gymnasium.make_vec(made.spec)
    assert again.num_envs == 8 and again.autoreset_mode is AutoresetMode.SAME_STEP
    for envs in (made, again):
        envs.close()
        assert envs.closed


def test_a_vectors_own_spec(server: Any) -> None:
    made = SocketGymVectorClient(
        "FrozenLake-v1",
        2,
        address=[server.address, server.address],
        max_episode_steps=9,
        autoreset_mode="Disabled",
        num_groups=2,
        is_slippery=False,
    )
    again = gymnasium.make_vec(EnvSpec.from_json(made.spec.to_json()))
    copied = copy.deepcopy(again)
    for envs in (made, again, copied, pickle.loads(pickle.dumps(made))):
        assert envs.num_envs == 2 and envs.autoreset_mode is AutoresetMode.DISABLED
        assert envs.spec.max_episode_steps == envs.call("_max_episode_steps")[0] == 9
        assert envs.addresses == (server.address,) * 2 and len(envs.groups) == 2
        envs.reset(seed=1)
        for action in (1, 1, 2, 1, 2, 2):
            _, rewards, terminations, *_ = envs.step(np.full(2, action))
        assert rewards.tolist() == [1, 1] and terminations.all()
        for spec in envs.get_attr("spec"):
            single = gymnasium.make(spec)
            assert single.spec.max_episode_steps == 9 and single.get_wrapper_attr("desc").size == 16
            single.close()
        envs.close()
    single = socketgym.SocketGymClient("CartPole-v1", address=server.address, max_episode_steps=7)
    vector = gymnasium.make_vec(single.spec, num_envs=2)
    assert vector.remote_spec.max_episode_steps == 7 and vector.num_envs == 2
    single.close()
    vector.close()


@pytest.mark.parametrize("servers", [1, 2])
def test_attributes_and_frames(server: Any, servers: int) -> None:
    remote = SocketGymVectorClient("CartPole-v1", 3, address=[server.address] * servers)
    local = gymnasium.make_vec(
        "CartPole-v1", num_envs=3, vectorization_mode="sync", render_mode="rgb_array"
    )
    for envs in (remote, local):
        assert envs.reset(seed=4)[0].shape == (3, 4)
        assert envs.get_attr("gravity") == (9.8, 9.8, 9.8)
        assert envs.set_attr("gravity", [1.0, 2.0, 3.0]) is None
        assert envs.call("gravity") == envs.get_attr("gravity") == (1.0, 2.0, 3.0)
        envs.set_attr("length", 0.75)
        assert envs.get_attr("length") == (0.75,) * 3
        with pytest.raises(ValueError, match="2"):
            envs.set_attr("length", (1, 2))
        with pytest.raises(AttributeError):
            envs.get_attr("absent")
        with pytest.raises(AttributeError):
            envs.call("_absent")
        assert envs.np_random_seed == (4, 5, 6)
        assert envs.get_attr("action_space") == (envs.single_action_space,) * 3
    assert_identical(remote.render(), local.render(), "frames")
    assert_identical(remote.call("render"), local.call("render"), "frames")
    states = [generator.bit_generator.state for generator in remote.np_random]
    assert states == [
        gymnasium.utils.seeding.np_random(n)[0].bit_generator.state for n in (4, 5, 6)
    ]
    remote.close()
    local.close()


def recorded(envs: Any) -> Any:
    return vector_wrappers.RecordEpisodeStatistics(envs)


WRAPPERS = [
    recorded,
    vector_wrappers.NormalizeObservation,
    vector_wrappers.NormalizeReward,
    functools.partial(vector_wrappers.ClipReward, min_reward=0.2, max_reward=0.8),
    vector_wrappers.DictInfoToList,
    vector_wrappers.FlattenObservation,
    functools.partial(
        vector_wrappers.VectorizeTransformObservation,
        wrapper=gymnasium.wrappers.RescaleObservation,
        min_obs=np.zeros(3, np.float32),
        max_obs=np.ones(3, np.float32),
    ),
]


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_gymnasiums_vector_wrappers(server: Any, wrapper: Any) -> None:
    results = []
    for envs in (
        SocketGymVectorClient("Pendulum-v1", 3, address=server.address, max_episode_steps=20),
        gymnasium.make_vec(
            "Pendulum-v1", num_envs=3, vectorization_mode="sync", max_episode_steps=20
        ),
    ):
        envs = wrapper(envs)
        draw = np.random.default_rng(1)
        transcript = [envs.reset(seed=3)]
        for _ in range(45):
            transcript.append(envs.step(draw.uniform(-2, 2, (3, 1)).astype(np.float32)))
        for *_, infos in transcript:
            if isinstance(infos, dict) and "episode" in infos:
                del infos["episode"]["t"]  # Seconds.
        results.append(transcript)
        envs.close()
    assert_identical(*results)


def test_masked_resets_under_a_wrapper(server: Any) -> None:
    # The wrapper looks into the options after the vector has taken the mask out of them.
    results = []
    for envs in (
        SocketGymVectorClient("CartPole-v1", 3, address=server.address, autoreset_mode="Disabled"),
        local_of("CartPole-v1", 3, AutoresetMode.DISABLED),
    ):
        envs = recorded(envs)
        transcript: list[Any] = [envs.reset(seed=3)]
        for number in range(40):
            transcript.append(envs.step(np.ones(3, int)))
            *_, terminations, truncations, infos = transcript[-1]
            over = terminations | truncations
            if over.any():
                del infos["episode"]["t"]
                options = {"reset_mask": over}
                transcript.append(envs.reset(seed=[number, None, 2], options=options))
                assert options == {}
        results.append(transcript)
        envs.close()
    assert_identical(*results)
    assert len(results[0]) > 45


def test_arguments_that_are_refused(server: Any) -> None:
    def make(**kwargs: Any) -> Any:
        return SocketGymVectorClient(**{"address": server.address, **kwargs})

    for kwargs, message in (
        ({"num_envs": 2.0}, "num_envs is 2.0"),
        ({"num_envs": 2, "num_groups": 3}, "num_groups is 3; it must be an int, from 1 to 2"),
        ({"legacy_infos": True, "autoreset_mode": "NextStep"}, "0.29"),
        ({"workers": 0}, "workers is 0"),
        ({"num_envs": True}, "num_envs is True"),
        ({"autoreset_mode": "Later"}, "'Later'.*'NextStep', 'SameStep', 'Disabled'"),
        ({"host": "127.0.0.1"}, "not both"),
        ({"address": ["nowhere at all"]}, "not an address"),
    ):
        with pytest.raises(errors.InvalidArgument, match=message):
            make(**kwargs)
    numbers = make(num_envs=np.int64(4), num_groups=np.int32(2))
    assert type(numbers.num_envs) is int and copy.deepcopy(numbers).num_envs == 4
    assert_identical(numbers.reset(seed=np.int64(3)), numbers.reset(seed=3))
    with pytest.raises(errors.InvalidArgument, match="seed is 1.5"):
        numbers.reset(seed=1.5)
    numbers.send(np.ones(2, int), group=np.int64(1))
    assert numbers.recv(np.int64(1))[0].shape == (2, 4)
    numbers.close()
    with pytest.raises(errors.UnsupportedRenderMode, match="on the server"):
        make(render_mode="human")
    with pytest.raises(errors.UnknownEnvironment):
        make(env_id="CartPoll-v1")
    assert make(env_id="FrozenLake-v1", render_mode="ansi").render_mode == "ansi"
    assert make(render_mode=None).render_mode is None
