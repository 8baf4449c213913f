"""Our Python clients, made alike for every row."""

from __future__ import annotations

import inspect
from typing import Any

import socketgym

__all__ = ["client", "vector_client"]


def client(
    env_id: str, address: str, shared_memory: bool = False, copy: bool = True, **kwargs: Any
) -> Any:
    """Makes an environment on a server.

    Args:
        env_id: As for `SocketGymClient`.
        address: The server's.
        shared_memory: Whether replies go through shared memory, or all through the socket.
        copy: As for `SocketGymClient`.
        kwargs: The environment's.

    Raises:
        RuntimeError: Shared memory was asked for and cannot be had.
    """
    return _make(socketgym.SocketGymClient, env_id, address, shared_memory, copy, kwargs)


def vector_client(
    env_id: str,
    num_envs: int,
    address: str,
    shared_memory: bool = False,
    copy: bool = True,
    **kwargs: Any,
) -> Any:
    """Makes environments on a server that are stepped as one; see `client`."""
    kwargs["num_envs"] = num_envs
    return _make(socketgym.SocketGymVectorClient, env_id, address, shared_memory, copy, kwargs)


def _make(
    kind: type, env_id: str, address: str, shared_memory: bool, copy: bool, kwargs: dict[str, Any]
) -> Any:
    if "shared_memory" in inspect.signature(kind).parameters:
        kwargs |= {"shared_memory": shared_memory, "copy": copy}
    elif shared_memory:
        raise RuntimeError("not merged")
    env = kind(env_id, address=address, **kwargs)
    if shared_memory and not env.shares_memory:
        env.close()
        raise RuntimeError(f"The server at {address} shares no memory.")
    return env
