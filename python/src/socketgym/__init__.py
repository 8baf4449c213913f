"""Gymnasium environments that live behind a socket: clients, their ids, and a way to start the server."""

__version__ = "0.1.0"

from socketgym.client import SocketGymClient
from socketgym.errors import SocketGymError
from socketgym.listing import EnvironmentListing, list_environments
from socketgym.registration import register, register_all, register_gymnasium
from socketgym.server import ServerStartError, SocketGymServer
from socketgym.specs import RemoteSpec
from socketgym.wire.opaque import Opaque

__all__ = [
    "EnvironmentListing",
    "Opaque",
    "RemoteSpec",
    "ServerStartError",
    "SocketGymClient",
    "SocketGymError",
    "SocketGymServer",
    "__version__",
    "list_environments",
    "register",
    "register_all",
]

register_gymnasium()
