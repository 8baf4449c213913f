"""An environment with attributes and methods of every sort."""

import collections
import math

import gymnasium as gym
import numpy as np
from gymnasium import spaces


class _Thing:
    def __repr__(self):
        return "a thing"


class AttributesEnv(gym.Env):
    """Its public names are what the conformance tests read, set and call."""

    metadata = {"render_modes": []}

    def __init__(self):
        self.observation_space = spaces.Discrete(2)
        self.action_space = spaces.Discrete(2)
        self.count = 3
        self.scalar = np.float32(0.1)
        self.array = np.arange(6, dtype=">i4").reshape(2, 3)
        self.nested = collections.OrderedDict([("b", [(1, 2.5, True)]), (3, {"x": None})])
        self.huge = 2**70
        self.module = math
        self.thing = _Thing()
        self.deep_thing = {"list": [1, _Thing()]}
        self.function = lambda: 1
        self.received = None
        self._limit = 5
        self._looks = 0

    @property
    def limit(self):
        """Readable and settable, but only to numbers."""
        return self._limit

    @limit.setter
    def limit(self, value):
        if not isinstance(value, int):
            raise ValueError("limit must be an int, not %r" % (value,))
        self._limit = value

    @property
    def looks(self):
        """How often it was looked at."""
        self._looks += 1
        return self._looks

    @property
    def read_only(self):
        """Cannot be set."""
        return "fixed"

    @property
    def failing(self):
        """Raises an exception of its own."""
        raise ValueError("the sensor is off")

    @property
    def half_there(self):
        """Raises what makes it look absent."""
        raise AttributeError("no such joint")

    def echo(self, *args, **kwargs):
        """Returns what it was given, and its types' names."""
        names = [type(value).__name__ for value in args]
        return args, kwargs, names

    def change(self, items, extra=None):
        """Changes its arguments."""
        items.append("more")
        extra["added"] = True
        extra["array"] += 1
        self.received = (items, extra)

    def fail(self, text):
        """Raises an exception of its own."""
        raise KeyError(text)

    def look_for(self):
        """Raises AttributeError, though it is there itself."""
        return self.nowhere

    def give_function(self):
        """Returns what cannot travel."""
        return lambda: 1

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {}

    def step(self, action):
        return int(action), float(self.count), False, False, {}
