"""A worker for tests, started from its sources as the server starts it, spoken to with CPython's own pickle."""

import collections
import io
import os
import pickle
import struct
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "python" / "worker"
ENVIRONMENTS = Path(__file__).resolve().parent / "environments"

# What the worker's stand-in for a value that cannot travel becomes here.
Opaque = collections.namedtuple("Opaque", "type_name repr")


class _Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) == ("socketgym_worker.values", "Opaque"):
            return Opaque
        return super().find_class(module, name)


class WorkerError(Exception):
    """An error reply."""

    def __init__(self, error):
        super().__init__(error["message"])
        self.code = error["code"]
        self.type = error["type"]
        self.traceback = error["traceback"]


class WorkerProcess:
    """One worker; a context manager that leaves no process behind."""

    def __init__(self, max_message_bytes=256 * 1024 * 1024, python_path=(ENVIRONMENTS,)):
        sources = {
            ".".join(path.relative_to(SOURCES).with_suffix("").parts).replace(
                ".__init__", ""
            ): path.read_text()
            for path in sorted(SOURCES.glob("socketgym_worker/*.py"))
        }
        loader, start = ((SOURCES / name).read_text() for name in ("loader.py", "start.py"))
        bundle = ("sources = %r\n%s\n%s" % (sources, loader, start)).encode("ascii")
        bootstrap = (
            "import io;exec(io.BufferedReader(io.FileIO(0,closefd=False),1).read(%d))" % len(bundle)
        )
        environment = dict(
            os.environ,
            PYTHONPATH=os.pathsep.join(map(str, python_path)),
            SDL_VIDEODRIVER="dummy",
            SDL_AUDIODRIVER="dummy",
        )
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", bootstrap],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            bufsize=0,
        )
        self.process.stdin.write(bundle)
        assert self.call("hello", max_message_bytes) == self.process.pid

    def call(self, *request):
        """Sends a request and returns the result, or raises WorkerError."""
        self.send(*request)
        return self.receive()

    def receive(self):
        """Waits for a reply and returns the result, or raises WorkerError."""
        reply = self._read(struct.unpack(">I", self._read(4))[0])
        ok, result = _Unpickler(io.BytesIO(reply)).load()
        if not ok:
            raise WorkerError(result)
        return result

    def send(self, *request):
        """Sends a request without waiting for its reply."""
        self.send_pickle(pickle.dumps(request, 4))

    def send_pickle(self, data):
        """Sends a request that is pickled already."""
        self.process.stdin.write(struct.pack(">I", len(data)) + data)

    def make(self, id, imports=(), **kwargs):
        """Makes an environment."""
        return self.call("make", id, kwargs, list(imports))

    def end(self):
        """Closes the channel and returns (exit status, standard error)."""
        self.process.stdin.close()
        error = self.process.stderr.read().decode()
        return self.process.wait(), error

    def _read(self, count):
        data = b""
        while len(data) < count:
            part = self.process.stdout.read(count - len(data))
            if not part:
                raise EOFError(self.process.stderr.read().decode())
            data += part
        return data

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
