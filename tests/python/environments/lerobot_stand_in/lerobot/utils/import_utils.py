"""Plug-ins."""

import importlib
import importlib.metadata


def register_third_party_plugins():
    """Imports the distributions whose name, as their metadata spells it, begins as a plug-in's."""
    for distribution in importlib.metadata.distributions():
        name = distribution.metadata["Name"] or ""
        if name.startswith(("lerobot_robot_", "lerobot_policy_", "lerobot_env_")):
            importlib.import_module(name)
