"""Environments whose observations are samples of one space."""

from collections import OrderedDict

import gymnasium as gym
import numpy as np
from gymnasium import spaces

LENGTH = 20
_INF = float("inf")
# Gymnasium's own default is a set, whose order differs from process to process.
_LETTERS = "qwertyASDF0123"


def _nested():
    # An OrderedDict keeps its order; Gymnasium sorts the keys of a plain dict.
    return spaces.Dict(
        OrderedDict(
            [
                ("zulu", spaces.Box(-1, 1, (2,), np.float32)),
                (
                    "alpha",
                    spaces.Tuple(
                        [
                            spaces.Discrete(3),
                            spaces.Dict(
                                b=spaces.MultiBinary(2), a=spaces.Text(4, charset=_LETTERS)
                            ),
                        ]
                    ),
                ),
                (
                    "mike",
                    spaces.Dict(
                        OrderedDict(
                            [("y", spaces.Box(0, 9, (), np.int16)), ("x", spaces.Discrete(2))]
                        )
                    ),
                ),
            ]
        )
    )


SPACES = {
    "BoxFloat16": lambda: spaces.Box(-2, 2, (3,), np.float16),
    "BoxFloat32": lambda: spaces.Box(
        np.array([-1, -_INF, 0, -_INF], np.float32),
        np.array([1, 5, _INF, _INF], np.float32),
        dtype=np.float32,
    ),
    "BoxFloat64": lambda: spaces.Box(-1e300, 1e300, (2, 2), np.float64),
    "BoxScalar": lambda: spaces.Box(0.0, 1.0, (), np.float64),
    "BoxEmpty": lambda: spaces.Box(0, 1, (0, 3), np.float32),
    "BoxInt8": lambda: spaces.Box(-128, 127, (5,), np.int8),
    "BoxInt16Unbounded": lambda: spaces.Box(-_INF, _INF, (4,), np.int16),
    "BoxUint16": lambda: spaces.Box(0, 65535, (2,), np.uint16),
    "BoxInt32": lambda: spaces.Box(
        np.array([-5, 0], np.int32), np.array([5, 2**31 - 1], np.int32), dtype=np.int32
    ),
    "BoxInt64": lambda: spaces.Box(-(2**62), 2**62, (3,), np.int64),
    "BoxUint8": lambda: spaces.Box(3, 250, (2, 3), np.uint8),
    "BoxFlags": lambda: spaces.Box(0, 1, (6,), np.uint8),
    "Image": lambda: spaces.Box(0, 255, (84, 84, 3), np.uint8),
    "LargeImage": lambda: spaces.Box(0, 255, (400, 600, 3), np.uint8),
    "Discrete": lambda: spaces.Discrete(4),
    "DiscreteStart": lambda: spaces.Discrete(7, start=-3),
    "DiscreteInt8": lambda: spaces.Discrete(5, dtype=np.int8),
    "MultiDiscrete": lambda: spaces.MultiDiscrete([2, 3, 5]),
    "MultiDiscreteGrid": lambda: spaces.MultiDiscrete(
        np.array([[2, 3], [4, 5]], np.int32),
        dtype=np.int32,
        start=np.array([[0, -1], [10, 5]], np.int32),
    ),
    "MultiBinary": lambda: spaces.MultiBinary(5),
    "MultiBinaryGrid": lambda: spaces.MultiBinary((2, 3)),
    "Text": lambda: spaces.Text(8, charset=_LETTERS),
    "TextDefault": lambda: spaces.Text(8),
    "TextUnicode": lambda: spaces.Text(6, min_length=0, charset="zaé€😀_"),
    "Tuple": lambda: spaces.Tuple(
        [spaces.Discrete(2), spaces.Box(-1, 1, (2,), np.float32), spaces.Text(3, charset=_LETTERS)]
    ),
    "Dict": lambda: spaces.Dict(
        OrderedDict([("second", spaces.Discrete(3)), ("first", spaces.Box(0, 1, (2,), np.float32))])
    ),
    "DictNested": _nested,
    "DictKeys": lambda: spaces.Dict(
        OrderedDict([(2, spaces.Discrete(2)), ("two", spaces.Discrete(3))])
    ),
    "Sequence": lambda: spaces.Sequence(spaces.Box(-1, 1, (2,), np.float32)),
    "SequenceStacked": lambda: spaces.Sequence(spaces.Box(-1, 1, (2,), np.float32), stack=True),
    "SequenceOfDict": lambda: spaces.Sequence(
        spaces.Dict(a=spaces.Discrete(2), b=spaces.Text(2, charset=_LETTERS))
    ),
    "SequenceOfDictStacked": lambda: spaces.Sequence(
        spaces.Dict(a=spaces.Discrete(2), b=spaces.MultiBinary(2)), stack=True
    ),
    "Graph": lambda: spaces.Graph(spaces.Box(-1, 1, (3,), np.float32), spaces.Discrete(4)),
    "GraphWithoutEdges": lambda: spaces.Graph(spaces.Discrete(5), None),
    "OneOf": lambda: spaces.OneOf(
        [spaces.Discrete(3), spaces.Box(0, 1, (2,), np.float32), spaces.Text(2, charset=_LETTERS)]
    ),
}


class SampledEnv(gym.Env):
    """Observations are samples of a space; an action changes nothing and comes back in the info."""

    metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 12}

    def __init__(self, space, render_mode=None):
        self.observation_space = SPACES[space]()
        self.action_space = SPACES[space]()
        self.render_mode = render_mode
        self._steps = 0
        self._is_seeded = False

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if seed is None and not self._is_seeded:
            seed = 0
        if seed is not None:
            self.observation_space.seed(seed)
            self._is_seeded = True
        self._steps = 0
        return self.observation_space.sample(), {"options": options}

    def step(self, action):
        self._steps += 1
        info = {"action": action, "action_type": type(action).__name__, "steps": self._steps}
        return self.observation_space.sample(), self._steps / 8, False, False, info

    def render(self):
        if self.render_mode == "ansi":
            return "step %d" % self._steps
        if self.render_mode == "rgb_array":
            return np.full((6, 8, 3), self._steps % 256, np.uint8)
        return None
