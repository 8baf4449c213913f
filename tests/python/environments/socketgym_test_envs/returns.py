"""Environments whose rewards, flags and observations have unusual types or layouts."""

import time

import gymnasium as gym
import numpy as np
from gymnasium import spaces

# Reward, terminated, truncated.
RETURNS = [
    (1, False, False),
    (-2.5, False, False),
    (np.float32(0.1), np.bool_(False), np.bool_(False)),
    (np.float64(-0.0), False, np.bool_(False)),
    (np.int64(7), False, False),
    (np.array(1.5), False, False),
    (np.array([0.5, 1.5], np.float32), False, False),
    (True, False, False),
    (2**70, False, False),
    (float("nan"), np.bool_(True), np.bool_(True)),
]

_GRID = np.arange(24, dtype=np.int32).reshape(4, 6)

# Every one is of shape (2, 3) or holds arrays of it.
LAYOUTS = [
    ("C", lambda: np.ascontiguousarray(_GRID[:2, :3])),
    ("Fortran", lambda: np.asfortranarray(_GRID[:2, :3])),
    ("slice", lambda: _GRID[:2, :3]),
    ("strided", lambda: _GRID[::2, ::2]),
    ("reversed", lambda: _GRID[1::-1, 2::-1]),
    ("transposed", lambda: np.ascontiguousarray(_GRID[:3, :2]).T),
    ("broadcast", lambda: np.broadcast_to(np.array([1, 2, 3], np.int32), (2, 3))),
    ("big-endian", lambda: _GRID[:2, :3].astype(">i4")),
    ("nested", lambda: {"f": np.asfortranarray(_GRID[:2, :3]), "t": (_GRID[:2, :3].T.copy().T,)}),
]


class ReturnsEnv(gym.Env):
    """Each step returns the next of RETURNS."""

    metadata = {"render_modes": []}

    def __init__(self):
        self.observation_space = spaces.Discrete(len(RETURNS) + 1)
        self.action_space = spaces.Discrete(2)
        self._index = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._index = 0
        return 0, {}

    def step(self, action):
        reward, terminated, truncated = RETURNS[self._index]
        self._index += 1
        return self._index, reward, terminated, truncated, {}


class LayoutsEnv(gym.Env):
    """Each step's observation is the next of LAYOUTS."""

    metadata = {"render_modes": []}

    def __init__(self):
        self.observation_space = spaces.Box(0, 23, (2, 3), np.int32)
        self.action_space = spaces.Discrete(2)
        self._index = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._index = 0
        return np.zeros((2, 3), np.int32), {}

    def step(self, action):
        name, make = LAYOUTS[self._index]
        self._index += 1
        return make(), 0.0, self._index == len(LAYOUTS), False, {"layout": name}


class EchoEnv(gym.Env):
    """Each step's observation is its action."""

    metadata = {"render_modes": []}

    def __init__(self):
        self.observation_space = spaces.Discrete(1)
        self.action_space = spaces.Discrete(1)
        self._action = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self._action, {}

    def step(self, action):
        info = {}
        if type(action) is tuple:
            action, info = action
        self._action = action
        reward = action if np.isscalar(action) and not isinstance(action, (str, bytes)) else 0.0
        return action, reward, False, False, info


class FramesEnv(gym.Env):
    """Observes images of one colour, which grows with each step by the action."""

    metadata = {"render_modes": []}

    def __init__(self, height=84, width=84):
        self.observation_space = spaces.Box(0, 255, (height, width, 3), np.uint8)
        self.action_space = spaces.Discrete(256)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._frame = np.zeros(self.observation_space.shape, np.uint8)
        return self._frame, {}

    def step(self, action):
        self._frame += np.uint8(action)
        return self._frame, 0.0, False, False, {}


class BusyEnv(gym.Env):
    """A step waits for 2 ms, or computes for as long."""

    metadata = {"render_modes": []}

    def __init__(self, action="sleep"):
        self.observation_space = spaces.Box(0, 1, (2,), np.float32)
        self.action_space = spaces.Discrete(2)
        self._action = action

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return np.zeros(2, np.float32), {}

    def step(self, action):
        if self._action == "sleep":
            time.sleep(0.002)
        else:
            end = time.thread_time() + 0.002
            while time.thread_time() < end:
                pass
        return np.zeros(2, np.float32), 0.0, False, False, {}
