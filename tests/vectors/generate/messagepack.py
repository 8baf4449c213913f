"""Writes tests/vectors/messagepack/*.json from real Python, NumPy and Gymnasium values.

The bytes are packed by the msgpack package, primitive by primitive, as docs/protocol.md, section 4, says; nothing of SocketGym is imported.
Run it with the reference Python from anywhere: python3 tests/vectors/generate/messagepack.py
"""

import collections
import json
import pathlib
import struct

import gymnasium
import msgpack
import numpy as np
from gymnasium import spaces
from gymnasium.spaces import GraphInstance

import messagepack_negatives

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "messagepack"

ARRAY, SCALAR, MARK, BIG_INTEGER, COMPLEX, BYTEARRAY, TEXT = range(1, 8)
TUPLE, SET, FROZENSET, ORDERED_DICT, GRAPH, OBJECT_ARRAY, OPAQUE = (
    bytes([mark]) for mark in range(7)
)
OpaqueValue = collections.namedtuple("OpaqueValue", "type repr")


def double(bits):
    """The float with these IEEE 754 bits."""
    return struct.unpack(">d", bits.to_bytes(8, "big"))[0]


def dtype_description(dtype):
    """A dtype as docs/protocol.md writes it: a type string or a list of fields."""
    return field_list(dtype.descr) if dtype.names else dtype.str


def field_list(descr):
    return [
        [
            name,
            field_list(kind) if isinstance(kind, list) else kind,
            *([list(shape[0])] if shape else []),
        ]
        for name, kind, *shape in descr
    ]


def pack(value):
    """One value's bytes."""
    packer = msgpack.Packer(autoreset=False, use_bin_type=True, strict_types=True)
    pack_into(packer, value)
    return packer.bytes()


def pack_into(packer, value):
    kind = type(value)
    if kind in (type(None), bool, float, bytes):
        packer.pack(value)
    elif kind is int:
        if -(2**63) <= value < 2**64:
            packer.pack(value)
        else:
            length = (value if value >= 0 else ~value).bit_length() // 8 + 1
            packer.pack_ext_type(BIG_INTEGER, value.to_bytes(length, "little", signed=True))
    elif kind is str:
        try:
            value.encode("utf-8")
            packer.pack(value)
        except UnicodeEncodeError:
            packer.pack_ext_type(TEXT, value.encode("utf-8", "surrogatepass"))
    elif kind is bytearray:
        packer.pack_ext_type(BYTEARRAY, bytes(value))
    elif kind is complex:
        packer.pack_ext_type(COMPLEX, struct.pack("<dd", value.real, value.imag))
    elif kind is np.ndarray and value.dtype != object:
        packer.pack_ext_type(ARRAY, array_bytes(value))
    elif isinstance(value, np.generic):
        packer.pack_ext_type(SCALAR, array_bytes(value))
    else:
        pack_container(packer, value)


def pack_container(packer, value):
    kind = type(value)
    if kind is list:
        pack_items(packer, None, value)
    elif kind is dict:
        packer.pack_map_header(len(value))
        for key, item in value.items():
            pack_into(packer, key)
            pack_into(packer, item)
    elif kind is collections.OrderedDict:
        pack_items(packer, ORDERED_DICT, [part for entry in value.items() for part in entry])
    elif kind is np.ndarray:
        pack_items(packer, OBJECT_ARRAY, [list(value.shape), *value.reshape(-1)])
    else:
        mark = {
            tuple: TUPLE,
            set: SET,
            frozenset: FROZENSET,
            GraphInstance: GRAPH,
            OpaqueValue: OPAQUE,
        }[kind]
        pack_items(packer, mark, list(value))


def pack_items(packer, mark, items):
    packer.pack_array_header(len(items) + (mark is not None))
    if mark is not None:
        packer.pack_ext_type(MARK, mark)
    for item in items:
        pack_into(packer, item)


def array_bytes(value):
    header = msgpack.packb([dtype_description(value.dtype), list(value.shape)])
    return struct.pack(">H", len(header)) + header + value.tobytes("C")


def bits_of(number):
    return struct.pack(">d", number).hex()


def describe(value):
    """The neutral description of a value (tests/vectors/README.md)."""
    kind = type(value)
    if value is None:
        return {"kind": "none"}
    if kind is bool:
        return {"kind": "bool", "value": value}
    if kind is int:
        return {"kind": "int", "value": str(value)}
    if kind is float:
        return {"kind": "float", "bits": bits_of(value)}
    if kind is complex:
        return {"kind": "complex", "real": bits_of(value.real), "imag": bits_of(value.imag)}
    if kind is str:
        if any("\ud800" <= character <= "\udfff" for character in value):
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
    if kind is GraphInstance:
        return {"kind": "graph", **{name: describe(part) for name, part in value._asdict().items()}}
    if kind is OpaqueValue:
        return {"kind": "opaque", "type": value.type, "repr": value.repr}
    if kind is np.ndarray and value.dtype == object:
        return {
            "kind": "object_array",
            "shape": list(value.shape),
            "items": [describe(item) for item in value.reshape(-1)],
        }
    data = {"dtype": dtype_description(value.dtype), "hex": value.tobytes("C").hex()}
    if kind is np.ndarray:
        return {"kind": "array", **data, "shape": list(value.shape)}
    return {"kind": "scalar", **data}


def boundary_ints():
    """Integers on both sides of every change of format."""
    for bits in (0, 5, 7, 8, 15, 16, 31, 32, 63, 64, 65, 71, 127, 128, 200):
        for offset in (-1, 0, 1):
            yield 2**bits + offset
            yield -(2**bits) + offset


def nested(depth):
    value = None
    for _ in range(depth):
        value = [value]
    return value


def objects(items, shape):
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array.reshape(shape)


def structured():
    """Structured arrays: plain, with sub-arrays, nested, with padding."""
    plain = np.array([(1, 2.5), (-3, float("inf"))], dtype=[("x", "<i4"), ("y", "<f8")])
    yield "structured array", plain
    yield "structured scalar", plain[1]
    inner = np.dtype([("a", "|u1"), ("b", ">i2", (2, 3))])
    yield "structured array nested with sub-arrays", np.frombuffer(
        bytes(range(30)), dtype=[("in", inner), ("s", "|S2")]
    )
    aligned = np.dtype([("flag", "|b1"), ("number", "<f8")], align=True)
    yield "structured array with padding", np.frombuffer(bytes(range(1, 33)), dtype=aligned)


def arrays():
    """Arrays of every dtype and of awkward shapes."""
    for name in (
        "|b1",
        "|i1",
        "<i2",
        "<i4",
        "<i8",
        "|u1",
        "<u2",
        "<u4",
        "<u8",
        "<f2",
        "<f4",
        "<f8",
        "<c8",
        "<c16",
        ">i2",
        ">u8",
        ">f4",
        ">c16",
    ):
        yield f"array {name}", np.array([[0, 1, 1], [1, 0, 0]], dtype=name)
    yield "array <f4 as CartPole observes", np.array(
        [0.0273956, -0.00611216, 0.03585979, 0.0197368], dtype=np.float32
    )
    yield "array with NaN payloads and signed zeros", np.array(
        [0x7FF8000000000001, 0xFFF0000000000001, 0x8000000000000000, 0], "<u8"
    ).view("<f8")
    yield "array of no dimensions", np.array(7, dtype=np.int64)
    yield "array without elements", np.zeros((3, 0, 2), dtype=np.float32)
    yield "array without elements of one dimension", np.zeros(0, dtype=np.uint8)
    yield "array in Fortran order", np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3))
    yield "array of 32 dimensions", np.ones((1,) * 32, dtype=np.int8)
    yield "array beyond the formats of 8 bits", np.arange(300, dtype=np.uint8)
    yield "array of text", np.array(["ab", "\u00e9\U0001f600"])
    yield "array of big-endian text", np.array(["ab", "c"]).astype(">U2")
    yield "array of byte strings", np.array([b"ab", b"c\x00d"])
    yield "array of raw bytes", np.frombuffer(bytes(range(6)), dtype="|V3")
    yield "array of dates", np.array(["1970-01-02", "NaT"], dtype="<M8[D]")
    yield "array of nanoseconds", np.array([1, -1], dtype="<m8[ns]")
    yield "array of spans of 25 seconds", np.array([3], dtype=">m8[25s]")
    yield "array of dates without a unit", np.array(["NaT"], dtype="<M8")
    yield "array of long doubles", np.frombuffer(bytes(range(32)), dtype="<f16")
    yield "array of complex long doubles", np.frombuffer(bytes(range(32)), dtype="<c32")


def scalars():
    """NumPy scalars."""
    yield "scalar float32", np.float32(1.5)
    yield "scalar float64 as Pendulum rewards", np.float64(-16.27360441673739)
    yield "scalar float64 NaN with a payload", np.frombuffer(
        bytes.fromhex("0100000000fcf4ff"), "<f8"
    )[0]
    yield "scalar float64 negative zero", np.float64(-0.0)
    yield "scalar int64", np.int64(-5)
    yield "scalar uint8", np.uint8(255)
    yield "scalar bool", np.bool_(True)
    yield "scalar float16", np.float16(2.0)
    yield "scalar complex128", np.complex128(1 - 2j)
    yield "scalar text", np.str_("h\u00e9")
    yield "scalar byte string", np.bytes_(b"abcdefghijkl")
    yield "scalar datetime64", np.datetime64("2026-01-02T03:04:05", "ms")
    yield "scalar raw bytes", np.frombuffer(b"\x01\x02\x03", dtype="|V3")[0]


def plain():
    """Values of Python itself."""
    yield "none", None
    yield "true", True
    yield "false", False
    for number in sorted(set(boundary_ints())):
        yield f"int {number}", number
    for number in (
        0.0,
        -0.0,
        1.5,
        0.1,
        float("inf"),
        float("-inf"),
        5e-324,
        1.7976931348623157e308,
    ):
        yield f"float {number!r}", number
    for bits in (
        0x7FF8000000000000,
        0xFFF8000000000000,
        0x7FF8000000000001,
        0x7FF0000000000001,
        0xFFFFFFFFFFFFFFFF,
    ):
        yield f"float NaN {bits:016x}", double(bits)
    yield "complex", 1.5 - 2j
    yield "complex with NaN payload and negative zero", complex(double(0x7FF8000000000123), -0.0)
    for length in (0, 1, 31, 32, 255, 256):
        yield f"str of {length} bytes", "x" * length
    yield "str of many scripts", "\u00e9\u0416\u4e2d\U0001f600\x00\x7f"
    yield "str with a lone high surrogate", "a\ud83d"
    yield "str with a lone low surrogate", "\udc80b\U0001f600\u00e9"
    yield "str with surrogates the wrong way round", "\ude00\ud83d"
    for length in (0, 1, 255, 256):
        yield f"bytes of {length}", bytes(range(256))[:length] if length <= 255 else bytes(
            range(256)
        )
    yield "bytearray empty", bytearray()
    yield "bytearray", bytearray(b"\x00\xff")
    yield "bytearray of 16", bytearray(range(16))


def containers():
    """Containers, marks and what nests in them."""
    yield "list empty", []
    yield "list", [1, "a", None]
    for length in (15, 16, 17):
        yield f"list of {length}", list(range(length))
        yield f"tuple of {length}", tuple(range(length))
        yield f"dict of {length}", {number: None for number in range(length)}
    yield "list that starts with an array", [np.zeros(2, np.int8), 1]
    yield "tuple empty", ()
    yield "tuple", (1, (2.0,), [()])
    yield "set empty", set()
    yield "set", {3}
    yield "frozenset empty", frozenset()
    yield "frozenset of a tuple", frozenset([(1, "a")])
    yield "dict empty", {}
    yield "dict in insertion order", {"b": 1, "a": [2], "": {}}
    yield "dict with keys of other kinds", {
        1: "int",
        -1.5: "float",
        None: "none",
        b"k": "bytes",
        (1, ("a",)): "tuple",
        frozenset([2]): "frozenset",
        np.int64(7): "scalar",
        2**70: "big",
        1j: "complex",
        "\udc80": "surrogate",
    }
    yield "ordered dict empty", collections.OrderedDict()
    yield "ordered dict", collections.OrderedDict(
        [("z", 1), ("a", collections.OrderedDict(b=2)), ((1, 2), None)]
    )
    nodes, edges, links = (
        np.ones((3, 2), np.float32),
        np.zeros((2, 1), np.int64),
        np.array([[0, 1], [1, 2]], np.int32),
    )
    yield "graph", GraphInstance(nodes, edges, links)
    yield "graph without edges", GraphInstance(nodes, None, None)
    yield "object array", objects([None, "a", 2**80, [1], np.float32(1)], (5,))
    yield "object array of two dimensions", objects([1, (2,), 3, {}, 5, 6], (2, 3))
    yield "object array without elements", objects([], (0, 4))
    yield "object array of no dimensions", objects([{"k": 1}], ())
    yield "opaque", OpaqueValue("package.Thing", "<Thing at \u00e9>")
    yield "nested 64 deep", nested(64)
    yield "info of an episode", {
        "episode": {"r": np.float64(9.5), "l": 10, "t": 0.25},
        "final": True,
        "mask": np.array([1, 0, 1], np.int8),
        "pos": (1, 2),
    }


def values():
    for name, value in (*plain(), *arrays(), *scalars(), *structured(), *containers()):
        yield {"name": name, "value": describe(value), "hex": pack(value).hex()}


def pack_message(kind, number, third, fourth):
    # The id's format is fixed, which no packer offers: it is put in by hand.
    return b"\x94" + pack(kind) + b"\xce" + number.to_bytes(4, "big") + pack(third) + pack(fourth)


def messages():
    """Requests and responses."""
    action = np.array([0.5, -0.25], np.float32)
    for number, method, params in (
        (1, "hello", [{"protocol": 1, "client": "vectors"}]),
        (2, "ping", []),
        (3, "list", []),
        (4, "make", ["CartPole-v1", {"render_mode": "rgb_array", "max_episode_steps": 20}]),
        (44, "make", ["CartPole-v1"]),
        (5, "reset", [None, None]),
        (6, "reset", [2**64 + 1, {"low": -0.1}]),
        (7, "step", [1]),
        (128, "step", [np.int64(1)]),
        (65536, "step", [action]),
        (2**32 - 1, "step", [{"a": (action, 0)}]),
        (9, "render", []),
        (10, "close", []),
        (11, "spec", []),
        (12, "get_attr", ["gravity"]),
        (13, "set_attr", ["gravity", np.float64(1.62), True]),
        (14, "set_attr", ["goals", {"left": (1, 2)}, None]),
        (15, "has_attr", ["gravity"]),
        (16, "call", ["solve", [action, (1,)], {"depth": 3}]),
        (17, "call", ["solve"]),
    ):
        yield {
            "name": f"request {method} {number}",
            "type": "request",
            "id": number,
            "method": method,
            "params": [describe(item) for item in params],
            "hex": pack_message(0, number, method, params).hex(),
        }
    observation = np.array([0.0273956, -0.00611216, 0.03585979, 0.0197368], np.float32)
    for name, number, result in (
        ("nothing", 2, None),
        (
            "hello",
            1,
            {
                "protocol": 1,
                "server": "vectors",
                "codecs": ["msgpack"],
                "max_frame_bytes": 268435456,
            },
        ),
        (
            "list",
            3,
            [
                {"id": "CartPole-v1", "host": "native", "interpreter": None, "problem": None},
                {"id": "Old-v0", "host": "python", "interpreter": "old", "problem": "no gym"},
            ],
        ),
        ("reset", 5, [observation, {}]),
        ("step of CartPole", 7, [observation, 1.0, False, False, {}]),
        ("step of Pendulum", 2**32 - 1, [observation[:3], np.float64(-1.5), False, True, {}]),
        ("step of FrozenLake", 8, [np.int64(4), 0, False, False, {"prob": 1 / 3}]),
        ("get_attr of transitions", 12, {0: {0: [(1 / 3, 4, 0, False), (1 / 3, 0, 0, True)]}}),
        ("set_attr", 13, True),
        ("has_attr", 15, "method"),
    ):
        yield {
            "name": f"response {name}",
            "type": "response",
            "id": number,
            "error": None,
            "result": describe(result),
            "hex": pack_message(1, number, None, result).hex(),
        }
    for number, error in (
        (
            12,
            {
                "code": "NoEnvironment",
                "message": "There is no environment.",
                "type": None,
                "traceback": None,
            },
        ),
        (
            18,
            {
                "code": "UnknownAttribute",
                "message": "The environment has no attribute 'P'.",
                "type": "AttributeError",
                "traceback": None,
            },
        ),
        (
            0,
            {
                "code": "MalformedMessage",
                "message": "A message is an array of 4, not of 3.",
                "type": None,
                "traceback": None,
            },
        ),
        (
            13,
            {
                "code": "EnvironmentFault",
                "message": "boom \u00e9",
                "type": "ValueError",
                "traceback": "Traceback ...\nValueError: boom",
            },
        ),
    ):
        yield {
            "name": f"response {error['code']}",
            "type": "response",
            "id": number,
            "error": error,
            "result": describe(None),
            "hex": pack_message(1, number, error, None).hex(),
        }


def describe_space(space):
    """A space as docs/protocol.md, section 5, has it."""
    kind = type(space).__name__
    described = {"type": kind}
    if kind == "Box":
        described.update(
            low=space.low,
            high=space.high,
            bounded_below=space.bounded_below,
            bounded_above=space.bounded_above,
        )
    elif kind == "Discrete":
        described.update(n=int(space.n), start=int(space.start), dtype=space.dtype.str)
    elif kind == "MultiDiscrete":
        described.update(nvec=space.nvec, start=space.start)
    elif kind == "MultiBinary":
        described.update(n=space.n if isinstance(space.n, int) else [int(size) for size in space.n])
    elif kind == "Text":
        described.update(
            min_length=space.min_length,
            max_length=space.max_length,
            charset="".join(space.character_list),
        )
    elif kind in ("Tuple", "OneOf"):
        described.update(spaces=[describe_space(item) for item in space.spaces])
    elif kind == "Dict":
        described.update(spaces=[[key, describe_space(item)] for key, item in space.spaces.items()])
    elif kind == "Sequence":
        described.update(space=describe_space(space.feature_space), stack=space.stack)
    else:
        described.update(
            node_space=describe_space(space.node_space),
            edge_space=space.edge_space and describe_space(space.edge_space),
        )
    return described


def space_vectors():
    """Every space, with what is easily lost."""
    box = spaces.Box(np.array([-1, -np.inf], np.float32), np.array([np.inf, 2.5], np.float32))
    discrete = spaces.Discrete(5, start=-2)
    for name, space in (
        ("Box with missing bounds", box),
        ("Box of integers without bounds", spaces.Box(-np.inf, np.inf, (2,), np.int32)),
        ("Box of pixels", spaces.Box(0, 255, (2, 3, 3), np.uint8)),
        ("Box of no dimensions", spaces.Box(-1.0, 1.0, (), np.float64)),
        ("Box of bool", spaces.Box(0, 1, (2,), np.bool_)),
        ("Discrete", spaces.Discrete(2)),
        ("Discrete with a start", discrete),
        ("MultiDiscrete", spaces.MultiDiscrete([3, 2], start=[1, -1])),
        (
            "MultiDiscrete of two dimensions",
            spaces.MultiDiscrete(np.array([[3, 2], [1, 4]]), dtype=np.int32),
        ),
        ("MultiBinary", spaces.MultiBinary(4)),
        ("MultiBinary with a shape", spaces.MultiBinary((2, 3))),
        ("Text", spaces.Text(5, min_length=2, charset="zyxa\u00e9")),
        ("Tuple", spaces.Tuple((discrete, box))),
        ("Tuple empty", spaces.Tuple(())),
        ("Dict in order", spaces.Dict({"z": discrete, "a": spaces.Dict({"inner": box})})),
        ("Sequence", spaces.Sequence(box)),
        ("Sequence stacked", spaces.Sequence(discrete, stack=True)),
        ("Graph", spaces.Graph(box, discrete)),
        ("Graph without edges", spaces.Graph(discrete, None)),
        ("OneOf", spaces.OneOf((discrete, box))),
    ):
        description = describe_space(space)
        yield {"name": name, "description": describe(description), "hex": pack(description).hex()}


def write(name, content):
    lines = ",\n".join(json.dumps(case) for case in content)
    (OUTPUT / name).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    write("values.json", values())
    write("messages.json", messages())
    write("spaces.json", space_vectors())
    write("negatives.json", messagepack_negatives.cases())
