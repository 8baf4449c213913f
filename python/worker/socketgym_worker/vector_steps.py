"""Steps and resets of a vector, where all but the infos lies in memory that the whole vector shares."""

from . import faults
from .channel import Channel
from .sharing import STEP


class VectorSteps:
    """Answers steps of a part of a vector.

    A raw step's actions are in the shared memory, as an array of the types of the last pattern's. The answer to every step and reset
    is the infos alone, and nothing where all of them are empty.
    """

    def __init__(self, port, vector, guard):
        """Makes the path of one worker's steps.

        Args:
            port: The :class:`~socketgym_worker.sharing.Port`.
            vector: The :class:`~socketgym_worker.vector.HostedVector`.
            guard: Its :class:`~socketgym_worker.values.ValueGuard`.
        """
        self._port = port
        self._vector = vector
        self._guard = guard
        self._read_actions = None

    def is_answering(self, name):
        """Whether :meth:`answer` does a request; otherwise it goes as a message."""
        return self._vector.is_mapped and name in ("step", "reset")

    def answer_raw(self):
        """Answers requests as long as they are raw.

        Returns:
            The kind of the next one, which is not.
        """
        port, take = self._port, self._vector.take
        while True:
            kind = port.wait()
            if kind != STEP:
                return kind
            try:
                infos = take(self._read_actions())
                if infos:
                    self._send(infos)
                else:
                    port.send_raw(b"", 0)
            except BaseException as error:
                self._fail(error)

    def answer(self, name, kind, parameters):
        """Takes a step or a reset that came in a message, and answers it.

        Args:
            name: ``step`` or ``reset``.
            kind: The request's kind.
            parameters: The request's. A step's are the actions, and whether raw ones are like these from now on.
        """
        vector = self._vector
        try:
            if name == "reset":
                self._send(vector.restart(*parameters))
                return
            actions, is_pattern = parameters
            if is_pattern:
                self._read_actions = vector.action_reader(actions)
            self._send(vector.take(actions))
        except BaseException as error:
            self._fail(error)

    def _send(self, infos):
        self._port.check_owner()
        payload = Channel.encode((True, infos)) if infos else b""
        self._guard.check_size(payload)
        self._port.send(payload, STEP)

    def _fail(self, error):
        # Whatever it is: SystemExit and KeyboardInterrupt are the environment's own, too.
        self._port.send(Channel.encode((False, faults.describe(error))))
