"""An ordinary pickle server and client, as people write them: what gym_service's wire format is held to cost.

Each message is its length in four bytes, big-endian, and a pickled dict: `type` and `payload` of a request, `status` and more of a reply. The
server has a process for each connection. Both ends unpickle what they receive, as such programs do: it is for loopback and this comparison alone. Run as a program it serves at a free port and ends with its standard input.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import socket
import struct
import threading
import traceback
from typing import Any

import gymnasium

__all__ = ["PickleClient"]


def _receive_exactly(connection: socket.socket, count: int) -> bytes | None:
    data = bytearray()
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            return None
        data += part
    return bytes(data)


def _receive(connection: socket.socket) -> Any:
    header = _receive_exactly(connection, 4)
    if header is None:
        return None
    data = _receive_exactly(connection, struct.unpack(">I", header)[0])
    return None if data is None else pickle.loads(data)


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    data = pickle.dumps(message)
    connection.sendall(struct.pack(">I", len(data)) + data)


class PickleClient(gymnasium.Env[Any, Any]):
    """The client: an environment on the server."""

    def __init__(self, env_id: str, port: int) -> None:
        self._connection = socket.create_connection(("127.0.0.1", port))
        kwargs = {"render_mode": "rgb_array"}
        made = self._ask("make", {"env_id": env_id, "env_type": None, "kwargs": kwargs})
        self.metadata = {"render_modes": ["rgb_array"], "render_fps": made["render_fps"]}

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        """Starts an episode; the seed does not travel."""
        super().reset(seed=seed)
        reply = self._ask("reset", {})
        return reply["observation"], reply["info"]

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Takes a step."""
        reply = self._ask("step", {"action": action})
        return (
            reply["observation"],
            reply["reward"],
            reply["terminated"],
            reply["truncated"],
            reply["info"],
        )

    def render(self) -> Any:
        """Draws."""
        return self._ask("render", {})["image"]

    def close(self) -> None:
        """Closes environment and connection."""
        self._ask("close", {})
        self._connection.close()

    def _ask(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        _send(self._connection, {"type": kind, "payload": payload})
        reply = _receive(self._connection)
        if reply["status"] == "error":
            raise RuntimeError(f"{reply['message']}\n{reply['traceback']}")
        return reply


def _answer(env: Any, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    if kind == "reset":
        observation, info = env.reset()
        return {"observation": observation, "info": info}
    if kind == "step":
        observation, reward, terminated, truncated, info = env.step(payload["action"])
        return {
            "observation": observation,
            "reward": reward,
            "terminated": terminated,
            "truncated": truncated,
            "info": info,
        }
    if kind == "render":
        return {"image": env.render()}
    env.close()
    return {}


def _serve_connection(connection: socket.socket) -> None:
    env: Any = None
    while (request := _receive(connection)) is not None:
        kind, payload = request["type"], request["payload"]
        try:
            if kind == "make":
                env = gymnasium.make(payload["env_id"], **payload["kwargs"])
                reply: dict[str, Any] = {"render_fps": env.metadata.get("render_fps")}
            else:
                reply = _answer(env, kind, payload)
            reply["status"] = "ok"
        except Exception as error:
            trace = traceback.format_exc()
            reply = {"status": "error", "message": str(error), "traceback": trace}
        _send(connection, reply)
        if kind == "close" or reply["status"] == "error":
            break
    connection.close()


def _end_with_input() -> None:
    # Not by sys.stdin, which every forked child closes and could find locked.
    while os.read(0, 1024):
        pass
    os._exit(0)


def main() -> None:
    """Serves until the standard input ends."""
    import suite.environments  # noqa: F401 - registers what rows make here.

    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_end_with_input, daemon=True).start()
    print(f"ready {listener.getsockname()[1]}", flush=True)
    while True:
        connection, _ = listener.accept()
        multiprocessing.Process(target=_serve_connection, args=(connection,), daemon=True).start()
        connection.close()


if __name__ == "__main__":
    main()
