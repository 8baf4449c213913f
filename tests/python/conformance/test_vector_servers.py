"""A vector over several servers, and groups of it in flight."""

from __future__ import annotations

import functools
import os
import threading
from typing import Any

import gymnasium
import numpy as np
import pytest
from fake_server import BOX, FakeServer, error_reply, reply
from gymnasium.vector import AutoresetMode
from identical import assert_identical
from socketgym import SocketGymVectorClient, errors
from test_vector_client import assert_equal, local_of


def test_a_vector_of_several_servers(server: Any, start_server: Any) -> None:
    other = start_server("--port", "0", "--no-python", module=None)
    remote = gymnasium.make_vec(
        "SocketGym/CartPole-v1", num_envs=5, address=[server.address, other.address]
    )
    assert remote.addresses == (server.address,) * 3 + (other.address,) * 2
    assert assert_equal(remote, local_of("CartPole-v1", 5, AutoresetMode.NEXT_STEP), 60)
    for actions in (np.ones(4, int), 3, None, np.zeros(())):
        with pytest.raises(errors.InvalidAction, match="no batch of 5"):
            remote.step(actions)
    remote.step([1, 0, 1, 0, 1])  # What could not be divided was not sent.
    other.stop()
    with pytest.raises((errors.ConnectionLost, errors.ServerDraining), match=other.address):
        for _ in range(2):
            remote.step(np.ones(5, int))
    for use in (lambda: remote.step(np.ones(5, int)), remote.reset, remote.render):
        with pytest.raises(errors.ConnectionLost, match=f"{other.address} ended.*make a new"):
            use()
    remote.close()
    with pytest.raises(errors.ClosedEnvironment):
        remote.reset()


def test_an_error_of_one_server_asks_for_a_reset_of_all(server: Any) -> None:
    remote = SocketGymVectorClient("CartPole-v1", 4, address=[server.address] * 2)
    remote.reset(seed=1)
    with pytest.raises(errors.InvalidAction):
        remote.step(np.array([1, 1, 7, 1]))
    for use in (
        lambda: remote.step(np.ones(4, int)),
        lambda: remote.reset(options={"reset_mask": np.array([True] + [False] * 3)}),
    ):
        with pytest.raises(errors.ResetNeeded, match="reset them all"):
            use()
    assert assert_equal(remote, local_of("CartPole-v1", 4, AutoresetMode.NEXT_STEP), 30)
    with pytest.raises(errors.UnsupportedValue):
        remote.step([1, 1, 1, object()])
    remote.step([1, 1, 1, 1])  # What could not be written was not sent.
    remote.close()


def test_servers_with_different_environments(server: Any) -> None:
    with FakeServer(vector_of(2), everything=True) as fake:
        with pytest.raises(errors.InvalidArgument, match="environments of one kind"):
            SocketGymVectorClient(
                "CartPole-v1", 2, address=[server.address, fake.address], render_mode=None
            )


def vector_of(count: int, answer: Any = None) -> Any:
    """A script of a server with a vector of environments that do nothing."""

    def script(server: FakeServer, request_id: int, method: str, params: list[Any]) -> Any:
        if answer is not None:
            answered = answer(server, request_id, method, params)
            if answered is not None:
                return answered
        results = {
            "hello": {"protocol": 1},
            "make_vec": {
                "num_envs": count,
                "single_observation_space": BOX,
                "single_action_space": {"type": "Discrete", "n": 2, "start": 0, "dtype": "<i8"},
                "metadata": {},
                "render_mode": None,
                "spec": None,
                "autoreset_mode": "NextStep",
            },
            "reset": [np.zeros((count, 2), np.float32), []],
            "step": [
                np.ones((count, 2), np.float32),
                np.ones(count),
                np.zeros(count, bool),
                np.zeros(count, bool),
                [],
            ],
        }
        return [reply(request_id, results.get(method))]

    return script


def test_every_server_is_asked_before_the_first_is_waited_for() -> None:
    asked = threading.Barrier(2, timeout=30)

    def answer(server: FakeServer, request_id: int, method: str, params: list[Any]) -> None:
        if method in ("reset", "step"):
            asked.wait()  # No reply before both have been asked.

    with FakeServer(vector_of(2, answer), everything=True) as server:
        vector = SocketGymVectorClient(num_envs=4, address=[server.address] * 2)
        vector.reset(seed=[1, 2, None, 4], options={"a": 1})
        vector.step(np.array([0, 1, 0, 1]))
        vector.close()
    resets = [params for method, params in server.requests if method == "reset"]
    assert sorted(resets, key=lambda params: params[0][1]) == [
        [[1, 2], {"a": 1}],
        [[None, 4], {"a": 1}],
    ]


@pytest.mark.parametrize("fault", ["end", "cut", "malformed", "infos", "index", "reward"])
def test_replies_that_end_a_vector(fault: str) -> None:
    def answer(server: FakeServer, request_id: int, method: str, params: list[Any]) -> Any:
        if method != "step" or len([m for m in server.methods() if m == "step"]) < 3:
            return None
        observation, flags = np.ones((2, 2), np.float32), np.zeros(2, bool)
        pairs = {"index": [[2, {"a": 1}]], "infos": [3]}.get(fault, [])
        rewards = 1.0 if fault == "reward" else np.ones(2)
        whole = reply(request_id, [observation, rewards, flags, flags, pairs])
        if fault == "malformed":
            whole = reply(request_id, 3)
        return {"end": [b""], "cut": [whole[:30], b""]}.get(fault, [whole])

    with FakeServer(vector_of(2, answer), everything=True) as server:
        vector = SocketGymVectorClient(num_envs=2, address=server.address)
        vector.reset()
        for _ in range(2):
            vector.step(np.array([0, 1]))
        with pytest.raises((errors.ConnectionLost, errors.TruncatedFrame, errors.MalformedMessage)):
            vector.step(np.array([0, 1]))
        with pytest.raises(errors.ConnectionLost, match="make a new vector"):
            vector.reset()
        vector.close()


def test_an_error_on_one_server_leaves_no_reply_of_the_other() -> None:
    def answer(server: FakeServer, request_id: int, method: str, params: list[Any]) -> Any:
        if method == "step" and list(params[0]) == [1, 1]:
            return [error_reply(request_id, "EnvironmentFault")]
        return None

    with FakeServer(vector_of(2, answer), everything=True) as server:
        vector = SocketGymVectorClient(num_envs=4, address=[server.address] * 2)
        for actions in ([1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1]):
            vector.reset()
            vector.step(np.array([0, 1, 0, 1]))
            with pytest.raises(errors.EnvironmentFault):
                vector.step(np.array(actions))
        vector.reset()
        vector.step(np.array([0, 1, 0, 1]))
        vector.close()


def interrupted_vector() -> Any:
    def answer(server: FakeServer, request_id: int, method: str, params: list[Any]) -> Any:
        return [] if method == "step" else None

    return vector_of(2, answer)


def test_an_interrupt_closes_every_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer(interrupted_vector(), everything=True) as server:
        vector = SocketGymVectorClient(num_envs=4, address=[server.address] * 2)
        vector.reset()
        connection = vector._opened[0]
        monkeypatch.setattr(connection._stream, "receive", interrupt)
        with pytest.raises(KeyboardInterrupt):
            vector.step(np.array([0, 1, 0, 1]))
        assert not any(each.is_open for each in vector._opened)
        with pytest.raises(errors.ConnectionLost, match="KeyboardInterrupt"):
            vector.reset()
        vector.close()


def interrupt(*targets: Any) -> int:
    raise KeyboardInterrupt


@pytest.mark.parametrize("servers", [1, 2])
@pytest.mark.parametrize("groups", [1, 2, 3])
def test_groups_take_the_steps_of_the_whole(server: Any, groups: int, servers: int) -> None:
    addresses = [server.address] * servers
    remote = SocketGymVectorClient(
        "CartPole-v1", 5, address=addresses, num_groups=groups, autoreset_mode="SameStep"
    )
    draw = np.random.default_rng(3)
    batches = draw.integers(0, 2, (40, 5))
    locals_ = [
        local_of("CartPole-v1", part.stop - part.start, AutoresetMode.SAME_STEP)
        for part in remote.groups
    ]
    remote.reset(seed=9)
    for part, local in zip(remote.groups, locals_):
        local.reset(seed=9 + part.start)
    for actions in batches:
        for number, part in enumerate(remote.groups):
            remote.send(actions[part], group=number)
        for number, local in enumerate(locals_):
            # In the order in which they were sent, asked for by number or not.
            result = remote.recv(number if number % 2 else None)
            assert_identical(result, local.step(actions[remote.groups[number]]), f"group {number}")
    assert remote.step(batches[0])[0].shape == (5, 4)
    remote.close()


@pytest.mark.parametrize(
    ("count", "groups", "spread"),
    [(4, 4, "ABAB"), (6, 2, "AABBBA"), (6, 3, "ABABAB"), (5, 1, "AAABB"), (4, 2, "ABAB")],
)
def test_no_server_is_left_out_of_small_groups(count: int, groups: int, spread: str) -> None:
    with FakeServer(vector_of(1), everything=True) as first:
        with FakeServer(vector_of(1), everything=True) as second:
            vector = SocketGymVectorClient(
                num_envs=count, num_groups=groups, address=[first.address, second.address]
            )
            names = {first.address: "A", second.address: "B"}
            assert "".join(names[address] for address in vector.addresses) == spread
            vector.close()


def test_calls_out_of_turn(server: Any) -> None:
    remote = SocketGymVectorClient("CartPole-v1", 4, address=server.address, num_groups=2)
    remote.reset(seed=1)
    with pytest.raises(gymnasium.error.NoAsyncCallError, match="any group"):
        remote.recv()
    with pytest.raises(errors.InvalidArgument, match="group is 2; there are 2"):
        remote.send(np.ones(2, int), group=2)
    remote.send(np.ones(2, int), group=1)
    for use in (
        lambda: remote.send(np.ones(2, int), group=1),
        lambda: remote.step(np.ones(4, int)),
        remote.reset,
        remote.render,
        lambda: remote.set_attr("gravity", 1.0),
    ):
        with pytest.raises(gymnasium.error.AlreadyPendingCallError):
            use()
    with pytest.raises(gymnasium.error.NoAsyncCallError, match="group 0"):
        remote.recv(0)
    remote.send(np.ones(2, int))
    assert remote.recv()[0].shape == (2, 4) and remote.recv(0)[0].shape == (2, 4)
    remote.step(np.ones(4, int))
    remote.send(np.ones(2, int))
    remote.close()  # Also with a reply due.
    with pytest.raises(errors.ClosedEnvironment):
        remote.step(np.ones(4, int))


@pytest.mark.parametrize("groups", [1, 2])
def test_an_interrupt_round_a_request_leaves_no_step_behind(groups: int) -> None:
    with FakeServer(vector_of(2), everything=True) as server:
        vector = SocketGymVectorClient(
            num_envs=2 * groups, address=server.address, num_groups=groups
        )
        vector.reset()
        actions, last = np.zeros(2, int), groups - 1
        group = vector._groups[last]
        send, receive = group.send, group.receive

        def interrupted(*args: Any, call: Any, first: bool) -> Any:
            if not first:
                call(*args)
            raise KeyboardInterrupt

        for first in (True, False):
            group.send = functools.partial(interrupted, call=send, first=first)
            with pytest.raises(KeyboardInterrupt):
                vector.send(actions, last)
            group.send = send
            if first:  # Nothing was sent.
                with pytest.raises(gymnasium.error.NoAsyncCallError):
                    vector.recv()
                vector.send(actions, last)
            with pytest.raises(gymnasium.error.AlreadyPendingCallError):
                vector.send(actions, last)
            group.receive = functools.partial(interrupted, call=receive, first=first)
            with pytest.raises(KeyboardInterrupt):
                vector.recv()
            group.receive = receive
            if first:  # It is still to be received.
                assert vector.recv(last)[0].shape == (2, 2)
            with pytest.raises(gymnasium.error.NoAsyncCallError):
                vector.recv(last)
        assert vector.step(np.zeros(2 * groups, int))[0].shape == (2 * groups, 2)
        vector.send(actions, last)
        vector.close()
        with pytest.raises(errors.ClosedEnvironment):
            vector.recv()


@pytest.mark.parametrize("results", [(1,), (1, 2, 3), 5, [1, 2]])
def test_an_answer_for_another_number_of_environments(results: Any) -> None:
    def answer(server: FakeServer, request_id: int, method: str, params: list[Any]) -> Any:
        return [reply(request_id, results)] if method in ("call", "render") else None

    with FakeServer(vector_of(2, answer), everything=True) as server:
        vector = SocketGymVectorClient(num_envs=4, address=[server.address] * 2)
        with pytest.raises(errors.MalformedMessage, match=f"{server.address}.*no tuple of 2"):
            vector.call("gravity")
        with pytest.raises(errors.ConnectionLost, match="make a new vector"):
            vector.render()
        vector.close()


def test_a_constructor_that_fails_leaves_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr("socketgym.vector.client.batch_space", fail)
    with pytest.raises(MemoryError) as raised:
        # Its end asserts that no connection is open, though the error holds on to its frames.
        with FakeServer(vector_of(2), everything=True) as server:
            SocketGymVectorClient(num_envs=2, address=server.address)
    assert raised.value.__traceback__ is not None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_leaves_its_parents_vector_alone(server: Any) -> None:
    vector = SocketGymVectorClient("CartPole-v1", 4, address=[server.address] * 2)
    vector.reset(seed=1)
    child = os.fork()
    if child == 0:
        try:
            vector.step(np.ones(4, int))
        except errors.ConnectionLost as error:
            os._exit(7 if "forked" in str(error) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert vector.step(np.ones(4, int))[0].shape == (4, 4)
    vector.close()
