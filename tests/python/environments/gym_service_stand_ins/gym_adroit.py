"""Stands in for gym_adroit: the ids and the shapes of Adroit's tasks, with dynamics of our own."""

import gymnasium
import numpy as np
from gymnasium import spaces


class AdroitEnv(gymnasium.Env):
    """The observation drifts with the action's sum."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 100}

    def __init__(self, observations, actions, render_mode=None):
        self.render_mode = render_mode
        self.observation_space = spaces.Box(-np.inf, np.inf, (observations,), np.float64)
        self.action_space = spaces.Box(-1.0, 1.0, (actions,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._state = self.np_random.standard_normal(self.observation_space.shape)
        return self._state.copy(), {}

    def step(self, action):
        self._state += float(np.sum(action))
        achieved = bool(abs(self._state[0]) < 0.1)
        return self._state.copy(), float(achieved), False, False, {"goal_achieved": achieved}

    def render(self):
        return np.zeros((16, 16, 3), np.uint8)


for _task, _observations, _actions in (("door", 39, 28), ("hammer", 46, 26), ("pen", 45, 24)):
    gymnasium.register(
        f"adroit/adroit-{_task}",
        AdroitEnv,
        max_episode_steps=200,
        kwargs={"observations": _observations, "actions": _actions},
    )
