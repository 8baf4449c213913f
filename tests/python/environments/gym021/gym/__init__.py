"""A stand-in that behaves as gym 0.21 does, as far as making, stepping and describing environments go."""

import sys

from gym import error, spaces, wrappers
from gym.core import Env, Wrapper
from gym import envs
from gym.envs.registration import make, register, registry, spec

__version__ = "0.21.0"

sys.stderr.write("gym: this version is no longer maintained\n")
