"""Environments written for gym 0.21."""

from collections import OrderedDict

import gym
import numpy as np
from gym import spaces


class Corridor(gym.Env):
    """A walk to the right, from a cell that the seed decides, to cell 6."""

    metadata = {"render.modes": ["human", "rgb_array", "ansi"], "video.frames_per_second": 25}

    def __init__(self, stride=1):
        self.observation_space = spaces.Box(-np.inf, np.inf, (2,), np.float32)
        self.action_space = spaces.Discrete(3)
        self.stride = stride
        self.seed(0)

    def reset(self):
        self.position = self.random.randint(0, 3)
        return self._observe()

    def step(self, action):
        assert self.action_space.contains(action), "no such stride"
        self.position += action * self.stride
        return self._observe(), float(action) / 8, self.position >= 6, {"position": self.position}

    def render(self, mode="human"):
        if mode == "ansi":
            return "." * self.position + "@"
        return np.full((2, 3, 3), self.position, np.uint8)

    def _observe(self):
        return np.array([self.position, -0.0], np.float32)


class Assorted(gym.Env):
    """Observations are samples of every space of gym 0.21; it has flags of NumPy's."""

    def __init__(self):
        parts = OrderedDict(
            [
                (
                    "zulu",
                    spaces.Box(np.zeros(2, np.uint8), np.full(2, 9, np.uint8), dtype=np.uint8),
                ),
                ("bits", spaces.MultiBinary(3)),
                ("grid", spaces.MultiBinary([2, 2])),
                ("alpha", spaces.Tuple([spaces.Discrete(4), spaces.MultiDiscrete([2, 5])])),
                ("inner", spaces.Dict({"y": spaces.Discrete(2), "x": spaces.Discrete(3)})),
            ]
        )
        self.observation_space = spaces.Dict(parts)
        self.action_space = spaces.Tuple((spaces.Discrete(2), spaces.Discrete(3)))

    def reset(self):
        return self.observation_space.sample()

    def step(self, action):
        is_end = np.bool_(action[1] == 2)
        return self.observation_space.sample(), np.float32(0.5), is_end, {"action": action}


class Between(gym.Env):
    """Written for gym 0.22 to 0.25: reset takes what Gymnasium's does, and gives an info where that is asked for."""

    metadata = {"render_modes": ["ansi"], "render_fps": 4}
    observation_space = spaces.Discrete(9)
    action_space = spaces.Discrete(2)

    def __init__(self, render_mode=None):
        self.render_mode = render_mode

    def reset(self, *, seed=None, return_info=False, options=None):
        info = {"seed": seed, "options": options}
        return (seed or 0, info) if return_info else seed or 0

    def step(self, action):
        return 1, 1.0, False, {}

    def render(self, mode="human"):
        return "drawn as %s" % (self.render_mode or mode)
