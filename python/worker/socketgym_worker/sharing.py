"""Messages through memory that the server and this process share, where both spin a little before they block.

The memory starts with a page of words, each group of them on lines of its own::

    byte    0  u32  request: its number x 8 + its kind      128  u32  reply: the same number x 8 + its kind
            4  u32  bytes of its message                    132  u32  bytes of its message
            8  u32  microseconds to spin for the next one
           16  ..   the raw action, where it is a number    136  u32  flags of a raw step
                                                            144  ..   its reward
                                                            160  ..   the raw observation, where it is a number
          256  u32  this process waits                      384  u32  the server waits

The area of requests follows, then the area of replies, which holds a raw array first and a message after it.

===========  ==========================================================================================================
kind         the message
===========  ==========================================================================================================
``PIPED``    is in the pipe, since the area has no room for it
``MESSAGE``  is in the area
``PATTERN``  is in the area; it is a step, and the types of its values hold for the raw ones until the next pattern
``STEP``     is a step whose action or result is raw; its info alone, unless it is empty, is pickled in the area
``RESET``    is a reset without seed or options, or the result of one, of which the observation is raw
``ARRAYS``   is in the area, and describes the raw arrays behind it
===========  ==========================================================================================================

Who waits says so, and looks once more, before it blocks on its pipe; who writes rings there when the other waits. A ring is a
message of no bytes, and one too many does no harm. Before the server blocks for long it looks again after a moment: by then a
word that this process wrote has reached it, so that no reply needs a full fence.
"""

import mmap
import os
import platform
import sys
import threading
import time

PIPED, MESSAGE, PATTERN, STEP, RESET, ARRAYS = range(6)

REQUEST_AREA = 4096
REPLY_AREA = REQUEST_AREA + 1024 * 1024
ACTION = 16
REWARD = 144
OBSERVATION = 160

_REQUEST, _REQUEST_BYTES, _MOST_SPIN = 0, 1, 2
_REPLY, _REPLY_BYTES, _REPLY_FLAGS = 32, 33, 34
_WORKER_WAITS = 64
_SERVER_WAITS = 96

_TERMINATED, _TRUNCATED = 1, 2

# Processors that never let another see two writes the wrong way round.
_ORDERED = ("x86_64", "AMD64", "i686")

_RING = b"\0\0\0\0"
_MASK = 0xFFFFFFFF

# Looking costs 30 ns. Beyond this, where the server may share this processor, it is let run between looks.
_GLANCES = range(50)


def is_supported():
    """Whether this system has what the sharing needs."""
    return sys.platform == "linux" and sys.byteorder == "little"


def open_memory(server, descriptor, identity):
    """Maps memory of the server's.

    Args:
        server: The server's process id.
        descriptor: The memory's descriptor there.
        identity: What ``/proc`` says that descriptor is.

    Returns:
        The mapping.

    Raises:
        OSError: It is another process's, as in a container of its own.
    """
    path = "/proc/%d/fd/%d" % (server, descriptor)
    found = os.readlink(path)
    if found != identity:
        raise OSError("%s is %s rather than %s" % (path, found, identity))
    file = os.open(path, os.O_RDWR)
    try:
        return mmap.mmap(file, 0)
    finally:
        os.close(file)


class Port:
    """Requests and replies through shared memory. One thread uses it.

    Attributes:
        memory: The memory.
        is_owner: False in a process that the environment forked, whose replies nobody waits for.
    """

    def __init__(self, channel, server, descriptor, identity):
        """Maps the server's memory.

        Args:
            channel: The channel of the pipes, for rings and for messages that are too large.
            server: The server's process id.
            descriptor: The memory's descriptor there.
            identity: What ``/proc`` says that descriptor is.

        Raises:
            OSError: It is another process's, as in a container of its own.
        """
        self.memory = open_memory(server, descriptor, identity)
        self._channel = channel
        self._bytes = memoryview(self.memory)
        self._words = self._bytes.cast("I")
        self._last = self._words[_REQUEST]
        self._spin = float("inf")
        # Acquired and released it is a fence, which Python has no other name for.
        self._fence = threading.Lock()
        self._keeps_order = platform.machine() in _ORDERED
        if not self._keeps_order:
            self.wait = self._wait_in_order
        self.is_owner = True
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._disown)

    @property
    def reply_bytes(self):
        """Bytes of the area of replies."""
        return len(self._bytes) - REPLY_AREA

    def wait(self):
        """Waits for a request and returns its kind.

        Raises:
            EOFError: The server closed the channel.
        """
        words, last = self._words, self._last
        for _ in _GLANCES:
            if words[_REQUEST] != last:
                break
        else:
            self._wait_longer(last)
        self._last = words[_REQUEST]
        return self._last & 7

    def receive(self, kind):
        """Returns the message of the request that was waited for; not of a raw one."""
        if kind != PIPED:
            return bytes(self._bytes[REQUEST_AREA : REQUEST_AREA + self._words[_REQUEST_BYTES]])
        message = _RING
        while message == _RING:
            message = self._channel.receive()
        return message[len(_RING) :]

    def send(self, payload, kind=MESSAGE):
        """Answers with a message; one that is too large for the area is sent as ``PIPED``, whatever its kind."""
        self.check_owner()
        size = len(payload)
        if size > self.reply_bytes:
            self._publish(PIPED)
            self._channel.send(payload)
            return
        self._bytes[REPLY_AREA : REPLY_AREA + size] = payload
        self._words[_REPLY_BYTES] = size
        self._publish(kind)

    def send_step(self, terminated, truncated, info, offset):
        """Answers a raw step, whose reward and observation are in their places.

        Args:
            terminated: The flag.
            truncated: The flag.
            info: The pickled info; empty for an empty one.
            offset: Where in the area of replies it goes.
        """
        self._words[_REPLY_FLAGS] = (_TERMINATED if terminated else 0) + (
            _TRUNCATED if truncated else 0
        )
        self.send_raw(info, offset)

    def send_raw(self, info, offset):
        """Answers a raw request, as :meth:`send_step` does, but for the flags."""
        words = self._words
        size = words[_REPLY_BYTES] = len(info)
        if size:
            start = REPLY_AREA + offset
            self._bytes[start : start + size] = info
        if not self._keeps_order:
            self._order()
        words[_REPLY] = self._last  # the request's kind is the reply's, too
        if words[_SERVER_WAITS]:
            self._channel.write(_RING)

    def check_owner(self):
        """Raises EOFError where :attr:`is_owner` is false."""
        if not self.is_owner:
            raise EOFError

    def _publish(self, kind):
        if not self._keeps_order:
            self._order()
        self._words[_REPLY] = (self._last & ~7) | kind
        if self._words[_SERVER_WAITS]:
            self._channel.write(_RING)

    def _wait_in_order(self):
        kind = Port.wait(self)
        self._order()  # what the request comes with is read after its word
        return kind

    def _order(self):
        with self._fence:
            pass
        if not self._keeps_order:
            # Others let what comes before an acquire or after a release slip in between, but nothing past a release and then an acquire.
            with self._fence:
                pass

    def _wait_longer(self, last):
        words = self._words
        # The server says how long a spin may pay at most: it knows who else wants the processors.
        longest = words[_MOST_SPIN] * 1e-6
        spin = min(self._spin, longest)
        start = now = time.perf_counter()
        while now - start < spin:
            os.sched_yield()
            if words[_REQUEST] != last:
                self._spin = longest
                return
            now = time.perf_counter()
        try:
            while True:
                words[_WORKER_WAITS] = 1
                self._order()
                if words[_REQUEST] != last:
                    break
                self._channel.receive_ring()
        finally:
            words[_WORKER_WAITS] = 0
        # A short wait restores the spin and a long one halves it, so that a slow learner's environments leave the processor alone.
        self._spin = longest if time.perf_counter() - start < longest else spin / 2

    def _disown(self):
        self.is_owner = False
