"""The byte stream to the server: messages of a big-endian u32 length and one pickle."""

import importlib
import io
import os
import pickle
import struct
import sys
import threading

_LENGTH = struct.Struct(">I")
_RING = b"\0\0\0\0"  # a message of no bytes: see sharing.py
_READ_BYTES = 64 * 1024
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ, which the fcntl module names from Python 3.10 on
_WIDE_PIPE_BYTES = 1024 * 1024  # what Linux grants every user unless configured otherwise
_MAX_READ_BYTES = 16 * 1024 * 1024

# Every global that a value can name: data, and what makes it.
_GLOBALS = frozenset(
    [("builtins", name) for name in ("set", "frozenset", "bytearray", "complex")]
    + [
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy.core.multiarray", "scalar"),
        ("numpy.core.numeric", "_frombuffer"),
    ]
    + [
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
        ("collections", "OrderedDict"),
        ("_codecs", "encode"),
    ]
    + [("gymnasium.spaces.graph", "GraphInstance")]
)

# How long the main thread has, once the server is gone, to notice it by itself and close the environment.
_GRACE_SECONDS = 2.0


class _Unpickler(pickle.Unpickler):
    """Reads what the server wrote: values and NumPy arrays.

    The server writes every message itself, from values that it decoded, so nothing of a client's bytes comes here. The
    closed list is a second wall.
    """

    _found = {}

    def find_class(self, module, name):
        key = (module.replace("numpy._core", "numpy.core").replace("__builtin__", "builtins"), name)
        if key not in _GLOBALS:
            raise pickle.UnpicklingError(
                "%s.%s is not a value that a server sends" % (module, name)
            )
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    @staticmethod
    def _find(module, name):
        if module.startswith("numpy.core."):
            try:  # NumPy 2 has moved it, and warns where the old name is used
                return getattr(
                    importlib.import_module(module.replace("numpy.core", "numpy._core")), name
                )
            except ImportError:
                pass
        return getattr(importlib.import_module(module), name)


class Channel:
    """Messages to and from the server. One thread uses it."""

    def __init__(self, reader, writer):
        """Makes a channel over two file descriptors, which it owns."""
        self._reader = reader
        self._writer = writer
        self._pending = b""
        self._is_wide = False

    @classmethod
    def take_standard_streams(cls):
        """Moves the server's streams out of the environment's reach.

        From here on the environment's standard input is empty and what it prints goes to standard error, and neither it nor
        a process that it starts has a descriptor of the channel.

        Returns:
            The channel.
        """
        reader, writer = os.dup(0), os.dup(
            1
        )  # not inherited by the programs that the environment starts
        if os.name == "nt":
            import msvcrt

            msvcrt.setmode(reader, os.O_BINARY)
            msvcrt.setmode(writer, os.O_BINARY)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)
        sys.stdin = io.open(0, "r", closefd=False)
        return cls(reader, writer).close_in_forks()

    def close_in_forks(self):
        """Has this channel closed in every process that this one forks; returns the channel."""
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.close)
        return self

    @property
    def has_more(self):
        """Whether part of a further message has been read already."""
        return bool(self._pending)

    def fileno(self):
        """Returns the descriptor that requests come from."""
        return self._reader

    def close(self):
        """Closes both descriptors; a second call does nothing, so that a fork of a fork harms no other descriptor."""
        descriptors, self._reader, self._writer = (self._reader, self._writer), -1, -1
        for descriptor in descriptors:
            if descriptor >= 0:
                os.close(descriptor)

    def receive(self):
        """Waits for a message.

        Returns:
            Its bytes; :meth:`decode` makes the object of them.

        Raises:
            EOFError: The server closed the channel.
        """
        data = self._pending
        while len(data) < 4:
            data += self._read(_READ_BYTES)
        (length,) = _LENGTH.unpack_from(data)
        end = length + 4
        if len(data) < end:
            parts, missing = [data], end - len(data)
            while missing > 0:
                part = self._read(missing)
                parts.append(part)
                missing -= len(part)
            data = b"".join(parts)
        self._pending = data[end:]
        return data[:end]

    def receive_ring(self):
        """Waits until the server writes anything; a message stays to be received.

        Raises:
            EOFError: The server closed the channel.
        """
        while len(self._pending) < 4:
            self._pending += self._read(_READ_BYTES)
        if self._pending.startswith(_RING):
            self._pending = self._pending[4:]

    @staticmethod
    def decode(message, start=4):
        """Returns the object that the server sent."""
        stream = io.BytesIO(message)
        stream.seek(start)
        return _Unpickler(stream).load()

    def send(self, payload):
        """Sends the bytes that :meth:`encode` made."""
        header = _LENGTH.pack(len(payload))
        if len(payload) < _READ_BYTES:
            self.write(header + payload)
            return
        if not self._is_wide:
            self._widen()
        self.write(header)
        self.write(payload)

    @staticmethod
    def encode(value):
        """Returns ``value`` as the payload of a message."""
        return pickle.dumps(value, 4)

    def exit_with_server(self, before_exit):
        """Ends this process when the server is gone, also while the environment's own code runs.

        A thread waits until the other end of the channel has been closed by everyone who had it: the server ended, however it
        ended. It costs nothing while it waits, and it lets the main thread end first where that one is waiting for a request.

        Args:
            before_exit: Called before the process ends in this way.
        """
        import select

        if not hasattr(select, "poll"):
            return
        poll = select.poll()
        poll.register(self._reader, 0)  # no event asked for: only a hang-up is reported

        def wait():
            while not poll.poll():
                pass
            threading.Event().wait(_GRACE_SECONDS)
            before_exit()
            os._exit(1)

        threading.Thread(target=wait, name="socketgym-liveness", daemon=True).start()

    def _read(self, size):
        part = os.read(self._reader, min(size, _MAX_READ_BYTES))
        if not part:
            raise EOFError
        return part

    def write(self, data):
        """Writes bytes, all of them."""
        written = os.write(self._writer, data)
        if written < len(data):
            view = memoryview(data)
            while written < len(view):
                written += os.write(self._writer, view[written:])

    def _widen(self):
        """Lets the pipe hold a whole image, so that both sides are not woken for every 64 KiB of it."""
        self._is_wide = True
        if sys.platform == "linux":
            import fcntl

            try:
                fcntl.fcntl(self._writer, _SET_PIPE_SIZE, _WIDE_PIPE_BYTES)
            except OSError:
                pass  # no pipe, or the user has no more pages for pipes
