"""What a row is, and how its sides are measured: in turn, in short slices, several times."""

from __future__ import annotations

import contextlib
import dataclasses
import statistics
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from suite.lab import Lab

__all__ = ["Budget", "Figures", "Result", "Row", "Sample", "Side", "Target", "measure"]


class Sample(NamedTuple):
    """What one slice of one side gave.

    Attributes:
        figure: In the row's unit, unless that says otherwise steps per second.
        p50: Of a step, in microseconds; None where no single step was timed.
        p99: Likewise.
        mean: Likewise.
    """

    figure: float
    p50: float | None = None
    p99: float | None = None
    mean: float | None = None

    @staticmethod
    def of(nanoseconds: list[int], steps_each: int = 1) -> Sample:
        """Makes one of the times that calls took, each of which made so many steps."""
        ordered = sorted(nanoseconds)
        mean = sum(ordered) / len(ordered) / 1e3
        p50, p99 = ordered[len(ordered) // 2] / 1e3, ordered[len(ordered) * 99 // 100] / 1e3
        return Sample(1e6 / mean * steps_each, p50, p99, mean)


class Target(NamedTuple):
    """What a side should reach.

    Attributes:
        column: The field of `Sample` that is compared.
        factor: So many times the baseline's, or so much where there is none.
        baseline: The name of another side of the row, or None.
        at_most: Whether less is better.
    """

    column: str
    factor: float
    baseline: str | None = None
    at_most: bool = False


@dataclasses.dataclass
class Side:
    """One of the ways that a row compares.

    Attributes:
        name: What it is called, alike in all rows.
        run: Runs it for about so many seconds.
        targets: What it should reach.
    """

    name: str
    run: Callable[[float], Sample]
    targets: Sequence[Target] = ()


@dataclasses.dataclass
class Row:
    """Something to measure, with its baselines.

    Attributes:
        name: What the table calls it.
        open: Starts what is needed, and returns the sides; the stack ends it.
        unit: Of the figure.
        num_envs: Where the row is a point of the plot of vectors.
        is_frames: Whether the row is a group of the plot of frames.
    """

    name: str
    open: Callable[[Lab, contextlib.ExitStack], list[Side]]
    unit: str = "steps/s"
    num_envs: int | None = None
    is_frames: bool = False


class Budget(NamedTuple):
    """How long to measure.

    Attributes:
        repetitions: Slices of each side.
        seconds: The length of a slice.
        warm_up: How long each side runs before the first, in seconds.
    """

    repetitions: int
    seconds: float
    warm_up: float


class Figures(NamedTuple):
    """The samples of a side."""

    side: Side
    samples: list[Sample]

    def column(self, name: str) -> list[float]:
        """Returns a column over the repetitions; empty where the side does not have it."""
        values = [getattr(sample, name) for sample in self.samples]
        return [value for value in values if value is not None]

    def median(self, name: str) -> float | None:
        """Returns a column's median over the repetitions, or None."""
        values = self.column(name)
        return statistics.median(values) if values else None


@dataclasses.dataclass
class Result:
    """What came of a row: figures, or the error that kept it from being measured."""

    row: Row
    figures: list[Figures]
    error: BaseException | None = None

    def reached(self, side: Side, target: Target) -> float | None:
        """Returns a side's ratio to a target's baseline, or its value where that has none."""
        by_name = {figures.side.name: figures for figures in self.figures}
        value = by_name[side.name].median(target.column)
        if target.baseline is None or value is None:
            return value
        baseline = by_name[target.baseline].median(target.column)
        return value / baseline if baseline else None


def measure(row: Row, lab: Lab, budget: Budget) -> Result:
    """Measures a row; an error of one is part of its result and leaves the others alone."""
    try:
        with contextlib.ExitStack() as stack:
            sides = row.open(lab, stack)
            for side in sides:
                side.run(budget.warm_up)
            figures = [Figures(side, []) for side in sides]
            # In turn, because the machine's own speed drifts.
            for _ in range(budget.repetitions):
                for side, samples in figures:
                    samples.append(side.run(budget.seconds))
    except Exception as error:
        return Result(row, [], error)
    return Result(row, figures)
