"""Stands before the real package on the path, so that an interpreter acts as one that has none."""

raise ModuleNotFoundError("No module named 'gymnasium'", name="gymnasium")
