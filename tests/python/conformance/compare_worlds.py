"""Walks remote environments beside local ones, in whichever Python runs this.

Arguments: the server's address, `msgpack` or `pickle`, a number of steps, ids. Ends with status 1, saying where, at the first
difference; the last id printed is its environment.
"""

from __future__ import annotations

import pathlib
import sys
from typing import Any

TESTS = pathlib.Path(__file__).resolve().parents[1]
for folder in (TESTS, TESTS / "environments", TESTS.parents[1] / "python" / "src"):
    sys.path.insert(0, str(folder))

import gymnasium
import numpy as np
import socketgym_test_envs  # noqa: F401 - registers its environments
from comparison import PickleEnvironment, bare, compare

from socketgym import SocketGymClient


# NumPy itself computes differently here: a float32 scalar times Python's float is a float64 before NumPy 2 and a float32 since
# (its NEP 50). Pendulum does that with a float32 action alone, so it is given float64 ones. MountainCarContinuous does it with
# its own state, too, which is float32 from the first step on: only that step can be the same.
PROMOTING = ("Pendulum-v1", "MountainCarContinuous-v0")
COMPARABLE_STEPS = {"MountainCarContinuous-v0": 1}


def main(address: str, codec: str, steps: str, *ids: str) -> None:
    """Compares the spaces, too, where the codec is MessagePack: the pickle dialect has them as what they describe."""
    for env_id in ids:
        print(env_id, flush=True)
        local = gymnasium.make(bare(env_id))
        remote: Any
        if codec == "msgpack":
            remote = SocketGymClient(env_id, address=address, render_mode=None)
            assert remote.observation_space == local.observation_space
            assert remote.action_space == local.action_space
        else:
            remote = PickleEnvironment(env_id, address)
        name = bare(env_id)
        action_dtype = np.float64 if name in PROMOTING else None
        compare(remote, local, COMPARABLE_STEPS.get(name, int(steps)), action_dtype)
        remote.close()
        local.close()
    print(f"identical under Python {sys.version.split()[0]} with NumPy {np.__version__}")


if __name__ == "__main__":
    main(*sys.argv[1:])
