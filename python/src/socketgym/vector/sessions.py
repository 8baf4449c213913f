"""Making a vector's sessions: on one server or several, of one kind."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from typing import Any

from gymnasium import spaces
from gymnasium.vector import AutoresetMode

from socketgym.addresses import ServerAddress
from socketgym.errors import InvalidArgument, MalformedMessage, SocketGymError
from socketgym.making import make_remote
from socketgym.specs import RemoteSpec, metadata_here, render_mode_of
from socketgym.vector.shards import ShardGroup
from socketgym.vector.standing import Shard, Standing
from socketgym.wire.connection import Connection
from socketgym.wire.spaces import space_from_wire

__all__ = [
    "VectorDescription",
    "connect",
    "end_sessions",
    "make_groups",
    "make_sessions",
    "portions",
    "resolve_addresses",
]

Opened = tuple[Connection, ServerAddress, int]


@dataclasses.dataclass
class VectorDescription:
    """What a server says of the environments that it made.

    Attributes:
        observation_space: The space of one observation.
        action_space: The space of one action.
        metadata: One environment's.
        render_mode: The mode, or None.
        spec: How one environment was made, or None.
    """

    observation_space: spaces.Space[Any]
    action_space: spaces.Space[Any]
    metadata: dict[str, Any]
    render_mode: str | None
    spec: RemoteSpec | None

    @classmethod
    def read(cls, made: dict[str, Any]) -> VectorDescription:
        """Takes a description off the wire.

        Args:
            made: The result of `make_vec`.

        Raises:
            MalformedMessage: It is not one.
        """
        try:
            spec = made["spec"]
            return cls(
                space_from_wire(made["single_observation_space"]),
                space_from_wire(made["single_action_space"]),
                metadata_here(made["metadata"]),
                render_mode_of(made),
                None if spec is None else RemoteSpec.read(spec),
            )
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, SocketGymError):
                raise
            raise MalformedMessage(f"The server's description of the vector: {error!r}") from error


def resolve_addresses(
    host: str | None, port: int | None, address: str | Sequence[str] | None
) -> list[ServerAddress]:
    """Finds the servers that a caller means.

    Args:
        host: As for `SocketGymClient`.
        port: As for `SocketGymClient`.
        address: One address or several, or None.

    Returns:
        At least one address.

    Raises:
        InvalidArgument: There is none in the list, or one is no address.
    """
    if address is None or isinstance(address, str):
        return [ServerAddress.resolve(host, port, address)]
    addresses = [ServerAddress.resolve(host, port, each) for each in address]
    if not addresses:
        raise InvalidArgument("The list of addresses is empty; leave it out for the default.")
    return addresses


def portions(count: int, parts: int) -> list[int]:
    """Divides a number as evenly as can be, the larger portions first; none is 0.

    Args:
        count: The number.
        parts: Of how many portions, at most.
    """
    parts = min(count, parts)
    return [count // parts + (index < count % parts) for index in range(parts)]


def connect(
    servers: list[ServerAddress],
    sizes: list[int],
    timeout: float | None,
    connect_timeout: float | None,
    shared_memory: bool | None,
    compression: bool,
) -> list[Opened]:
    """Opens the connections of a vector.

    Args:
        servers: The servers.
        sizes: How many environments each group has, which is spread over all of them. The groups'
            remainders are spread, too: each group begins with the server after the last one's.
        timeout: As for `Connection.open`.
        connect_timeout: As for `Connection.open`.
        shared_memory: As for `Connection.open`.
        compression: As for `Connection.open`.

    Returns:
        Connections, their addresses, and how many environments each is to have.

    Raises:
        ConnectionFailed: A server could not be reached. None is open then.
    """
    opened: list[Opened] = []
    spread = 0
    try:
        for size in sizes:
            start = spread % len(servers)
            spread += size
            turned = servers[start:] + servers[:start]
            for server, count in zip(turned, portions(size, len(servers))):
                opened.append(
                    (
                        Connection.open(
                            server,
                            timeout,
                            connect_timeout,
                            shared_memory=shared_memory,
                            compression=compression,
                        ),
                        server,
                        count,
                    )
                )
    except BaseException:
        for connection, _, _ in opened:
            connection.close()
        raise
    return opened


def make_sessions(
    opened: list[Opened],
    env_id: str,
    kwargs: dict[str, Any],
    options: dict[str, Any],
    max_episode_steps: int | None,
) -> tuple[list[Shard], VectorDescription]:
    """Makes the environments of a vector.

    Args:
        opened: What `connect` returned.
        env_id: The server's id.
        kwargs: Keyword arguments of `gymnasium.make` on the servers.
        options: Options of `make_vec`.
        max_episode_steps: The limit; -1 for none, None for the server's.

    Returns:
        The sessions, and the description that is true of them all.

    Raises:
        InvalidArgument: The servers' environments have different spaces or render modes, or the
            limit cannot be had.
        SocketGymError: Anything else that keeps the environments from being made.
    """
    first, _, count = opened[0]

    def request(given: dict[str, Any]) -> Any:
        return first.request("make_vec", env_id, given, count, options)

    made, kwargs = _make_first(request, kwargs, max_episode_steps)
    description = VectorDescription.read(made)
    for connection, _, count in opened[1:]:
        connection.begin(connection.prepare("make_vec", env_id, kwargs, count, options), "make_vec")
    for connection, address, _ in opened[1:]:
        other = VectorDescription.read(connection.end())
        if (other.observation_space, other.action_space, other.render_mode) != (
            description.observation_space,
            description.action_space,
            description.render_mode,
        ):
            raise InvalidArgument(
                f"{address} makes {env_id!r} with {other.observation_space}, {other.action_space} "
                f"and the render mode {other.render_mode!r}, {opened[0][1]} with "
                f"{description.observation_space}, {description.action_space} and "
                f"{description.render_mode!r}; a vector needs environments of one kind."
            )
    shards, start = [], 0
    for connection, address, count in opened:
        shards.append(Shard(connection, str(address), start, start + count))
        start += count
    return shards, description


def make_groups(
    shards: list[Shard],
    sizes: list[int],
    made: VectorDescription,
    copy: bool,
    mode: AutoresetMode,
) -> tuple[Standing, ShardGroup, list[ShardGroup]]:
    """Takes a vector's sessions together.

    Args:
        shards: All sessions.
        sizes: How many environments each group has.
        made: What is true of them all.
        copy: Whether observations are new in each step.
        mode: When an environment whose episode is over is reset.

    Returns:
        What becomes of the vector, all sessions as one group, and the groups.
    """
    standing = Standing(shards)
    standing.keep_last(made.observation_space, copy, mode)

    def group(members: list[Shard]) -> ShardGroup:
        return ShardGroup(members, standing, made.observation_space, made.action_space, copy)

    whole = group(shards)
    if len(sizes) == 1:
        return standing, whole, [whole]
    groups, start = [], 0
    for size in sizes:
        stop = start + size
        groups.append(group([shard for shard in shards if start <= shard.start < stop]))
        start = stop
    return standing, whole, groups


def end_sessions(connections: list[Connection]) -> None:
    """Closes the environments of all connections at once, and these.

    Args:
        connections: The connections; those on which a reply is due are closed without a request.

    Raises:
        SocketGymError: An environment raised an exception while it closed.
    """
    failure: SocketGymError | None = None
    asked = []
    try:
        for connection in connections:
            if connection.is_open and not connection.is_busy:
                with contextlib.suppress(SocketGymError):
                    connection.begin(connection.prepare("close"), "close")
                    asked.append(connection)
        for connection in asked:
            try:
                connection.end()
            except SocketGymError as error:
                failure = failure or (None if error.ends_connection else error)
    finally:
        for connection in connections:
            connection.close()
    if failure is not None:
        raise failure


def _make_first(request: Any, kwargs: dict[str, Any], limit: int | None) -> Any:
    if limit is None or limit == -1:
        return make_remote(request, kwargs, time_limit=limit is None)
    try:
        return make_remote(request, {**kwargs, "max_episode_steps": limit}, time_limit=True)
    except InvalidArgument:
        # The server's configuration fixes the limit, or the environment's gym has none to set. A
        # shorter one than was asked for holds in any case, as in a single environment.
        with contextlib.suppress(SocketGymError):
            made, given = make_remote(request, kwargs, time_limit=True)
            spec = VectorDescription.read(made).spec
            fixed = None if spec is None else spec.max_episode_steps
            if fixed is not None and fixed <= limit:
                return made, given
        raise
