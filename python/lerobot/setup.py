"""Keeps the distribution's name as pyproject.toml spells it; everything else stands there."""

from setuptools import setup
from setuptools.command.egg_info import egg_info


class VerbatimName(egg_info):
    """LeRobot looks for `lerobot_env_` letter by letter; older setuptools writes hyphens instead."""

    def finalize_options(self):
        super().finalize_options()
        self.egg_name = self.distribution.get_name()


setup(cmdclass={"egg_info": VerbatimName})
