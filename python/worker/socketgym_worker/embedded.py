"""Sessions in the server's own process, which has loaded this interpreter as a library.

The server calls an environment's ``step`` itself, and what a session has here. Numbers, flags and the arrays that
:meth:`Session.slot` describes pass as they are; everything else is pickled, as a worker's requests and replies are.
"""

import io
import os
import sys

import numpy as np

from . import faults
from .channel import Channel
from .environment import HostedEnvironment, check_step
from .main import decode
from .values import ValueGuard, is_raw

# NumPy's two flags, which the server tells by their identity as it does Python's own.
FALSE, TRUE = np.False_, np.True_

_MAX_SLOT_BYTES = 64 * 1024 * 1024


def prepare():
    """Makes the interpreter what a program expects; called once, before everything else."""
    if not hasattr(sys, "argv"):
        sys.argv = [""]
    # The server may be told to stop by its standard input, and its output is a person's to read.
    sys.stdin = io.open(os.devnull)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(line_buffering=True)


class Session:
    """One environment and what may be asked of it; one thread calls at a time."""

    def __init__(self, max_message_bytes):
        """Makes a session without an environment.

        Args:
            max_message_bytes: What an encoded reply may take.
        """
        self._guard = ValueGuard(max_message_bytes)
        self._environment = HostedEnvironment(self._guard)

    def answer(self, message):
        """Does a request as ``main.py`` lists them and returns the encoded reply, whatever the environment's code raises."""
        try:
            name, parameters = decode(message, 0)
            self._guard.begin()
            return self._encode(getattr(self._environment, name)(*parameters))
        except (
            BaseException
        ) as error:  # SystemExit and KeyboardInterrupt are the environment's own, too
            return self.failure(error)

    def env(self):
        """Returns the environment, for its ``step``."""
        return self._environment.env

    def restart(self):
        """Resets the environment without seed and options; returns its two values as it gave them."""
        return self._environment.restart(None, None)

    def action(self, message):
        """Returns the action of a ``step`` request, and the slot for the next ones of its type, or None for the latter."""
        _, (action,) = decode(message, 0)
        return action, slot(action)

    def step_result(self, result):
        """Returns a step's result as an encoded reply, and the slots for the next ones of its types, or None for each."""
        check_step(result)
        self._guard.begin()
        return self._encode(self._environment.guarded(result)), slot(result[0]), slot(result[1])

    def reset_result(self, result):
        """Returns a reset's result as an encoded reply."""
        self._guard.begin()
        return self._encode(self._environment.guarded_start(result))

    def info(self, info):
        """Returns a pickled info."""
        self._guard.begin()
        return self._check(Channel.encode(self._guard.lenient(info, "info")))

    def step_failure(self, action, error):
        """Returns the encoded reply to a step that raised."""
        refusal = self._environment.refusal(action, error) if isinstance(error, Exception) else None
        return self.failure(error if refusal is None else refusal)

    @staticmethod
    def failure(error):
        """Returns the encoded reply to a request that raised."""
        return Channel.encode((False, faults.describe(error)))

    def _encode(self, result):
        return self._check(Channel.encode((True, result)))

    def _check(self, payload):
        self._guard.check_size(payload)
        return payload


def slot(example):
    """Describes memory for values of one type.

    Args:
        example: An array or a NumPy scalar.

    Returns:
        None where values of this type are pickled, else a tuple: what a value is assigned to, and at which index; the memory's
        address; the example's type; its dtype and shape, by which others of the type are known, or False for both where the
        assignment tells by itself; the array over the memory; and what copies that.
    """
    kind = type(example)
    if kind is not np.ndarray and (
        isinstance(example, np.ndarray) or not isinstance(example, np.generic)
    ):
        return None
    if not is_raw(example.dtype) or example.nbytes > _MAX_SLOT_BYTES:
        return None
    array = np.empty(example.shape, example.dtype)
    address, _ = array.__array_interface__["data"]
    target, index, dtype, shape = array, Ellipsis, example.dtype, example.shape
    if kind is not np.ndarray:
        index, dtype, shape = (), False, False
    elif array.ndim == 1:
        # A view of memory takes nothing of another format or length, and is the quickest way.
        target, index, dtype, shape = memoryview(array), slice(None), False, False
    return target, index, address, kind, dtype, shape, array, array.copy
