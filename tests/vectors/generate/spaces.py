"""Writes tests/vectors/spaces: how Gymnasium's spaces print, seed, sample and judge values.

Run with the Python of .venv. ``--random N --out DIR`` writes N random spaces for a one-off comparison.
"""

from __future__ import annotations

import argparse
import json
import string
import warnings
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium
import gymnasium.spaces as gs
import numpy as np
from boxes import box_spaces, printed_boxes
from encoding import encode, encode_space, flags
from probes import INTEGER_TYPES, PROBES, REAL_TYPES, variants

ALPHANUMERIC = "".join(sorted(string.ascii_letters + string.digits))
Case = dict[str, Any]


def is_real(value: Any) -> bool:
    """Whether a value is made of real numbers alone."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biuf" or (
            value.dtype == object and all(is_real(item) for item in value.ravel())
        )
    if isinstance(value, (list, tuple)):
        return all(is_real(item) for item in value)
    return isinstance(value, (bool, int, float, np.bool_, np.integer, np.floating, bytearray))


def refuse_conversions() -> None:
    """Makes Box refuse what SocketGym documents as refused: text, None, complex numbers and times that NumPy would convert."""
    contains = gs.Box.contains
    gs.Box.contains = lambda self, x: (isinstance(x, np.ndarray) or is_real(x)) and contains(
        self, x
    )


def judge(space: gs.Space, value: Any) -> bool:
    """What the space answers; False where it raises, or where NumPy 1 would make another number of NaN or of a large int."""
    try:
        with np.errstate(invalid="raise"):
            return bool(space.contains(value))
    except Exception:  # noqa: BLE001 - whatever it raises counts as no
        return False


def draw(space: gs.Space, **arguments: Any) -> Case:
    """One call of sample: its arguments, and its result or that it raised."""
    entry: Case = {
        name: encode(value) if name in ("mask", "probability") else value
        for name, value in arguments.items()
    }
    try:
        entry["result"] = encode(space.sample(**arguments))
    except Exception as error:  # noqa: BLE001 - that it raises is what the vectors hold
        entry["error"] = type(error).__name__
    return entry


def make_case(space: gs.Space, seed: Any, draws: list[dict[str, Any]], similar: int = 12) -> Case:
    """Everything about one space with one seed."""
    case: Case = {
        "space": encode_space(space),
        "repr": repr(space),
        "seed": encode(seed),
        "used": encode(space.seed(seed)),
    }
    case["draws"] = [draw(space, **arguments) for arguments in draws]
    case["contains"] = flags([judge(space, probe) for probe in PROBES])
    samples = []
    try:
        samples = list(variants(space.sample()))[:similar]
    except Exception:  # noqa: BLE001, S110 - some spaces cannot be sampled, which the draws show
        pass
    case["similar"] = [[encode(value), judge(space, value)] for value in samples]
    return case


def scalar_boxes() -> Iterator[list[Any]]:
    """Boxes from one number for all elements: bounds, dtype, and the space or that Gymnasium refuses it."""
    inf = np.inf
    bounds = [
        (0.0, 1.0),
        (-1.5, 2.5),
        (-inf, inf),
        (-inf, 3.0),
        (2.0, inf),
        (0.0, 255.0),
        (0.0, 255.5),
        (0.0, 256.0),
        (-128.0, 127.0),
        (-129.0, 1.0),
        (1.0, 0.0),
    ]
    bounds += [
        (np.nan, 1.0),
        (0.0, np.nan),
        (0.0, 1e39),
        (-1e39, 0.0),
        (0.0, 70000.0),
        (-(2.0**63), 0.0),
        (0.0, 2.0**62),
        (-(2.0**64), 0.0),
    ]
    for low, high in bounds:
        for dtype in ["float32", "float64", "float16", "int8", "uint8", "int64", "uint64", "bool"]:
            try:
                made = encode_space(gs.Box(low, high, (2,), dtype))
            except (ValueError, OverflowError):
                made = None
            yield [encode(low), encode(high), np.dtype(dtype).str, made]


def discrete_cases() -> Iterator[Case]:
    """Discrete with every dtype, start, mask and probability."""
    int8, third = np.int8, 1 / 3
    for number, space in enumerate(
        [
            gs.Discrete(1),
            gs.Discrete(2),
            gs.Discrete(3, start=-1),
            gs.Discrete(10, start=5),
            gs.Discrete(2**40),
            gs.Discrete(2**63 - 1),
            *(gs.Discrete(3, start=1, dtype=dtype) for dtype in INTEGER_TYPES),
            gs.Discrete(2, start=126, dtype=np.int8),
            gs.Discrete(127, dtype=np.int8),
            gs.Discrete(255, dtype=np.uint8),
            gs.Discrete(2**64 - 1, dtype=np.uint64),
            gs.Discrete(4, dtype=">i4"),
        ]
    ):
        yield make_case(space, [0, 42, 2**64 + 5][number % 3], [{}] * 6)
    for space in [
        gs.Discrete(3),
        gs.Discrete(3, start=-1),
        gs.Discrete(3, start=2, dtype=np.uint8),
    ]:
        yield make_case(
            space,
            7,
            [
                *[
                    {"mask": np.array(mask, int8)}
                    for mask in ([1, 1, 1], [0, 1, 1], [0, 0, 1], [0, 0, 0])
                ],
                *[
                    {"probability": np.array(p)}
                    for p in ([0.2, 0.3, 0.5], [0, 0, 1.0], [third, third, third], [0.1, 0.2, 0.7])
                ],
                {},
                {"mask": np.array([0, 2, 1], int8)},
                {"mask": np.array([0, 1], int8)},
                {"mask": np.array([0, 1, 1])},
                {"mask": [0, 1, 1]},
                {"probability": np.array([0.5, 0.4, 0])},
                {"probability": np.array([1.5, -0.5, 0])},
                {"probability": np.array([1, 0, 0])},
                {"probability": np.array([0.5, 0.500001, 0])},
                {"mask": np.ones(3, int8), "probability": np.ones(3) / 3},
                {},
            ],
        )


def multi_cases() -> Iterator[Case]:
    """MultiBinary and MultiDiscrete."""
    int8 = np.int8
    for space in [
        gs.MultiBinary(1),
        gs.MultiBinary(2),
        gs.MultiBinary(7),
        gs.MultiBinary([2]),
        gs.MultiBinary([2, 2]),
        gs.MultiBinary((2, 3, 2)),
        gs.MultiBinary(()),
    ]:
        yield make_case(space, 42, [{}] * 3)
    yield make_case(
        gs.MultiBinary(4),
        3,
        [
            {"mask": np.array([0, 1, 2, 2], int8)},
            {},
            {"mask": np.array([2] * 4, int8)},
            {"probability": np.array([0, 1, 0.5, 0.25])},
            {},
            {"mask": np.array([3, 0, 0, 0], int8)},
            {"mask": np.array([0, 1], int8)},
            {"probability": np.array([2.0, 0, 0, 0])},
            {"probability": np.zeros(4, np.float32)},
        ],
    )
    yield make_case(
        gs.MultiBinary([2, 2]),
        3,
        [{"mask": np.array([[0, 1], [2, 2]], int8)}, {"probability": np.full((2, 2), 0.5)}, {}],
    )
    for number, space in enumerate(
        [
            gs.MultiDiscrete([2, 2]),
            gs.MultiDiscrete([5, 2, 2]),
            gs.MultiDiscrete([[1, 2], [3, 4]]),
            gs.MultiDiscrete([3, 3], start=[-1, 10]),
            gs.MultiDiscrete([127, 2], dtype=np.int8, start=[-1, 100]),
            gs.MultiDiscrete([100, 2], dtype=np.int8, start=[100, -128]),
            gs.MultiDiscrete(np.array(4)),
            *(gs.MultiDiscrete([4, 2], dtype=dtype, start=[1, 0]) for dtype in INTEGER_TYPES),
            gs.MultiDiscrete([4, 2], dtype=">i4"),
            gs.MultiDiscrete([2**62, 2**40]),
            gs.MultiDiscrete(np.array([2**63, 5], np.uint64), dtype=np.uint64),
            gs.MultiDiscrete(np.full((3, 30), 17)),
            gs.MultiDiscrete([]),
        ]
    ):
        yield make_case(space, [0, 42, 2**33][number % 3], [{}] * 3)
    for dtype in ["int64", "uint64", "int8"]:
        yield make_case(
            gs.MultiDiscrete([3, 2], dtype=dtype, start=[1, 4]), 11, multi_discrete_masks()
        )
    nested = (np.array([1], int8), np.array([0, 1], int8)), (
        np.array([0, 1, 1], int8),
        np.array([1, 1, 0, 1], int8),
    )
    yield make_case(
        gs.MultiDiscrete([[1, 2], [3, 4]]), 5, [{"mask": nested}, {"mask": nested[0]}, {}]
    )
    weights = np.random.default_rng(2).random(300)
    yield make_case(gs.MultiDiscrete([300]), 5, [{"probability": (weights / weights.sum(),)}] * 5)


def multi_discrete_masks() -> list[dict[str, Any]]:
    """Masks and probabilities for counts of 3 and 2."""
    int8 = np.int8
    return [
        {"mask": (np.array([0, 1, 1], int8), np.array([1, 1], int8))},
        {"mask": (np.array([0, 0, 0], int8), np.array([0, 1], int8))},
        {},
        {"probability": (np.array([0.1, 0.2, 0.7]), np.array([0.5, 0.5]))},
        {"probability": (np.array([0, 0, 1.0]), np.array([1 / 3, 2 / 3]))},
        {"probability": (np.array([0.1, 0.2, 0.7000001]), np.array([1.0, 0]))},
        {"mask": (np.array([0, 1, 1], int8),)},
        {"mask": [np.array([0, 1, 1], int8), np.array([1, 1], int8)]},
        {"mask": (np.array([0, 1], int8), np.array([1, 1], int8))},
        {"mask": (np.array([0, 1, 2], int8), np.array([1, 1], int8))},
        {"probability": (np.array([0.1, 0.2, 0.3]), np.array([0.5, 0.5]))},
        {},
    ]


def text_cases() -> Iterator[Case]:
    """Text with its lengths, charsets and masks."""
    int8 = np.int8
    for space in [
        gs.Text(5, charset=ALPHANUMERIC),
        gs.Text(3, min_length=3, charset="ba"),
        gs.Text(4, min_length=0, charset="abc"),
        gs.Text(2, charset="\U0001f600\u00e9z"),
        gs.Text(0, min_length=0, charset="ab"),
        gs.Text(3, charset="aab"),
        gs.Text(2, min_length=0, charset=""),
        gs.Text(2, charset=""),
        gs.Text(2, charset="\ud800\uffff\U00010000"),
    ]:
        yield make_case(space, 42, [{}] * 5)
    yield make_case(
        gs.Text(4, charset="abc"),
        8,
        [
            {"mask": (None, None)},
            {"mask": (3, None)},
            {"mask": (np.int32(2), np.array([0, 1, 1], int8))},
            {"mask": (None, np.array([1, 0, 1], int8))},
            {"probability": (None, np.array([0.1, 0.2, 0.7]))},
            {"probability": (4, None)},
            {"probability": (2, np.array([0, 1.0, 0]))},
            {},
            {"mask": (None, np.array([0, 0, 0], int8))},
            {"mask": (5, None)},
            {"mask": (True, None)},
            {"mask": (2.0, None)},
            {"mask": (2,)},
            {"mask": [2, None]},
            {"mask": (2, np.array([0, 1], int8))},
            {"mask": (2, np.array([0, 1, 2], int8))},
            {"probability": (2, np.array([0.1, 0.2, 0.3]))},
            {},
        ],
    )
    yield make_case(
        gs.Text(4, min_length=0, charset="abc"),
        8,
        [{"mask": (2, np.zeros(3, int8))}, {"mask": (0, None)}, {}],
    )


def composite_cases() -> Iterator[Case]:
    """Tuple, Dict and OneOf, with seeds and masks in all their forms."""
    int8 = np.int8
    pair = (gs.Discrete(2), gs.Box(-1, 1, (2,)))
    masks = np.array([0, 1], int8), None
    for seed in [0, 42, 2**70, True, (3, 4), [3, 4]]:
        yield make_case(
            gs.Tuple(pair),
            seed,
            [
                {},
                {},
                {"mask": masks},
                {"probability": (np.array([0.5, 0.5]), None)},
                {"mask": masks[:1]},
                {"mask": list(masks)},
                {},
            ],
        )
        own = seed if not isinstance(seed, (tuple, list)) else [9, *seed]
        yield make_case(
            gs.OneOf(pair),
            own,
            [
                {},
                {},
                {},
                {"mask": masks},
                {"mask": masks},
                {"probability": (np.array([0.5, 0.5]), None)},
                {"mask": masks[:1]},
                {},
            ],
        )
    yield make_case(gs.Tuple(()), 1, [{}])
    yield make_case(gs.Dict(), 1, [{}])
    nested = gs.Dict({"b": gs.Discrete(3), "a": gs.Dict(x=gs.MultiBinary(2), y=gs.Tuple(pair))})
    for seed in [5, {"b": 1, "a": 2}, {"a": {"y": (1, 2), "x": 0}, "b": 3}]:
        yield make_case(
            nested,
            seed,
            [
                {},
                {},
                {"mask": {"b": np.array([0, 1, 0], int8), "a": None}},
                {"mask": {"b": None}},
                {"mask": (1,)},
                {},
            ],
        )
    for space in [
        gs.Dict(a=gs.Discrete(2), b=gs.Discrete(2)),
        gs.Dict(OrderedDict(b=gs.Discrete(2), a=gs.Discrete(2))),
        gs.Dict({"a": gs.Box(0, 1, (2,), np.int64)}),
        gs.Dict({0: gs.Discrete(2)}),
        gs.Dict(
            [
                ("it's", gs.Discrete(2)),
                ('a"b', gs.Discrete(2)),
                ("new\nline\\", gs.Discrete(2)),
                ((0, "x"), gs.Discrete(3)),
            ]
        ),
        gs.Tuple([gs.Discrete(2), gs.Discrete(3)]),
        gs.Tuple([gs.Box(0, 1, ()), gs.Box(0, 1, (), np.int64)]),
        gs.Tuple([gs.Discrete(2), gs.Tuple([gs.Discrete(2), gs.Discrete(2)])]),
        gs.OneOf([gs.Discrete(2)]),
        gs.OneOf([gs.Discrete(2), gs.Text(2, charset="ab"), gs.Box(0, 1, (2,))]),
    ]:
        yield make_case(space, 12, [{}] * 3)


def sequence_cases() -> Iterator[Case]:
    """Sequence, stacked and not."""
    features = [
        gs.Discrete(2),
        gs.Discrete(3, start=1, dtype=np.uint8),
        gs.Box(0, 1, ()),
        gs.Box(-1, 1, (2,)),
        gs.MultiBinary(2),
        gs.MultiDiscrete([2, 3]),
        gs.Text(2, charset="ab"),
        gs.Tuple([gs.Discrete(2), gs.Box(0, 1, (2,))]),
        gs.Dict(a=gs.Discrete(2), b=gs.Discrete(2)),
        gs.Tuple([gs.Text(1, charset="ab"), gs.Discrete(2)]),
        gs.OneOf([gs.Discrete(2), gs.Discrete(2)]),
        gs.Sequence(gs.Discrete(2)),
        gs.Sequence(gs.Discrete(2), stack=True),
        gs.Graph(gs.Discrete(2), None),
        gs.Tuple(()),
        gs.Dict(),
        gs.Discrete(3, dtype=">i4"),
    ]
    for feature in features:
        for stack in [False, True]:
            yield make_case(
                gs.Sequence(feature, stack=stack),
                42,
                [{}, {}, {"mask": (0, None)}, {"mask": (2, None)}, {}],
                similar=8,
            )
    mask = np.array([0, 1, 1], np.int8)
    for seed in [1, (5, 6), [5, 6], False]:
        yield make_case(
            gs.Sequence(gs.Discrete(3), stack=seed == 1),
            seed,
            [
                {"mask": (None, mask)},
                {"mask": (3, mask)},
                {"mask": (np.array([1, 2, 5]), None)},
                {"probability": (np.int8(2), np.array([0.5, 0.25, 0.25]))},
                {},
                {"mask": (-1, None)},
                {"mask": (True, None)},
                {"mask": (1.0, None)},
                {"mask": (np.array([1.0]), None)},
                {"mask": (np.array([[1]]), None)},
                {"mask": (np.array([-1, 2]), None)},
                {},
            ],
        )


def graph_cases() -> Iterator[Case]:
    """Graph with and without edges."""
    boxes = (
        gs.Box(-1, 1, (2,)),
        gs.Box(np.array([-np.inf, 0], np.float32), np.array([np.inf, np.inf], np.float32)),
        gs.Box(-np.inf, 5, (), np.int32),
    )
    sizes = [
        {},
        {"num_nodes": 1},
        {"num_nodes": 3},
        {"num_nodes": 4, "num_edges": 0},
        {"num_nodes": 2, "num_edges": 5},
        {"num_nodes": 0},
        {"num_nodes": 2, "num_edges": -1},
    ]
    for space in [
        gs.Graph(gs.Discrete(2), gs.Discrete(2)),
        gs.Graph(gs.Discrete(3, start=2, dtype=np.int8), None),
        gs.Graph(boxes[0], gs.Discrete(2)),
        gs.Graph(boxes[0], None),
        gs.Graph(boxes[1], boxes[2]),
        gs.Graph(boxes[2], boxes[0]),
    ]:
        yield make_case(space, 42, sizes, similar=4)
    node, edge = (np.array([0, 1], np.int8),) * 3, np.array([0, 1, 1], np.int8)
    for seed in [3, (1, 2, 3)]:
        yield make_case(
            gs.Graph(gs.Discrete(2), gs.Discrete(3)),
            seed,
            [
                {"mask": (node, None), "num_nodes": 3},
                {"mask": (None, edge), "num_nodes": 3},
                {"mask": (node, (edge, edge)), "num_nodes": 3, "num_edges": 2},
                {
                    "probability": ((np.array([0.5, 0.5]),) * 2, np.array([0.2, 0.3, 0.5])),
                    "num_nodes": 2,
                },
                {"mask": (node, edge)},
                {"mask": (node,), "num_nodes": 3},
                {"mask": (node, (edge,)), "num_nodes": 3, "num_edges": 2},
                {},
            ],
            similar=4,
        )
    yield make_case(gs.Graph(gs.Discrete(2), None), (8, 9), [{"num_nodes": 2}])


def random_space(picker: np.random.Generator, depth: int) -> gs.Space:
    """A space of any type, nested up to a depth."""
    kind = int(picker.integers(10 if depth else 5))
    if kind == 0:
        dtype = REAL_TYPES[int(picker.integers(len(REAL_TYPES)))]
        shape = tuple(int(size) for size in picker.integers(1, 4, size=int(picker.integers(0, 3))))
        if np.dtype(dtype).kind == "f":
            low = np.where(
                picker.random(shape) < 0.3,
                -np.inf,
                -np.abs(picker.normal(size=shape)) * 10.0 ** picker.integers(-4, 4),
            )
            high = np.where(picker.random(shape) < 0.3, np.inf, np.abs(picker.normal(size=shape)))
            return gs.Box(
                np.asarray(low).astype(dtype), np.asarray(high).astype(dtype), dtype=dtype
            )
        low = picker.integers(0, 2, shape, dtype=dtype, endpoint=dtype != "bool")
        return gs.Box(
            np.asarray(low),
            np.asarray(low + picker.integers(0, 2, shape).astype(dtype)),
            dtype=dtype,
        )
    if kind == 1:
        return gs.Discrete(
            int(picker.integers(1, 100)),
            start=int(picker.integers(0, 20)),
            dtype=INTEGER_TYPES[int(picker.integers(len(INTEGER_TYPES)))],
        )
    if kind == 2:
        return gs.MultiBinary(
            [int(size) for size in picker.integers(1, 4, size=int(picker.integers(1, 3)))]
        )
    if kind == 3:
        shape = picker.integers(1, 4, size=int(picker.integers(1, 3)))
        return gs.MultiDiscrete(
            picker.integers(1, 9, shape),
            dtype=INTEGER_TYPES[int(picker.integers(len(INTEGER_TYPES)))],
            start=picker.integers(0, 5, shape),
        )
    if kind == 4:
        return gs.Text(
            int(picker.integers(1, 6)),
            min_length=int(picker.integers(0, 2)),
            charset="".join(picker.permutation(list("abcdefgh")))[: int(picker.integers(1, 9))],
        )
    parts = [random_space(picker, depth - 1) for _ in range(int(picker.integers(1, 4)))]
    if kind == 5:
        return gs.Tuple(parts)
    if kind == 6:
        return gs.Dict({name: part for name, part in zip("cab", parts, strict=False)})
    if kind == 7:
        return gs.OneOf(parts)
    if kind == 8:
        return gs.Sequence(parts[0], stack=bool(picker.random() < 0.5))
    ends = [part for part in parts if isinstance(part, (gs.Box, gs.Discrete))] or [gs.Discrete(3)]
    return gs.Graph(ends[0], ends[-1] if picker.random() < 0.7 else None)


def random_cases(count: int, seed: int) -> Iterator[Case]:
    """Random spaces, nested up to three levels."""
    picker = np.random.default_rng(seed)
    for _ in range(count):
        space = random_space(picker, 3)
        arguments = {"num_nodes": 3} if isinstance(space, gs.Graph) else {}
        yield make_case(space, int(picker.integers(2**40)), [arguments] * 2, similar=4)


def write(path: Path, items: list[Any]) -> None:
    """Writes compact JSON with one item a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)
    path.write_text(f"[\n{lines}\n]\n")


def main() -> None:
    """Writes the vectors, or with ``--random`` a larger set of random spaces."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--random", type=int, default=0, help="how many random spaces the larger set has"
    )
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "spaces")
    arguments = parser.parse_args()
    gymnasium.logger.min_level = gymnasium.logger.ERROR
    warnings.simplefilter("ignore")
    warnings.filterwarnings(
        "error", message="NumPy will stop allowing conversion", category=DeprecationWarning
    )
    refuse_conversions()
    if arguments.random:
        write(arguments.out / "cases_many.json", list(random_cases(arguments.random, 1)))
        return
    write(arguments.out / "probes.json", [encode(probe) for probe in PROBES])
    write(
        arguments.out / "cases_box.json",
        [
            make_case(space, 42, [{}] * 2, similar=8 if space.low.size < 20 else 0)
            for space in box_spaces()
            if space.low.size < 1000
        ],
    )
    write(
        arguments.out / "text_box.json",
        [[encode_space(space), repr(space)] for space in printed_boxes()],
    )
    write(arguments.out / "scalar_box.json", list(scalar_boxes()))
    write(arguments.out / "cases_discrete.json", list(discrete_cases()))
    write(arguments.out / "cases_multi.json", list(multi_cases()))
    write(arguments.out / "cases_text.json", list(text_cases()))
    write(arguments.out / "cases_composite.json", list(composite_cases()))
    write(arguments.out / "cases_sequence.json", list(sequence_cases()))
    write(arguments.out / "cases_graph.json", list(graph_cases()))
    write(arguments.out / "cases_random.json", list(random_cases(50, 0)))


if __name__ == "__main__":
    main()
