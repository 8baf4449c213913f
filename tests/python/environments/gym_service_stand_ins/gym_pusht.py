"""Stands in for gym_pusht: the ids, arguments, spaces and info of PushT, with a task of our own.

A disc moves towards the point that the action names and has to reach a goal. Nothing is pushed.
"""

import gymnasium
import numpy as np
from gymnasium import spaces

_SIZE = 512.0
_SPEED = 40.0
_CLOSE = 30.0


class PushTEnv(gymnasium.Env):
    """Takes PushT's arguments; every one of them can be seen in what it returns."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}

    def __init__(
        self,
        obs_type="state",
        render_mode=None,
        observation_width=96,
        observation_height=96,
        visualization_width=680,
        visualization_height=680,
    ):
        self.obs_type = obs_type
        self.render_mode = render_mode
        self._observed = (observation_height, observation_width, 3)
        self._rendered = (visualization_height, visualization_width, 3)
        position = spaces.Box(0.0, _SIZE, (2,), np.float64)
        pixels = spaces.Box(0, 255, self._observed, np.uint8)
        self.observation_space = {
            "state": spaces.Box(0.0, _SIZE, (5,), np.float64),
            "pixels": pixels,
            "pixels_agent_pos": spaces.Dict({"pixels": pixels, "agent_pos": position}),
            "environment_state_agent_pos": spaces.Dict(
                {
                    "environment_state": spaces.Box(0.0, _SIZE, (16,), np.float64),
                    "agent_pos": position,
                }
            ),
        }[obs_type]
        self.action_space = spaces.Box(0.0, _SIZE, (2,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._agent = self.np_random.uniform(0.0, _SIZE, 2)
        self._goal = self.np_random.uniform(0.0, _SIZE, 2)
        return self._observe(), self._info()

    def step(self, action):
        way = np.asarray(action, np.float64) - self._agent
        distance = np.linalg.norm(way)
        self._agent = np.clip(self._agent + way * min(1.0, _SPEED / max(distance, 1e-9)), 0, _SIZE)
        info = self._info()
        reward = float(np.exp(-np.linalg.norm(self._agent - self._goal) / _SIZE))
        return self._observe(), reward, info["is_success"], False, info

    def render(self):
        return self._draw(self._rendered)

    def _info(self):
        close = bool(np.linalg.norm(self._agent - self._goal) < _CLOSE)
        return {
            "pos_agent": self._agent.copy(),
            "goal_pose": self._goal.copy(),
            "is_success": close,
        }

    def _observe(self):
        if self.obs_type == "state":
            return np.concatenate([self._agent, self._goal, [0.0]])
        if self.obs_type == "pixels":
            return self._draw(self._observed)
        observation = {"agent_pos": self._agent.copy()}
        if self.obs_type == "pixels_agent_pos":
            observation["pixels"] = self._draw(self._observed)
        else:
            observation["environment_state"] = np.resize(self._goal, 16)
        return observation

    def _draw(self, shape):
        image = np.full(shape, 255, np.uint8)
        for place, colour in ((self._goal, (0, 255, 0)), (self._agent, (0, 0, 255))):
            x, y = (place / _SIZE * (np.array(shape[1::-1]) - 1)).astype(int)
            image[y, x] = colour
        return image


gymnasium.register("gym_pusht/PushT-v0", PushTEnv, max_episode_steps=300)
