"""How a server starts, fills, drains and ends."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from typing import Any

import gymnasium
import pytest
from identical import assert_identical
from live_server import SERVER
from raw_clients import MessagePackConnection, PickleConnection
from socketgym import SocketGymClient


def test_banner_says_what_a_user_needs(server: Any) -> None:
    text = "".join(server.banner)
    for part in (
        "tcp://127.0.0.1:",
        "msgpack, pickle",
        "CartPole-v1",
        "FrozenLake-v1",
        "SocketGymClient",
    ):
        assert part in text


def test_hello_and_list(server: Any) -> None:
    with MessagePackConnection(server.address) as connection:
        hello = connection.call("hello", {"protocol": 1, "client": "a stranger"})
        assert hello["protocol"] == 1
        assert hello["codecs"] == ["msgpack", "pickle"]
        offers = {offer["id"]: offer["host"] for offer in connection.call("list")}
        assert offers["CartPole-v1"] == "native"
        assert offers["FrozenLake-v1"] == "native"
        assert offers["SocketGymTest/Dict-v0"] == "python"
    with MessagePackConnection(server.address) as connection:
        assert (
            connection.error_of("hello", {"protocol": 99, "client": "tomorrow"})["code"]
            == "UnsupportedProtocol"
        )
        assert connection.at_end()


def test_interrupt_drains_and_exits_0(start_server: Callable[..., Any]) -> None:
    server = start_server("--port", "0", "--no-python")
    with MessagePackConnection(server.address) as connection, MessagePackConnection(
        server.address
    ) as idle:
        connection.call("make", "CartPole-v1", {})
        idle.call("ping")
        connection.call("reset", 0, None)
        server.interrupt()
        # Until the server has taken the signal steps still succeed; the first answer after it says so, and nothing is sent unasked.
        while True:
            number = connection.send_request("step", 1)
            answered, error, _ = connection.receive_response()
            assert answered == number
            if error is not None:
                break
        assert error["code"] == "ServerDraining"
        assert connection.at_end()
        assert idle.at_end()
    status, _ = server.wait()
    assert status == 0


def test_full_server_says_so(start_server: Callable[..., Any]) -> None:
    server = start_server("--port", "0", "--no-python", "--max-connections", "2")
    with MessagePackConnection(server.address) as first, MessagePackConnection(
        server.address
    ) as second:
        first.call("ping")
        second.call("ping")
        with MessagePackConnection(server.address) as third:
            assert third.error_of("ping")["code"] == "ServerFull"
            assert third.at_end()
        first.call("ping")


def test_port_in_use(server: Any) -> None:
    port = server.address.rsplit(":", 1)[1]
    second = subprocess.run(
        ["dotnet", str(SERVER), "serve", "--port", port, "--no-python"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 1
    assert "in use" in second.stderr


def test_unix_socket_and_tcp_at_once(start_server: Callable[..., Any], tmp_path: Any) -> None:
    path = tmp_path / "gym.sock"
    server = start_server(
        "--listen", f"unix:{path}", "--listen", "tcp://127.0.0.1:0", "--no-python"
    )
    local = gymnasium.make("CartPole-v1")
    expected = [local.reset(seed=5), local.step(1)]
    for address in server.addresses:
        env = SocketGymClient("CartPole-v1", address=address)
        assert_identical([env.reset(seed=5), env.step(1)], expected)
        env.close()
    server.interrupt()
    assert server.wait()[0] == 0
    assert not path.exists()


def test_configuration_file(start_server: Callable[..., Any], tmp_path: Any) -> None:
    path = tmp_path / "socketgym.json"
    path.write_text(
        '{\n  // comments are allowed\n  "listen": ["tcp://127.0.0.1:0"], "pickle": false, "python": {"enabled": false},\n}\n'
    )
    server = start_server("--config", str(path))
    with MessagePackConnection(server.address) as connection:
        assert connection.call("hello", {"protocol": 1})["codecs"] == ["msgpack"]
    path.write_text('{\n  "listen": [],\n  "prot": 1\n}\n')
    refused = subprocess.run(
        ["dotnet", str(SERVER), "serve", "--config", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert refused.returncode == 1
    assert "line 3" in refused.stderr and "prot" in refused.stderr


def test_list_and_version_commands(server: Any) -> None:
    version = subprocess.run(
        ["dotnet", str(SERVER), "version"], capture_output=True, text=True, timeout=60
    )
    assert version.returncode == 0
    assert "protocol 1" in version.stdout
    listed = subprocess.run(
        ["dotnet", str(SERVER), "list", "--no-python"], capture_output=True, text=True, timeout=60
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    assert rows[0] == ["ID", "HOST", "INTERPRETER"]
    assert ["CartPole-v1", "native", "-"] in rows


def test_hundreds_of_connections_each_with_its_own_session(server: Any) -> None:
    count = 300
    local = gymnasium.make("CartPole-v1")
    connections = [MessagePackConnection(server.address) for _ in range(count)]
    for connection in connections:
        connection.send_request("make", "CartPole-v1", {})
    for connection in connections:
        connection.receive_response()
    # Every session has a seed of its own; stepping them in turn must not mix them.
    for seed, connection in enumerate(connections):
        connection.send_request("reset", seed, None)
    for connection in connections:
        connection.receive_response()
    for _ in range(3):
        for connection in connections:
            connection.send_request("step", 1)
        results = [connection.receive_response()[2] for connection in connections]
    for seed in range(0, count, 29):
        local.reset(seed=seed)
        for _ in range(3):
            observation = local.step(1)[0]
        assert results[seed][0].data.endswith(observation.tobytes())
    for connection in connections:
        connection.socket.close()


@pytest.mark.parametrize("env_id", ["native:CartPole-v1", "python:CartPole-v1"])
def test_many_threads_of_one_client(server: Any, env_id: str) -> None:
    failures: list[BaseException] = []
    local = gymnasium.make("CartPole-v1")
    expected = {}
    for seed in range(8):
        expected[seed] = [local.reset(seed=seed), *(local.step(number % 2) for number in range(30))]

    def run(seed: int) -> None:
        try:
            env = SocketGymClient(env_id, address=server.address)
            assert_identical(
                [env.reset(seed=seed), *(env.step(number % 2) for number in range(30))],
                expected[seed],
            )
            env.close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(seed,)) for seed in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_make_again_replaces_the_environment(server: Any) -> None:
    with PickleConnection(server.address) as connection:
        for env_id in ("CartPole-v1", "python:FrozenLake-v1", "CartPole-v1"):
            connection.call("make", {"env_id": env_id, "env_type": None, "kwargs": {}})
            connection.call("reset")
        assert connection.call("step", {"action": 1})["reward"] == 1.0
