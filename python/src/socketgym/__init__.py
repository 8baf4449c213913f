"""Gymnasium environments that live behind a socket: clients, their ids, and a way to start the server."""

from gymnasium import vector as _gymnasium_vector

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
    "SocketGymVectorClient",
    "__version__",
    "list_environments",
    "register",
    "register_all",
]

# Gymnasium's vectors have modes of resetting since 1.1.
if hasattr(_gymnasium_vector, "AutoresetMode"):
    from socketgym.vector import SocketGymVectorClient
else:
    __all__.remove("SocketGymVectorClient")

register_gymnasium()
