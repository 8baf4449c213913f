"""Numbers that say in MessagePack what it has no format for (docs/protocol.md, section 4)."""

from __future__ import annotations

import enum

__all__ = ["Extension", "Mark"]


class Extension(enum.IntEnum):
    """Extension types."""

    ARRAY = 1
    SCALAR = 2
    MARK = 3
    BIG_INTEGER = 4
    COMPLEX = 5
    BYTEARRAY = 6
    STRING = 7


class Mark(enum.IntEnum):
    """What the array that starts with the mark stands for."""

    TUPLE = 0
    SET = 1
    FROZENSET = 2
    ORDERED_DICT = 3
    GRAPH_INSTANCE = 4
    OBJECT_ARRAY = 5
    OPAQUE = 6
