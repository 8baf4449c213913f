"""Stands in for LeRobot, which needs torch: what a plug-in for environments meets, with NumPy for tensors.

Names, signatures and the order of calls are those that LeRobot 0.6 documents and makes; the rest is left out.
"""
