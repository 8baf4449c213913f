"""Writes tests/vectors/seeding: what NumPy's SeedSequence, PCG64 and Generator give, as exact bytes.

Run with the Python of .venv. ``--seeds N --out DIR`` writes a larger set of calls for a one-off comparison.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SEEDS = [
    0,
    1,
    42,
    123456789,
    2**31 - 1,
    2**32 - 1,
    2**32,
    2**64 - 1,
    2**64 + 5,
    2**127 + 3,
    2**128,
    2**200,
]
INTEGER_TYPES = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]

Call = dict[str, Any]


def little_endian_hex(value: Any) -> str:
    """The bytes of a scalar or an array in C order, as hexadecimal digits."""
    array = np.asarray(value)
    return np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes().hex()


def float_hex(values: Any) -> str:
    """Arguments as exactly the doubles that NumPy sees."""
    return little_endian_hex(np.asarray(values, dtype=np.float64))


def integer_interval(picker: np.random.Generator, dtype: str) -> tuple[int, int, bool]:
    """Bounds that reach every path: one value, a few, nearly all, all, and ranges about 2**32."""
    info = np.iinfo(dtype)
    smallest, largest = int(info.min), int(info.max)
    span = largest - smallest
    widths = [0, 1, 2, 5, 9, 100, 127, 254, span // 2, span // 2 + 1, span - 1, span]
    if span > 2**33:
        widths += [2**32 - 2, 2**32 - 1, 2**32, 2**32 + 5, 3 * 2**61]
    elif span > 2**17:
        widths += [2**16 - 1, 2**16, 3 * 2**29]
    width = min(widths[int(picker.integers(len(widths)))], span)
    low = smallest if picker.random() < 0.3 else smallest + int(picker.random() * (span - width))
    low = min(low, largest - width)
    endpoint = bool(picker.random() < 0.5)
    return low, low + width + (0 if endpoint else 1), endpoint


def probabilities(picker: np.random.Generator) -> np.ndarray:
    """Probabilities with sum 1, some of them 0."""
    weights = picker.random(int(picker.integers(2, 9)))
    weights[picker.random(weights.size) < 0.2] = 0
    weights[0] += 0.25
    return weights / weights.sum()


def make_call(picker: np.random.Generator) -> tuple[Call, Callable[[np.random.Generator], Any]]:
    """Chooses a method and its arguments: the call as the vectors describe it, and what runs it."""
    size = int(picker.integers(0, 8))
    low, high = np.sort(picker.normal(size=2) * 10.0 ** picker.integers(-3, 6))
    dtype = INTEGER_TYPES[int(picker.integers(len(INTEGER_TYPES)))]
    first, last, endpoint = integer_interval(picker, dtype)
    p = probabilities(picker)
    scale = float(picker.random() * 3)
    rate = float([0.25, 0.05, 1 / 3, 0.34, 0.5, 0.9, 1.0, 1e-6, 1e-12][int(picker.integers(9))])
    population = int([1, 2, 7, 50, 300, 2**33, 10001, 20000][int(picker.integers(8))])
    integers: Call = {"dtype": dtype, "low": str(first), "high": str(last), "endpoint": endpoint}
    calls: list[tuple[Call, Callable[[np.random.Generator], Any]]] = [
        ({"call": "random"}, lambda g: g.random()),
        ({"call": "random_float32"}, lambda g: np.float32(g.random(dtype=np.float32))),
        ({"call": "random_fill", "size": size}, lambda g: g.random(size)),
        ({"call": "random_float32_fill", "size": size}, lambda g: g.random(size, dtype=np.float32)),
        ({"call": "uniform", "bounds": float_hex([low, high])}, lambda g: g.uniform(low, high)),
        (
            {"call": "uniform_fill", "bounds": float_hex([low, high]), "size": size},
            lambda g: g.uniform(low, high, size),
        ),
        (
            {"call": "integers", **integers},
            lambda g: g.integers(first, last, dtype=dtype, endpoint=endpoint),
        ),
        (
            {"call": "integers_fill", **integers, "size": size},
            lambda g: g.integers(first, last, size, dtype=dtype, endpoint=endpoint),
        ),
        ({"call": "bool_fill", "size": size * 9}, lambda g: g.integers(0, 2, size * 9, dtype=bool)),
        (
            {"call": "choice_index", "population": population},
            lambda g: np.int64(g.choice(population)),
        ),
        (
            {"call": "choice_indices", "population": population, "size": size},
            lambda g: g.choice(population, size),
        ),
        ({"call": "choice_p", "p": float_hex(p)}, lambda g: np.int64(g.choice(p.size, p=p))),
        (
            {"call": "choice_p_indices", "p": float_hex(p), "size": size},
            lambda g: g.choice(p.size, size, p=p),
        ),
        ({"call": "standard_normal"}, lambda g: g.standard_normal()),
        ({"call": "normal", "loc_scale": float_hex([low, scale])}, lambda g: g.normal(low, scale)),
        (
            {"call": "normal_fill", "loc_scale": float_hex([low, scale]), "size": size},
            lambda g: g.normal(low, scale, size),
        ),
        ({"call": "standard_exponential"}, lambda g: g.standard_exponential()),
        ({"call": "exponential", "scale": float_hex(scale)}, lambda g: g.exponential(scale)),
        (
            {"call": "exponential_fill", "scale": float_hex(scale), "size": size},
            lambda g: g.exponential(scale, size),
        ),
        ({"call": "geometric", "p": float_hex(rate)}, lambda g: np.int64(g.geometric(rate))),
        (
            {"call": "geometric_fill", "p": float_hex(rate), "size": size},
            lambda g: g.geometric(rate, size),
        ),
        uniform_array(picker, size),
        integers_array(picker, dtype, size),
        distinct(picker, population, size),
        distinct_by_probability(picker, p),
    ]
    return calls[int(picker.integers(len(calls)))]


def uniform_array(
    picker: np.random.Generator, size: int
) -> tuple[Call, Callable[[np.random.Generator], Any]]:
    """uniform with a pair of bounds for each element."""
    low = picker.normal(size=size)
    high = low + picker.exponential(size=size)
    return {
        "call": "uniform_array",
        "low": float_hex(low),
        "high": float_hex(high),
    }, lambda g: g.uniform(low, high)


def integers_array(
    picker: np.random.Generator, dtype: str, size: int
) -> tuple[Call, Callable[[np.random.Generator], Any]]:
    """integers with a pair of bounds for each element; inclusive, so that every bound fits the dtype."""
    pairs = []
    for _ in range(size):
        first, last, endpoint = integer_interval(picker, dtype)
        pairs.append((first, last if endpoint else last - 1))
    low = np.array([pair[0] for pair in pairs], dtype=dtype)
    high = np.array([pair[1] for pair in pairs], dtype=dtype)
    call = {
        "call": "integers_array",
        "dtype": dtype,
        "low": little_endian_hex(low),
        "high": little_endian_hex(high),
    }
    return call, lambda g: g.integers(low, high, dtype=dtype, endpoint=True)


def distinct(
    picker: np.random.Generator, population: int, size: int
) -> tuple[Call, Callable[[np.random.Generator], Any]]:
    """choice without replacement, by either of NumPy's methods."""
    shuffle = bool(picker.random() < 0.5)
    if population in (10001, 20000) and picker.random() < 0.05:
        size = 1200
    size = min(size, population)
    call = {"call": "choice_distinct", "population": population, "size": size, "shuffle": shuffle}
    return call, lambda g: g.choice(population, size, replace=False, shuffle=shuffle)


def distinct_by_probability(
    picker: np.random.Generator, p: np.ndarray
) -> tuple[Call, Callable[[np.random.Generator], Any]]:
    """choice with probabilities and without replacement."""
    size = int(picker.integers(0, np.count_nonzero(p) + 1))
    return {"call": "choice_p_distinct", "p": float_hex(p), "size": size}, lambda g: g.choice(
        p.size, size, replace=False, p=p
    )


def state_of(generator: np.random.Generator) -> dict[str, Any]:
    """The bit generator's whole state."""
    state = generator.bit_generator.state
    return {
        "state": f"{state['state']['state']:032x}",
        "increment": f"{state['state']['inc']:032x}",
        "has_uint32": bool(state["has_uint32"]),
        "uint32": state["uinteger"],
    }


def call_sequences(seeds: list[int], length: int) -> list[dict[str, Any]]:
    """For each seed, a mixed sequence of calls with the bytes of each result, and the state at the end."""
    sequences = []
    for number, seed in enumerate(seeds):
        picker = np.random.default_rng([7, number])
        generator = np.random.default_rng(seed)
        calls = []
        for _ in range(length):
            call, run = make_call(picker)
            call["result"] = little_endian_hex(run(generator))
            calls.append(call)
        sequences.append({"seed": str(seed), "calls": calls, **state_of(generator)})
    return sequences


def seed_sequences() -> list[dict[str, Any]]:
    """Generator states for seeds of every size, and for spawned children."""
    cases = []
    for seed in [*SEEDS, 2**64, 2**1000 + 1]:
        root = np.random.SeedSequence(seed)
        children = root.spawn(2)
        for sequence in [root, *children, children[1].spawn(1)[0]]:
            cases.append(
                {
                    "entropy": str(seed),
                    "spawn_key": list(sequence.spawn_key),
                    "uint32": little_endian_hex(sequence.generate_state(9)),
                    "uint64": little_endian_hex(sequence.generate_state(5, np.uint64)),
                }
            )
    return cases


def bit_sequences() -> list[dict[str, Any]]:
    """Raw draws of 64 and 32 bits in turn, with the state after them."""
    cases = []
    for seed in SEEDS:
        generator = np.random.default_rng(seed)
        draws = []
        for width in "64 32 64 32 32 32 64 64 32".split():
            dtype = np.uint64 if width == "64" else np.uint32
            value = generator.integers(0, np.iinfo(dtype).max, dtype=dtype, endpoint=True)
            draws.append([int(width), little_endian_hex(value)])
        cases.append({"seed": str(seed), "draws": draws, **state_of(generator)})
    return cases


def digests() -> list[dict[str, Any]]:
    """SHA-256 of many draws: enough to reach every layer and the tails of the ziggurats many times."""
    methods: dict[str, Callable[[np.random.Generator, int], Any]] = {
        "random_fill": lambda g, n: g.random(n),
        "standard_normal_fill": lambda g, n: g.standard_normal(n),
        "standard_exponential_fill": lambda g, n: g.standard_exponential(n),
        "geometric_quarter_fill": lambda g, n: g.geometric(0.25, n),
        "geometric_half_fill": lambda g, n: g.geometric(0.5, n),
    }
    return [
        {
            "method": name,
            "seed": str(seed),
            "count": count,
            "sha256": hashlib.sha256(run(np.random.default_rng(seed), count).tobytes()).hexdigest(),
        }
        for name, run in methods.items()
        for seed, count in [(3, 1_000_000), (2**64 + 5, 300_000)]
    ]


def write(path: Path, content: Any) -> None:
    """Writes compact JSON with one item a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(item, separators=(",", ":")) for item in content)
    path.write_text(f"[\n{lines}\n]\n")


def main() -> None:
    """Writes the vectors, or with ``--seeds`` a larger set of calls."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=0, help="how many seeds the larger set has")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "seeding")
    arguments = parser.parse_args()
    if arguments.seeds:
        write(arguments.out / "calls_many.json", call_sequences(list(range(arguments.seeds)), 60))
        return
    write(arguments.out / "seed_sequence.json", seed_sequences())
    write(arguments.out / "pcg64.json", bit_sequences())
    write(arguments.out / "calls.json", call_sequences(SEEDS, 80))
    write(arguments.out / "digests.json", digests())


if __name__ == "__main__":
    main()
