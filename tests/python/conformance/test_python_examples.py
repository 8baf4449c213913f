"""The examples for learners, run as a user runs them."""

from __future__ import annotations

import importlib.util
import pathlib
import re
import sys
from typing import Any

from live_server import ROOT
from test_examples import run


def example(name: str, *arguments: str) -> list[str]:
    """What an example prints, line by line."""
    return run(sys.executable, str(ROOT / "examples" / name), *arguments).splitlines()


def check_plot(lines: list[str], plot: pathlib.Path) -> None:
    if importlib.util.find_spec("matplotlib") is None:
        assert "no plot: matplotlib is not installed" in lines
    else:
        assert f"plot saved as {plot}" in lines
        assert plot.read_bytes().startswith(b"\x89PNG")


def test_registration(server: Any) -> None:
    lines = example("registration/make_by_id.py", server.address)
    assert lines[:3] == [
        "SocketGym/CartPole-v1: a limit of 500 steps, as in local Gymnasium",
        "SocketGym/CartPole-v1: a limit of 1000 steps, by an argument of make",
        "Lab/DryLake-v0: reward 1, terminated True",
    ]
    assert "SocketGym/Acrobot-v1" in lines[3]
    assert lines[4] == "SocketGymVectorClient(Lab/DryLake-v0, num_envs=3): observations [0 0 0]"


def test_wrappers(server: Any) -> None:
    lines = example("wrappers/wrap.py", server.address)
    assert "FrameStackObservation<TimeLimit<SocketGymClient<SocketGym/CartPole-v1>>>" in lines[0]
    assert lines[1:] == [
        "observations (4, 4)",
        "return 60.0 after 60 steps, truncated True",
        "61 frames of (400, 600, 3)",
    ]


def test_q_learning(server: Any, tmp_path: pathlib.Path) -> None:
    plot = tmp_path / "q.png"
    options = ["--address", server.address, "--dry", "--episodes", "200", "--plot", str(plot)]
    lines = example("q-learning/train.py", *options)
    rates = [
        float(rate) for rate in re.findall(r"^episode +\d+: +([\d.]+)%", "\n".join(lines), re.M)
    ]
    final = re.fullmatch(r"success rate ([\d.]+)% in 100 episodes of the learned policy", lines[-1])
    assert final is not None and len(rates) == 2
    # Chance reaches the goal in 1 or 2 of 100; without ice, a policy that has learned always does.
    assert float(final[1]) == 100 and rates[0] < rates[-1] == 100
    check_plot(lines, plot)


def test_policy_gradient(server: Any, tmp_path: pathlib.Path) -> None:
    plot = tmp_path / "pg.png"
    options = ["--address", server.address, "--updates", "12", "--plot", str(plot)]
    lines = example("policy-gradient/train.py", *options)
    final = re.fullmatch(r"mean return ([\d.]+) at first, ([\d.]+) at last", lines[-1])
    assert final is not None and len([line for line in lines if line.startswith("update")]) == 12
    assert float(final[1]) < 40 and float(final[2]) > 100
    check_plot(lines, plot)


def test_vector_ppo_has_the_same_curve_as_locally(server: Any) -> None:
    program, options = "vector-ppo/train.py", ["--updates", "6", "--seed", "3"]
    remote = example(program, *options, "--address", server.address)
    assert remote == example(program, *options, "--local")
    final = re.fullmatch(r"mean return ([\d.]+) at first, ([\d.]+) at last", remote[-1])
    assert final is not None and len(remote) == 7
    assert float(final[1]) < 40 and float(final[2]) > 2 * float(final[1])
