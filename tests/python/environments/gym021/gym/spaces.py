"""Spaces of gym 0.21: a Discrete has no start, a Dict's samples are OrderedDicts, and the generator is a RandomState."""

from collections import OrderedDict

import numpy as np


class Space:
    def __init__(self, shape=None, dtype=None):
        self.shape = shape
        self.dtype = None if dtype is None else np.dtype(dtype)
        self.seed(0)

    def seed(self, seed=None):
        self.random = np.random.RandomState(seed)
        return [seed]

    def __eq__(self, other):
        return type(self) is type(other) and all(
            np.array_equal(value, getattr(other, name))
            if isinstance(value, np.ndarray)
            else value == getattr(other, name)
            for name, value in vars(self).items()
            if name != "random"
        )


class Box(Space):
    def __init__(self, low, high, shape=None, dtype=np.float32):
        shape = np.shape(low) if shape is None else shape
        super().__init__(shape, dtype)
        self.low = np.full(shape, low, dtype=dtype)
        self.high = np.full(shape, high, dtype=dtype)
        self.bounded_below = -np.inf < self.low
        self.bounded_above = np.inf > self.high

    def sample(self):
        low = np.where(self.bounded_below, self.low, -1.0)
        high = np.where(self.bounded_above, self.high, 1.0)
        return self.random.uniform(low, high).astype(self.dtype)

    def contains(self, x):
        return (
            isinstance(x, np.ndarray)
            and x.shape == self.shape
            and bool(np.all((x >= self.low) & (x <= self.high)))
        )


class Discrete(Space):
    def __init__(self, n):
        super().__init__((), np.int64)
        self.n = n

    def sample(self):
        return self.random.randint(self.n)

    def contains(self, x):
        return isinstance(x, (int, np.integer)) and 0 <= x < self.n

    def __repr__(self):
        return "Discrete(%d)" % self.n


class MultiDiscrete(Space):
    def __init__(self, nvec, dtype=np.int64):
        self.nvec = np.asarray(nvec, dtype=dtype)
        super().__init__(self.nvec.shape, dtype)

    def sample(self):
        return (self.random.random_sample(self.nvec.shape) * self.nvec).astype(self.dtype)


class MultiBinary(Space):
    def __init__(self, n):
        self.n = n
        super().__init__(tuple(n) if isinstance(n, (tuple, list)) else (n,), np.int8)

    def sample(self):
        return self.random.randint(0, 2, self.shape).astype(self.dtype)


class Tuple(Space):
    def __init__(self, spaces):
        self.spaces = spaces
        super().__init__()

    def sample(self):
        return tuple(space.sample() for space in self.spaces)


class Dict(Space):
    def __init__(self, spaces):
        if not isinstance(spaces, OrderedDict):
            spaces = OrderedDict(sorted(spaces.items()))
        self.spaces = spaces
        super().__init__()

    def sample(self):
        return OrderedDict((key, space.sample()) for key, space in self.spaces.items())
