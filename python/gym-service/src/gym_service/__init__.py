"""gym_service's names over SocketGym. Importing it registers gym_service's four environments."""

import gymnasium

from gym_service.envs import SocketGymClient, SocketGymServer

__all__ = ["SocketGymClient", "SocketGymServer"]


def _register(name: str, env_id: str, env_type: str) -> None:
    gymnasium.register(
        f"gym_service/{name}",
        entry_point="gym_service.envs:SocketGymClient",
        max_episode_steps=300,
        nondeterministic=True,
        kwargs={"env_id": env_id, "env_type": env_type},
    )


_register("PushT-v0", "gym_pusht/PushT-v0", "pusht")
for _task in ("adroit-door", "adroit-hammer", "adroit-pen"):
    _register(_task, f"adroit/{_task}", "adroit")
