"""gym_service's client."""

from __future__ import annotations

from typing import Any

import socketgym
from socketgym.errors import ConnectionFailed, SocketGymError

__all__ = ["SocketGymClient"]


class SocketGymClient(socketgym.SocketGymClient):
    """SocketGym's client with the defaults and the habits of gym_service's.

    Attributes:
        host: The server's host.
        port: The server's TCP port.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"]}

    def __init__(
        self,
        env_id: str = "CartPole-v1",
        env_type: str | None = None,
        host: str = "127.0.0.1",
        port: int = 65432,
        **env_kwargs: Any,
    ) -> None:
        """Connects to a server and makes an environment there.

        Args:
            env_id: What `gymnasium.make` takes.
            env_type: For X, the server imports the module `gym_X` first, where it allows that.
            host: The server's host.
            port: The server's TCP port.
            **env_kwargs: Keyword arguments for `gymnasium.make` on the server. A `render_mode` is
                set aside: it is `rgb_array` wherever the environment has that.

        Raises:
            ConnectionRefusedError: No server listens there.
            RuntimeError: Anything else that keeps the environment from being made.
        """
        env_kwargs.pop("render_mode", None)
        self.host = host
        self.port = port
        try:
            super().__init__(env_id, env_type, host, port, **env_kwargs)
        except ConnectionFailed as error:
            # What a program that waits for its server to come up expects.
            if isinstance(error.__cause__, ConnectionRefusedError):
                raise ConnectionRefusedError(error.__cause__.errno, str(error)) from error
            raise
        render_fps = self.metadata.get("render_fps")
        self.metadata = {**self.metadata, **type(self).metadata, "render_fps": render_fps}

    def close(self) -> None:
        """Closes the environment and the connection, whatever state they are in."""
        try:
            super().close()
        except SocketGymError:
            pass  # The environment is closed all the same, and gym_service's client never raises here.
