"""A remote environment in the shape that LeRobot's evaluation takes."""

from __future__ import annotations

import warnings
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from socketgym import SocketGymClient

__all__ = ["LeRobotEnvironment", "make_environment"]

_BLANK_FRAME = (64, 64, 3)


def make_environment(
    env_id: str,
    *,
    env_type: str | None = None,
    address: str | None = None,
    timeout: float | None = None,
    kwargs: dict[str, Any] | None = None,
    task_description: str | None = None,
    success_key: str = "is_success",
    fps: int = 30,
) -> LeRobotEnvironment:
    """Makes an environment on a server.

    Args:
        env_id: Its id there.
        env_type: For X, the server imports the module `gym_X` first, where it allows that.
        address: The server; default as for `SocketGymClient`.
        timeout: The longest wait for a reply in seconds; None for no limit.
        kwargs: Keyword arguments for `gymnasium.make` on the server.
        task_description: As for `LeRobotEnvironment`.
        success_key: As for `LeRobotEnvironment`.
        fps: As for `LeRobotEnvironment`.

    Returns:
        The environment.

    Raises:
        ValueError: LeRobot can do nothing with it.
        SocketGymError: It cannot be made.
    """
    client = SocketGymClient(env_id, env_type, address=address, timeout=timeout, **(kwargs or {}))
    try:
        return LeRobotEnvironment(
            client, env_id, task_description=task_description, success_key=success_key, fps=fps
        )
    except BaseException:
        client.close()
        raise


class LeRobotEnvironment(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Answers what LeRobot asks of an environment.

    LeRobot's observations are dictionaries. Those of a Dict space pass through; an image becomes
    `pixels`, and everything else of fixed size `agent_pos`, flattened as Gymnasium flattens it.
    LeRobot's actions are vectors of floats, which a Box gets in its own shape and a discrete space
    rounded to the nearest of its values.

    Attributes:
        task: The environment's id.
        task_description: What a policy is told to do, perhaps nothing.
    """

    def __init__(
        self,
        env: SocketGymClient,
        task: str,
        *,
        task_description: str | None = None,
        success_key: str = "is_success",
        fps: int = 30,
    ) -> None:
        """Wraps a client.

        Args:
            env: The client.
            task: The environment's id.
            task_description: Default: the environment's attribute of that name, else nothing.
            success_key: The entry of an info that becomes `is_success`.
            fps: The videos' frames a second, where the environment does not say it.

        Raises:
            ValueError: The environment has no time limit, or a space that LeRobot has no shape for.
        """
        super().__init__(env)
        if env.remote_spec is None or env.remote_spec.max_episode_steps is None:
            raise ValueError(
                f"{task!r} has no time limit, and LeRobot needs to know when an episode is over: "
                "give --env.episode_length."
            )
        self._success_key = success_key
        self._observed_key = _observed_key(env.observation_space)
        if self._observed_key is not None:
            space = env.observation_space
            if self._observed_key == "agent_pos":
                space = spaces.flatten_space(space)
            self.observation_space = spaces.Dict({self._observed_key: space})
        self.action_space = _box_of(env.action_space)
        self.metadata = {**env.metadata, "render_fps": env.metadata.get("render_fps") or fps}
        # LeRobot asks for both at every step. An AttributeError each time would cost two requests.
        self.task = task
        if task_description is None and env.has_wrapper_attr("task_description"):
            task_description = str(env.get_wrapper_attr("task_description"))
        self.task_description = task_description or ""

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Starts an episode; options, LeRobot's own among them, reach the environment."""
        observation, info = self.env.reset(seed=seed, options=options)
        return self._observe(observation), self._judge(info)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Takes a step with a vector of floats."""
        observation, reward, terminated, truncated, info = self.env.step(self._act(action))
        return self._observe(observation), reward, terminated, truncated, self._judge(info)

    def render(self) -> Any:
        """Draws the present state; black where the environment draws nothing."""
        if self.env.render_mode is not None:
            return self.env.render()
        # LeRobot films every evaluation and has no option against it.
        warnings.warn(f"{self.task} does not render, so its videos stay black.", stacklevel=2)
        return np.zeros(_BLANK_FRAME, np.uint8)

    def _act(self, action: Any) -> Any:
        space: Any = self.env.action_space
        if isinstance(space, spaces.Box):
            return np.reshape(action, space.shape)
        box: Any = self.action_space
        nearest = np.rint(np.clip(action, box.low, box.high))
        if isinstance(space, spaces.Discrete):
            return np.dtype(space.dtype).type(nearest[0])
        return nearest.reshape(space.shape).astype(space.dtype)

    def _observe(self, observation: Any) -> Any:
        if self._observed_key is None:
            return observation
        if self._observed_key == "agent_pos":
            observation = spaces.flatten(self.env.observation_space, observation)
        return {self._observed_key: observation}

    def _judge(self, info: dict[str, Any]) -> dict[str, Any]:
        if self._success_key in info:
            info["is_success"] = bool(info[self._success_key])
        return info


def _observed_key(space: gymnasium.Space[Any]) -> str | None:
    if isinstance(space, spaces.Dict):
        return None
    if isinstance(space, spaces.Box) and space.dtype == np.uint8 and len(space.shape) == 3:
        return "pixels"
    if not space.is_np_flattenable:
        raise ValueError(f"LeRobot has no shape for observations of {space}.")
    return "agent_pos"


def _box_of(space: Any) -> Any:
    low: Any
    high: Any
    if isinstance(space, spaces.Box):
        return space if len(space.shape) == 1 else spaces.flatten_space(space)
    if isinstance(space, spaces.Discrete):
        low, high = [int(space.start)], [int(space.start) + int(space.n) - 1]
    elif isinstance(space, spaces.MultiDiscrete):
        low, high = space.start.ravel(), (np.add(space.start, space.nvec) - 1).ravel()
    elif isinstance(space, spaces.MultiBinary):
        low, high = np.zeros(space.shape).ravel(), np.ones(space.shape).ravel()
    else:
        raise ValueError(f"LeRobot's actions are vectors, and nothing makes one of {space}.")
    return spaces.Box(np.asarray(low, np.float32), np.asarray(high, np.float32), dtype=np.float32)
