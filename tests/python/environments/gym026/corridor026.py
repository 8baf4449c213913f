"""Environments written for gym 0.26."""

from collections import OrderedDict

import gym
import numpy as np
from gym import spaces


class Corridor(gym.Env):
    """A walk to the right, from a cell that the seed or the options decide, to cell 6."""

    metadata = {"render_modes": ["human", "rgb_array", "ansi"], "render_fps": 25}
    observation_space = spaces.Box(-np.inf, np.inf, (2,), np.float32)
    action_space = spaces.Discrete(3, start=-1)

    def __init__(self, render_mode=None):
        self.render_mode = render_mode

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.position = (options or {}).get("cell", (seed or 0) % 3)
        return self._observe(), {"cell": self.position}

    def step(self, action):
        if not self.action_space.contains(action):
            raise gym.error.InvalidAction("no such stride")
        self.position += action
        return self._observe(), action / 8, self.position >= 6, False, {}

    def render(self):
        if self.render_mode == "ansi":
            return "." * self.position + "@"
        return np.full((2, 3, 3), self.position, np.uint8)

    def _observe(self):
        return np.array([self.position, -0.0], np.float32)


class Assorted(gym.Env):
    """Has every space of gym 0.26."""

    observation_space = spaces.Dict(
        OrderedDict(
            [
                ("zulu", spaces.Box(0, 9, (2,), np.uint8)),
                ("bits", spaces.MultiBinary(3)),
                (
                    "alpha",
                    spaces.Tuple([spaces.Discrete(4, start=2), spaces.MultiDiscrete([2, 5])]),
                ),
                ("text", spaces.Text(4, charset="xyz")),
                ("many", spaces.Sequence(spaces.Discrete(2))),
            ]
        )
    )
    action_space = spaces.Graph(spaces.Box(0, 1, (2,)), spaces.Discrete(3))

    def __init__(self, render_mode=None):
        self.render_mode = render_mode

    def reset(self, *, seed=None, options=None):
        return self._observe(), {}

    def step(self, action):
        return self._observe(), np.float64(1), np.bool_(True), False, {"action": action}

    def _observe(self):
        return OrderedDict(
            [
                ("zulu", np.array([1, 2], np.uint8)),
                ("bits", np.array([0, 1, 0], np.int8)),
                ("alpha", (np.int64(3), np.array([1, 4]))),
                ("text", "yz"),
                ("many", (1, 0)),
            ]
        )
