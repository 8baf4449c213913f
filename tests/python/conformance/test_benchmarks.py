"""`benchmarks/run` works: its arithmetic, and rows of each kind with a server, for moments only. No figure is looked at."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
BENCHMARKS = ROOT / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from suite.lab import Lab  # noqa: E402 - after the path to it.
from suite.measurement import (
    Budget,
    Figures,
    Result,
    Row,
    Sample,
    Side,
    Target,
    measure,
)  # noqa: E402
from suite.report import table  # noqa: E402

ONE_OF_EACH_KIND = "TCP, not pinned|8 sub-environments|16 connections|render|first reset"


def side(name: str, *samples: Sample, targets: tuple[Target, ...] = ()) -> Side:
    """A side that gives these samples in turn."""
    turn = iter(samples)
    return Side(name, lambda seconds: next(turn), targets)


def test_sample_is_of_steps_and_its_times_are_of_calls() -> None:
    sample = Sample.of([1_000] * 98 + [2_000, 102_000], steps_each=8)

    assert sample == Sample(figure=8e6 / 2.02, p50=1.0, p99=102.0, mean=2.02)


def test_sides_take_turns_and_are_compared_by_their_medians() -> None:
    order: list[tuple[str, float]] = []

    def named(name: str, *figures: float) -> Side:
        turn = iter(figures)

        def run(seconds: float) -> Sample:
            order.append((name, seconds))
            return Sample(next(turn))

        return Side(name, run, [Target("figure", 3, "theirs")] if name == "ours" else [])

    row = Row("race", lambda lab, stack: [named("ours", 0, 6, 90, 10), named("theirs", 0, 4, 2, 1)])
    with Lab(Budget(3, 0.5, 2.0)) as lab:
        result = measure(row, lab, lab.budget)

    assert order == [("ours", 2.0), ("theirs", 2.0)] + [("ours", 0.5), ("theirs", 0.5)] * 3
    ours = result.figures[0]
    assert ours.samples == [Sample(6), Sample(90), Sample(10)]
    assert result.reached(ours.side, ours.side.targets[0]) == 5


def test_table_says_whether_each_target_is_reached() -> None:
    targets = [
        Target("figure", 2, "theirs"),
        Target("p50", 0.4, "theirs", at_most=True),
        Target("figure", 5_000),
    ]
    ours = Figures(Side("ours", Sample, targets), [Sample(4_000, 5, 9, 6)])
    theirs = Figures(Side("theirs", Sample), [Sample(2_000, 10, 20, 11)])

    text = table([Result(Row("race", lambda lab, stack: []), [ours, theirs])])

    assert text.splitlines()[2:] == [
        "| race | ours | 4,000 (4,000 to 4,000) steps/s | 5.0 | 9.0 | 6.0 "
        "| steps/s at least 2 x theirs; p50 at most 0.4 x theirs; steps/s at least 5,000 "
        "| 2.00 x yes; 0.50 x NO; 4,000 NO |",
        "|  | theirs | 2,000 (2,000 to 2,000) steps/s | 10.0 | 20.0 | 11.0 |  |  |",
    ]


def test_failed_row_is_told_and_leaves_the_others() -> None:
    def fail(lab: object, stack: object) -> list[Side]:
        raise ValueError("no such thing")

    with Lab(Budget(1, 0, 0)) as lab:
        result = measure(Row("broken", fail), lab, lab.budget)

    assert "| broken | failed: ValueError: no such thing |" in table([result])


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
def test_command_prints_one_table_and_draws(tmp_path: pathlib.Path) -> None:
    markdown, plots = tmp_path / "table.md", tmp_path / "plots"
    run = subprocess.run(
        [sys.executable, BENCHMARKS / "run", "--quick", "--repetitions", "1"]
        + ["--rows", ONE_OF_EACH_KIND, "--markdown", markdown, "--plots", plots],
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
    )

    assert run.returncode == 0, run.stdout
    assert run.stdout.strip() == markdown.read_text().strip()
    assert "Command: benchmarks/run --quick" in run.stdout
    lines = [line for line in run.stdout.splitlines() if line.startswith("| ")]
    assert all(line.count(" | ") >= 7 for line in lines), run.stdout
    for kind in ONE_OF_EACH_KIND.split("|"):
        assert re.search(kind, run.stdout)
    names = {path.name for path in plots.iterdir()}
    assert names == {"steps.svg", "steps-dark.svg", "frames.svg", "frames-dark.svg"}
