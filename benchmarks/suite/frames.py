"""The bytes of requests and replies as they are on the wire, recorded so that C programs can exchange the same."""

from __future__ import annotations

import pathlib
import struct
from collections.abc import Iterable, Sequence
from typing import Any

import gymnasium
from socketgym.addresses import ServerAddress
from socketgym.wire.messages import PROTOCOL_VERSION, RequestWriter

__all__ = ["ONCE", "balanced_episode", "reply_sizes", "write_script"]

ONCE = 2  # Requests of a script that are sent once: hello and make.


def balanced_episode(seed: int) -> list[int]:
    """Returns the actions of an episode of CartPole-v1 that keep the pole up for a while.

    Args:
        seed: That of the reset.
    """
    env = gymnasium.make("CartPole-v1")
    observation, _ = env.reset(seed=seed)
    actions, over = [], False
    while not over:
        actions.append(int(observation[2] + observation[3] > 0))
        observation, _, terminated, truncated, _ = env.step(actions[-1])
        over = bool(terminated or truncated)
    env.close()
    return actions


def write_script(
    path: pathlib.Path, env_id: str, seed: int, actions: Iterable[Any]
) -> tuple[pathlib.Path, int]:
    """Writes the frames of a session: hello and make, which are sent once, reset, and steps.

    Args:
        path: Where to.
        env_id: What is made.
        seed: For the reset.
        actions: Those of the steps.

    Returns:
        The path, and how many of the frames are sent once.
    """
    writer = RequestWriter()
    greeting = {"protocol": PROTOCOL_VERSION, "client": "benchmark"}
    frames = [
        writer.write(1, "hello", [greeting]),
        writer.write(2, "make", [env_id, {}, None]),
        writer.write(3, "reset", [seed, None]),
    ]
    frames += [bytes(writer.write_step(4 + i, action)) for i, action in enumerate(actions)]
    path.write_bytes(b"".join(frames))
    return path, ONCE


def reply_sizes(address: str, script: tuple[pathlib.Path, int]) -> Sequence[int]:
    """Plays a script on a server.

    Args:
        address: The server's.
        script: What `write_script` wrote.

    Returns:
        The lengths of the replies in bytes, headers included.
    """
    sizes = []
    data = script[0].read_bytes()
    with ServerAddress.resolve(None, None, address).connect(10) as connection:
        connection.settimeout(10)
        stream = connection.makefile("rb")
        while data:
            length = 4 + struct.unpack_from(">I", data)[0]
            connection.sendall(data[:length])
            data = data[length:]
            payload = stream.read(struct.unpack(">I", stream.read(4))[0])
            if payload[7] != 0xC0:  # After [1, id: uint32: the error, which should be nil.
                raise RuntimeError(f"The server answered with an error: {payload!r:.300}")
            sizes.append(4 + len(payload))
    return sizes
