"""An environment that tells of the process that it is in."""

import os
import random
import sys
import threading
import time

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


class GatheringEnv(ProcessEnv):
    """Closing waits until ``count`` processes are closing theirs, each of which leaves a file in ``folder``."""

    def __init__(self, folder, count):
        super().__init__()
        self._folder, self._count = folder, count

    def close(self):
        open(os.path.join(self._folder, str(os.getpid())), "w").close()
        while len(os.listdir(self._folder)) < self._count:
            time.sleep(0.001)
