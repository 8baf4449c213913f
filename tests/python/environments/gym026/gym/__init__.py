"""A stand-in that behaves as gym 0.26 does, as far as making, stepping and describing environments go."""

import sys

from gym import envs, error, spaces, wrappers
from gym.core import Env, Wrapper
from gym.envs.registration import make, register, registry, spec

__version__ = "0.26.2"

sys.stderr.write("gym: this package is no longer maintained\n")
