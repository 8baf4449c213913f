"""The table."""

from __future__ import annotations

import os
import pathlib
import platform
import shlex
import sys
from collections.abc import Sequence

import gymnasium
import numpy as np

from suite.measurement import Budget, Figures, Result, Target

__all__ = ["conditions", "table"]

_HEADER = ["row", "side", "median (min to max)", "p50", "p99", "mean", "target", "reached"]


def conditions(budget: Budget) -> str:
    """Says on what machine and with what command the figures were taken."""
    cpu = pathlib.Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    model = next((line.split(":")[1].strip() for line in cpu if line.startswith("model name")), "?")
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}"
    return "\n".join(
        [
            f"{model}, {len(os.sched_getaffinity(0))} cores, {platform.system()} "
            f"{platform.release()}, {versions}, Gymnasium {gymnasium.__version__}",
            f"Command: {shlex.join(['benchmarks/run', *sys.argv[1:]])}",
            f"{budget.repetitions} interleaved repetitions of {budget.seconds} s a side after "
            f"{budget.warm_up} s of warm-up; p50, p99 and mean of a call in microseconds, medians over "
            "the repetitions.",
        ]
    )


def table(results: Sequence[Result]) -> str:
    """Writes the results as a Markdown table."""
    lines = [_HEADER, ["---"] * len(_HEADER)]
    for result in results:
        if result.error is not None:
            problem = f"failed: {type(result.error).__name__}: {result.error}".replace("\n", " ")
            lines.append([result.row.name, problem] + [""] * 6)
        for number, figures in enumerate(result.figures):
            lines.append(["" if number else result.row.name, *_cells(result, figures)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(result: Result, figures: Figures) -> list[str]:
    side = figures.side
    values = figures.column("figure")
    middle = _number(figures.median("figure"))
    spread = f"{middle} ({_number(min(values))} to {_number(max(values))}) {result.row.unit}"
    times = [_number(figures.median(column)) for column in ("p50", "p99", "mean")]
    targets = "; ".join(_text(target, result.row.unit) for target in side.targets)
    reached = "; ".join(_reached(result, figures, target) for target in side.targets)
    return [side.name, spread, *times, targets, reached]


def _text(target: Target, unit: str) -> str:
    what = unit if target.column == "figure" else target.column
    bound = "at most" if target.at_most else "at least"
    if target.baseline is None:
        return f"{what} {bound} {_number(target.factor)}"
    return f"{what} {bound} {target.factor:g} x {target.baseline}"


def _reached(result: Result, figures: Figures, target: Target) -> str:
    value = result.reached(figures.side, target)
    if value is None:
        return "-"
    is_met = value <= target.factor if target.at_most else value >= target.factor
    text = _number(value) if target.baseline is None else f"{value:.2f} x"
    return f"{text} {'yes' if is_met else 'NO'}"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"
