"""Makes the package importable from the source tree where it is not installed."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

sys.path.insert(0, str(ROOT / "python" / "src"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
