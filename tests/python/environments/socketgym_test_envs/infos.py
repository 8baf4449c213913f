"""Environments whose infos hold awkward values."""

import datetime
import enum
import struct
from collections import OrderedDict, defaultdict, namedtuple
from pathlib import PurePosixPath

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.spaces import GraphInstance


def _double(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def _object_array():
    array = np.empty((2, 2), dtype=object)
    array[0, 0], array[0, 1], array[1, 0], array[1, 1] = (
        None,
        (1, "a"),
        np.float32(0.5),
        [b"x", {"k": 2}],
    )
    return array


# Padding after "flag", a nested structure, a sub-array and a string.
_RECORD = np.dtype(
    [
        ("flag", "?"),
        ("pair", [("a", "<i2"), ("b", ">f4")]),
        ("grid", "<u2", (2, 2)),
        ("name", "S3"),
    ],
    align=True,
)


def _records():
    array = np.zeros(3, dtype=_RECORD)
    array["flag"] = [True, False, True]
    array["pair"]["b"] = [1.5, -0.0, np.inf]
    array["grid"] = np.arange(12).reshape(3, 2, 2)
    array["name"] = [b"a", b"bcd", b""]
    return array


# Name and how the value is made: anew each time, so that no test sees what another changed.
CASES = [
    ("none", lambda: None),
    ("bools", lambda: [True, False]),
    ("ints", lambda: [0, -1, 255, 2**31, -(2**63), 2**63, 2**64 - 1]),
    ("big ints", lambda: [2**64, -(2**63) - 1, 3**200, -(3**200)]),
    ("floats", lambda: [0.0, -0.0, 1e-320, float("inf"), float("-inf"), 0.1]),
    ("nan payloads", lambda: [_double(0x7FF8000000000001), _double(0xFFF8DEADBEEF0001)]),
    ("complex", lambda: [complex(-0.0, 1.5), complex(float("inf"), -0.0)]),
    ("strings", lambda: ["", "plain", "\x00\n", "é€😀", "x" * 300]),
    ("surrogates", lambda: ["\ud800", "a\udfffb"]),
    ("bytes", lambda: [b"", b"\x00\xff", bytearray(b"ab")]),
    ("containers", lambda: [[], (), {}, set(), frozenset()]),
    ("tuples", lambda: (1, (2, (3,)), [4, (5,)])),
    ("sets", lambda: [{7}, frozenset([(1, 2)])]),
    ("dicts", lambda: {"z": 1, "a": {"y": [1, 2], "b": None}}),
    (
        "keys",
        lambda: {
            1: "int",
            2.5: "float",
            None: "none",
            (1, "a"): "tuple",
            b"k": "bytes",
            True: "same as 1",
        },
    ),
    ("ordered dict", lambda: OrderedDict([("z", 1), ("a", OrderedDict())])),
    (
        "scalars",
        lambda: [
            np.bool_(True),
            np.int8(-5),
            np.uint64(2**64 - 1),
            np.float16(1.5),
            np.float32(-0.0),
            np.float64(0.1),
        ],
    ),
    ("complex scalars", lambda: [np.complex64(1 - 2j), np.complex128(3j)]),
    ("text scalars", lambda: [np.str_("é"), np.bytes_(b"ab"), np.str_("")]),
    ("record scalar", lambda: _records()[1]),
    (
        "arrays",
        lambda: [
            np.arange(6, dtype=np.int32).reshape(2, 3),
            np.array(1.5),
            np.zeros((0, 2), np.uint8),
        ],
    ),
    ("bool array", lambda: np.array([[True], [False]])),
    (
        "float arrays",
        lambda: [np.array([np.nan, -0.0], np.float16), np.array([np.inf, 1e-45], np.float32)],
    ),
    ("complex array", lambda: np.array([1 + 2j, -0.0j], np.complex64)),
    (
        "big-endian",
        lambda: [np.array([1, -2], ">i4"), np.array([0.5], ">f8"), np.array(["ab", "c"], ">U2")],
    ),
    ("fortran", lambda: np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3))),
    ("strided", lambda: np.arange(12, dtype=np.int64).reshape(3, 4)[::-1, ::2]),
    (
        "string arrays",
        lambda: [
            np.array(["a", "é€"]),
            np.array([b"abc", b"d"]),
            np.array([b"\x01\x02\x03"], "V3"),
        ],
    ),
    (
        "dates",
        lambda: [
            np.array(["2026-11-20", "NaT"], "M8[D]"),
            np.array([1, 2], "m8[25s]"),
            np.datetime64("1969-07-20T20:17:40.5"),
        ],
    ),
    ("records", _records),
    ("object array", _object_array),
    (
        "graph",
        lambda: GraphInstance(np.ones((2, 1), np.float32), np.array([3]), np.array([[0, 1]])),
    ),
    ("graph without edges", lambda: GraphInstance(np.ones((2, 1), np.float32), None, None)),
    ("deep", lambda: [[[[[[[[({"k": (np.int8(1),)},)]]]]]]]]),
    ("shared", lambda: (lambda part: [part, part])([np.arange(3), "s"])),
    ("long double", lambda: np.array([1.5, -0.0], np.longdouble)),
]


class Suit(enum.IntEnum):
    """An int that is more than an int."""

    HEARTS = 1


Point = namedtuple("Point", "x y")


class Unprintable:
    """Its repr fails."""

    def __repr__(self):
        raise RuntimeError("no repr")


class Talkative:
    """Its repr is long."""

    def __repr__(self):
        return "talk" * 1000


def _function(argument):
    return argument


def _cycle():
    items = [1]
    items.append({"self": items})
    return items


def _deep(levels):
    value = "bottom"
    for _ in range(levels):
        value = [value]
    return value


def _object_array_of(*items):
    array = np.empty(len(items), dtype=object)
    for index, item in enumerate(items):
        array[index] = item
    return array


OPAQUE_CASES = [
    ("function", lambda: _function),
    ("type", lambda: Suit),
    ("module", lambda: struct),
    ("int enum", lambda: {"suit": Suit.HEARTS, "plain": 1}),
    ("named tuple", lambda: [Point(1, 2), (1, 2)]),
    ("default dict", lambda: defaultdict(list, a=[1])),
    ("date", lambda: datetime.date(2026, 11, 20)),
    ("path", lambda: {PurePosixPath("/tmp/x"): 1}),
    ("range", lambda: range(3)),
    ("set of objects", lambda: {Suit.HEARTS}),
    ("masked array", lambda: np.ma.array([1, 2], mask=[False, True])),
    ("matrix", lambda: np.matrix([[1, 2]])),
    ("record array", lambda: np.rec.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")])),
    (
        "overlapping fields",
        lambda: np.zeros(
            2, np.dtype({"names": ["a", "b"], "formats": ["<i4", "<i2"], "offsets": [0, 2]})
        ),
    ),
    (
        "fields out of order",
        lambda: np.zeros(
            2, np.dtype({"names": ["b", "a"], "formats": ["<i4", "<i2"], "offsets": [2, 0]})
        ),
    ),
    ("objects in records", lambda: np.zeros(1, np.dtype([("o", object)]))),
    ("object array", lambda: _object_array_of(1, _function)),
    ("unprintable", lambda: Unprintable()),
    ("talkative", lambda: Talkative()),
    ("cycle", _cycle),
    ("too deep", lambda: _deep(100)),
]


class _CasesEnv(gym.Env):
    metadata = {"render_modes": []}
    cases = []

    def __init__(self):
        self.observation_space = spaces.Discrete(len(self.cases) + 1)
        self.action_space = spaces.Discrete(2)
        self._index = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._index = 0
        return 0, {}

    def step(self, action):
        name, make = self.cases[self._index]
        self._index += 1
        return (
            self._index,
            0.0,
            self._index == len(self.cases),
            False,
            {"case": name, "value": make()},
        )


class InfosEnv(_CasesEnv):
    """Each step's info holds the next of CASES."""

    cases = CASES


class OpaqueInfosEnv(_CasesEnv):
    """Each step's info holds the next of OPAQUE_CASES."""

    cases = OPAQUE_CASES


class KeptInfoEnv(gym.Env):
    """Gives the same info at each call, and changes it in place; an episode lasts three steps."""

    metadata = {"render_modes": []}

    def __init__(self):
        self.observation_space = spaces.Discrete(4)
        self.action_space = spaces.Discrete(2)
        self._info = {
            "steps": 0,
            "array": np.zeros(2),
            "list": [],
            "nested": {"steps": 0, "array": np.zeros(2)},
            "final_obs": np.zeros(2),
        }

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._note(0)
        return 0, self._info

    def step(self, action):
        steps = self._info["steps"] + 1
        self._note(steps)
        return steps, 0.0, steps == 3, False, self._info

    def _note(self, steps):
        for info in (self._info, self._info["nested"]):
            info["steps"] = steps
            info["array"][:] = steps
        self._info["list"][:] = [steps]
        self._info["final_obs"][:] = steps


class LongInfosEnv(gym.Env):
    """A step's info holds as many numbers as its action says, and none at all for 0; an observation counts."""

    metadata = {"render_modes": []}

    def __init__(self):
        self.observation_space = spaces.Box(0, 1000, (2,), np.int64)
        self.action_space = spaces.Discrete(10000)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._steps = 0
        return np.zeros(2, np.int64), {}

    def step(self, action):
        self._steps += 1
        info = {"many": [0] * int(action)} if action else {}
        return np.full(2, self._steps), 0.0, False, False, info
