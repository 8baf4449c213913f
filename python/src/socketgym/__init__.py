"""Gymnasium environments that live behind a socket: the client of a SocketGym server."""

__version__ = "0.1.0"

from socketgym.client import RemoteSpec, SocketGymClient
from socketgym.errors import SocketGymError
from socketgym.listing import EnvironmentListing, list_environments
from socketgym.wire.opaque import Opaque

__all__ = [
    "EnvironmentListing",
    "Opaque",
    "RemoteSpec",
    "SocketGymClient",
    "SocketGymError",
    "__version__",
    "list_environments",
]
