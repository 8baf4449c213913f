"""Several remote environments as one `gymnasium.vector.VectorEnv`."""

from socketgym.vector.client import SocketGymVectorClient

__all__ = ["SocketGymVectorClient"]
