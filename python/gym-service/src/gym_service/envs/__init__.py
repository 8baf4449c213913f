"""The client, where the registered environments look for it, and the server."""

from gym_service.envs.gym_client import SocketGymClient
from gym_service.envs.gym_server import SocketGymServer

__all__ = ["SocketGymClient", "SocketGymServer"]
