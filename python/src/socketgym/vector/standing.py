"""The sessions of a vector, and what has become of them."""

from __future__ import annotations

import dataclasses
from typing import Any

from gymnasium import spaces
from gymnasium.vector import AutoresetMode

from socketgym.errors import ConnectionLost, ResetNeeded, SocketGymError
from socketgym.vector.batching import holds_arrays_only
from socketgym.vector.last import LastObservations, keep_last
from socketgym.wire.connection import Connection

__all__ = ["Shard", "Standing"]


@dataclasses.dataclass
class Shard:
    """One session: the environments from `start` on, up to `stop`.

    Attributes:
        connection: The session's connection.
        address: Its server's, for errors.
        start: The vector's index of its first environment.
        stop: The index after its last.
        last: Its last observations, where they are needed again: with several sessions, and where
            observations are handed out in the same arrays.
        over: Whose episodes are over, where the next step has to be refused for that; else None.
    """

    connection: Connection
    address: str
    start: int
    stop: int
    last: LastObservations | None = None
    over: Any = None


@dataclasses.dataclass
class Standing:
    """What has become of a vector.

    Attributes:
        shards: All its sessions.
        batch: The observations of all; None where their space has others than arrays, or where
            nobody needs them again.
        is_disabled: Whether no episode starts without a reset.
        lost: Why it cannot be used any more, or None.
        is_half_taken: Whether some servers may have taken a step that others have not.
    """

    shards: list[Shard]
    batch: Any = None
    is_disabled: bool = False
    lost: str | None = None
    is_half_taken: bool = False

    def keep_last(self, space: spaces.Space[Any], copy: bool, mode: AutoresetMode) -> None:
        """Keeps the last observations of each session, where they are needed again.

        Args:
            space: The space of one observation.
            copy: Whether observations are new in each step.
            mode: When an environment whose episode is over is reset.
        """
        several = len(self.shards) > 1
        self.is_disabled = several and mode is AutoresetMode.DISABLED
        if several or (not copy and holds_arrays_only(space)):
            bounds = [(shard.start, shard.stop) for shard in self.shards]
            self.batch, lasts = keep_last(space, bounds)
            for shard, last in zip(self.shards, lasts):
                shard.last = last

    def require_sessions(self) -> None:
        """Raises `ConnectionLost` where a session was lost."""
        if self.lost is not None:
            raise ConnectionLost(self.lost)

    def require_whole(self) -> None:
        """Raises `ConnectionLost` or, where not all environments took a step, `ResetNeeded`."""
        self.require_sessions()
        if self.is_half_taken:
            raise ResetNeeded(
                "An error of one server's environments ended the last step or reset, which others "
                "may have taken; reset them all."
            )

    def lose(self, shard: Shard, error: BaseException) -> None:
        """Ends every session, because one is lost; names its server in the error."""
        reason = f"A {type(error).__name__} came while a reply was due."
        if isinstance(error, SocketGymError):
            reason = error.message
            error.message = f"The server at {shard.address} is lost to this vector: {reason}"
            error.args = (error.message,)
        self.lost = (
            f"The connection to {shard.address} ended: {reason} The other "
            "connections of the vector were closed with it; make a new vector."
        )
        for other in self.shards:
            other.connection.close()
