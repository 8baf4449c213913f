"""Writes tests/vectors/environments/canvas.json, rotations.json and cartpole_frames.json: what pygame 2.1 and Gymnasium 1.3.0 draw, pixel for pixel.

Run with the Python of .venv. ``--scale N`` makes N times as many random pictures, for a one-off comparison; ``--speed`` reports
how many CartPole frames a second Gymnasium draws, and writes nothing.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "AVX512_SKX")
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

import gymnasium
import numpy as np
import pygame
from pygame import gfxdraw

FOLDER = Path(__file__).resolve().parent.parent / "environments"

Picker = np.random.Generator
Shape = tuple[str, list[int]]


def packed(frame: np.ndarray) -> str:
    """A frame's bytes, compressed, as text."""
    return base64.b64encode(zlib.compress(np.ascontiguousarray(frame).tobytes(), 9)).decode()


def draw(
    width: int, height: int, bottom_up: bool, background: list[int], color: list[int], shape: Shape
) -> np.ndarray:
    """Draws one shape with pygame: a frame of shape (height, width, 3)."""
    surface = pygame.Surface((width, height))
    surface.fill(background)
    name, numbers = shape
    if name in ("aapolygon", "filled_polygon"):
        getattr(gfxdraw, name)(surface, list(zip(numbers[::2], numbers[1::2], strict=True)), color)
    elif name == "line":
        pygame.draw.line(surface, color, numbers[:2], numbers[2:4], numbers[4])
    else:
        getattr(gfxdraw, name)(surface, *numbers, color)
    if bottom_up:
        surface = pygame.transform.flip(surface, False, True)
    return np.array(pygame.surfarray.pixels3d(surface)).transpose(1, 0, 2)


def points(picker: Picker, count: int, width: int, height: int, reach: float) -> list[int]:
    """Random points, which lie up to ``reach`` times the canvas's size outside it."""
    low = [-int(reach * width), -int(reach * height)]
    high = [width + int(reach * width), height + int(reach * height)]
    return picker.integers(low, high, (count, 2)).ravel().tolist()


def shapes(picker: Picker, width: int, height: int) -> list[Shape]:
    """One random shape of each kind: inside, across the edges, and far out."""
    reach = float(picker.choice([0, 0, 1, 40]))
    corners = int(picker.integers(3, 8))
    center = points(picker, 1, width, height, float(picker.choice([0, 1, 5])))
    radius = int(picker.integers(0, int(picker.choice([8, 40, 300]))))
    span = picker.integers(-width, 2 * width, 2).tolist()
    rise = picker.integers(-height, 2 * height, 2).tolist()
    return [
        ("aapolygon", points(picker, corners, width, height, reach)),
        ("filled_polygon", points(picker, corners, width, height, reach)),
        ("aacircle", [*center, radius]),
        ("filled_circle", [*center, radius]),
        ("hline", [*span, int(picker.integers(-2, height + 2))]),
        ("vline", [int(picker.integers(-2, width + 2)), *rise]),
        ("line", [*points(picker, 2, width, height, 0), int(picker.choice([1, 1, 2, 3, 4, 7]))]),
    ]


def canvases(scale: int) -> list[dict[str, Any]]:
    """Single shapes on small canvases, on both ways up."""
    picker = np.random.default_rng(7)
    cases = []
    for index in range(60 * scale):
        width, height = (int(size) for size in picker.integers(1, 60, 2))
        for shape in shapes(picker, width, height):
            background, color = (picker.integers(0, 256, 3).tolist() for _ in range(2))
            case = {
                "width": width,
                "height": height,
                "bottom_up": index % 2 == 1,
                "background": background,
                "color": color,
            }
            frame = draw(width, height, index % 2 == 1, background, color, shape)
            cases.append(case | {"shape": shape[0], "numbers": shape[1], "frame": packed(frame)})
    return cases


def rotations(scale: int) -> list[dict[str, Any]]:
    """What ``pygame.math.Vector2.rotate_rad`` gives: any angle, and angles about quarter turns, which it rounds to them."""
    picker = np.random.default_rng(5)
    cases = []
    for index in range(100 * scale):
        near_quarter_turn = picker.integers(-9, 10) * np.pi / 2 + picker.uniform(-2e-6, 2e-6)
        angle = [
            picker.uniform(-4, 4),
            picker.normal() * 10 ** picker.uniform(-9, 9),
            near_quarter_turn,
        ][index % 3]
        x, y = picker.normal(size=2) * 100
        rotated = pygame.math.Vector2(x, y).rotate_rad(angle)
        cases.append({"numbers": np.array([angle, x, y, *rotated]).tobytes().hex()})
    return cases


def states(scale: int) -> list[tuple[float, float]]:
    """Positions and angles: ordinary ones, at the edges, at any angle, near quarter turns, far out, and some that cannot be drawn."""
    picker = np.random.default_rng(11)
    kinds: list[Callable[[], tuple[float, float]]] = [
        lambda: (picker.uniform(-2.4, 2.4), picker.uniform(-0.21, 0.21)),
        lambda: (picker.choice([-1, 1]) * picker.uniform(2.0, 3.6), picker.uniform(-0.5, 0.5)),
        lambda: (picker.uniform(-3.5, 3.5), picker.uniform(-40, 40)),
        lambda: (
            picker.uniform(-3, 3),
            picker.integers(-8, 9) * np.pi / 2 + picker.uniform(-3e-6, 3e-6),
        ),
        lambda: (picker.integers(-300, 301) / 125, picker.integers(-20, 21) / 100),
        lambda: (picker.choice([-1, 1]) * 10 ** picker.uniform(0.5, 3.5), picker.uniform(-4, 4)),
        lambda: (picker.choice([-1, 1]) * picker.uniform(259.3, 265), picker.uniform(-4, 4)),
    ]
    drawn = [kind() for kind in kinds for _ in range(40 * scale)]
    # The column of the axle still fits 16 bits, corners do not.
    drawn += [
        (259.55, 0.4277),
        (-264.339929052863, -0.258),
        (259.6342729749235, 0.158),
        (259.6922750787409, 3.9789),
    ]
    drawn += [
        (position, angle)
        for position in (0.0, -0.0, np.nan, np.inf, -1e300)
        for angle in (0.0, -1e-300, 1e300, np.nan, -np.inf)
    ]
    return [(float(position), float(angle)) for position, angle in drawn]


def frames(scale: int) -> list[dict[str, Any]]:
    """CartPole's frames: digests of all, and every fortieth in full."""
    env = gymnasium.make("CartPole-v1", render_mode="rgb_array").unwrapped
    cases = []
    for index, (position, angle) in enumerate(states(scale)):
        env.state = np.array([position, 0.0, angle, 0.0])
        case: dict[str, Any] = {"state": np.array([position, angle]).tobytes().hex()}
        try:
            frame = env.render()
            case["sha256"] = hashlib.sha256(frame.tobytes()).hexdigest()
            if index % 40 == 0:
                case["frame"] = packed(frame)
        except (OverflowError, ValueError) as error:
            case["error"] = type(error).__name__
        cases.append(case)
    return cases


def report_speed() -> None:
    """Prints how fast Gymnasium draws."""
    env = gymnasium.make("CartPole-v1", render_mode="rgb_array").unwrapped
    count = 500
    start = time.perf_counter()
    for index in range(count):
        env.state = np.array([-2.4 + 4.8 * index / count, 0.0, -0.2 + 0.4 * index / count, 0.0])
        env.render()
    print(f"{count / (time.perf_counter() - start):.0f} frames/s")


def write(name: str, cases: list[dict[str, Any]]) -> None:
    """Writes one file, a case a line."""
    lines = ",\n".join(json.dumps(case) for case in cases)
    (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n")
    print(f"{name}: {len(cases)} cases")


def main() -> None:
    """Writes every file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--scale", type=int, default=1, help="how many times as many random pictures"
    )
    parser.add_argument(
        "--speed", action="store_true", help="report Gymnasium's speed and write nothing"
    )
    arguments = parser.parse_args()
    if gymnasium.__version__ != "1.3.0" or not pygame.version.ver.startswith("2.1"):
        found = f"{gymnasium.__version__} and {pygame.version.ver}"
        raise SystemExit(
            f"The vectors are those of Gymnasium 1.3.0 and pygame 2.1; this Python has {found}."
        )
    if arguments.speed:
        report_speed()
        return
    FOLDER.mkdir(exist_ok=True)
    write("canvas", canvases(arguments.scale))
    write("rotations", rotations(arguments.scale))
    write("cartpole_frames", frames(arguments.scale))


if __name__ == "__main__":
    main()
