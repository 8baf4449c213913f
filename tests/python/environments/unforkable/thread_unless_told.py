"""Leaves a thread behind as numerical libraries do: not where it is told to use one only."""

import os

if os.environ.get("OMP_NUM_THREADS") != "1":
    from . import thread_always  # noqa: F401
