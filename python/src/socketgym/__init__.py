"""Gymnasium environments that live behind a socket: a client, and a way to start the server."""

__version__ = "0.1.0"

from socketgym.client import RemoteSpec, SocketGymClient
from socketgym.errors import SocketGymError
from socketgym.server import ServerStartError, SocketGymServer
from socketgym.wire.opaque import Opaque

__all__ = [
    "Opaque",
    "RemoteSpec",
    "ServerStartError",
    "SocketGymClient",
    "SocketGymError",
    "SocketGymServer",
    "__version__",
]
