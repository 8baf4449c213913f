"""Gymnasium environments that live behind a socket: the client of a SocketGym server."""

__version__ = "0.1.0"

from socketgym.client import SocketGymClient
from socketgym.errors import SocketGymError
from socketgym.registration import register, register_all, register_gymnasium
from socketgym.specs import RemoteSpec
from socketgym.wire.opaque import Opaque

__all__ = [
    "Opaque",
    "RemoteSpec",
    "SocketGymClient",
    "SocketGymError",
    "__version__",
    "register",
    "register_all",
]

register_gymnasium()
