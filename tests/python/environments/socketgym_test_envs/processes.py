"""An environment that tells of the process that it is in."""

import os
import random
import sys
import threading

import gymnasium as gym
import numpy as np
from gymnasium import spaces


class ProcessEnv(gym.Env):
    """Tells of its process at each reset."""

    metadata = {"render_modes": []}

    def __init__(self):
        self.observation_space = spaces.Discrete(2)
        self.action_space = spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        info = {
            "process": os.getpid(),
            "threads": threading.active_count(),
            "random": random.random(),
            "numpy": float(np.random.random()),
            "unseeded": float(self.np_random.random()),
            "pygame": "pygame" in sys.modules,
        }
        return 0, info

    def step(self, action):
        return 0, 0.0, False, False, {}
