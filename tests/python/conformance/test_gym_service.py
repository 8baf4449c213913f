"""Code written for gym_service, run on the package that takes its name."""

from __future__ import annotations

import inspect
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
from documents import blocks_of
from identical import assert_identical
from live_server import ROOT, SERVER, TEST_ENVIRONMENTS
from raw_clients import PickleConnection

SHIM = ROOT / "python/gym-service/src"
STAND_INS = TEST_ENVIRONMENTS / "gym_service_stand_ins"
sys.path[:0] = [str(SHIM), str(STAND_INS)]

import gym_service.envs  # noqa: E402
from gym_service import SocketGymClient, SocketGymServer  # noqa: E402

SERVE = """
from gym_service import SocketGymServer

if __name__ == "__main__":
    server = SocketGymServer(host="localhost", port=0)
    server.start()
"""

PLAY = """
import sys
from gym_service import SocketGymClient

if __name__ == "__main__":
    env = SocketGymClient(env_id="CartPole-v1", host="localhost", port=int(sys.argv[1]))
    obs, _ = env.reset()
    print("reset", obs)
    for _ in range(5):
        action = env.action_space.sample()
        obs, reward, terminated, truncated, info = env.step(action)
        img = env.render()
        print("step", action, obs, reward, terminated, img.shape)
    env.close()
"""

TASKS = {
    "gym_service/PushT-v0": "gym_pusht/PushT-v0",
    "gym_service/adroit-door": "adroit/adroit-door",
    "gym_service/adroit-hammer": "adroit/adroit-hammer",
    "gym_service/adroit-pen": "adroit/adroit-pen",
}


@pytest.fixture(scope="module")
def variables() -> Iterator[dict[str, str]]:
    """The environment that a program finds the packages and the server in."""
    paths = map(str, (SHIM, ROOT / "python/src", STAND_INS, TEST_ENVIRONMENTS))
    yield {"PYTHONPATH": os.pathsep.join(paths), "SOCKETGYM_SERVER": str(SERVER)}


@pytest.fixture(scope="module")
def port(variables: dict[str, str]) -> Iterator[int]:
    """The port of a server that a program of gym_service's started."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        with SocketGymServer("localhost", 0, imports=["socketgym_test_envs"]) as server:
            yield server.port


def episode(env: gymnasium.Env[Any, Any]) -> list[Any]:
    """All that an environment returns, from a reset to the end."""
    env.action_space.seed(3)
    values: list[Any] = [env.reset(seed=7)]
    while len(values) == 1 or not (values[-1][2] or values[-1][3]):
        values.append(env.step(env.action_space.sample()))
    return values


def test_the_two_programs_of_its_readme(variables: dict[str, str]) -> None:
    environment = {**os.environ, **variables}
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], stdout=subprocess.PIPE, text=True, env=environment
    ) as server:
        try:
            assert server.stdout is not None
            address = next(line for line in server.stdout if line.strip().startswith("address"))
            port = address.strip().rpartition(":")[2]
            played = subprocess.run(
                [sys.executable, "-c", PLAY, port],
                capture_output=True,
                text=True,
                timeout=60,
                env=environment,
            )
        finally:
            server.kill()
    assert played.returncode == 0, played.stderr
    lines = played.stdout.splitlines()
    assert len(lines) == 6 and lines[5].endswith("(400, 600, 3)")


@pytest.mark.parametrize(
    "page", ["docs/moving-from-gym-service.md", "python/gym-service/README.md"]
)
def test_the_programs_of_a_page(page: str, port: int, variables: dict[str, str]) -> None:
    environment = {**os.environ, **variables}
    servers = 0
    for block in blocks_of(ROOT / page, "python"):
        if block.text.rstrip().endswith(".start()"):
            program = block.text.replace("port=2333", "port=0")
            with subprocess.Popen(
                [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment
            ) as server:
                assert server.stdout is not None
                assert any(line.strip().startswith("address") for line in server.stdout)
                server.kill()
            servers += 1
            continue
        program = block.text.replace("port=2333", f"port={port}")
        played = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
            capture_output=True,
            text=True,
            timeout=60,
            env=environment,
        )
        assert played.returncode == 0, f"{page}, line {block.line}:\n{played.stderr}"
    assert servers == 1


def test_what_it_registers() -> None:
    for env_id, remote_id in TASKS.items():
        spec = gymnasium.spec(env_id)
        assert spec.entry_point == "gym_service.envs:SocketGymClient"
        assert spec.max_episode_steps == 300 and spec.nondeterministic
        assert spec.kwargs["env_id"] == remote_id
        assert spec.kwargs["env_type"] == ("pusht" if "PushT" in env_id else "adroit")
    assert gym_service.envs.SocketGymClient is SocketGymClient
    assert gym_service.envs.SocketGymServer is SocketGymServer


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("env_id", TASKS)
def test_its_environments_play_to_the_end(port: int, env_id: str) -> None:
    env = gymnasium.make(env_id, host="localhost", port=port)
    __import__("gym_pusht" if "PushT" in env_id else "gym_adroit")
    local = gymnasium.make(TASKS[env_id], render_mode="rgb_array")
    assert env.observation_space == local.observation_space
    assert env.action_space == local.action_space
    assert_identical(episode(env), episode(local))
    assert_identical(env.render(), local.render())
    assert env.unwrapped.metadata["render_fps"] == local.metadata["render_fps"]
    env.close()
    env.close()


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_keyword_arguments_reach_the_environment(port: int) -> None:
    kwargs = {
        "obs_type": "pixels_agent_pos",
        "render_mode": "rgb_array",
        "visualization_width": 64,
        "visualization_height": 48,
    }
    env = gymnasium.make("gym_service/PushT-v0", port=port, max_episode_steps=5, **kwargs)
    local = gymnasium.make("gym_pusht/PushT-v0", max_episode_steps=5, **kwargs)
    assert env.observation_space["pixels"].shape == (96, 96, 3)
    assert_identical(episode(env), episode(local))
    assert env.render().shape == (48, 64, 3)
    assert env.render_mode == "rgb_array"
    assert env.unwrapped.metadata == {"render_modes": ["rgb_array"], "render_fps": 10}
    env.close()


def test_an_id_of_ones_own(port: int) -> None:
    gymnasium.register(
        id="mine/Lake-v0",
        entry_point="gym_service.envs:SocketGymClient",
        max_episode_steps=4,
        nondeterministic=True,
        kwargs={"env_id": "FrozenLake-v1"},
    )
    env = gymnasium.make("mine/Lake-v0", port=port, is_slippery=False)
    assert len(episode(env)) <= 5
    env.close()


def test_arguments_by_position_and_by_default(port: int) -> None:
    parameters = inspect.signature(SocketGymClient).parameters
    assert [(p.name, p.default) for p in parameters.values()][:4] == [
        ("env_id", "CartPole-v1"),
        ("env_type", None),
        ("host", "127.0.0.1"),
        ("port", 65432),
    ]
    server = SocketGymServer()
    assert (server.host, server.port) == ("127.0.0.1", 65432)
    env = SocketGymClient("gym_pusht/PushT-v0", "pusht", "127.0.0.1", port, obs_type="pixels")
    assert (env.host, env.port) == ("127.0.0.1", port)
    assert SocketGymClient.metadata == {"render_modes": ["rgb_array"]}
    assert env.reset()[0].shape == (96, 96, 3)
    env.close()


def test_its_own_client_s_requests(port: int) -> None:
    # What gym_service's own client sends, beside ours.
    with PickleConnection(f"tcp://127.0.0.1:{port}") as connection:
        made = connection.call(
            "make",
            {
                "env_id": "gym_pusht/PushT-v0",
                "env_type": "pusht",
                "kwargs": {"render_mode": "rgb_array", "obs_type": "pixels_agent_pos"},
            },
        )
        assert set(made["observation_space"]["spaces"]) == {"pixels", "agent_pos"}
        assert made["render_fps"] == 10
        assert connection.call("reset")["observation"]["pixels"].shape == (96, 96, 3)
        action = np.array([256, 256], np.float32)
        assert connection.call("step", {"action": action})["info"]["is_success"] in (True, False)


def test_the_mode_is_rgb_array_whatever_is_asked_for(port: int) -> None:
    env = SocketGymClient("CartPole-v1", port=port, render_mode="human")
    assert env.render_mode == "rgb_array"
    env.reset()
    assert env.render().dtype == np.uint8
    env.close()
    without = SocketGymClient("SocketGymTest/Infos-v0", port=port)
    assert without.render_mode is None and "render_fps" in without.metadata
    without.close()


def test_errors_are_runtime_errors(port: int) -> None:
    with pytest.raises(RuntimeError, match="NoSuch-v0"):
        SocketGymClient("NoSuch-v0", port=port)
    with pytest.raises(RuntimeError, match="gym_robots"):
        SocketGymClient("Robot-v0", env_type="robots", port=port)
    env = SocketGymClient("SocketGymTest/Fault-v0", port=port, fault="raise", when="step")
    env.reset()
    with pytest.raises(RuntimeError, match="Traceback"):
        env.step(env.action_space.sample())
    env.close()


def test_without_a_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    with pytest.raises(ConnectionRefusedError, match="socketgym serve"):
        SocketGymClient(port=free)


def test_close_succeeds_after_the_server(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with SocketGymServer(port=0, options=["--no-python"]) as server:
        env = SocketGymClient(port=server.port)
        env.reset()
    with pytest.raises(RuntimeError):
        env.step(0)
    env.close()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    "vector_class", [gymnasium.vector.SyncVectorEnv, gymnasium.vector.AsyncVectorEnv]
)
def test_in_a_vector_environment(port: int, vector_class: Any) -> None:
    def make() -> gymnasium.Env[Any, Any]:
        return gymnasium.make("gym_service/PushT-v0", port=port, obs_type="state")

    vector = vector_class([make, make])
    local = vector_class([lambda: gymnasium.make("gym_pusht/PushT-v0", obs_type="state")] * 2)
    for env in (vector, local):
        env.action_space.seed(5)
    assert_identical(vector.reset(seed=[1, 2]), local.reset(seed=[1, 2]))
    for _ in range(20):
        action = vector.action_space.sample()
        assert_identical(vector.step(action), local.step(action))
    vector.close()
    local.close()


@pytest.mark.parametrize("page", ["moving-from-gym-service.md", "lerobot.md"])
def test_the_commands_of_a_page_exist(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    help_text = subprocess.run(
        ["dotnet", str(SERVER), "serve", "--help"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    commands = re.findall(r"^    socketgym serve (.*)$", text, re.MULTILINE)
    assert commands
    for option in re.findall(r"--[\w-]+", " ".join(commands)):
        assert f"{option} " in help_text, option
