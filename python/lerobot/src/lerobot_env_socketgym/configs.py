"""What `--env.type=socketgym` and `--env.type=service` mean."""

# Without postponed annotations: LeRobot's parser reads them.
import functools
from dataclasses import dataclass, field
from typing import Any

import gymnasium
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from lerobot.envs.configs import EnvConfig

from lerobot_env_socketgym.environment import make_environment
from lerobot_env_socketgym.features import infer_features
from lerobot_env_socketgym.vector import ConcurrentVectorEnv

__all__ = ["ServiceEnvConfig", "SocketGymEnvConfig"]


@EnvConfig.register_subclass("socketgym")
@dataclass
class SocketGymEnvConfig(EnvConfig):
    """An environment that a SocketGym server runs.

    `features` and `features_map` are read off the environment's spaces where they are not given.

    Attributes:
        task: The environment's id, such as `gym_pusht/PushT-v0`; required.
        fps: Frames a second of the videos, where the environment does not say it.
        address: The server, `tcp://host:port` or `unix:/path`; default the environment variable
            `SOCKETGYM_ADDRESS`, else port 65432 of this machine.
        env_type: For X, the server imports the module `gym_X` first, where it allows that.
        kwargs: Keyword arguments for `gymnasium.make` on the server.
        episode_length: Steps after which an episode ends; default the environment's own.
        task_description: What a policy is told to do; default the environment's own attribute of
            that name, else nothing.
        success_key: The entry of an info that tells whether the task is done.
        timeout: The longest wait for a reply in seconds; default for ever.
    """

    task: str | None = None
    address: str | None = None
    env_type: str | None = None
    kwargs: dict[str, Any] = field(default_factory=dict)
    episode_length: int | None = None
    task_description: str | None = None
    success_key: str = "is_success"
    timeout: float | None = None

    @property
    def gym_kwargs(self) -> dict[str, Any]:
        """The keyword arguments for `gymnasium.make` on the server."""
        if self.episode_length is None:
            return dict(self.kwargs)
        return {**self.kwargs, "max_episode_steps": self.episode_length}

    @property
    def gym_id(self) -> str:
        """The environment's id on the server.

        Raises:
            ValueError: There is no task.
        """
        if not self.task:
            raise ValueError("Name the environment, for example --env.task=gym_pusht/PushT-v0.")
        return self.task

    def create_envs(
        self, n_envs: int, use_async_envs: bool = False
    ) -> dict[str, dict[int, gymnasium.vector.VectorEnv[Any, Any, Any]]]:
        """Makes the vector environment of the one task there is.

        Args:
            n_envs: How many environments step together, each on a connection of its own.
            use_async_envs: Whether they step at the same time.

        Returns:
            The suite's name to the tasks' numbers to their vector environments.

        Raises:
            ValueError: There is no task, or LeRobot can do nothing with the environment.
            SocketGymError: An environment cannot be made.
        """
        make = functools.partial(
            make_environment,
            self.gym_id,
            env_type=self.env_type,
            address=self.address,
            timeout=self.timeout,
            kwargs=self.gym_kwargs,
            task_description=self.task_description,
            success_key=self.success_key,
            fps=self.fps,
        )
        makers = [make] * n_envs
        vector = (
            ConcurrentVectorEnv(makers)
            if use_async_envs and n_envs > 1
            else SyncVectorEnv(makers, autoreset_mode=AutoresetMode.SAME_STEP)
        )
        if not self.features:
            self.features, self.features_map = infer_features(
                vector.single_observation_space, vector.single_action_space
            )
        return {self.type: {0: vector}}


@EnvConfig.register_subclass("service")
@dataclass
class ServiceEnvConfig(SocketGymEnvConfig):
    """The configuration that gym_service's guide adds to a file of LeRobot's, with its options.

    Attributes:
        task: `PushT-v0`, or `adroit-door`, `-hammer` or `-pen`.
        fps: As in `SocketGymEnvConfig`.
        host: The server's host.
        port: The server's TCP port.
        episode_length: Steps after which an episode ends.
        obs_type: What PushT observes.
        render_mode: `rgb_array`; there is no other.
        visualization_width: Width of a rendered image in pixels.
        visualization_height: Its height.
    """

    task: str | None = "PushT-v0"
    fps: int = 10
    host: str = "127.0.0.1"
    port: int = 2333
    episode_length: int | None = 300
    obs_type: str = "pixels_agent_pos"
    render_mode: str = "rgb_array"
    visualization_width: int = 384
    visualization_height: int = 384

    def __post_init__(self) -> None:
        if self.address is None:
            host = f"[{self.host}]" if ":" in self.host else self.host
            self.address = f"tcp://{host}:{self.port}"
        if self.env_type is None:
            self.env_type = "adroit" if self._is_adroit else "pusht"

    @property
    def gym_kwargs(self) -> dict[str, Any]:
        """The keyword arguments for `gymnasium.make` on the server."""
        kwargs = {"render_mode": self.render_mode, **super().gym_kwargs}
        if self._is_adroit:
            return kwargs
        return {
            "obs_type": self.obs_type,
            "visualization_width": self.visualization_width,
            "visualization_height": self.visualization_height,
            **kwargs,
        }

    @property
    def gym_id(self) -> str:
        """The environment's id on the server."""
        return f"adroit/{self.task}" if self._is_adroit else f"gym_pusht/{super().gym_id}"

    @property
    def _is_adroit(self) -> bool:
        return (self.task or "").startswith("adroit")
