"""A worker's part of a vector by itself, without a server, against Gymnasium's `SyncVectorEnv`."""

from __future__ import annotations

import functools
import os
import pathlib
import sys
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv, VectorEnv
from identical import assert_identical
from worker_process import ENVIRONMENTS, WorkerError, WorkerProcess

sys.path.insert(0, str(ENVIRONMENTS))
import socketgym_test_envs  # noqa: E402, F401

IMPORTS = ["socketgym_test_envs"]


def make(
    worker: WorkerProcess,
    id: str,
    count: int,
    mode: str = "NextStep",
    first: int = 0,
    **kwargs: Any,
) -> Any:
    return worker.call("make_vec", id, kwargs, IMPORTS, None, (), first, count, mode)


def batched(infos: Any, count: int, first: int = 0) -> dict[str, Any]:
    vector = VectorEnv()
    vector.num_envs = count
    result: dict[str, Any] = {}
    for index, info in infos:
        result = vector._add_info(result, info, index - first)
    return result


@pytest.mark.parametrize("mode", list(AutoresetMode))
@pytest.mark.parametrize("name", ["CartPole-v1", "SocketGymTest/DictNested-v0"])
def test_a_part_is_a_vector_of_its_own(name: str, mode: AutoresetMode) -> None:
    first, count = 5, 3
    local = SyncVectorEnv([functools.partial(gymnasium.make, name)] * count, autoreset_mode=mode)
    with WorkerProcess() as worker:
        made = make(worker, name, count, mode.value, first)
        assert made["spec"]["id"] == name
        observations, infos = worker.call("reset", [7, None, 9], None, None)
        expected = local.reset(seed=[7, None, 9])
        if name != "CartPole-v1":
            assert_identical((observations, batched(infos, count, first)), expected, "reset")
        observations, infos = worker.call("reset", [1, 2, 3], {"x": 1}, None)
        expected = local.reset(seed=[1, 2, 3], options={"x": 1})
        assert_identical((observations, batched(infos, count, first)), expected, "reset")
        local.action_space.seed(1)
        for number in range(50):
            actions = local.action_space.sample()
            expected = local.step(actions)
            parts = list(gymnasium.vector.utils.iterate(local.action_space, actions))
            *result, infos = worker.call("step", parts, False)
            assert_identical((*result, batched(infos, count, first)), expected, f"step {number}")
            over = expected[2] | expected[3]
            if mode is AutoresetMode.DISABLED and over.any():
                observations, infos = worker.call("reset", [number, 2, 3], {}, over.tolist())
                expected = local.reset(seed=[number, 2, 3], options={"reset_mask": over})
                assert_identical(
                    (observations, batched(infos, count, first)), expected, f"reset {number}"
                )


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_an_info_that_the_environment_changes_later_is_as_it_was(mode: AutoresetMode) -> None:
    name, count = "SocketGymTest/KeptInfo-v0", 2
    local = SyncVectorEnv([functools.partial(gymnasium.make, name)] * count, autoreset_mode=mode)
    with WorkerProcess() as worker:
        make(worker, name, count, mode.value)
        worker.call("reset", None, None, None)
        local.reset()
        for number in range(8):
            expected = local.step(np.zeros(count, np.int64))
            *result, infos = worker.call("step", [0, 0], False)
            assert_identical((*result, batched(infos, count)), expected, f"step {number}")


def test_errors_name_the_environment_of_the_whole_vector() -> None:
    with WorkerProcess() as worker:
        make(worker, "SocketGymTest/PickedFault-v0", 3, first=4)
        worker.call("reset", None, None, None)
        with pytest.raises(WorkerError, match="^environment 5: ValueError") as caught:
            worker.call("step", [0, 1, 0], False)
        assert caught.value.code == "EnvironmentFault" and "faults.py" in caught.value.traceback
        with pytest.raises(WorkerError, match="^environment 6: the action 9 of type") as caught:
            worker.call("step", [0, 0, 9], False)
        assert caught.value.code == "InvalidAction"
        with pytest.raises(WorkerError, match="^environment 4: the environment has no attribute"):
            worker.call("get_attr", "nothing")


def test_what_fails_to_be_made_leaves_the_worker_usable() -> None:
    with WorkerProcess() as worker:
        with pytest.raises(WorkerError, match="no environment"):
            make(worker, "CartPol-v1", 2)
        with pytest.raises(WorkerError, match="^environment 2: ValueError"):
            make(worker, "SocketGymTest/Fault-v0", 2, first=2, fault="raise", when="make")
        make(worker, "CartPole-v1", 2)
        assert worker.call("reset", [1, 2], None, None)[0].shape == (2, 4)


def test_frames_and_attributes_are_tuples() -> None:
    with WorkerProcess() as worker:
        make(worker, "CartPole-v1", 2, render_mode="rgb_array")
        worker.call("reset", [1, 2], None, None)
        assert [frame.shape for frame in worker.call("render")] == [(400, 600, 3)] * 2
        assert worker.call("set_attr", "gravity", [1.0, 2.0], True) is True
        assert worker.call("get_attr", "gravity") == (1.0, 2.0)
        assert worker.call("call", "gravity", [], {}) == (1.0, 2.0)
        assert worker.call("has_attr", "reset") is True


def test_a_property_is_looked_at_once() -> None:
    with WorkerProcess() as worker:
        make(worker, "SocketGymTest/Attributes-v0", 2)
        assert [worker.call("call", "looks", [], {}) for _ in range(2)] == [(1, 1), (2, 2)]


def test_memory_that_is_not_used_is_let_go() -> None:
    name = "unused"
    memory = os.memfd_create(name)
    os.ftruncate(memory, 65536)
    layout = dict(actions=0, rewards=4096, terminations=8192, truncations=12288)
    with WorkerProcess() as worker:
        maps = pathlib.Path("/proc/%d/maps" % worker.process.pid)
        make(worker, "CartPole-v1", 2)
        identity = os.readlink("/proc/self/fd/%d" % memory)
        request = ("map", os.getpid(), memory, identity, dict(layout, observations=[16384]))
        assert worker.call(*request) is None and name in maps.read_text()
        assert worker.call("map", None, None, None, None) is None and name not in maps.read_text()
        assert worker.call("reset", [1, 2], None, None)[0].shape == (2, 4)
    os.close(memory)


@pytest.mark.parametrize(("action", "least", "most"), [("sleep", 0.5, 1.0), ("compute", 0.0, 0.5)])
def test_waiting_is_told_from_computing(action: str, least: float, most: float) -> None:
    with WorkerProcess() as worker:
        worker.make("SocketGymTest/Busy-v0", IMPORTS, action=action)
        assert least <= worker.call("measure", 0.02) <= most


def test_a_misfit_of_a_batch_is_a_fault() -> None:
    with WorkerProcess() as worker:
        make(worker, "SocketGymTest/PickedFault-v0", 2, fault="wrong shape")
        worker.call("reset", None, None, None)
        with pytest.raises(WorkerError, match=r"environment 0: ValueError: .*\(3, 1\)"):
            worker.call("step", [1, 0], False)
        worker.call("reset", None, None, None)
        rewards = worker.call("step", np.array([0, 0]), False)[1]
        assert rewards.dtype == np.float64 and rewards.tolist() == [1.0, 1.0]
