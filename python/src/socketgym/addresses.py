"""Where a server listens: a TCP host and port, or the path of a Unix socket."""

from __future__ import annotations

import dataclasses
import functools
import operator
import os
import re
import socket

from socketgym.errors import ConnectionFailed, InvalidArgument

__all__ = ["DEFAULT_PORT", "ENVIRONMENT_VARIABLE", "ServerAddress", "is_local"]

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 65432
ENVIRONMENT_VARIABLE = "SOCKETGYM_ADDRESS"

_LAST_PORT = 65535

# Large frames go up to 1.4 times as fast where they do not have to wait for the reader.
_WIDE_BYTES = 4 * 1024 * 1024

_TCP = re.compile(
    r"""(?:tcp://)?
        (?: \[(?P<ipv6>[0-9A-Fa-f:.%]+)\] | (?P<host>[^\s/:\[\]]+) )
        (?: :(?P<port>\d{1,5}) )?""",
    re.VERBOSE | re.ASCII,
)


@dataclasses.dataclass(frozen=True)
class ServerAddress:
    """Where a server listens.

    Attributes:
        host: The TCP host, an IPv6 address without brackets; empty for a Unix socket.
        port: The TCP port; 0 for a Unix socket.
        path: The Unix socket's path; empty for TCP.
    """

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    path: str = ""

    @classmethod
    def parse(cls, text: str) -> ServerAddress:
        """Reads an address.

        Args:
            text: `tcp://host:port`, `host:port` (either without the port means 65432) or
                `unix:/path`; an IPv6 address stands in brackets.

        Returns:
            The address.

        Raises:
            InvalidArgument: The text is none of these.
        """
        if isinstance(text, str) and text.startswith("unix:"):
            path = text[len("unix:") :]
            path = path[2:] if path.startswith("///") else path
            if path:
                return cls("", 0, path)
        match = _TCP.fullmatch(text) if isinstance(text, str) else None
        if match is None or int(match["port"] or DEFAULT_PORT) > _LAST_PORT:
            raise InvalidArgument(
                f"{text!r} is not an address; write 'tcp://host:port', 'host:port' or 'unix:/path'."
            )
        return cls(match["ipv6"] or match["host"], int(match["port"] or DEFAULT_PORT))

    @classmethod
    def from_environment(cls) -> ServerAddress | None:
        """The address in the environment variable `SOCKETGYM_ADDRESS`.

        Returns:
            The address, or None where the variable is unset or empty.

        Raises:
            InvalidArgument: The variable's value is no address.
        """
        text = os.environ.get(ENVIRONMENT_VARIABLE)
        return cls.parse(text) if text else None

    @classmethod
    def resolve(cls, host: str | None, port: int | None, address: str | None) -> ServerAddress:
        """Finds the address that a caller means.

        Args:
            host: A TCP host, or None.
            port: A TCP port, or None.
            address: An address as `parse` takes it, instead of the two; or None.

        Returns:
            The address given; without any that of `SOCKETGYM_ADDRESS`, else tcp://127.0.0.1:65432.

        Raises:
            InvalidArgument: Both ways were used, the text is no address, the host no text, or the
                port none.
        """
        if address is not None:
            if host is not None or port is not None:
                raise InvalidArgument("Give an address, or a host and a port, not both.")
            return cls.parse(address)
        if host is None and port is None:
            return cls.from_environment() or cls()
        if host is not None and not isinstance(host, str):
            raise InvalidArgument(f"host is {host!r}; it must be a str, a name or an IP address.")
        try:
            number = DEFAULT_PORT if port is None else operator.index(port)
        except TypeError:
            number = -1
        if not 0 <= number <= _LAST_PORT:
            raise InvalidArgument(f"port is {port!r}; it must be an int from 0 to {_LAST_PORT}.")
        return cls(host or DEFAULT_HOST, number)

    def connect(self, timeout: float | None) -> socket.socket:
        """Opens a connection.

        Args:
            timeout: Limit in seconds, or None for the system's own.

        Returns:
            The socket.

        Raises:
            ConnectionFailed: The server could not be reached.
            InvalidArgument: The host is no name that can be looked up.
        """
        try:
            if not self.path:
                connection = socket.create_connection((self.host, self.port), timeout)
                if _grants_wide_buffers():
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WIDE_BYTES)
                return connection
            if not hasattr(socket, "AF_UNIX"):
                raise OSError("this system has no Unix sockets")
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.settimeout(timeout)
                connection.connect(self.path)
            except BaseException:
                connection.close()
                raise
            return connection
        except (UnicodeError, ValueError) as error:  # As "a..b", or a path with a zero byte.
            raise InvalidArgument(f"{self} names no server: {error}.") from error
        except OSError as error:
            raise ConnectionFailed(
                f"No server answers at {self}: {error}. "
                "Start one with `socketgym serve`, or give its address: "
                f"address='tcp://host:port', or the environment variable {ENVIRONMENT_VARIABLE}."
            ) from error

    def __str__(self) -> str:
        if self.path:
            return f"unix:{self.path}"
        return (
            f"tcp://[{self.host}]:{self.port}"
            if ":" in self.host
            else f"tcp://{self.host}:{self.port}"
        )


@functools.lru_cache(maxsize=1)
def _grants_wide_buffers() -> bool:
    # Setting a buffer turns the kernel's own tuning off, and stock Linux grants far less than is
    # asked for: so a spare socket is asked first.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WIDE_BYTES)
        except OSError:
            return False
        return probe.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) >= _WIDE_BYTES


def is_local(connection: socket.socket) -> bool:
    """Tells whether a connection stays on this machine, as far as its addresses show.

    Args:
        connection: A connected socket.

    Returns:
        True for a Unix socket and for a loopback address.
    """
    if connection.family not in (socket.AF_INET, socket.AF_INET6):
        return True
    host = connection.getpeername()[0]
    return host == "::1" or host.removeprefix("::ffff:").startswith("127.")
