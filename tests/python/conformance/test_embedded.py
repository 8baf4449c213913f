"""Environments in CPython within the server's own process."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import pytest
import socketgym_test_envs  # noqa: F401 - registers its environments
from comparison import PickleEnvironment, bare, compare
from identical import assert_identical
from live_server import ServerProcess
from raw_clients import MessagePackConnection
from socketgym import SocketGymClient, errors

EMBEDDED_IDS = [
    f"embedded:{env_id}"
    for env_id in ("CartPole-v1", "FrozenLake-v1", "Pendulum-v1", "Taxi-v4", "Blackjack-v1")
]


@pytest.fixture(scope="module")
def embedding() -> Iterator[ServerProcess]:
    """A server that lets clients ask for environments in its own process."""
    process = ServerProcess("--port", "0", "--embedded")
    yield process
    # Whatever the tests did in it, it ends as it should.
    process.interrupt()
    assert process.wait()[0] == 0


@pytest.mark.parametrize("codec", ["msgpack", "pickle"])
@pytest.mark.parametrize("env_id", EMBEDDED_IDS)
def test_steps(embedding: Any, codec: str, env_id: str) -> None:
    factory: Any = SocketGymClient if codec == "msgpack" else PickleEnvironment
    remote, local = factory(env_id, address=embedding.address), gymnasium.make(bare(env_id))
    compare(remote, local, 1000)
    remote.close()
    local.close()


def test_steps_of_spaces_and_values_of_every_kind(embedding: Any) -> None:
    for name in ("Infos", "Returns", "Layouts", "DictNested", "Graph", "OneOf", "TextUnicode"):
        env_id = f"SocketGymTest/{name}-v0"
        remote = SocketGymClient(f"embedded:{env_id}", address=embedding.address)
        local = gymnasium.make(env_id)
        assert remote.observation_space == local.observation_space
        compare(remote, local, 30)
        remote.close()
        local.close()


@pytest.mark.parametrize("env_id", ["CartPole-v1", "Taxi-v4"])
def test_renderings(embedding: Any, env_id: str) -> None:
    remote = SocketGymClient(
        f"embedded:{env_id}", address=embedding.address, render_mode="rgb_array"
    )
    local = gymnasium.make(env_id, render_mode="rgb_array")
    assert_identical(remote.reset(seed=1), local.reset(seed=1))
    for action in (1, 0, 1):
        assert_identical(remote.step(action), local.step(action))
        assert_identical(remote.render(), local.render(), "the rendering")
    remote.close()


def test_sessions_side_by_side(embedding: Any) -> None:
    expected, results = {}, {}
    for seed in range(6):
        local = gymnasium.make("CartPole-v1")
        expected[seed] = [local.reset(seed=seed), *(local.step(number % 2) for number in range(50))]

    def run(seed: int) -> None:
        env = SocketGymClient("embedded:CartPole-v1", address=embedding.address)
        results[seed] = [env.reset(seed=seed), *(env.step(number % 2) for number in range(50))]
        env.close()

    threads = [threading.Thread(target=run, args=(seed,)) for seed in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_identical(dict(sorted(results.items())), expected)


def test_vector_of_embedded_environments(embedding: Any) -> None:
    local = gymnasium.make_vec("CartPole-v1", num_envs=3, vectorization_mode="sync")
    observations, _ = local.reset(seed=5)
    with MessagePackConnection(embedding.address) as connection:
        made = connection.call("make_vec", "embedded:CartPole-v1", {}, 3)
        assert made["num_envs"] == 3
        first = connection.call("reset", 5, None)[0]
        assert first.data.endswith(observations.tobytes())
    local.close()


@pytest.mark.parametrize("fault", ["raise", "sys.exit", "interrupt"])
def test_exceptions_have_their_traceback(embedding: Any, fault: str) -> None:
    env = SocketGymClient("embedded:SocketGymTest/Fault-v0", address=embedding.address, fault=fault)
    env.reset()
    with pytest.raises(errors.EnvironmentFault) as caught:
        env.step(0)
    assert "faults.py" in caught.value.remote_traceback
    assert env.reset()[0].shape == (2,)
    env.close()


def test_it_is_offered_only_where_the_owner_says_so(server: Any) -> None:
    with pytest.raises(errors.UnknownEnvironment, match="--embedded"):
        SocketGymClient("embedded:CartPole-v1", address=server.address)


def test_clients_have_no_further_module_imported(embedding: Any) -> None:
    with pytest.raises(errors.UnknownEnvironment, match="names a module to import"):
        SocketGymClient("embedded:os:CartPole-v1", address=embedding.address)


def test_configured_environments_are_embedded_one_by_one(
    start_server: Callable[..., Any], tmp_path: Any
) -> None:
    path = tmp_path / "socketgym.json"
    other = tmp_path / "venv"
    other.symlink_to(sys.prefix)
    configuration = {
        "listen": ["tcp://127.0.0.1:0"],
        "python": {"enabled": False},
        "interpreters": {
            "lab": {"command": sys.executable, "environment": {"LAB": "here"}},
            "other": {"command": str(other / "bin" / "python3")},
        },
        "environments": {
            "lab/Pendulum-v0": {
                "host": "embedded",
                "interpreter": "lab",
                "entry_point": "gymnasium.envs.classic_control:PendulumEnv",
                "max_episode_steps": 5,
            },
            "Other-v0": {"host": "embedded", "interpreter": "other", "make": "CartPole-v1"},
            "Worker-v0": {"host": "python", "interpreter": "other", "make": "CartPole-v1"},
        },
    }
    path.write_text(json.dumps(configuration))
    server = start_server("--config", str(path), module=None)
    with MessagePackConnection(server.address) as connection:
        offers = {offer["id"]: offer for offer in connection.call("list")}
        assert offers["lab/Pendulum-v0"]["host"] == "embedded"
        assert offers["lab/Pendulum-v0"]["interpreter"] == "lab"
    env = SocketGymClient("lab/Pendulum-v0", address=server.address, render_mode=None)
    local = gymnasium.make("Pendulum-v1", max_episode_steps=5)
    compare(env, local, 20)
    env.close()
    with pytest.raises(errors.InterpreterUnavailable, match="a process can have one"):
        SocketGymClient("Other-v0", address=server.address)
    SocketGymClient("Worker-v0", address=server.address).close()
    with pytest.raises(errors.UnknownEnvironment):
        SocketGymClient("embedded:lab/Pendulum-v0", address=server.address)


@pytest.mark.parametrize("stop", ["interrupt", "terminate"])
def test_a_server_with_open_sessions_and_pygame_ends_well(
    start_server: Callable[..., Any], stop: str
) -> None:
    server = start_server("--port", "0", "--embedded")
    envs = [
        SocketGymClient("embedded:CartPole-v1", address=server.address, render_mode="rgb_array")
        for _ in range(3)
    ]
    for env in envs:
        env.reset(seed=0)
        env.step(1)
        assert env.render().shape == (400, 600, 3)
    server.interrupt() if stop == "interrupt" else server.process.terminate()
    status, output = server.wait()
    assert status == 0, output
    for env in envs:
        env.close()
