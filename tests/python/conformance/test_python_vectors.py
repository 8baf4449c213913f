"""Vectors of Python environments, in several processes with several of them each, against Gymnasium's `SyncVectorEnv`."""

from __future__ import annotations

import functools
import itertools
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv, VectorEnv
from identical import assert_identical
from live_server import ServerProcess
from process_watch import ProcessWatch, children_of, resources_of, shared_mappings_of
from socketgym import errors
from socketgym.addresses import ServerAddress
from socketgym.wire.connection import Connection
from socketgym_test_envs.sampled import SPACES

STEPS = 45
MODES = list(AutoresetMode)
# TextDefault's characters are a set's, in an order of each process's own; sampling a LargeImage takes long.
SAMPLED = [name for name in SPACES if name not in ("TextDefault", "LargeImage")]
# Their samples are arrays of differing shapes, of which Gymnasium cannot batch those in infos.
DIFFERING = ["SequenceStacked", "SequenceOfDictStacked", "GraphWithoutEdges"]


@pytest.fixture
def connection(server: ServerProcess) -> Iterator[Connection]:
    opened = connect(server)
    yield opened
    opened.close()


def connect(server: ServerProcess) -> Connection:
    return Connection.open(ServerAddress.resolve(None, None, server.address), 60, 60)


def make(connection: Connection, name: str, count: int, workers: int | None, **options: Any) -> Any:
    kwargs = options.pop("kwargs", {})
    prefixed = "python:" + ("SocketGymTest/%s-v0" % name if "-v" not in name else name)
    return connection.request("make_vec", prefixed, kwargs, count, {"workers": workers, **options})


def local(name: str, count: int, mode: AutoresetMode = AutoresetMode.NEXT_STEP) -> SyncVectorEnv:
    bare = "SocketGymTest/%s-v0" % name if "-v" not in name else name
    # The checker would warn of what some of these are for.
    made = functools.partial(gymnasium.make, bare, disable_env_checker=True)
    return SyncVectorEnv([made] * count, autoreset_mode=mode)


def batched(infos: Any, count: int) -> dict[str, Any]:
    """The infos as Gymnasium has them."""
    vector = VectorEnv()
    vector.num_envs = count
    result: dict[str, Any] = {}
    for index, info in infos:
        result = vector._add_info(result, info, index)
    return result


def assert_equal_runs(
    connection: Connection, name: str, count: int, workers: int, mode: AutoresetMode
) -> None:
    """Runs both side by side over several episodes."""
    kwargs = {"disable_env_checker": True}
    make(connection, name, count, workers, autoreset_mode=mode.value, kwargs=kwargs)
    reference = local(name, count, mode)
    observations, infos = connection.request("reset", 5, {"x": 1})
    assert_identical(
        (observations, batched(infos, count)), reference.reset(seed=5, options={"x": 1}), "reset"
    )
    reference.action_space.seed(1)
    ends = 0
    for number in range(STEPS):
        actions = reference.action_space.sample()
        if name in DIFFERING:
            actions = actions[:1] * count
        expected = reference.step(actions)
        *result, infos = connection.request("step", actions)
        assert_identical((*result, batched(infos, count)), expected, f"step {number}")
        over = expected[2] | expected[3]
        ends += over.sum()
        if mode is AutoresetMode.DISABLED and over.any():
            seeds = [None if index % 2 else number + index for index in range(count)]
            observations, infos = connection.request("reset", seeds, {"reset_mask": over})
            assert_identical(
                (observations, batched(infos, count)),
                reference.reset(seed=seeds, options={"reset_mask": over}),
                f"reset after {number}",
            )
    assert ends, "no episode ended"


@pytest.mark.parametrize(("name", "mode"), list(zip(SAMPLED, itertools.cycle(MODES))))
def test_every_space_s_batches_are_gymnasiums(
    connection: Connection, name: str, mode: AutoresetMode
) -> None:
    assert_equal_runs(connection, name, 3, 2, mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["CartPole-v1", "Tuple", "Dict"])
@pytest.mark.parametrize(("count", "workers"), [(1, 1), (2, 3), (5, 2), (5, 3), (8, 3)])
def test_however_they_are_divided(
    connection: Connection, name: str, count: int, workers: int, mode: AutoresetMode
) -> None:
    assert_equal_runs(connection, name, count, workers, mode)


@pytest.mark.parametrize("mode", MODES)
def test_rewards_that_are_scalars_and_episodes_of_a_time_limit(
    connection: Connection, mode: AutoresetMode
) -> None:
    name, count = "Pendulum-v1", 5
    actions = np.linspace(-2, 2, count, dtype=np.float32)[:, np.newaxis]
    make(connection, name, count, 2, autoreset_mode=mode.value)
    reference = local(name, count, mode)
    expected, actual = reference.reset(seed=3), connection.request("reset", 3)
    assert_identical(actual[0], expected[0], "reset")
    for number in range(201):
        if mode is AutoresetMode.DISABLED and number == 200:
            with pytest.raises(errors.ResetNeeded, match="environment 0 is over"):
                connection.request("step", actions)
            break
        *actual, infos = connection.request("step", actions)
        expected = reference.step(actions)
        assert_identical((*actual, batched(infos, count)), expected, f"step {number}")


@pytest.mark.parametrize(
    "fault", ["odd reward", "wrong dtype", "info with functions", "info is a subclass"]
)
def test_odd_results_are_taken_as_numpy_takes_them(connection: Connection, fault: str) -> None:
    make(connection, "PickedFault", 3, 2, kwargs={"fault": fault})
    reference = SyncVectorEnv(
        [functools.partial(gymnasium.make, "SocketGymTest/PickedFault-v0", fault=fault)] * 3
    )
    connection.request("reset", 1)
    reference.reset(seed=1)
    actions = np.array([0, 1, 1])
    *result, _ = connection.request("step", actions)
    assert_identical(tuple(result), reference.step(actions)[:4], fault)


@pytest.mark.parametrize(
    "fault", ["wrong shape", "wrong type", "info is none", "none", "function reward"]
)
@pytest.mark.parametrize("index", [0, 2, 4])
def test_a_fault_is_told_of_its_environment_until_all_are_reset(
    connection: Connection, fault: str, index: int
) -> None:
    make(connection, "PickedFault", 5, 2, kwargs={"fault": fault})
    connection.request("reset", 1)
    actions = np.zeros(5, np.int64)
    connection.request("step", actions)
    actions[index] = 1
    with pytest.raises(errors.SocketGymError, match=f"^environment {index}: ") as caught:
        connection.request("step", actions)
    assert not isinstance(caught.value, errors.WorkerDied)
    with pytest.raises(errors.ResetNeeded, match="reset them all"):
        connection.request("step", np.zeros(5, np.int64))
    with pytest.raises(errors.ResetNeeded, match="reset them all"):
        connection.request("reset", None, {"reset_mask": np.array([True] + [False] * 4)})
    connection.request("reset", 1)
    assert connection.request("step", np.zeros(5, np.int64))[1].tolist() == [1.0] * 5


def test_an_exception_has_its_traceback(connection: Connection) -> None:
    make(connection, "PickedFault", 4, 2)
    connection.request("reset", 1)
    with pytest.raises(errors.EnvironmentFault, match="environment 3: ValueError") as caught:
        connection.request("step", np.array([0, 0, 0, 1]))
    assert "faults.py" in caught.value.remote_traceback
    assert "socketgym_worker" not in caught.value.remote_traceback
    connection.request("reset", 1)
    with pytest.raises(errors.InvalidAction, match="environment 1: the action 7 of type"):
        connection.request("step", np.array([0, 7, 0, 0]))


def test_a_process_that_ends_is_told_with_its_environments(connection: Connection) -> None:
    make(connection, "PickedFault", 5, 2, kwargs={"fault": "kill"})
    connection.request("reset", 1)
    with pytest.raises(errors.WorkerDied, match="environments 2 to 4 of 5.*SIGKILL"):
        connection.request("step", np.array([0, 0, 0, 1, 0]))
    for request in (("reset", 1), ("step", np.zeros(5, np.int64)), ("get_attr", "child")):
        with pytest.raises(errors.WorkerDied, match="make it anew"):
            connection.request(*request)
    make(connection, "PickedFault", 2, 2)
    connection.request("reset", 1)


@pytest.mark.parametrize(
    "fault",
    ["fork and return", "leak descriptors", "zombies", "flood output"],
)
def test_what_an_environment_does_to_its_process_harms_no_step(
    connection: Connection, fault: str
) -> None:
    make(connection, "PickedFault", 4, 2, kwargs={"fault": fault})
    connection.request("reset", 1)
    for picked in (1, 3, 0):
        actions = np.zeros(4, np.int64)
        actions[picked] = 1
        assert connection.request("step", actions)[1].tolist() == [1.0] * 4


@pytest.mark.parametrize("mode", ["rgb_array", "rgb_array_list", "ansi"])
def test_frames_of_every_mode_are_gymnasiums(connection: Connection, mode: str) -> None:
    kwargs = {"render_mode": mode}
    made = functools.partial(gymnasium.make, "FrozenLake-v1", **kwargs)
    reference = SyncVectorEnv([made] * 2)
    make(connection, "FrozenLake-v1", 2, 2, kwargs=kwargs)
    connection.request("reset", 1)
    reference.reset(seed=1)
    assert_identical(connection.request("render"), reference.render(), "frames")


@pytest.mark.parametrize(
    ("name", "kwargs", "error"),
    [
        ("CartPol-v1", {}, errors.UnknownEnvironment),
        ("CartPole-v1", {"gravity_": 1}, errors.InvalidArgument),
        ("Fault", {"fault": "raise", "when": "make"}, errors.EnvironmentFault),
        ("Fault", {"fault": "kill", "when": "make"}, errors.WorkerDied),
        ("CustomSpace", {}, errors.UnsupportedSpace),
    ],
)
def test_what_cannot_be_made_says_why(
    connection: Connection, name: str, kwargs: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        make(connection, name, 3, 2, kwargs=kwargs)
    with pytest.raises(errors.NoEnvironment):
        connection.request("reset")


def test_attributes_and_frames_are_in_the_order_of_the_environments(connection: Connection) -> None:
    make(connection, "CartPole-v1", 5, 2, kwargs={"render_mode": "rgb_array"})
    connection.request("reset", [1, 2, 3, 4, 5])
    assert connection.request("set_attr", "x_threshold", [1.0, 2.0, 3.0, 4.0, 5.0]) is True
    assert connection.request("get_attr", "x_threshold") == (1.0, 2.0, 3.0, 4.0, 5.0)
    assert connection.request("call", "x_threshold") == (1.0, 2.0, 3.0, 4.0, 5.0)
    assert connection.request("has_attr", "x_threshold") == "value"
    assert connection.request("has_attr", "nothing") is None
    made = functools.partial(gymnasium.make, "CartPole-v1", render_mode="rgb_array")
    reference = SyncVectorEnv([made] * 5)
    reference.set_attr("x_threshold", [1.0, 2.0, 3.0, 4.0, 5.0])
    reference.reset(seed=[1, 2, 3, 4, 5])
    for _ in range(2):
        assert_identical(connection.request("render"), reference.render(), "frames")
        connection.request("step", np.ones(5, np.int64))
        reference.step(np.ones(5, np.int64))
    with pytest.raises(errors.UnknownAttribute, match="environment 0: "):
        connection.request("get_attr", "nothing")


def test_large_images(connection: Connection) -> None:
    make(connection, "Frames", 16, 2, kwargs={"height": 480, "width": 640})
    observations, _ = connection.request("reset", 7)
    assert observations.shape == (16, 480, 640, 3) and not observations.any()
    actions = np.arange(16)
    for number in (1, 2):
        observations, *_ = connection.request("step", actions)
        expected = (actions * number).astype(np.uint8)
        assert np.array_equal(observations[:, 0, 0, 0], expected)
        assert np.array_equal(observations[:, -1, -1, -1], expected)
        assert observations.sum(dtype=np.int64) == expected.sum(dtype=np.int64) * 480 * 640 * 3


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.float32, np.bool_, object, "<U1"])
def test_actions_keep_their_dtype(connection: Connection, dtype: Any) -> None:
    make(connection, "Discrete", 3, 2)
    connection.request("reset", 1)
    for _ in range(2):
        *_, infos = connection.request("step", np.array([0, 1, 1]).astype(dtype))
        expected = np.array([0, 1, 1]).astype(dtype)
        assert [type(info["action"]) for _, info in infos] == [type(item) for item in expected]
        assert [info["action"] for _, info in infos] == list(expected)


def test_lists_are_divided_too(connection: Connection) -> None:
    make(connection, "Discrete", 3, 2)
    connection.request("reset", 1)
    for actions in ([3, "x", None], (1, 2, 3)):
        *_, infos = connection.request("step", actions)
        assert [info["action"] for _, info in infos] == list(actions)
    for actions in ([1, 2], 3, {"a": 1}):
        with pytest.raises(errors.InvalidAction, match="no batch of 3"):
            connection.request("step", actions)
    connection.request("step", [1, 1, 1])


@pytest.fixture
def watched(
    start_server: Callable[..., ServerProcess], monkeypatch: pytest.MonkeyPatch
) -> tuple[ServerProcess, ProcessWatch]:
    watch = ProcessWatch()
    for name, value in watch.variables.items():
        monkeypatch.setenv(name, value)
    return start_server("--port", "0"), watch


def test_nothing_is_left_of_closed_and_of_killed_vectors(
    watched: tuple[ServerProcess, ProcessWatch],
) -> None:
    server, watch = watched
    pid = server.process.pid
    (supervisor,) = children_of(pid)

    def session(kill: bool) -> None:
        connection = connect(server)
        make(connection, "PickedFault", 5, 3, kwargs={"fault": "leave child"})
        assert len(children_of(supervisor)) == 3
        connection.request("reset", 1)
        *_, infos = connection.request("step", np.array([0, 0, 0, 0, 1]))
        (child,) = [info["child"] for _, info in infos if info["child"]]
        if kill:
            os.kill(min(children_of(supervisor)), signal.SIGKILL)
            with pytest.raises(errors.WorkerDied):
                connection.request("step", np.zeros(5, np.int64))
        else:
            connection.request("close")
        watch.await_end([child])
        connection.close()

    session(kill=False)
    before = len(resources_of(pid)), len(shared_mappings_of(pid))
    for attempt in range(20):
        session(kill=attempt % 2 == 0)
        watch.await_reaped({supervisor}, pid)
        # What the server frees in the background may take until after the next session.
        held = len(resources_of(pid)), len(shared_mappings_of(pid))
        if attempt > 1 and held <= before:
            break
    else:
        raise AssertionError(f"descriptors and mappings: {held} rather than {before}")


def test_a_client_that_goes_away_ends_all_processes(
    watched: tuple[ServerProcess, ProcessWatch],
) -> None:
    server, watch = watched
    (supervisor,) = children_of(server.process.pid)
    connection = connect(server)
    make(connection, "PickedFault", 4, 2, kwargs={"fault": "hang"})
    connection.request("reset", 1)
    workers = children_of(supervisor)
    connection.begin(connection.prepare_batch_step(np.array([0, 1, 1, 0])), "step")
    connection.close()
    watch.await_end(list(workers))
