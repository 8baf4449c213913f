"""What a peer can make grow, and how far (docs/protocol.md, sections 1 and 3)."""

from __future__ import annotations

import dataclasses

__all__ = ["Limits"]


@dataclasses.dataclass(frozen=True)
class Limits:
    """Limits on what is received, and on what is sent.

    Attributes:
        max_frame_bytes: The longest payload, in bytes.
        max_depth: The deepest nesting; each container counts one.
        max_values: The most values in one message; each key, item and container counts one.
    """

    max_frame_bytes: int = 256 * 1024 * 1024
    max_depth: int = 64
    max_values: int = 1024 * 1024
