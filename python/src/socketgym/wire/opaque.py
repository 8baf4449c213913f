"""What stands in an `info` for a value that cannot travel."""

from __future__ import annotations

import dataclasses
import warnings

__all__ = ["Opaque"]

_MAX_WARNED = 1000
_warned: set[str] = set()


@dataclasses.dataclass(frozen=True)
class Opaque:
    """A value of the environment's `info` that has no encoding, such as a function or an open file.

    Attributes:
        type_name: The qualified name of the value's type.
        repr: The value's `repr`, shortened by the server.
    """

    type_name: str
    repr: str


def warn_once(type_name: str) -> None:
    """Warns that values of a type arrive as `Opaque`, the first time that the type is seen.

    Args:
        type_name: The qualified name of the type.
    """
    # The set is bounded, because a server chooses the names.
    if type_name in _warned or len(_warned) >= _MAX_WARNED:
        return
    _warned.add(type_name)
    warnings.warn(
        f"The environment's info holds a {type_name!r}, which cannot travel; "
        "an Opaque with its repr stands for it.",
        stacklevel=2,
    )
