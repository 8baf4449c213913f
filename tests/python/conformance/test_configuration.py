"""A server with a configuration file: several interpreters, fixed arguments, wrappers, entry points, allow-lists, list and check."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
from identical import assert_identical
from live_server import SERVER, TEST_ENVIRONMENTS, ServerProcess
from raw_clients import MessagePackConnection, PickleConnection

from socketgym import SocketGymClient, errors

ALLOWED_MODULE = """
import os
import gymnasium
from gymnasium.envs.classic_control import CartPoleEnv

class Labelled(CartPoleEnv):
    def reset(self, **arguments):
        observation, info = super().reset(**arguments)
        return observation, {"label": os.environ.get("LABEL")}

gymnasium.register("%s-v0", entry_point=Labelled, max_episode_steps=9)
"""


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder of modules that register an environment each, and may be imported by the default interpreter."""
    folder = tmp_path_factory.mktemp("modules")
    for module, name in (
        ("gym_allowed", "Allowed"),
        ("other_allowed", "Other"),
        ("gym_refused", "Refused"),
    ):
        (folder / f"{module}.py").write_text(ALLOWED_MODULE % name)
    return folder


@pytest.fixture(scope="module")
def configuration(modules: pathlib.Path) -> pathlib.Path:
    """Three interpreters, each with its own path, variables and imports."""
    environments = str(TEST_ENVIRONMENTS)
    content = {
        "listen": ["tcp://127.0.0.1:0", {"address": "tcp://127.0.0.1:0", "pickle": False}],
        # Isolated from PYTHONPATH, the default interpreter finds what the tests allow by its own path alone.
        "python": {"interpreter": f"env PYTHONPATH='{modules}' '{sys.executable}'"},
        "interpreters": {
            "tests": {
                "command": sys.executable,
                "imports": ["socketgym_test_envs"],
                "environment": {"PYTHONPATH": environments},
            },
            "labelled": {
                "command": [sys.executable],
                "imports": ["gym_allowed"],
                "environment": {"PYTHONPATH": str(modules), "LABEL": "from the configuration"},
            },
            "bare": {
                "command": [sys.executable, "-W", "ignore"],
                "environment": {"PYTHONPATH": f"{environments}:{modules}", "LABEL": None},
                "probe_timeout_ms": 60000,
            },
        },
        "environments": {
            "SocketGymTest/Discrete-v0": {
                "interpreter": "tests",
                "max_episode_steps": 3,
                "client_kwargs": ["render_mode"],
            },
            "Allowed-v0": {"interpreter": "labelled"},
            "Unlabelled-v0": {
                "interpreter": "bare",
                "imports": ["gym_allowed"],
                "make": "Allowed-v0",
            },
            "lab/Sampled-v0": {
                "interpreter": "bare",
                "entry_point": "socketgym_test_envs.sampled:SampledEnv",
                "kwargs": {"space": "BoxFloat32"},
                "max_episode_steps": 4,
            },
            "Rescaled-v0": {
                "make": "Pendulum-v1",
                "wrappers": [
                    {
                        "entry_point": "gymnasium.wrappers:RescaleAction",
                        "kwargs": {"min_action": -1.0, "max_action": 1.0},
                    },
                    {
                        "entry_point": "gymnasium.wrappers:TimeLimit",
                        "kwargs": {"max_episode_steps": 2},
                    },
                ],
            },
            "ShortCartPole-v0": {
                "make": "CartPole-v1",
                "max_episode_steps": 6,
                "client_kwargs": ["render_mode"],
            },
        },
        "allow": {"env_types": ["allowed"], "modules": ["other_allowed"]},
    }
    path = modules / "socketgym.json"
    path.write_text("// a comment\n" + json.dumps(content, indent=2)[:-2] + ",\n}\n")
    return path


@pytest.fixture(scope="module")
def configured(configuration: pathlib.Path) -> Iterator[ServerProcess]:
    process = ServerProcess("--config", str(configuration), module=None)
    yield process
    process.stop()


def length_of_episode(env: gymnasium.Env) -> int:
    env.action_space.seed(0)
    env.reset(seed=0)
    for steps in range(1, 100):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        if terminated or truncated:
            return steps
    raise AssertionError("the episode does not end")


def test_three_interpreters_serve_at_once(configured: ServerProcess) -> None:
    address = configured.address
    with (
        SocketGymClient("SocketGymTest/Discrete-v0", address=address) as first,
        SocketGymClient("Allowed-v0", address=address) as second,
        SocketGymClient("Unlabelled-v0", address=address) as third,
    ):
        assert length_of_episode(first) == 3
        assert second.reset(seed=1)[1] == {"label": "from the configuration"}
        assert third.reset(seed=1)[1] == {"label": None}


def test_the_banner_names_hosts_and_interpreters(configured: ServerProcess) -> None:
    banner = "".join(configured.banner)
    for host in ("native", "python", "python (tests)", "python (labelled)", "python (bare)"):
        assert f"  {host} " in banner, banner
    assert "tests: Python 3" in banner and "bare: Python 3" in banner
    assert banner.count("codecs") == 2


def test_only_one_of_two_addresses_speaks_pickle(configured: ServerProcess) -> None:
    speaks, refuses = configured.addresses
    for address, codecs in ((speaks, ["msgpack", "pickle"]), (refuses, ["msgpack"])):
        with MessagePackConnection(address) as connection:
            assert connection.call("hello", {"protocol": 1})["codecs"] == codecs
    with PickleConnection(refuses) as connection:
        connection.send_frame(b"\x80\x04}\x94.")
        assert b"does not speak pickle" in connection.receive_frame()


def test_a_client_may_not_change_what_is_fixed(configured: ServerProcess) -> None:
    address = configured.address
    for env_id, name, value in (
        ("SocketGymTest/Discrete-v0", "max_episode_steps", 5),
        ("lab/Sampled-v0", "space", "Text"),
        ("Allowed-v0", "sutton_barto_reward", True),
        ("ShortCartPole-v0", "max_episode_steps", 7),
    ):
        with pytest.raises(errors.InvalidArgument, match=name):
            SocketGymClient(env_id, address=address, **{name: value})
    # The value that it has anyway is no change.
    with SocketGymClient("SocketGymTest/Discrete-v0", address=address, max_episode_steps=3) as env:
        assert length_of_episode(env) == 3


def test_an_entry_point_is_made_as_gymnasium_would(configured: ServerProcess) -> None:
    with SocketGymClient("lab/Sampled-v0", address=configured.address, max_episode_steps=5) as env:
        assert env.render_mode == "rgb_array"
        assert env.remote_spec is not None and env.remote_spec.id == "lab/Sampled-v0"
        assert env.observation_space.shape == (4,)
        assert length_of_episode(env) == 5
    with SocketGymClient("lab/Sampled-v0", address=configured.address, render_mode=None) as env:
        assert length_of_episode(env) == 4
    with MessagePackConnection(configured.address) as connection:
        error = connection.error_of("make", "lab/Sampled-v0", {"render_mode": "depth"})
        assert error["code"] == "UnsupportedRenderMode" and "rgb_array" in error["message"]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_wrappers_go_round_the_environment_in_order(configured: ServerProcess) -> None:
    local = gymnasium.wrappers.RescaleAction(gymnasium.make("Pendulum-v1"), -1.0, 1.0)
    with SocketGymClient("Rescaled-v0", address=configured.address, render_mode=None) as env:
        assert env.action_space == local.action_space
        assert_identical(env.reset(seed=3), local.reset(seed=3))
        action = np.array([0.25], np.float32)
        remote, expected = env.step(action), local.step(action)
        assert_identical(remote[:2], expected[:2])
        assert env.step(action)[3] is True


def test_a_configured_native_environment(configured: ServerProcess) -> None:
    with MessagePackConnection(configured.address) as connection:
        offers = {offer["id"]: offer["host"] for offer in connection.call("list")}
    assert offers["ShortCartPole-v0"] == "native"
    assert offers["lab/Sampled-v0"] == offers["SocketGymTest/Discrete-v0"] == "python"
    with SocketGymClient("ShortCartPole-v0", address=configured.address) as env:
        assert length_of_episode(env) == 6


def test_interpreters_are_reached_by_configured_ids_only(configured: ServerProcess) -> None:
    for env_id in ("SocketGymTest/Text-v0", "python:SocketGymTest/Discrete-v0"):
        with pytest.raises(errors.UnknownEnvironment):
            SocketGymClient(env_id, address=configured.address)


def test_an_allowed_module_is_imported(configured: ServerProcess) -> None:
    with pytest.raises(errors.UnknownEnvironment):
        SocketGymClient("Other-v0", address=configured.address)
    with SocketGymClient("other_allowed:Other-v0", address=configured.address) as env:
        assert env.reset(seed=0)[1] == {"label": None}


@pytest.mark.parametrize(
    "env_id",
    [
        "gym_refused:Refused-v0",
        "os:Other-v0",
        "other_allowed.sub:Other-v0",
        ":Other-v0",
        "allowed:Allowed-v0",
    ],
)
def test_any_other_module_is_refused(configured: ServerProcess, env_id: str) -> None:
    with pytest.raises(errors.UnknownEnvironment, match="modules"):
        SocketGymClient(env_id, address=configured.address)


def test_env_type_of_the_pickle_dialect(configured: ServerProcess) -> None:
    with PickleConnection(configured.address) as connection:
        make = {
            "env_id": "Allowed-v0",
            "env_type": "allowed",
            "kwargs": {"render_mode": "rgb_array"},
        }
        assert list(connection.call("make", make)["observation_space"]["shape"]) == [4]
    with PickleConnection(configured.address) as connection:
        reply = connection.request(
            "make", {"env_id": "Refused-v0", "env_type": "refused", "kwargs": {}}
        )
        assert reply["status"] != "ok"
        assert '"env_types": ["refused"]' in str(reply)


def test_env_type_imports_where_the_id_is_not_configured(
    start_server: Callable[..., Any], modules: pathlib.Path
) -> None:
    path = modules / "allow.json"
    command = f"env PYTHONPATH='{modules}' '{sys.executable}'"
    path.write_text(
        json.dumps({"python": {"interpreter": command}, "allow": {"env_types": ["allowed"]}})
    )
    server = start_server("--config", str(path), "--port", "0", module=None)
    with PickleConnection(server.address) as connection:
        connection.call("make", {"env_id": "Allowed-v0", "env_type": "allowed", "kwargs": {}})
    with SocketGymClient("Allowed-v0", "allowed", address=server.address) as env:
        assert length_of_episode(env) <= 9


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["dotnet", str(SERVER), *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, **environment},
    )


def test_list_is_a_table(configuration: pathlib.Path) -> None:
    listed = run("list", "--config", str(configuration))
    assert listed.returncode == 0, listed.stderr
    head, *rows = [line.split() for line in listed.stdout.splitlines()]
    assert head == ["ID", "HOST", "INTERPRETER"]
    assert ["lab/Sampled-v0", "python", "bare"] in rows
    assert ["CartPole-v1", "native", "-"] in rows
    assert ["Rescaled-v0", "python", "-"] in rows
    assert rows == sorted(rows)


def test_list_shows_spaces(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "socketgym.json"
    path.write_text(
        '{"python": {"enabled": false, "interpreter": "/no/such/python"}, "environments": {"Missing-v0": {"host": "python"}}}'
    )
    listed = run("list", "--spaces", "--json", SOCKETGYM_CONFIG=str(path))
    assert listed.returncode == 0, listed.stderr
    entries = {entry["id"]: entry for entry in json.loads(listed.stdout)}
    cartpole = entries["CartPole-v1"]
    assert cartpole["action_space"] == "Discrete(2)" and cartpole["observation_space"].startswith(
        "Box("
    )
    assert (
        cartpole["host"] == "native"
        and cartpole["interpreter"] is None
        and cartpole["error"] is None
    )
    assert entries["Missing-v0"]["error"]["code"] == "InterpreterUnavailable"
    assert entries["Missing-v0"]["observation_space"] is None
    assert "] Missing-v0" in listed.stderr
    table = run("list", "--spaces", "--no-python", "--config", str(path)).stdout.splitlines()
    assert table[0].split() == ["ID", "HOST", "INTERPRETER", "OBSERVATION", "ACTION"]
    row = next(line for line in table if line.startswith("CartPole-v0 "))
    assert row.split()[:3] == ["CartPole-v0", "native", "-"] and row.endswith("Discrete(2)")


def test_check_says_ok_or_the_error(configuration: pathlib.Path) -> None:
    good = run(
        "check", "lab/Sampled-v0", "Rescaled-v0", "CartPole-v1", "--config", str(configuration)
    )
    assert good.returncode == 0, good.stderr
    assert [line.split() for line in good.stdout.splitlines()] == [
        ["ok", "lab/Sampled-v0"],
        ["ok", "Rescaled-v0"],
        ["ok", "CartPole-v1"],
    ]
    assert "3 ok, 0 failed" in good.stderr

    bad = run("check", "CartPole-v1", "Nothing-v0", "--config", str(configuration))
    assert bad.returncode == 1
    assert bad.stdout.splitlines()[0].split() == ["ok", "CartPole-v1"]
    assert bad.stdout.splitlines()[1].startswith("failed  Nothing-v0  UnknownEnvironment: ")


def test_check_ends_what_takes_too_long(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "socketgym.json"
    environment = {
        "imports": ["socketgym_test_envs"],
        "make": "SocketGymTest/Fault-v0",
        "kwargs": {"fault": "hang", "when": "step"},
        "limits": {"step_timeout_ms": 500},
    }
    path.write_text(
        json.dumps(
            {
                "python": {"enabled": False, "interpreter": sys.executable},
                "environments": {"Hangs-v0": environment},
            }
        )
    )
    checked = run("check", "Hangs-v0", "--config", str(path), PYTHONPATH=str(TEST_ENVIRONMENTS))
    assert checked.returncode == 1
    assert checked.stdout.startswith("failed  Hangs-v0  EnvironmentTimeout: ")
    del environment["limits"]
    path.write_text(
        json.dumps(
            {
                "python": {"enabled": False, "interpreter": sys.executable},
                "environments": {"Hangs-v0": environment},
            }
        )
    )
    checked = run(
        "check",
        "Hangs-v0",
        "--timeout",
        "5",
        "--config",
        str(path),
        PYTHONPATH=str(TEST_ENVIRONMENTS),
    )
    assert checked.returncode == 1
    assert "EnvironmentTimeout" in checked.stdout and "--timeout" in checked.stdout


@pytest.mark.parametrize("command", ["serve", "list", "check"])
def test_a_bad_configuration_is_refused_by_every_command(
    tmp_path: pathlib.Path, command: str
) -> None:
    path = tmp_path / "socketgym.json"
    path.write_text('{\n  "environments": {\n    "A-v0": { "interpreter": "old" },\n  },\n}\n')
    refused = run(command, "--config", str(path))
    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        f"socketgym: {path}, line 3, at '$.environments.A-v0.interpreter': there is no interpreter 'old'; describe it under 'interpreters'."
    )


def test_an_entry_point_of_an_old_gym(
    start_server: Callable[..., Any], tmp_path: pathlib.Path
) -> None:
    folders = (TEST_ENVIRONMENTS / name for name in ("without_gymnasium", "gym021"))
    old = {
        "command": sys.executable,
        "environment": {"PYTHONPATH": os.pathsep.join(map(str, folders))},
    }
    environment = {
        "interpreter": "old",
        "entry_point": "corridor021:Corridor",
        "wrappers": [
            {
                "entry_point": "gym.wrappers:TimeLimit",
                "kwargs": {"max_episode_steps": 2},
            }
        ],
    }
    path = tmp_path / "socketgym.json"
    path.write_text(
        json.dumps({"interpreters": {"old": old}, "environments": {"Old-v0": environment}})
    )
    server = start_server("--config", str(path), "--port", "0", module=None)
    with SocketGymClient("Old-v0", address=server.address, render_mode=None) as env:
        env.reset(seed=0)
        assert env.step(0)[3] is False
        assert env.step(0)[3] is True
