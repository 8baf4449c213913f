"""gym_service's server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import socketgym

__all__ = ["SocketGymServer"]


class SocketGymServer(socketgym.SocketGymServer):
    """SocketGym's server, open to the `env_type`s of the environments that gym_service registers."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 65432,
        *,
        env_types: Iterable[str] = ("pusht", "adroit"),
        **options: Any,
    ) -> None:
        """Says which server to start; nothing is started yet.

        Args:
            host: The address or name to listen on.
            port: The TCP port; 0 for any free one.
            env_types: The `env_type`s that clients may ask for; X lets them import `gym_X`.
            **options: As for `socketgym.SocketGymServer`.
        """
        super().__init__(host, port, env_types=env_types, **options)
