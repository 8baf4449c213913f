"""Steps and resets whose action and result are written as raw numbers and arrays, with no pickle in between."""

import numpy as np

from . import faults
from .channel import Channel
from .sharing import ACTION, OBSERVATION, PATTERN, REPLY_AREA, REQUEST_AREA, RESET, REWARD, STEP
from .values import is_raw

_ALIGNMENT = 64


class Steps:
    """Answers steps through shared memory, raw where the values are of the types of the last pattern."""

    def __init__(self, port, environment, guard):
        """Makes the path of one worker's steps.

        Args:
            port: The :class:`~socketgym_worker.sharing.Port`.
            environment: The :class:`~socketgym_worker.environment.HostedEnvironment`.
            guard: Its :class:`~socketgym_worker.values.ValueGuard`.
        """
        self._port = port
        self._environment = environment
        self._guard = guard
        self._read_action = None
        self._pattern = None

    def answer_raw(self):
        """Answers requests as long as they are raw.

        Returns:
            The kind of the next one, which is not.
        """
        port, environment = self._port, self._environment
        while True:
            kind = port.wait()
            try:
                if kind == STEP:
                    result = environment.take(self._read_action())
                    if (
                        not port.is_owner
                        or self._pattern is None
                        or not self._pattern.send_step(result)
                    ):
                        self._send_step(result)
                elif kind == RESET:
                    result = environment.restart(None, None)
                    if (
                        not port.is_owner
                        or self._pattern is None
                        or not self._pattern.send_reset(result)
                    ):
                        self._guard.begin()
                        self._port.send(self._encode(environment.guarded_start(result)))
                else:
                    return kind
            except BaseException as error:
                self._fail(error)

    @staticmethod
    def is_answering(name):
        """Whether :meth:`answer` does a request; otherwise it goes as a message."""
        return name == "step"

    def answer(self, name, kind, parameters):
        """Takes a step whose action came in a message, and answers it.

        Args:
            name: ``step``.
            kind: The request's kind; with ``PATTERN`` the raw actions from now on are like this one.
            parameters: The action alone.
        """
        try:
            (action,) = parameters
            if kind == PATTERN:
                self._read_action = _reader(self._port.memory, action)
            self._send_step(self._environment.take(action))
        except BaseException as error:
            self._fail(error)

    def _send_step(self, result):
        self._guard.begin()
        payload = self._encode(self._environment.guarded(result))
        self._pattern = None
        if len(payload) <= self._port.reply_bytes:
            self._pattern = _Pattern.of(self._port, self._guard, result)
        if self._pattern is None:
            self._port.send(payload)
        else:
            self._port.send(payload, PATTERN)

    def _encode(self, result):
        self._port.check_owner()
        payload = Channel.encode((True, result))
        self._guard.check_size(payload)
        return payload

    def _fail(self, error):
        # Whatever it is: SystemExit and KeyboardInterrupt are the environment's own, too.
        self._port.send(Channel.encode((False, faults.describe(error))))


class _Pattern:
    """The types of a step's result, and where such values go.

    Each method is one piece of code with everything in it: it runs at every step, and a call costs as much as writing a value.
    """

    __slots__ = (
        "_port",
        "_guard",
        "_types",
        "_is_array",
        "_dtype",
        "_shape",
        "_observation",
        "_observation_index",
        "_reward",
        "_reward_index",
        "_offset",
        "_room",
    )

    @classmethod
    def of(cls, port, guard, result):
        """Returns the pattern of a step's result; None where its values are not for raw memory."""
        observation, reward, terminated, truncated, info = result
        observation_place = _place(port.memory, OBSERVATION, observation)
        reward_place = _place(port.memory, REWARD, reward)
        if observation_place is None or reward_place is None or type(reward) is np.ndarray:
            return None
        if not {type(terminated), type(truncated)} <= {bool, np.bool_} or type(info) is not dict:
            return None
        pattern = cls()
        pattern._port, pattern._guard = port, guard
        pattern._types = tuple(map(type, (observation, reward, terminated, truncated)))
        pattern._observation, pattern._observation_index = observation_place
        pattern._reward, pattern._reward_index = reward_place
        pattern._is_array = type(observation) is np.ndarray
        pattern._dtype = pattern._shape = None
        pattern._offset = 0
        if pattern._is_array:
            pattern._dtype, pattern._shape = observation.dtype, observation.shape
            pattern._offset = -(-observation.nbytes // _ALIGNMENT) * _ALIGNMENT
        pattern._room = min(guard.max_message_bytes, port.reply_bytes) - pattern._offset
        return pattern if pattern._room > 0 else None

    def send_step(self, result):
        """Answers with a step's result; returns False, with nothing sent, where it is not of this pattern."""
        observation, reward, terminated, truncated, info = result
        observation_type, reward_type, terminated_type, truncated_type = self._types
        if (
            type(observation) is not observation_type
            or type(reward) is not reward_type
            or type(terminated) is not terminated_type
            or type(truncated) is not truncated_type
            or type(info) is not dict
            # The very dtype: an equal one may differ in what it means.
            or (
                self._is_array
                and (observation.dtype is not self._dtype or observation.shape != self._shape)
            )
        ):
            return False
        pickled = self._pickle(info) if info else b""
        if pickled is None:
            return False
        try:
            self._reward[self._reward_index] = reward
            self._observation[self._observation_index] = observation
        except ValueError:
            return False  # an int beyond 64 bits
        self._port.send_step(terminated, truncated, pickled, self._offset)
        return True

    def send_reset(self, result):
        """Answers with a reset's result; returns False, with nothing sent, where it is not of this pattern."""
        observation, info = result
        if (
            type(observation) is not self._types[0]
            or type(info) is not dict
            or (
                self._is_array
                and (observation.dtype is not self._dtype or observation.shape != self._shape)
            )
        ):
            return False
        pickled = self._pickle(info) if info else b""
        if pickled is None:
            return False
        try:
            self._observation[self._observation_index] = observation
        except ValueError:
            return False
        self._port.send_raw(pickled, self._offset)
        return True

    def _pickle(self, info):
        self._guard.begin()
        pickled = Channel.encode(self._guard.lenient(info, "info"))
        return pickled if len(pickled) <= self._room else None


def _reader(memory, action):
    """Returns what reads actions of this one's type out of the memory."""
    kind = type(action)
    if kind is np.ndarray:
        array = np.ndarray(action.shape, action.dtype, memory, REQUEST_AREA)
        return array.copy
    if kind is int or kind is float or kind is bool:
        numbers = memoryview(memory)[ACTION : ACTION + 8].cast("d" if kind is float else "q")
        return (lambda: numbers[0] != 0) if kind is bool else (lambda: numbers[0])
    scalar = np.ndarray((), action.dtype, memory, ACTION)
    return lambda: scalar[()]


def _place(memory, offset, example):
    """Returns where values like this one go, as what is assigned to and its index; None where they are not for raw memory."""
    kind = type(example)
    if kind is float or kind is int or kind is bool:
        return memoryview(memory)[offset : offset + 8].cast("d" if kind is float else "q"), 0
    if kind is np.ndarray:
        fits = example.nbytes <= len(memory) - REPLY_AREA
        offset, index = REPLY_AREA, Ellipsis
    else:
        fits = isinstance(example, np.generic)
        index = ()
    if not fits or not is_raw(example.dtype):
        return None
    return np.ndarray(example.shape, example.dtype, memory, offset), index
