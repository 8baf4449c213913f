"""Numbers that say in MessagePack what it has no format for (docs/protocol.md, section 4)."""

from __future__ import annotations

import enum
import re
from typing import Any

from gymnasium.spaces import GraphInstance

__all__ = [
    "ID_OFFSET",
    "MAX_INTEGER_BYTES",
    "SURROGATE_PAIR",
    "Extension",
    "Mark",
    "extension_head",
    "holds_graph",
]

# Where a message's id starts in its frame: behind the length (4 bytes), 94, 00 or 01, ce.
ID_OFFSET = 7
MAX_INTEGER_BYTES = 64 * 1024
# UTF-16 has one character for these two, so a text with both cannot travel.
SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


_FIXED_EXTENSIONS = {1: 0xD4, 2: 0xD5, 4: 0xD6, 8: 0xD7, 16: 0xD8}


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


def extension_head(kind: Extension, size: int) -> bytes:
    """What stands before the bytes of an extension, in its shortest form.

    Args:
        kind: Its type.
        size: How many bytes it has, fewer than 2^32.

    Returns:
        The bytes.
    """
    if size in _FIXED_EXTENSIONS:
        return bytes([_FIXED_EXTENSIONS[size], kind])
    width, code = (1, 0xC7) if size < 1 << 8 else (2, 0xC8) if size < 1 << 16 else (4, 0xC9)
    return bytes([code, *size.to_bytes(width, "big"), kind])


def holds_graph(key: Any) -> bool:
    """Whether a key of a dict, or an item of a set, is a graph or has one in it.

    Of the kinds that may not be keys, that is the one that Python itself sometimes takes.

    Args:
        key: A hashable value.

    Returns:
        Whether it may not be a key.
    """
    if type(key) is GraphInstance:
        return True
    return type(key) in (tuple, frozenset) and any(holds_graph(item) for item in key)
