"""Some spaces of gym 0.26: a Discrete has a start, and Text and Sequence are new."""

import numpy as np


class Space:
    def __init__(self, shape=None, dtype=None):
        self.shape = shape
        self.dtype = None if dtype is None else np.dtype(dtype)

    def __eq__(self, other):
        return type(self) is type(other) and all(
            np.array_equal(value, getattr(other, name))
            if isinstance(value, np.ndarray)
            else value == getattr(other, name)
            for name, value in vars(self).items()
        )


class Box(Space):
    def __init__(self, low, high, shape, dtype=np.float32):
        super().__init__(shape, dtype)
        self.low = np.full(shape, low, dtype=dtype)
        self.high = np.full(shape, high, dtype=dtype)
        self.bounded_below = -np.inf < self.low
        self.bounded_above = np.inf > self.high


class Discrete(Space):
    def __init__(self, n, start=0):
        super().__init__((), np.int64)
        self.n = n
        self.start = start

    def contains(self, x):
        return isinstance(x, (int, np.integer)) and self.start <= x < self.start + self.n

    def __repr__(self):
        return "Discrete(%d, start=%d)" % (self.n, self.start)


class MultiDiscrete(Space):
    def __init__(self, nvec, dtype=np.int64):
        self.nvec = np.array(nvec, dtype=dtype)
        super().__init__(self.nvec.shape, dtype)


class MultiBinary(Space):
    def __init__(self, n):
        self.n = n
        super().__init__((n,), np.int8)


class Text(Space):
    def __init__(self, max_length, *, min_length=1, charset="01"):
        super().__init__((), None)
        self.min_length = min_length
        self.max_length = max_length
        self.character_list = tuple(charset)


class Tuple(Space):
    def __init__(self, spaces):
        self.spaces = tuple(spaces)
        super().__init__()


class Dict(Space):
    def __init__(self, spaces):
        self.spaces = spaces
        super().__init__()


class Sequence(Space):
    def __init__(self, space):
        self.feature_space = space
        super().__init__()


class Graph(Space):
    def __init__(self, node_space, edge_space):
        self.node_space = node_space
        self.edge_space = edge_space
        super().__init__()
