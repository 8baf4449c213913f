"""Attributes and methods by name: what Gymnasium's `get_wrapper_attr` and its kin give locally."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import msgpack
import numpy as np
import pytest
import socketgym_test_envs  # noqa: F401  (registers its environments here, too)
from identical import assert_identical
from raw_clients import MessagePackConnection, PickleConnection
from socketgym import SocketGymClient, errors
from socketgym.errors import error_for

ATTRIBUTES_ID = "SocketGymTest/Attributes-v0"
CARTPOLES = ["native:CartPole-v1", "python:CartPole-v1"]
CARTPOLE_NUMBERS = {
    "gravity": [1.62, -9.8, 10, np.float64(20.5), 0, 1e300],
    "masscart": [2.0],
    "masspole": [0.3],
    "total_mass": [0.7, 3, 0.0],
    "length": [0.25, 1],
    "polemass_length": [0.2],
    "force_mag": [3.5, 17, -0.0, 0.0],
    "tau": [0.05, 0.0, -0.02],
    "theta_threshold_radians": [0.05, 1],
    "x_threshold": [0.5, 10],
}


class PickleClient:
    """The same requests in the pickle dialect."""

    def __init__(self, env_id: str, address: str, **kwargs: Any) -> None:
        self._connection = PickleConnection(address)
        self._ask("make", env_id=env_id, env_type=None, kwargs=kwargs)

    def reset(self, *, seed: int | None = None) -> Any:
        reply = self._ask("reset", seed=seed, options=None)
        return reply["observation"], reply["info"]

    def step(self, action: Any) -> Any:
        reply = self._ask("step", action=action)
        names = ("observation", "reward", "terminated", "truncated", "info")
        return tuple(reply[name] for name in names)

    def render(self) -> Any:
        return self._ask("render")["image"]

    def get_attr(self, name: Any) -> Any:
        return self._ask("get_attr", name=name)["result"]

    def set_attr(self, name: Any, value: Any, *, force: Any = True) -> Any:
        return self._ask("set_attr", name=name, value=value, force=force)["result"]

    def has_attr(self, name: Any) -> Any:
        return self._ask("has_attr", name=name)["result"]

    def call(self, name: Any, /, *args: Any, **kwargs: Any) -> Any:
        return self._ask("call", name=name, args=args, kwargs=kwargs)["result"]

    def close(self) -> None:
        self._ask("close")
        self._connection.socket.close()

    def _ask(self, kind: str, **payload: Any) -> dict[str, Any]:
        reply = self._connection.request(kind, payload)
        if reply["status"] == "ok":
            return reply
        raise error_for(
            reply["code"], reply["message"], reply["exception_type"], reply["traceback"] or None
        )


class MessagePackClient(SocketGymClient):
    """The package's client with the one request that it sends only on its own behalf."""

    def has_attr(self, name: Any) -> Any:
        return self._connection.request("has_attr", name)


@pytest.fixture(params=[MessagePackClient, PickleClient], ids=["msgpack", "pickle"])
def make(request: pytest.FixtureRequest, server: Any) -> Iterator[Callable[..., Any]]:
    """Makes a remote environment through one of the two codecs."""
    made = []

    def make_remote(env_id: str, **kwargs: Any) -> Any:
        made.append(request.param(env_id, address=server.address, **kwargs))
        return made[-1]

    yield make_remote
    for remote in made:
        remote.close()


@pytest.fixture
def remote(make: Callable[..., Any]) -> Any:
    return make(ATTRIBUTES_ID)


@pytest.fixture
def local() -> Any:
    return gymnasium.make(ATTRIBUTES_ID)


@pytest.mark.parametrize(
    "name",
    ["count", "scalar", "array", "nested", "huge", "limit", "read_only", "metadata", "has_reset"],
)
def test_values_are_identical(remote: Any, local: Any, name: str) -> None:
    assert_identical(remote.get_attr(name), local.get_wrapper_attr(name), name)
    assert remote.has_attr(name) == "value"


@pytest.mark.parametrize(
    ("env_id", "kwargs"),
    [
        ("python:FrozenLake-v1", {}),
        ("native:FrozenLake-v1", {}),
        ("native:FrozenLake8x8-v1", {"success_rate": 0.9}),
        ("native:CliffWalking-v1", {}),
        ("native:CliffWalkingSlippery-v1", {}),
        ("native:Taxi-v4", {}),
        ("native:Taxi-v4", {"is_rainy": True}),
    ],
)
def test_transitions(make: Callable[..., Any], env_id: str, kwargs: dict[str, Any]) -> None:
    remote, local = make(env_id, **kwargs), gymnasium.make(env_id.split(":")[1], **kwargs)
    for name in ("P", "initial_state_distrib"):
        assert_identical(remote.get_attr(name), local.get_wrapper_attr(name), name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("module", "module"),
        ("thing", "socketgym_test_envs.attributes._Thing"),
        ("deep_thing", r"\['list'\]\[1\] is an instance of socketgym_test_envs"),
        ("function", "function"),
        ("echo", "method"),
        ("spec", "EnvSpec"),
        ("unwrapped", "AttributesEnv"),
        ("action_space", "Discrete"),
        ("np_random", "Generator"),
    ],
)
def test_what_cannot_travel_is_named(remote: Any, name: str, kind: str) -> None:
    with pytest.raises(errors.UnsupportedValue, match=kind):
        remote.get_attr(name)
    assert remote.has_attr(name) == ("method" if name in ("echo", "function") else "value")
    assert remote.get_attr("count") == 3


@pytest.mark.parametrize("name", ["absent", "half_there", "a b", "ＡＢＣ", "\ud800"])
def test_a_missing_attribute_is_an_attribute_error(remote: Any, name: str) -> None:
    for ask in (remote.get_attr, remote.call):
        with pytest.raises(AttributeError) as raised:
            ask(name)
        assert type(raised.value) is errors.UnknownAttribute
        assert raised.value.remote_type == "AttributeError"
    assert remote.has_attr(name) is None


def test_exceptions_are_the_environments_own(remote: Any) -> None:
    for ask in (remote.get_attr, remote.has_attr):
        with pytest.raises(errors.EnvironmentFault, match="the sensor is off") as raised:
            ask("failing")
        assert raised.value.remote_type == "ValueError"
    with pytest.raises(errors.EnvironmentFault) as raised:
        remote.call("fail", "axle")
    assert raised.value.remote_type == "KeyError"
    assert "raise KeyError(text)\nKeyError: 'axle'" in (raised.value.remote_traceback or "")
    with pytest.raises(errors.EnvironmentFault) as raised:
        remote.call("look_for")
    assert raised.value.remote_type == "AttributeError"
    with pytest.raises(errors.EnvironmentFault) as raised:
        remote.call("fail")
    assert raised.value.remote_type == "TypeError"
    with pytest.raises(errors.EnvironmentFault) as raised:
        remote.set_attr("limit", "five")
    assert raised.value.remote_type == "ValueError"
    assert remote.get_attr("limit") == 5


def test_setting(remote: Any, local: Any) -> None:
    value = {"array": np.arange(3, dtype="<f2"), "tuple": (1, np.int8(2)), 4: None}
    for name in ("count", "array", "made_anew"):
        assert remote.set_attr(name, value) is local.set_wrapper_attr(name, value) is True
        assert_identical(remote.get_attr(name), local.get_wrapper_attr(name), name)
    assert remote.set_attr("never_made", 1, force=False) is False
    assert remote.has_attr("never_made") is None
    assert remote.set_attr("count", 7, force=False) is True
    remote.reset(seed=0)
    assert remote.step(1)[1] == 7.0
    assert remote.set_attr("limit", 6) is True and remote.get_attr("limit") == 6
    for name in ("read_only", "render_mode", "unwrapped", "has_reset"):
        with pytest.raises(AttributeError):
            local.set_wrapper_attr(name, None)
        with pytest.raises(errors.UnknownAttribute):
            remote.set_attr(name, None)


def test_calling(remote: Any, local: Any) -> None:
    args = (1, 2.5, None, (1, [2]), np.int8(3), np.zeros((0, 2), ">f4"), {"k": 1j}, b"x")
    kwargs = {"name": "other", "self_": [True], "ünï": np.float64(-0.0)}
    expected = local.get_wrapper_attr("echo")(*args, **kwargs)
    assert_identical(remote.call("echo", *args, **kwargs), expected, "echo")
    assert_identical(remote.call("echo"), ((), {}, []), "echo")
    for name, kind in (("count", "int"), ("module", "module"), ("array", "numpy.ndarray")):
        with pytest.raises(errors.InvalidArgument, match=kind):
            remote.call(name)
    with pytest.raises(errors.UnsupportedValue, match="function"):
        remote.call("give_function")
    assert_identical(remote.call("reset", seed=3), (0, {}), "reset")
    assert_identical(remote.call("step", 1), (1, 3.0, False, False, {}), "step")


def test_arguments_are_copies(remote: Any) -> None:
    items, extra = ["first"], {"array": np.zeros(2)}
    assert remote.call("change", items, extra=extra) is None
    assert items == ["first"] and list(extra) == ["array"] and not extra["array"].any()
    received = (["first", "more"], {"array": np.ones(2), "added": True})
    assert_identical(remote.get_attr("received"), received, "received")
    remote.get_attr("received")[0].clear()
    assert_identical(remote.get_attr("received"), received, "received")


HOSTILE = [
    "__class__",
    "__init__",
    "_x",
    "_",
    "_max_episode_steps",
    "a.b",
    "unwrapped.count",
    ".",
    "count.",
    "get_wrapper_attr",
    "set_wrapper_attr",
    "has_wrapper_attr",
    "",
    "x" * 257,
    "x" * 10_000_000,
    b"count",
    None,
    1,
    ("count",),
    ["count"],
    np.str_("count"),
]


@pytest.mark.parametrize("env_id", [ATTRIBUTES_ID, "native:CartPole-v1"])
def test_hostile_names_are_refused(make: Callable[..., Any], env_id: str) -> None:
    remote = make(env_id)
    for name in HOSTILE:
        for ask in (
            remote.get_attr,
            remote.has_attr,
            remote.call,
            lambda name: remote.set_attr(name, 1),
        ):
            with pytest.raises(errors.InvalidArgument) as raised:
                ask(name)
            assert len(str(raised.value)) < 1000
    remote.reset(seed=1)
    remote.step(1)


def test_malformed_parameters_are_refused(server: Any) -> None:
    with MessagePackConnection(server.address) as connection:
        assert connection.error_of("get_attr", "count")["code"] == "NoEnvironment"
        connection.call("make", ATTRIBUTES_ID)
        for method, *params in (
            ("get_attr",),
            ("set_attr", "count"),
            ("set_attr", "count", 1, "yes"),
            ("call", "echo", {"a": 1}),
            ("call", "echo", "ab"),
            ("call", "echo", [], [1]),
            ("call", "echo", [], {1: 2}),
            ("call",),
        ):
            assert connection.error_of(method, *params)["code"] == "InvalidArgument", params
        assert connection.call("set_attr", "count", None) is True
        assert connection.call("get_attr", "count") is None
        opaque = [msgpack_mark(6), "a.B", "<a.B>"]
        for method, *params in (
            ("set_attr", "count", opaque),
            ("call", "echo", [opaque]),
            ("call", "echo", [], {"a": [opaque]}),
        ):
            assert connection.error_of(method, *params)["code"] == "UnsupportedValue", params
        assert connection.call("get_attr", "count") is None


def msgpack_mark(number: int) -> Any:
    """What stands first in an array that is no list (docs/protocol.md, section 4)."""
    return msgpack.ExtType(3, bytes([number]))


@pytest.mark.parametrize("env_id", CARTPOLES)
def test_cartpoles_attributes(make: Callable[..., Any], env_id: str) -> None:
    remote, local = make(env_id, render_mode="rgb_array"), gymnasium.make(
        "CartPole-v1", render_mode="rgb_array"
    )
    names = [*CARTPOLE_NUMBERS, "kinematics_integrator", "state", "steps_beyond_terminated"]
    names += ["metadata", "render_mode", "screen_width", "screen_height", "has_reset"]

    def compare() -> None:
        for name in names:
            assert_identical(remote.get_attr(name), local.get_wrapper_attr(name), name)
            assert remote.has_attr(name) == "value"

    compare()
    assert_identical(remote.reset(seed=2), local.reset(seed=2), "reset")
    compare()
    for number in range(20):
        assert_identical(remote.step(1), local.step(1), f"step {number}")
        compare()
    with pytest.raises(errors.InvalidArgument):
        remote.call("gravity")
    for name in ("no_such_thing", "gravity_"):
        with pytest.raises(errors.UnknownAttribute):
            remote.get_attr(name)
        assert remote.set_attr(name, 1, force=False) is False
    with pytest.raises(errors.UnknownAttribute):
        remote.set_attr("render_mode", "ansi")


CARTPOLE_SETTINGS = [
    *[(name, value) for name, values in CARTPOLE_NUMBERS.items() for value in values],
    *[("kinematics_integrator", text) for text in ("semi-implicit", "euler", "")],
    ("state", np.array([0.5, -1.0, 0.1, -0.0])),
    ("state", np.array([3.0, 1e200, -7.5, 1e-320])),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("name", "value"), CARTPOLE_SETTINGS)
@pytest.mark.parametrize("env_id", CARTPOLES)
def test_cartpole_stays_exact_when_set(
    make: Callable[..., Any], env_id: str, name: str, value: Any
) -> None:
    remote, local = make(env_id), gymnasium.make("CartPole-v1")
    actions = np.random.default_rng(4).integers(0, 2, 300)
    assert_identical(remote.reset(seed=9), local.reset(seed=9), "reset")
    for number, action in enumerate(actions):
        if number == 5:
            assert remote.set_attr(name, value) is local.set_wrapper_attr(name, value) is True
            assert_identical(remote.get_attr(name), local.get_wrapper_attr(name), name)
        ours, theirs = remote.step(action), local.step(action)
        assert_identical(ours, theirs, f"step {number}")
        if number > 60 and (theirs[2] or theirs[3]):
            assert_identical(remote.reset(seed=number), local.reset(seed=number), "reset")


@pytest.mark.parametrize("env_id", CARTPOLES)
@pytest.mark.parametrize(
    "settings",
    [
        {"length": 1.0},
        {"length": 0.05},
        {"x_threshold": 0.5},
        {"x_threshold": 50, "length": 5},
        {"x_threshold": 0.5, "length": 5.0},
        {"x_threshold": 1.1, "length": 0.37},
    ],
)
def test_cartpoles_picture_follows(
    make: Callable[..., Any], env_id: str, settings: dict[str, Any]
) -> None:
    remote, local = make(env_id, render_mode="rgb_array"), gymnasium.make(
        "CartPole-v1", render_mode="rgb_array"
    )
    remote.reset(seed=6)
    local.reset(seed=6)
    for name, value in settings.items():
        remote.set_attr(name, value)
        local.set_wrapper_attr(name, value)
    for number in range(40):
        assert_identical(remote.step(number % 3 > 0), local.step(number % 3 > 0), "step")
        assert_identical(remote.render(), local.render(), f"frame {number}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gravity", "9.8"),
        ("gravity", None),
        ("gravity", True),
        ("gravity", float("nan")),
        ("gravity", np.float64("inf")),
        ("gravity", np.float32(9.8)),
        ("gravity", np.array(9.8)),
        ("gravity", 2**53 + 1),
        ("gravity", -(2**63)),
        ("gravity", 2**70),
        ("force_mag", 0),
        ("kinematics_integrator", 1),
        ("length", 0.01),
        ("length", 6),
        ("x_threshold", 0.0),
        ("x_threshold", 51.0),
        ("state", None),
        ("state", [0.0, 0.0, 0.0, 0.0]),
        ("state", np.zeros(4, np.float32)),
        ("state", np.zeros((1, 4))),
        ("state", np.zeros(4, ">f8")),
    ],
)
def test_native_cartpole_refuses_what_it_cannot_do_exactly(
    make: Callable[..., Any], name: str, value: Any
) -> None:
    remote = make("native:CartPole-v1", render_mode="rgb_array")
    remote.reset(seed=1)
    before = remote.get_attr(name)
    with pytest.raises(errors.InvalidArgument, match="'python:'"):
        remote.set_attr(name, value)
    assert_identical(remote.get_attr(name), before, name)
    with pytest.raises(errors.UnknownAttribute, match="'python:'"):
        remote.set_attr("isopen", False)


@pytest.mark.parametrize("env_id", [*CARTPOLES, ATTRIBUTES_ID])
def test_the_client_looks_at_itself_first(server: Any, env_id: str) -> None:
    with SocketGymClient(env_id, address=server.address, render_mode=None) as env:
        assert env.get_wrapper_attr("render_mode") is env.render_mode is None
        assert env.get_wrapper_attr("action_space") is env.action_space
        assert env.has_wrapper_attr("metadata") and not env.has_wrapper_attr("absent")
        for name in ("_absent", "__absent__", "a.b", ""):
            assert not env.has_wrapper_attr(name)
            assert not hasattr(env, name)
            with pytest.raises(AttributeError):
                env.get_wrapper_attr(name)
        with pytest.raises(AttributeError):
            env.get_wrapper_attr("absent")
        with pytest.raises(AttributeError):
            env.gravity  # nothing remote is reached by accident
        assert env.set_wrapper_attr("render_mode", "mine") is True
        assert env.render_mode == "mine" and env.get_attr("render_mode") is None
        assert env.set_wrapper_attr("absent", 1, force=False) is False


def test_the_client_within_wrappers_and_vectors(server: Any) -> None:
    make = functools.partial(SocketGymClient, ATTRIBUTES_ID, address=server.address)
    with gymnasium.wrappers.RecordEpisodeStatistics(make()) as env:
        assert env.get_wrapper_attr("count") == 3 and env.has_wrapper_attr("echo")
        assert env.set_wrapper_attr("count", 4) is True
        assert env.unwrapped.get_attr("count") == 4
        with pytest.raises(AttributeError):
            env.get_wrapper_attr("absent")
        with pytest.raises(errors.UnsupportedValue, match="module"):
            env.get_wrapper_attr("module")
    vector = gymnasium.vector.SyncVectorEnv([make] * 2)
    try:
        assert vector.get_attr("count") == (3, 3)
        assert vector.call("echo", 1, k=2) == (((1,), {"k": 2}, ["int"]),) * 2
        vector.set_attr("count", [5, 6])
        assert vector.call("count") == (5, 6)
        with pytest.raises(AttributeError):
            vector.call("task_description")
    finally:
        vector.close()


@pytest.mark.parametrize("env_id", CARTPOLES)
def test_the_time_limit_is_the_specs(server: Any, env_id: str) -> None:
    with SocketGymClient(env_id, address=server.address, max_episode_steps=33) as env:
        assert env.get_wrapper_attr("_max_episode_steps") == env._max_episode_steps == 33
    with SocketGymClient(ATTRIBUTES_ID, address=server.address) as env:
        assert not env.has_wrapper_attr("_max_episode_steps")
        with pytest.raises(AttributeError):
            env.get_wrapper_attr("_max_episode_steps")
