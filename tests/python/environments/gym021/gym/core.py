"""Environments and wrappers of gym 0.21."""

import numpy as np


class Env:
    """An environment with four-tuples, a ``seed`` of its own and a mode for each rendering."""

    metadata = {"render.modes": []}
    spec = None

    def step(self, action):
        raise NotImplementedError

    def reset(self):
        raise NotImplementedError

    def render(self, mode="human"):
        raise NotImplementedError

    def close(self):
        pass

    def seed(self, seed=None):
        self.random = np.random.RandomState(seed)
        return [seed]

    @property
    def unwrapped(self):
        return self


class Wrapper(Env):
    """Passes everything on."""

    def __init__(self, env):
        self.env = env

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError("attempted to get missing private attribute '%s'" % name)
        return getattr(self.env, name)

    @property
    def spec(self):
        return self.env.spec

    @property
    def metadata(self):
        return self.env.metadata

    def step(self, action):
        return self.env.step(action)

    def reset(self, **kwargs):
        return self.env.reset(**kwargs)

    def render(self, mode="human", **kwargs):
        return self.env.render(mode, **kwargs)

    def close(self):
        return self.env.close()

    def seed(self, seed=None):
        return self.env.seed(seed)

    @property
    def unwrapped(self):
        return self.env.unwrapped
