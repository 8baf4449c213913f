"""What a server offers."""

from __future__ import annotations

import dataclasses
from typing import Any

from socketgym.addresses import ServerAddress
from socketgym.errors import MalformedMessage
from socketgym.quoting import quoted
from socketgym.wire.connection import Connection

__all__ = ["EnvironmentListing", "list_environments"]


@dataclasses.dataclass(frozen=True)
class EnvironmentListing:
    """An environment that a server offers.

    Attributes:
        id: What `SocketGymClient` takes.
        host: Who runs it: `native`, `python` or `embedded`.
        interpreter: The server's name of the interpreter that hosts it; None for its default one,
            and for none.
        problem: Why it cannot be made, as far as the server knows without trying; None where
            nothing stands against it.
    """

    id: str
    host: str
    interpreter: str | None = None
    problem: str | None = None


def list_environments(
    address: str | None = None, *, timeout: float | None = None
) -> list[EnvironmentListing]:
    """Asks a server what it offers.

    Args:
        address: `tcp://host:port` or `unix:/path`; else the environment variable
            `SOCKETGYM_ADDRESS`, else port 65432 of this machine.
        timeout: The longest wait in seconds for the connection and for each reply; None for no
            limit.

    Returns:
        The environments, sorted by id.

    Raises:
        ConnectionFailed: The server could not be reached.
        SocketGymError: Anything else that keeps it from answering.
    """
    connection = Connection.open(ServerAddress.resolve(None, None, address), timeout)
    try:
        entries = connection.request("list")
    finally:
        connection.close()
    if type(entries) is not list:
        raise MalformedMessage(f"The server answered list with {quoted(entries)}.")
    return [_read(entry) for entry in entries]


def _read(entry: Any) -> EnvironmentListing:
    if type(entry) is dict:
        # A newer server may say more, an older one less.
        id, host, interpreter, problem = map(entry.get, ("id", "host", "interpreter", "problem"))
        optional = (str, type(None))
        if type(id) is str and type(host) is str:
            if type(interpreter) in optional and type(problem) in optional:
                return EnvironmentListing(id, host, interpreter, problem)
    raise MalformedMessage(
        f"The server's list of environments has {quoted(entry)} where a dict of texts with 'id' "
        "and 'host' belongs."
    )
