"""Environments and wrappers of gym 0.26."""

import numpy as np


class Env:
    """An environment with five-tuples, whose reset takes the seed and which is made with its render mode."""

    metadata = {"render_modes": []}
    render_mode = None
    spec = None

    def step(self, action):
        raise NotImplementedError

    def reset(self, *, seed=None, options=None):
        if seed is not None:
            self.np_random = np.random.default_rng(seed)

    def render(self):
        raise NotImplementedError

    def close(self):
        pass

    @property
    def unwrapped(self):
        return self


class Wrapper(Env):
    """Passes everything on."""

    def __init__(self, env):
        self.env = env

    def __getattr__(self, name):
        return getattr(self.env, name)

    spec = property(lambda self: self.env.spec)
    metadata = property(lambda self: self.env.metadata)
    render_mode = property(lambda self: self.env.render_mode)
    unwrapped = property(lambda self: self.env.unwrapped)

    def step(self, action):
        return self.env.step(action)

    def reset(self, **kwargs):
        return self.env.reset(**kwargs)

    def render(self, *args, **kwargs):
        return self.env.render(*args, **kwargs)

    def close(self):
        return self.env.close()
