"""Writes the pickle vectors: CPython's own pickles of every kind of value, and pickles that must be refused.

Run from the repository root, first with the Python of the tests (NumPy 1.x), then with one that has NumPy 2.x::

    .venv/bin/python3 tests/vectors/generate/pickle_vectors.py

    mmdebstrap --variant=minbase --include=python3,python3-numpy trixie /tmp/numpy2
    mkdir /tmp/numpy2/vectors && cp tests/vectors/generate/*.py /tmp/numpy2/vectors
    chroot /tmp/numpy2 python3 /vectors/pickle_vectors.py --output /vectors
    cp /tmp/numpy2/vectors/numpy2.json tests/vectors/pickle

Plain pickles of Python 2.7 come from ``pickle_vectors_python2.py``. ``written.json`` and ``replies.json``
hold what SocketGym writes, for the real pickle to load; ``SOCKETGYM_WRITE_VECTORS=1 dotnet test tests/SocketGym.Protocol.Tests --filter Pickle``
writes them anew.
"""

from __future__ import annotations

import argparse
import collections
import json
import pathlib
import pickle
import platform
import struct
import sys
import types
from typing import Any, Callable

import numpy as np
from refused_pickles import refused

PROTOCOLS = (2, 3, 4, 5)


def graph_instance() -> type:
    """Returns Gymnasium's GraphInstance, or one that pickles alike where there is no Gymnasium."""
    try:
        from gymnasium.spaces.graph import GraphInstance
    except ImportError:
        GraphInstance = collections.namedtuple("GraphInstance", "nodes edges edge_links")
        GraphInstance.__module__ = "gymnasium.spaces.graph"
        for name in ("gymnasium", "gymnasium.spaces", "gymnasium.spaces.graph"):
            sys.modules[name] = types.ModuleType(name)
        sys.modules["gymnasium.spaces.graph"].GraphInstance = GraphInstance
    return GraphInstance


def bits(number: float) -> str:
    """Returns a double's bits as tests/vectors/README.md writes them."""
    return struct.pack(">d", number).hex()


def describe_dtype(dtype: np.dtype) -> Any:
    """Describes a dtype: a type string, or fields in memory order with padding spelled out."""
    if dtype.names is None:
        return dtype.str
    fields, end = [], 0
    for name in sorted(dtype.names, key=lambda name: dtype.fields[name][1]):
        field, offset = dtype.fields[name][:2]
        if offset > end:
            fields.append(["", f"|V{offset - end}"])
        fields.append(
            [name, describe_dtype(field.base), *([list(field.shape)] if field.shape else [])]
        )
        end = offset + field.itemsize
    if dtype.itemsize > end or not fields:
        fields.append(["", f"|V{dtype.itemsize - end}"])
    return fields


def describe(value: Any) -> dict[str, Any]:
    """Describes a value as tests/vectors/README.md says."""
    kind = type(value)
    if value is None:
        return {"kind": "none"}
    if kind is bool:
        return {"kind": "bool", "value": value}
    if kind is int:
        return {"kind": "int", "value": str(value)}
    if kind is float:
        return {"kind": "float", "bits": bits(value)}
    if kind is complex:
        return {"kind": "complex", "real": bits(value.real), "imag": bits(value.imag)}
    if kind is str:
        if any(0xD800 <= ord(character) <= 0xDFFF for character in value):
            return {"kind": "str", "code_points": [ord(character) for character in value]}
        return {"kind": "str", "value": value}
    if kind in (bytes, bytearray):
        return {"kind": kind.__name__, "hex": value.hex()}
    if kind in (list, tuple, set, frozenset):
        return {"kind": kind.__name__, "items": [describe(item) for item in value]}
    if kind in (dict, collections.OrderedDict):
        name = "dict" if kind is dict else "ordered_dict"
        return {
            "kind": name,
            "entries": [[describe(key), describe(item)] for key, item in value.items()],
        }
    if kind is graph_instance():
        return {"kind": "graph", **{name: describe(getattr(value, name)) for name in value._fields}}
    if kind is np.ndarray and value.dtype == object:
        return {
            "kind": "object_array",
            "shape": list(value.shape),
            "items": [describe(item) for item in value.ravel()],
        }
    if kind is np.ndarray:
        return {
            "kind": "array",
            "dtype": describe_dtype(value.dtype),
            "shape": list(value.shape),
            "hex": value.tobytes().hex(),
        }
    if isinstance(value, np.generic):
        return {
            "kind": "scalar",
            "dtype": describe_dtype(value.dtype),
            "hex": value.tobytes()[: value.dtype.itemsize].hex(),
        }
    raise TypeError(f"{kind} is no kind of tests/vectors/README.md")


def plain_values() -> dict[str, Any]:
    """Returns values of Python's own types, by name."""
    nan = struct.unpack(">d", bytes.fromhex("7ff4000000000123"))[0]
    shared = [1, "shared"]
    return {
        "none": None,
        "true": True,
        "false": False,
        "int 0": 0,
        "int 255": 255,
        "int 256": 256,
        "int 65535": 65535,
        "int 65536": 65536,
        "int -1": -1,
        "int -32769": -32769,
        "int 2^31-1": 2**31 - 1,
        "int 2^31": 2**31,
        "int -2^31": -(2**31),
        "int -2^31-1": -(2**31) - 1,
        "int 2^32": 2**32,
        "int 2^63-1": 2**63 - 1,
        "int 2^63": 2**63,
        "int -2^63": -(2**63),
        "int -2^63-1": -(2**63) - 1,
        "int 2^64": 2**64,
        "int 2^2039-1": 2**2039 - 1,
        "int 2^2039": 2**2039,
        "int -2^2100": -(2**2100),
        "float 0.5": 0.5,
        "float -0.0": -0.0,
        "float inf": float("inf"),
        "float NaN with payload": nan,
        "float smallest": 5e-324,
        "complex": complex(1.5, -0.0),
        "complex NaN": complex(float("nan"), nan),
        "str empty": "",
        "str ASCII": "CartPole-v1",
        "str accents": "für élise",
        "str beyond BMP": "a\U0001F600b",
        "str lone surrogate": "a\ud800b\udfff",
        "str of 255 bytes": "x" * 255,
        "str of 256 bytes": "x" * 256,
        "str with NUL": "a\0b",
        "bytes empty": b"",
        "bytes": bytes(range(256)),
        "bytes of 255": b"\xff" * 255,
        "bytearray": bytearray(b"a\xff\0"),
        "bytearray empty": bytearray(),
        "list empty": [],
        "list of one": [1],
        "list": [1, "a", None, 2.5],
        "list of 1001": list(range(1001)),
        "tuple empty": (),
        "tuple 1": (1,),
        "tuple 2": (1, 2),
        "tuple 3": (1, 2, 3),
        "tuple 4": (1, 2, 3, 4),
        "dict empty": {},
        "dict": {"a": 1, "b": {"c": []}},
        "dict with other keys": {
            1: "a",
            None: "b",
            (1, "x"): "c",
            b"k": "d",
            2.5: "e",
            True - 2: "f",
        },
        "dict of 1001": {str(number): number for number in range(1001)},
        "ordered dict": collections.OrderedDict([("b", 1), ("a", 2)]),
        "ordered dict empty": collections.OrderedDict(),
        "set": {"a"},
        "set empty": set(),
        "frozenset": frozenset([1.5]),
        "frozenset empty": frozenset(),
        "shared list": [shared, shared, (shared,)],
        "nested": [[[[[[{"deep": (frozenset([(1, 2)]),)}]]]]]],
    }


def without_garbage(array: np.ndarray) -> np.ndarray:
    """Clears the six bytes that an x87 long double does not use, so that every run writes the same."""
    if array.dtype not in (np.dtype("f16"), np.dtype("c32")):
        return array
    data = np.frombuffer(bytearray(array.tobytes()), dtype="|u1").reshape(-1, 16)
    data[:, 10:] = 0
    return data.reshape(-1).view(array.dtype)


def array_values() -> dict[str, Any]:
    """Returns NumPy's arrays, by name."""
    values: dict[str, Any] = {}
    for code in (
        "?",
        "i1",
        "u1",
        "i2",
        "u2",
        "i4",
        "u4",
        "i8",
        "u8",
        "f2",
        "f4",
        "f8",
        "f16",
        "c8",
        "c16",
        "c32",
    ):
        array = without_garbage(np.array([0, 1, 100]).astype(code))
        values[f"array {array.dtype.str}"] = array
        if array.itemsize > 1:
            swapped = array.astype(array.dtype.newbyteorder(">"))
            values[f"array {swapped.dtype.str}"] = swapped
    nan = np.array([0x7FA00123, 0xFFC00000, 0x80000000], dtype="<u4").view("<f4")
    values |= {
        "array float32 NaN payloads": nan,
        "array 0-d": np.array(7, dtype="<i4"),
        "array empty": np.zeros((0, 3), dtype="<f8"),
        "array 4-d": np.arange(24, dtype="<i2").reshape(1, 2, 3, 4),
        "array Fortran": np.asfortranarray(np.arange(6, dtype="<i4").reshape(2, 3)),
        "array Fortran 3-d": np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)),
        "array transposed": np.arange(24, dtype="|u1").reshape(2, 3, 4).transpose(1, 0, 2),
        "array strided": np.arange(10, dtype="<i8")[::3],
        "array read-only": np.frombuffer(b"abcd", dtype="|u1"),
        "array U": np.array(["ab", "für", ""]),
        "array >U": np.array(["ab"]).astype(">U2"),
        "array S": np.array([b"ab", b"c"]),
        "array V": np.array([b"abc"], dtype="V3"),
        "array M8": np.array(["2020-01-01", "NaT"], dtype="M8[D]"),
        "array M8 of 25 s": np.array([1, 2], dtype="M8[25s]"),
        "array M8 generic": np.array(["NaT"], dtype="M8"),
        "array >M8": np.array([1], dtype=">M8[us]"),
        "array m8": np.array([-1, 5], dtype="m8[ns]"),
        "array structured": np.array([(1, 2.5)], dtype=[("a", "<i4"), ("b", ">f8")]),
        "array aligned": np.zeros(
            2, dtype=np.dtype([("a", "|i1"), ("b", "<f8"), ("c", "<i2")], align=True)
        ),
        "array sub-arrays": np.zeros(
            2,
            dtype=[
                ("a", "<i4", (2, 3)),
                ("b", "U2", (2,)),
                ("c", [("x", "<c8"), ("y", "M8[s]")], 2),
            ],
        ),
        "array fields out of order": np.zeros(
            1,
            dtype={
                "names": ["b", "a"],
                "formats": ["<i4", "<i2"],
                "offsets": [4, 0],
                "itemsize": 10,
            },
        ),
        "array titles": np.zeros(1, dtype={"names": ["a"], "formats": ["<i4"], "titles": ["T"]}),
        "array no fields": np.zeros(2, dtype=[]),
        "array only padding": np.zeros(2, dtype={"names": [], "formats": [], "itemsize": 4}),
        "array objects": np.array([1, "a", None, (1, 2)], dtype=object),
        "array objects 0-d": np.array(None, dtype=object),
        "array objects Fortran": np.asfortranarray(
            np.array([[1, 2, 3], ["a", "b", "c"]], dtype=object)
        ),
        "array objects nested": np.array([np.array([1.5, 2.5]), None], dtype=object),
        "arrays share a dtype": [np.zeros(1, dtype="<f4"), np.ones(2, dtype="<f4"), np.float32(3)],
    }
    return values


def scalar_values() -> dict[str, Any]:
    """Returns NumPy's scalars, by name."""
    values: dict[str, Any] = {}
    for code in (
        "?",
        "i1",
        "u1",
        "i2",
        "u2",
        "i4",
        "u4",
        "i8",
        "u8",
        "f2",
        "f4",
        "f8",
        "f16",
        "c8",
        "c16",
        "c32",
    ):
        scalar = without_garbage(np.array([1], dtype=code))[0]
        values[f"scalar {scalar.dtype.str}"] = scalar
    values |= {
        "scalar -0.0": np.float64(-0.0),
        "scalar U": np.str_("für"),
        "scalar U empty": np.str_(""),
        "scalar S": np.bytes_(b"ab"),
        "scalar S empty": np.bytes_(b""),
        "scalar M8": np.datetime64("2020-01-01T00:00", "m"),
        "scalar m8": np.timedelta64(7, "25s"),
        "scalar m8 generic": np.timedelta64(7),
        "scalar V": np.void(b"abc"),
        "scalar structured": np.array([(1, 2.5)], dtype=[("a", "<i4"), ("b", "<f8")])[0],
        "scalar bool false": np.bool_(False),
        "scalar text of 300": np.str_("y" * 300),
    }
    return values


def message_values() -> dict[str, Any]:
    """Returns what the dialect sends and what infos hold, by name."""
    graph = graph_instance()
    return {
        "graph": graph(
            np.zeros((2, 3), dtype="<f4"),
            np.array([1], dtype="<i8"),
            np.array([[0, 1]], dtype="<i4"),
        ),
        "graph without edges": graph(np.zeros((1, 2), dtype="<f8"), None, None),
        "request make": {
            "type": "make",
            "payload": {
                "env_id": "CartPole-v1",
                "env_type": None,
                "kwargs": {"render_mode": "rgb_array"},
            },
        },
        "request step": {"type": "step", "payload": {"action": np.int64(1)}},
        "reply step": {
            "status": "ok",
            "observation": np.array([0.1, -0.2, 0.3, -0.4], dtype="<f4"),
            "reward": 1.0,
            "terminated": False,
            "truncated": False,
            "info": {},
        },
        "info": {
            "prob": 1.0,
            "action_mask": np.ones(6, dtype="|i1"),
            "episode": {"r": np.float64(2), "l": 3, "t": 0.5},
            7: (np.True_,),
        },
    }


def dialect_space(space: Any) -> dict[str, Any]:
    """Returns a space as docs/protocol.md, section 7, has it."""
    kind = type(space).__name__
    entries: dict[str, Any] = {"type": kind}
    if kind == "Box":
        entries |= {
            "low": space.low.tolist(),
            "high": space.high.tolist(),
            "shape": space.shape,
            "dtype": str(space.dtype),
        }
        entries |= {
            "bounded_below": space.bounded_below.tolist(),
            "bounded_above": space.bounded_above.tolist(),
        }
    elif kind == "Discrete":
        entries |= {"n": int(space.n), "start": int(space.start), "dtype": str(space.dtype)}
    elif kind == "MultiDiscrete":
        entries |= {
            "nvec": space.nvec.tolist(),
            "start": space.start.tolist(),
            "dtype": str(space.dtype),
        }
    elif kind == "MultiBinary":
        entries |= {
            "n": space.n
            if isinstance(space.n, int)
            else tuple(int(dimension) for dimension in space.n)
        }
    elif kind == "Dict":
        entries |= {"spaces": {key: dialect_space(inner) for key, inner in space.spaces.items()}}
    elif kind in ("Tuple", "OneOf"):
        entries |= {"spaces": [dialect_space(inner) for inner in space.spaces]}
    elif kind == "Text":
        entries |= {
            "min_length": space.min_length,
            "max_length": space.max_length,
            "charset": space.characters,
        }
    elif kind == "Sequence":
        entries |= {"space": dialect_space(space.feature_space), "stack": space.stack}
    else:
        entries |= {
            "node_space": dialect_space(space.node_space),
            "edge_space": space.edge_space and dialect_space(space.edge_space),
        }
    return entries


def replies() -> dict[str, Any]:
    """Returns the dialect's replies, by name; PickleCodecTests.Replies.cs makes the same in C#."""
    from gymnasium import spaces

    pixels = spaces.Box(0, 255, (2, 1), np.uint8)
    every = spaces.Dict(
        {
            "box": spaces.Box(
                np.array([-1.5, -np.inf], dtype=np.float32),
                np.array([np.inf, 2.5], dtype=np.float32),
            ),
            "box 0-d": spaces.Box(-1, 1, (), np.float64),
            "box unbounded int": spaces.Box(-np.inf, 5, (1,), np.int64),
            "discrete": spaces.Discrete(5, start=-2),
            "graph": spaces.Graph(pixels, spaces.Discrete(2)),
            "graph without edges": spaces.Graph(spaces.Discrete(3), None),
            "multi_binary": spaces.MultiBinary(4),
            "multi_binary 2-d": spaces.MultiBinary([2, 3]),
            "multi_discrete": spaces.MultiDiscrete([[2, 3], [4, 5]], start=[[0, 1], [-2, 3]]),
            "one_of": spaces.OneOf([spaces.Discrete(2), pixels]),
            "sequence": spaces.Sequence(spaces.Discrete(3), stack=True),
            "text": spaces.Text(5, min_length=0, charset="b"),
            "tuple": spaces.Tuple([spaces.Discrete(2), spaces.Tuple([])]),
        }
    )
    metadata = {"render_modes": ["rgb_array"], "render_fps": 50}
    spec = {
        "id": "Vector-v0",
        "entry_point": None,
        "reward_threshold": 475.0,
        "nondeterministic": False,
        "max_episode_steps": 500,
        "order_enforce": True,
        "disable_env_checker": False,
        "kwargs": {"size": 3},
    }
    observation = np.array([0.5, -0.0], dtype=np.float32)
    return {
        "make": {
            "status": "ok",
            "observation_space": dialect_space(every),
            "action_space": dialect_space(spaces.Discrete(2)),
            "render_fps": 50,
            "metadata": metadata,
            "render_mode": "rgb_array",
            "spec": spec,
        },
        "make without a spec": {
            "status": "ok",
            "observation_space": dialect_space(pixels),
            "action_space": dialect_space(spaces.Discrete(2)),
            "render_fps": None,
            "metadata": {},
            "render_mode": None,
            "spec": None,
        },
        "reset": {"status": "ok", "observation": observation, "info": {"seed": 7}},
        "step": {
            "status": "ok",
            "observation": observation,
            "reward": np.float64(-1.5),
            "terminated": False,
            "truncated": np.True_,
            "info": {"thing": "<a.B>"},
        },
        "render": {"status": "ok", "image": np.arange(12, dtype=np.uint8).reshape(2, 2, 3)},
        "close": {"status": "ok"},
        "get_attr": {"status": "ok", "result": {0: [(0.5, 4, True)]}},
        "set_attr": {"status": "ok", "result": True},
        "has_attr": {"status": "ok", "result": None},
        "call": {"status": "ok", "result": observation},
        "error": {
            "status": "error",
            "message": "The environment raised.",
            "traceback": "Traceback ...",
            "code": "EnvironmentFault",
            "exception_type": "ValueError",
        },
        "error of the server": {
            "status": "error",
            "message": "No environment.",
            "traceback": "",
            "code": "NoEnvironment",
            "exception_type": None,
        },
    }


def compact(data: bytes) -> dict[str, Any]:
    """Writes bytes as hex, or long ones as repeated pieces."""
    if len(data) < 4096:
        return {"hex": data.hex()}
    parts: list[list[Any]] = []
    position = 0
    while position < len(data):
        size = (
            2
            if data[position : position + 2] == data[position + 2 : position + 4]
            and data[position] != data[position + 1]
            else 1
        )
        piece, count = data[position : position + size], 1
        while data[position + count * size : position + (count + 1) * size] == piece:
            count += 1
        parts.append([piece.hex(), count])
        position += count * size
    return {"parts": parts}


def write(path: pathlib.Path, description: str, cases: list[dict[str, Any]]) -> None:
    """Writes one file of vectors, a case a line."""
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    path.write_text(
        f'{{\n  "description": {json.dumps(description)},\n  "cases": [\n{lines}\n  ]\n}}\n',
        encoding="utf-8",
    )


def main() -> None:
    """Writes the files that this Python is for."""
    root = pathlib.Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, default=root / "pickle")
    output = parser.parse_args().output
    sources: tuple[Callable[[], dict[str, Any]], ...] = (
        plain_values,
        array_values,
        scalar_values,
        message_values,
    )
    values = {name: value for source in sources for name, value in source().items()}
    cases = [
        {
            "name": name,
            "value": describe(value),
            "pickles": {
                str(protocol): pickle.dumps(value, protocol).hex() for protocol in PROTOCOLS
            },
        }
        for name, value in values.items()
    ]
    major = np.__version__.split(".")[0]
    write(
        output / f"numpy{major}.json",
        f"Pickles of CPython {platform.python_version()} with NumPy {np.__version__}, by protocol.",
        cases,
    )
    if major == "1":
        refusals = [
            {"name": name, "code": code, **compact(data)}
            for name, (code, data) in refused().items()
        ]
        answers = [{"name": name, "value": describe(value)} for name, value in replies().items()]
        write(output / "dialect.json", "What the replies of gym_service's dialect mean.", answers)
        write(
            output / "refused.json",
            "Pickles that must be refused, and the code that says why.",
            refusals,
        )


if __name__ == "__main__":
    main()
