"""LeRobot's plug-in, found and driven as LeRobot does (a stand-in, since LeRobot needs torch)."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces
from identical import assert_identical
from live_server import ROOT, TEST_ENVIRONMENTS, ServerProcess

PLUG_IN = ROOT / "python/lerobot"
LEROBOT = TEST_ENVIRONMENTS / "lerobot_stand_in"
STAND_INS = TEST_ENVIRONMENTS / "gym_service_stand_ins"
SHIM = ROOT / "python/gym-service/src"
sys.path[:0] = [str(LEROBOT), str(PLUG_IN / "src"), str(SHIM), str(STAND_INS)]

from lerobot.configs.types import FeatureType, PolicyFeature  # noqa: E402
from lerobot.envs.configs import EnvConfig  # noqa: E402
from lerobot.scripts.lerobot_eval import (  # noqa: E402
    Policy,
    env_to_policy_features,
    evaluate,
    parse,
    rollout,
)
from lerobot_env_socketgym import (  # noqa: E402
    LeRobotEnvironment,
    ServiceEnvConfig,
    SocketGymEnvConfig,
)
from socketgym import SocketGymClient  # noqa: E402
from socketgym.errors import EnvironmentFault, UnknownEnvironment  # noqa: E402

PUSHT = {"obs_type": "environment_state_agent_pos", "visualization_width": 48}
IDENTITY = (lambda value: value,) * 2


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    """A server with the environments' stand-ins; PushT has to be asked for by its env_type."""
    paths = os.pathsep.join(map(str, (STAND_INS, TEST_ENVIRONMENTS)))
    allowed = ("--allow-env-type", "pusht", "--allow-env-type", "adroit")
    process = ServerProcess("--port", "0", *allowed, "--import", "rendezvous", python_path=paths)
    yield process
    process.stop()


@pytest.fixture
def lerobot_eval(tmp_path: pathlib.Path) -> Callable[..., dict[str, Any]]:
    """`lerobot-eval` where the plug-in is installed, by what pip would note of it."""
    name = re.search(r'^name = "(.+)"$', (PLUG_IN / "pyproject.toml").read_text(), re.MULTILINE)
    assert name is not None
    noted = tmp_path / "site" / f"{name[1]}-0.1.0.dist-info"
    noted.mkdir(parents=True)
    (noted / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name[1]}\nVersion: 0.1.0\n")
    paths = (noted.parent, LEROBOT, PLUG_IN / "src", ROOT / "python/src")

    def run(*arguments: str) -> dict[str, Any]:
        finished = subprocess.run(
            [sys.executable, "-m", "lerobot.scripts.lerobot_eval", *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        )
        assert finished.returncode == 0, finished.stderr
        results: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
        return results

    return run


def configure(server: ServerProcess, task: str, **fields: Any) -> SocketGymEnvConfig:
    return SocketGymEnvConfig(task=task, address=server.address, **fields)


def local_results(features: dict[str, PolicyFeature], **kwargs: Any) -> dict[str, Any]:
    """The same evaluation of PushT with no server and no plug-in."""
    __import__("gym_pusht")
    local = gymnasium.vector.SyncVectorEnv(
        [lambda: gymnasium.make("gym_pusht/PushT-v0", render_mode="rgb_array", **kwargs)] * 2,
        autoreset_mode=gymnasium.vector.AutoresetMode.SAME_STEP,
    )
    local.set_attr("task_description", ["", ""])
    results = evaluate(local, Policy(features, 0, 512), IDENTITY, 4, 1000)
    local.close()
    return results


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("use_async_envs", ["true", "false"])
def test_a_policy_is_evaluated_as_on_the_local_environment(
    server: ServerProcess, lerobot_eval: Callable[..., dict[str, Any]], use_async_envs: str
) -> None:
    results = lerobot_eval(
        "--env.type=socketgym",
        "--env.task=gym_pusht/PushT-v0",
        "--env.env_type=pusht",
        f"--env.address={server.address}",
        f"--env.kwargs={json.dumps(PUSHT)}",
        "--eval.batch_size=2",
        "--eval.n_episodes=4",
        f"--eval.use_async_envs={use_async_envs}",
        "--policy.bounds=[0, 512]",
    )
    assert results["features"] == {
        "action": [2],
        "observation.state": [2],
        "observation.environment_state": [16],
    }
    features = {
        name: PolicyFeature(FeatureType.STATE, tuple(shape))
        for name, shape in results["features"].items()
    }
    # Seeds, actions, rewards, successes and every pixel of every frame.
    assert results["socketgym_0"] == local_results(features, **PUSHT)
    assert results["socketgym_0"]["success"] == [True] * 4
    assert results["socketgym_0"]["fps"] == 10


def test_gym_service_s_own_command_line(
    server: ServerProcess, lerobot_eval: Callable[..., dict[str, Any]]
) -> None:
    results = lerobot_eval(
        "--env.type=service",
        f"--env.port={server.address.rpartition(':')[2]}",
        "--env.episode_length=12",
        "--env.visualization_height=40",
        "--eval.batch_size=1",
        "--eval.n_episodes=1",
        "--policy.bounds=[0, 0]",
    )
    assert results["features"]["observation.image"] == [3, 96, 96]
    assert results["service_0"]["lengths"] == [12]
    assert results["service_0"]["frames"][0][:3] == [40, 384, 3]
    config, _ = parse(["--env.type=service", "--env.task=adroit-pen"])
    assert (config.gym_id, config.env_type) == ("adroit/adroit-pen", "adroit")
    assert config.address == "tcp://127.0.0.1:2333"
    assert config.gym_kwargs == {"render_mode": "rgb_array", "max_episode_steps": 300}


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_lerobot_that_was_changed_for_gym_service(server: ServerProcess) -> None:
    # What the class of gym_service's guide has LeRobot make, without any plug-in.
    __import__("gym_service")
    kwargs = {**PUSHT, "render_mode": "rgb_array", "visualization_height": 48}
    vector = gymnasium.vector.SyncVectorEnv(
        [
            lambda: gymnasium.make(
                "gym_service/PushT-v0",
                disable_env_checker=True,
                port=int(server.address.rpartition(":")[2]),
                max_episode_steps=300,
                **kwargs,
            )
        ]
        * 2,
        autoreset_mode=gymnasium.vector.AutoresetMode.SAME_STEP,
    )
    features = {
        "action": PolicyFeature(FeatureType.ACTION, (2,)),
        "observation.environment_state": PolicyFeature(FeatureType.ENV, (16,)),
    }
    results = evaluate(vector, Policy(features, 0, 512), IDENTITY, 4, 1000)
    vector.close()
    assert results == local_results(features, **PUSHT, visualization_height=48)


def test_features_of_an_image_and_of_ones_own(server: ServerProcess) -> None:
    kwargs = {"obs_type": "pixels"}
    config = configure(server, "gym_pusht/PushT-v0", env_type="pusht", kwargs=kwargs)
    envs = config.create_envs(n_envs=2)
    assert list(envs) == ["socketgym"] and list(envs["socketgym"]) == [0]
    envs["socketgym"][0].close()
    assert config.features == {
        "action": PolicyFeature(FeatureType.ACTION, (2,)),
        "pixels": PolicyFeature(FeatureType.VISUAL, (96, 96, 3)),
    }
    assert env_to_policy_features(config)["observation.image"].shape == (3, 96, 96)
    given = {"action": PolicyFeature(FeatureType.ACTION, (2,))}
    config.features = given
    config.create_envs(n_envs=1)["socketgym"][0].close()
    assert config.features is given


@pytest.mark.parametrize(
    ("task", "action_shape", "state_shape"),
    [
        ("native:CartPole-v1", (1,), (4,)),
        ("python:FrozenLake-v1", (1,), (16,)),
        ("Pendulum-v1", (1,), (3,)),
        ("SocketGymTest/MultiBinary-v0", None, None),
        ("SocketGymTest/MultiDiscrete-v0", None, None),
    ],
)
def test_any_environment_with_vectors_is_evaluated(
    server: ServerProcess,
    task: str,
    action_shape: tuple[int, ...] | None,
    state_shape: tuple[int, ...] | None,
) -> None:
    config = configure(server, task, episode_length=5)
    vector = config.create_envs(n_envs=2)["socketgym"][0]
    features = env_to_policy_features(config)
    if action_shape is not None and state_shape is not None:
        assert features["action"].shape == action_shape
        assert features["observation.state"].shape == state_shape
    results = evaluate(vector, Policy(features, -1, 2), IDENTITY, 2, 0)
    assert all(1 <= length <= 5 for length in results["lengths"])
    vector.close()


def test_environments_step_at_the_same_time(server: ServerProcess, tmp_path: pathlib.Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    config = configure(server, "Rendezvous-v0", kwargs={"path": str(tmp_path / "pipe")})
    vector = config.create_envs(n_envs=2, use_async_envs=True)["socketgym"][0]
    # One after the other they would wait for ever.
    vector.reset(seed=[0, 1], options={"lerobot_new_rollout": True})
    truncations = [vector.step(np.zeros((2, 1), np.float32))[3].tolist() for _ in range(3)]
    assert truncations == [[False, False]] * 3
    with pytest.raises(EnvironmentFault, match="nobody comes"):
        vector.step(np.full((2, 1), -1, np.float32))
    vector.reset(seed=4)
    assert vector.step(np.zeros((2, 1), np.float32))[1].tolist() == [1.0, 1.0]
    vector.close()


def test_actions_are_rounded_into_discrete_spaces(server: ServerProcess) -> None:
    with SocketGymClient("native:CartPole-v1", address=server.address) as client:
        env = LeRobotEnvironment(client, "CartPole")
        local = gymnasium.make("CartPole-v1")
        assert env.action_space == spaces.Box(0.0, 1.0, (1,), np.float32)
        env.reset(seed=1)
        local.reset(seed=1)
        for action, meant in ((0.4, 0), (0.6, 1), (7.5, 1), (-3.0, 0)):
            stepped = env.step(np.array([action], np.float32))
            expected = local.step(meant)
            assert_identical(stepped[0]["agent_pos"], expected[0])
            assert_identical(stepped[1:], expected[1:])


def test_what_lerobot_asks_beside_the_steps(server: ServerProcess) -> None:
    config = configure(
        server, "SocketGymTest/Discrete-v0", episode_length=4, task_description="Count.", fps=17
    )
    vector = config.create_envs(n_envs=2)["socketgym"][0]
    assert vector.call("_max_episode_steps")[0] == 4
    assert vector.call("task_description") == ("Count.", "Count.")
    assert vector.call("task") == vector.get_attr("task") == ("SocketGymTest/Discrete-v0",) * 2
    assert vector.unwrapped.metadata["render_fps"] > 0
    with pytest.raises(AttributeError):
        vector.call("no_such_attribute")
    vector.close()


def test_success_under_another_name(server: ServerProcess) -> None:
    config = configure(server, "adroit/adroit-door", env_type="adroit", success_key="goal_achieved")
    vector = config.create_envs(n_envs=1)["socketgym"][0]
    policy = Policy(env_to_policy_features(config), 0, 0)
    rewards, successes, _, _ = rollout(vector, policy, IDENTITY, [3], lambda env: None)
    assert vector.reset(seed=[3])[1] == {}
    assert vector.step(np.zeros((1, 28), np.float32))[4]["is_success"].dtype == bool
    # Without pushing the door nothing changes, and 200 steps are all there are.
    assert rewards.shape == successes.shape == (1, 200)
    vector.close()


def test_an_environment_that_does_not_render(server: ServerProcess) -> None:
    with SocketGymClient(
        "SocketGymTest/Discrete-v0", address=server.address, render_mode=None
    ) as client:
        env = LeRobotEnvironment(client, "Discrete", fps=17)
        with pytest.warns(UserWarning, match="stay black"):
            frame = env.render()
    assert frame.dtype == np.uint8 and frame.ndim == 3 and not frame.any()


def test_what_cannot_be_evaluated_says_so(server: ServerProcess) -> None:
    def create(task: str | None, **fields: Any) -> None:
        SocketGymEnvConfig(task=task, address=server.address, **fields).create_envs(n_envs=1)

    with pytest.raises(ValueError, match="--env.task"):
        create(None)
    with pytest.raises(ValueError, match="--env.episode_length"):
        create("SocketGymTest/Unwrapped-v0")
    with pytest.raises(ValueError, match="Text"):
        create("SocketGymTest/Text-v0")
    with pytest.raises(UnknownEnvironment, match="NoSuch-v0"):
        create("NoSuch-v0")


def test_both_types_are_registered_when_the_package_is_imported() -> None:
    assert EnvConfig.get_choice_class("socketgym") is SocketGymEnvConfig
    assert issubclass(EnvConfig.get_choice_class("service"), SocketGymEnvConfig)
    assert SocketGymEnvConfig().type == "socketgym"


def test_the_page_names_fields_that_exist() -> None:
    text = (ROOT / "docs/lerobot.md").read_text()
    fields = {field.name for field in dataclasses.fields(ServiceEnvConfig)} | {"type"}
    named = re.findall(r"--env\.(\w+)", text) + re.findall(r"^\| `(\w+)`", text, re.MULTILINE)
    assert len(named) > 10
    assert set(named) <= fields | {"discover_packages_path"}
