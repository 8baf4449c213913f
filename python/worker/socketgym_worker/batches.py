"""Observations of several environments as one batch: what Gymnasium's ``create_empty_array`` and ``concatenate`` make of them."""

import numpy as np

from . import packages

_ARRAYS = frozenset(["Box", "Discrete", "MultiDiscrete", "MultiBinary"])
_PLAIN = {np.ndarray}
_WHOLE_NUMBERS = {int, np.int64}


def make(space, count, allocate):
    """Makes a batch for observations of a space.

    Args:
        space: The space of one observation.
        count: How many there are.
        allocate: Returns an array of a shape and a dtype; called for each array of the batch, in order.

    Returns:
        A batch: ``put`` takes the observation of one environment and ``put_all`` those of all, and ``value`` is what Gymnasium would
        have made of them. What does not fit raises.
    """
    name = packages.space_name(type(space))
    if name in _ARRAYS:
        return _ArrayBatch(allocate((count,) + tuple(space.shape), np.dtype(space.dtype)))
    if name == "Tuple":
        return _TupleBatch([make(part, count, allocate) for part in space.spaces])
    if name == "Dict":
        return _DictBatch(
            [(key, make(part, count, allocate)) for key, part in space.spaces.items()]
        )
    return _ItemBatch(count)


class _ArrayBatch:
    __slots__ = ("value", "_rows", "_joined", "_cells", "_dtype", "_shape", "_shapes")

    def __init__(self, array):
        self.value = array
        self._dtype, self._shape = array.dtype, array.shape[1:]
        self._shapes = {self._shape}
        # As NumPy joins arrays along their first axis, which takes half the time of a row after the other; numbers have none.
        shape = array.shape
        self._joined = array.reshape((shape[0] * shape[1],) + shape[2:]) if self._shape else None
        self._cells = memoryview(array) if not self._shape and array.dtype == np.int64 else None
        # With the ellipsis each is a view, also where a row is a number.
        self._rows = [array[index, ...] for index in range(len(array))]

    def put_all(self, observations):
        """Takes an observation of each environment, by the same rules as ``put``."""
        types = {type(observation) for observation in observations}
        if self._cells is not None and types <= _WHOLE_NUMBERS:
            cells = self._cells
            for index, observation in enumerate(observations):
                cells[index] = observation
        elif (
            self._joined is not None
            and types == _PLAIN
            and {observation.shape for observation in observations} == self._shapes
        ):
            np.concatenate(observations, out=self._joined, casting="same_kind")
        else:
            for index, observation in enumerate(observations):
                self.put(index, observation)

    def put(self, index, observation):
        """Takes the observation of an environment, by the rules of ``np.stack(..., out=...)``."""
        if (
            type(observation) is np.ndarray
            and observation.dtype is self._dtype
            and observation.shape == self._shape
        ):
            self._rows[index][...] = observation
            return
        array = np.asanyarray(observation)
        if array.shape != self._shape:
            raise ValueError(
                "an observation has the shape %s, and its space %s" % (array.shape, self._shape)
            )
        # An axis more, as stack has it: NumPy casts a number by itself by its value.
        np.copyto(self._rows[index][np.newaxis], array[np.newaxis], casting="same_kind")


class _TupleBatch:
    __slots__ = ("_parts",)

    def __init__(self, parts):
        self._parts = parts

    @property
    def value(self):
        return tuple(part.value for part in self._parts)

    def put_all(self, observations):
        for number, part in enumerate(self._parts):
            part.put_all([observation[number] for observation in observations])

    def put(self, index, observation):
        for number, part in enumerate(self._parts):
            part.put(index, observation[number])


class _DictBatch:
    __slots__ = ("_parts",)

    def __init__(self, parts):
        self._parts = parts

    @property
    def value(self):
        return {key: part.value for key, part in self._parts}

    def put_all(self, observations):
        for key, part in self._parts:
            part.put_all([observation[key] for observation in observations])

    def put(self, index, observation):
        for key, part in self._parts:
            part.put(index, observation[key])


class _ItemBatch:
    __slots__ = ("_items",)

    def __init__(self, count):
        self._items = [None] * count

    @property
    def value(self):
        return tuple(self._items)

    def put_all(self, observations):
        self._items[:] = observations

    def put(self, index, observation):
        self._items[index] = observation
