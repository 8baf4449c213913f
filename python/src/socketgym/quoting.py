"""Values in the messages of errors."""

from __future__ import annotations

import reprlib
from typing import Any

__all__ = ["quoted"]

_MOST = 200


class _Quoting(reprlib.Repr):
    """Looks at the start of a value only, which may be as large as a message."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 4
        self.maxtuple = self.maxlist = self.maxdict = self.maxset = self.maxfrozenset = 20
        self.maxdeque = self.maxarray = 20
        self.maxstring = self.maxlong = self.maxother = _MOST

    def repr_bytes(self, value: Any, level: int) -> str:
        return repr(value[:_MOST])

    repr_bytearray = repr_bytes


_QUOTING = _Quoting()


def quoted(value: Any, most: int = 100) -> str:
    """A value's `repr`, or its start, for the message of an error.

    Args:
        value: Any value, also one whose own `repr` fails, or an int of more digits than Python writes.
        most: The most characters, up to 200.

    Returns:
        The text.
    """
    try:
        return _QUOTING.repr(value)[:most]
    except Exception:  # A message must not fail in place of what it is about.
        return f"<{type(value).__name__}>"
