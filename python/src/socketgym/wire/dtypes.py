"""NumPy dtypes to and from their form on the wire (docs/protocol.md, section 3)."""

from __future__ import annotations

import functools
import re
from typing import Any

import numpy as np

from socketgym.errors import MalformedMessage, UnsupportedValue

__all__ = ["dtype_from_wire", "dtype_to_wire"]

# Everything that may name a dtype. In particular '|O' may not, and neither may aliases such as 'float'.
_TYPE_STRING = re.compile(
    r"""[|](?: [biu]1 | [SV](?:0|[1-9]\d*) )
      | [<>](?: [iu][248] | f(?:2|4|8|16) | c(?:8|16|32) | U(?:0|[1-9]\d*)
              | [Mm]8(?:\[\d{0,9}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])? )""",
    re.VERBOSE | re.ASCII,
)
_MAX_FIELDS = 4096
_MAX_DEPTH = 16


def dtype_to_wire(dtype: np.dtype[Any]) -> str | list[Any]:
    """Describes a dtype.

    Args:
        dtype: The dtype of an array or scalar.

    Returns:
        A type string, or for a structured dtype its list of fields in memory order.

    Raises:
        UnsupportedValue: The dtype holds objects, or its fields overlap, have titles, or are none.
    """
    if dtype.fields is None:
        text = dtype.str
        if _TYPE_STRING.fullmatch(text) and dtype.names is None:
            return text
        raise UnsupportedValue(f"An array of dtype {dtype!r} has no encoding.")
    fields: list[Any] = []
    position = 0
    for name, (kind, offset, *title) in sorted(dtype.fields.items(), key=_offset_of):
        if title:
            raise UnsupportedValue(f"The dtype {dtype!r} has titles, which have no encoding.")
        if offset < position:
            raise UnsupportedValue(f"The dtype {dtype!r} has fields that overlap.")
        if offset > position:
            fields.append(["", f"|V{offset - position}"])
        field = [name, dtype_to_wire(kind.base)]
        if kind.shape:
            field.append(list(kind.shape))
        fields.append(field)
        position = offset + kind.itemsize
    if position < dtype.itemsize:
        fields.append(["", f"|V{dtype.itemsize - position}"])
    return fields


def dtype_from_wire(description: Any) -> np.dtype[Any]:
    """Makes the dtype that a peer described.

    Args:
        description: What `dtype_to_wire` returns.

    Returns:
        The dtype; it never holds objects.

    Raises:
        MalformedMessage: The description is not one of plain data.
    """
    if type(description) is str:
        return _plain(description)
    if type(description) is list:
        return _structured(description, 0)
    raise MalformedMessage(f"{description!r:.100} does not describe a dtype.")


@functools.lru_cache(maxsize=256)
def _plain(text: str) -> np.dtype[Any]:
    if not _TYPE_STRING.fullmatch(text):
        raise MalformedMessage(f"{text!r:.100} is not a type string of plain data, such as '<f4'.")
    try:
        return np.dtype(text)
    except (TypeError, ValueError) as error:
        raise MalformedMessage(f"NumPy has no dtype {text!r:.100} here: {error}") from None


def _structured(description: list[Any], depth: int) -> np.dtype[Any]:
    if depth >= _MAX_DEPTH or not 0 < len(description) <= _MAX_FIELDS:
        raise MalformedMessage(
            f"A structured dtype needs 1 to {_MAX_FIELDS} fields, nested at most {_MAX_DEPTH} deep."
        )
    names, formats, offsets = [], [], []
    size = 0
    for field in description:
        name, base, shape = _field_parts(field)
        kind = _plain(base) if type(base) is str else _structured(base, depth + 1)
        try:
            kind = np.dtype((kind, tuple(shape))) if shape else kind
        except (TypeError, ValueError) as error:
            raise MalformedMessage(f"The field {field!r:.100} is too large: {error}") from None
        if name:
            names.append(name)
            formats.append(kind)
            offsets.append(size)
        elif kind.kind != "V" or kind.fields is not None:
            raise MalformedMessage(f"The field {field!r:.100} has no name and is not padding.")
        size += kind.itemsize
    try:
        return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})
    except (TypeError, ValueError, OverflowError) as error:
        raise MalformedMessage(f"{description!r:.100} does not describe a dtype: {error}") from None


def _field_parts(field: Any) -> tuple[str, Any, list[int]]:
    if type(field) is list and len(field) in (2, 3):
        name, base, *rest = field
        shape = rest[0] if rest else []
        dims_fit = type(shape) is list and all(type(d) is int and d >= 0 for d in shape)
        if type(name) is str and type(base) in (str, list) and dims_fit:
            return name, base, shape
    raise MalformedMessage(f"{field!r:.100} is not a field, [name, dtype] or [name, dtype, shape].")


def _offset_of(item: tuple[str, Any]) -> int:
    return item[1][1]
