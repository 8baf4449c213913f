"""Two environments whose every step waits for the other's."""

import os

import gymnasium
import numpy as np
from gymnasium import spaces


class RendezvousEnv(gymnasium.Env):
    """An even seed comes to one end of a named pipe, an odd one to the other; opening an end waits."""

    metadata = {"render_modes": []}

    def __init__(self, path):
        self.observation_space = spaces.Box(-1.0, 1.0, (1,), np.float32)
        self.action_space = spaces.Box(-1.0, 1.0, (1,), np.float32)
        self._path = path

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if seed is not None:
            self._end = os.O_RDONLY if seed % 2 else os.O_WRONLY
        return self._meet(), {}

    def step(self, action):
        if action[0] < 0:
            raise ValueError("nobody comes")
        return self._meet(), 1.0, False, False, {}

    def _meet(self):
        os.close(os.open(self._path, self._end))
        return np.zeros(1, np.float32)


gymnasium.register("Rendezvous-v0", RendezvousEnv, max_episode_steps=4)
