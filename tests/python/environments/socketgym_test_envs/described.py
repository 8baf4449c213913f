"""An environment that tells in words what it was given, so that nothing of the way back can hide what the way there changed."""

import gymnasium as gym
import numpy as np
from gymnasium import spaces


def describe(value):
    """Returns a value's type and bits as text, all the way down."""
    name = type(value).__name__
    if isinstance(value, np.ndarray) and value.dtype == object:
        return "%s%r%s" % (name, value.shape, [describe(item) for item in value.flat])
    if isinstance(value, (np.ndarray, np.generic)):
        return "%s %r %r %s" % (name, _layout(value.dtype), value.shape, _bits(value))
    if isinstance(value, dict):
        return "%s{%s}" % (name, ", ".join(map(describe, value.items())))
    if isinstance(value, (set, frozenset)):
        return "%s{%s}" % (name, ", ".join(sorted(map(describe, value))))
    if isinstance(value, (list, tuple)):
        return "%s[%s]" % (name, ", ".join(map(describe, value)))
    if isinstance(value, float):
        return "%s %s" % (name, np.float64(value).tobytes().hex())
    if isinstance(value, complex):
        return "%s %s" % (name, np.complex128(value).tobytes().hex())
    return "%s %r" % (name, value)


def _layout(dtype):
    return dtype.str if dtype.names is None else (dtype.descr, dtype.itemsize)


def _bits(value):
    if value.dtype == np.longdouble:
        return [number.hex() for number in np.atleast_1d(value).astype(float).tolist()]
    return value.tobytes().hex()


class DescribedEnv(gym.Env):
    """Its infos hold the description of the action, of the options, or of the keyword argument ``given``."""

    metadata = {"render_modes": []}

    def __init__(self, given=None, render_mode=None):
        self.observation_space = spaces.Discrete(2)
        self.action_space = spaces.Discrete(2)
        self.given = given

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {"options": describe(options), "given": describe(self.given)}

    def step(self, action):
        return 0, 0.0, False, False, {"action": describe(action)}
