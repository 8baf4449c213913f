"""Our Python clients, made alike for every row."""

from __future__ import annotations

import inspect
from typing import Any

from socketgym import SocketGymClient

__all__ = ["client"]

_SHARES = "shared_memory" in inspect.signature(SocketGymClient.__init__).parameters


def client(env_id: str, address: str, shared_memory: bool = False, copy: bool = True) -> Any:
    """Makes an environment on a server.

    Args:
        env_id: As for `SocketGymClient`.
        address: The server's.
        shared_memory: Whether arrays go through shared memory, or all through the socket.
        copy: As for `SocketGymClient`.

    Raises:
        RuntimeError: Shared memory was asked for and cannot be had.
    """
    options: dict[str, Any] = {"shared_memory": shared_memory, "copy": copy} if _SHARES else {}
    env = SocketGymClient(env_id, address=address, **options)
    return env
