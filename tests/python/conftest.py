"""Makes the package importable from the source tree where it is not installed."""

import os
import pathlib
import sys

# Read when NumPy is imported, which is after this file: docs/decisions.md, 8.
os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "AVX512_SKX")

ROOT = pathlib.Path(__file__).resolve().parents[2]

sys.path.insert(0, str(ROOT / "python" / "src"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
