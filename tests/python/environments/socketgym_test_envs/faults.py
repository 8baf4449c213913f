"""Environments that go wrong."""

import ctypes
import faulthandler
import os
import signal
import subprocess
import sys
import threading

import gymnasium as gym
import numpy as np
from gymnasium import spaces

from .hazards import HAZARDS


def _raise(env):
    raise ValueError("the gripper is stuck")


def _raise_chained(env):
    try:
        {}["missing"]
    except KeyError as error:
        raise RuntimeError("no such joint") from error


class _Unprintable(Exception):
    def __str__(self):
        raise TypeError("no text")


def _raise_unprintable(env):
    raise _Unprintable


def _recurse(env):
    _recurse(env)


def _exhaust_memory(env):
    raise MemoryError("no room for the map")


def _exit(env):
    os._exit(3)


def _explain_and_exit(env):
    for index in range(100):
        sys.stderr.write("diagnostic line %d\n" % index)
    sys.stderr.flush()
    os._exit(4)


def _sys_exit(env):
    sys.exit("enough")


def _interrupt(env):
    raise KeyboardInterrupt


def _segfault(env):
    ctypes.string_at(0)


def _abort(env):
    os.abort()


def _kill(env):
    os.kill(os.getpid(), signal.SIGKILL)


def _hang(env):
    threading.Event().wait()


def _hang_with_lock(env):
    # A call of C code that keeps the interpreter's lock, so that no other thread runs.
    ctypes.PyDLL(None).pause()


def _flood(env):
    # Far more than a pipe holds, by every way out of a process.
    print("x" * 200000)
    os.write(1, b"y" * 200000)
    subprocess.run([sys.executable, "-S", "-c", "print('z' * 200000)"], check=True)
    sys.stderr.write("w" * 200000 + "\n")


def _read_input(env):
    assert sys.stdin.read() == ""
    assert os.read(0, 10) == b""


def _leave_child(env):
    # It has every stream of its parent, and outlives it.
    child = subprocess.Popen(
        [sys.executable, "-S", "-c", "import threading; threading.Event().wait()"], close_fds=False
    )
    env.child = child.pid


def _leave_child_and_exit(env):
    _leave_child(env)
    os._exit(5)


def _leave_fork_and_exit(env):
    if os.fork() == 0:
        threading.Event().wait()
    os._exit(6)


def _leave_daemon(env):
    # As daemons detach themselves: a session of its own, and a parent that ends.
    reader, writer = os.pipe()
    parent = os.fork()
    if parent == 0:
        os.setsid()
        daemon = os.fork()
        if daemon == 0:
            threading.Event().wait()
        os.write(writer, b"%d" % daemon)
        os._exit(0)
    os.waitpid(parent, 0)
    env.child = int(os.read(reader, 20))
    os.close(reader)
    os.close(writer)


def _enable_faulthandler(env):
    faulthandler.enable()


FAULTS = {
    "raise": _raise,
    "raise chained": _raise_chained,
    "raise unprintable": _raise_unprintable,
    "recurse": _recurse,
    "enable faulthandler": _enable_faulthandler,
    "exhaust memory": _exhaust_memory,
    "exit": _exit,
    "explain and exit": _explain_and_exit,
    "sys.exit": _sys_exit,
    "interrupt": _interrupt,
    "segfault": _segfault,
    "abort": _abort,
    "kill": _kill,
    "hang": _hang,
    "hang with lock": _hang_with_lock,
    "flood": _flood,
    "read input": _read_input,
    "leave child": _leave_child,
    "leave daemon": _leave_daemon,
    "leave child and exit": _leave_child_and_exit,
    "leave fork and exit": _leave_fork_and_exit,
    # These are results rather than acts: see FaultEnv.step.
    "function observation": None,
    "function reward": None,
    "short tuple": None,
    "info is none": None,
    "info is a subclass": None,
    "info with functions": None,
    "list for a tuple": None,
    "none": None,
    "wrong shape": None,
    "wrong dtype": None,
    "wrong type": None,
    "odd reward": None,
    **HAZARDS,
}


class _Info(dict):
    """A dict that is more than a dict."""


class FaultEnv(gym.Env):
    """Works, but for one method, in which the fault happens; ``info["child"]`` is the process that it left, or 0."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}

    def __init__(self, fault="raise", when="step", render_mode=None):
        self.observation_space = spaces.Box(0, 1, (2,), np.float32)
        self.action_space = spaces.Discrete(2)
        self.render_mode = render_mode
        self.child = 0
        self._fault = fault
        self._when = when
        self._at("make")

    def _at(self, method):
        act = FAULTS[self._fault]
        if method == self._when and act is not None:
            act(self)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._at("reset")
        observation, info = np.zeros(2, np.float32), {"child": self.child}
        results = {
            "short tuple": (observation,),
            "list for a tuple": [observation, info],
            "none": None,
            "wrong shape": (np.zeros((3, 1), np.float32), info),
            "wrong dtype": (np.zeros(2, np.int16), info),
            "wrong type": ("left", info),
            "function observation": (_raise, info),
            "info is none": (observation, None),
            "info with functions": (observation, {"act": _raise, "lambda": lambda: 0, "n": 1}),
        }
        if self._when == "reset" and self._fault in results:
            return results[self._fault]
        return observation, info

    def step(self, action):
        assert self.action_space.contains(action), "%r is no action" % (action,)
        self._at("step")
        observation, info = np.ones(2, np.float32), {"child": self.child}
        results = {
            "function observation": ({"a": [observation, _raise]}, 0.0, False, False, info),
            "function reward": (observation, _raise, False, False, info),
            "short tuple": (observation, 0.0, False, info),
            "list for a tuple": [observation, 0.0, False, False, info],
            "none": None,
            "wrong shape": (np.ones((3, 1), np.float32), 1.0, False, False, info),
            "wrong dtype": (np.ones(2, np.int16), 1.0, False, False, info),
            "wrong type": ("left", 1.0, False, False, info),
            "odd reward": (observation, "1.0", None, 1, info),
            "info is none": (observation, 0.0, False, False, None),
            "info is a subclass": (observation, 0.0, False, False, _Info(a=1)),
            "info with functions": (
                observation,
                1.0,
                False,
                False,
                {"act": _raise, "lambda": lambda: 0, "n": 1},
            ),
        }
        if self._when == "step" and self._fault in results:
            return results[self._fault]
        return observation, 1.0, False, False, info

    def render(self):
        self._at("render")
        return np.zeros((4, 4, 3), np.uint8)

    def close(self):
        self._at("close")


class PickedFaultEnv(FaultEnv):
    """Goes wrong only in a step with action 1, so that one of several can be picked; its episodes last five steps."""

    def __init__(self, fault="raise"):
        super().__init__(fault, when="picked")

    def reset(self, *, seed=None, options=None):
        self._left = 5
        return super().reset(seed=seed, options=options)

    def step(self, action):
        self._when = "step" if action == 1 else "picked"
        observation, reward, _, _, info = super().step(action)
        self._left -= 1
        return observation, reward, self._left == 0, False, info


class RequiredArgumentEnv(FaultEnv):
    """Needs ``size``."""

    def __init__(self, size):
        super().__init__()
        self.size = size
        if size == "wrong":
            len(3)  # a TypeError that has nothing to do with the arguments' names


class _Custom(gym.Space):
    def sample(self, mask=None, probability=None):
        return 0

    def contains(self, x):
        return True


class CustomSpaceEnv(FaultEnv):
    """Observes through a space of its own."""

    def __init__(self):
        super().__init__()
        self.observation_space = spaces.Dict(inner=_Custom())


class _Subclass(spaces.Discrete):
    def contains(self, x):
        return x == 0


class SubclassedSpaceEnv(FaultEnv):
    """Takes actions of a subclass of one of Gymnasium's spaces."""

    def __init__(self):
        super().__init__()
        self.action_space = _Subclass(3)


class UnwrappedEnv(gym.Env):
    """Has no state before its first reset."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}

    def __init__(self, render_mode=None):
        self.observation_space = spaces.Discrete(100)
        self.action_space = spaces.Discrete(2)
        self.render_mode = render_mode

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._state = 0
        return self._state, {}

    def step(self, action):
        self._state += int(action)
        return self._state, 0.0, False, False, {}

    def render(self):
        return np.full((2, 2, 3), self._state, np.uint8)
