"""NumPy dtypes to and from their form on the wire (docs/protocol.md, section 3)."""

from __future__ import annotations

import functools
import math
import re
from typing import Any

import numpy as np

from socketgym.errors import (
    MalformedMessage,
    NestingTooDeep,
    ShapeMismatch,
    UnsupportedValue,
)
from socketgym.quoting import quoted

__all__ = ["check_shape", "dtype_from_wire", "dtype_to_wire"]

# Everything that may name a dtype. In particular '|O' may not, and neither may aliases such as
# 'float'.
_TYPE_STRING = re.compile(
    r"""[|](?: [biu]1 | [SV](?:0|[1-9]\d*) )
      | [<>](?: [iu][248] | f(?:2|4|8|16) | c(?:8|16|32) | U(?:0|[1-9]\d*)
              | [Mm]8(?:\[\d{0,9}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])? )""",
    re.VERBOSE | re.ASCII,
)
_MAX_DEPTH = 64
_MAX_ITEM_BYTES = 2**31 - 1
_MAX_DIMENSIONS = 64
_MAX_DIMENSION = 2**31 - 1
_MAX_BYTES = 2**63 - 1


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
        ShapeMismatch: A field has a dimension out of range, or the item is too large.
        NestingTooDeep: Structured dtypes are nested too deeply.
    """
    if type(description) is str:
        return _plain(description)
    if type(description) is list:
        return _structured(description, 0)
    raise MalformedMessage(f"{quoted(description)} does not describe a dtype.")


@functools.lru_cache(maxsize=256)
def _plain(text: str) -> np.dtype[Any]:
    if not _TYPE_STRING.fullmatch(text):
        raise MalformedMessage(f"{quoted(text)} is not a type string of plain data, such as '<f4'.")
    try:
        dtype = np.dtype(text)
    except (TypeError, ValueError) as error:
        raise MalformedMessage(f"NumPy has no dtype {quoted(text)} here: {error}") from None
    if dtype.str != text:  # NumPy lets the size of an item overflow.
        raise MalformedMessage(f"The items of dtype {quoted(text)} are too large.")
    return dtype


def _structured(description: list[Any], depth: int) -> np.dtype[Any]:
    if depth >= _MAX_DEPTH:
        raise NestingTooDeep(f"A structured dtype is nested more than {_MAX_DEPTH} deep.")
    if not description:
        raise MalformedMessage("A structured dtype has at least one field.")
    names, formats, offsets = [], [], []
    size = 0
    for field in description:
        name, base, shape = _field_parts(field)
        kind = _plain(base) if type(base) is str else _structured(base, depth + 1)
        field_bytes = check_shape(shape, kind.itemsize)
        if size + field_bytes > _MAX_ITEM_BYTES:
            raise ShapeMismatch(f"The items of {quoted(description)} are larger than 2 GiB.")
        try:
            kind = np.dtype((kind, tuple(shape))) if shape else kind
        except (TypeError, ValueError) as error:
            raise ShapeMismatch(f"NumPy has no field {quoted(field)}: {error}") from None
        if name:
            names.append(name)
            formats.append(kind)
            offsets.append(size)
        elif kind.kind != "V" or kind.fields is not None:
            raise MalformedMessage(f"The field {quoted(field)} has no name and is not padding.")
        size += field_bytes
    try:
        return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})
    except (TypeError, ValueError, OverflowError) as error:
        raise MalformedMessage(
            f"{quoted(description)} does not describe a dtype: {error}"
        ) from None


def _field_parts(field: Any) -> tuple[str, Any, list[int]]:
    if type(field) is list and len(field) in (2, 3):
        name, base, *rest = field
        shape = rest[0] if rest else []
        if type(name) is str and type(base) in (str, list) and type(shape) is list:
            return name, base, shape
    raise MalformedMessage(
        f"{quoted(field)} is not a field, [name, dtype] or [name, dtype, shape]."
    )


def check_shape(shape: list[Any], item_bytes: int) -> int:
    """Checks a shape that a peer sent.

    Args:
        shape: What should be dimensions.
        item_bytes: The size of an item.

    Returns:
        The bytes that an array of that shape has.

    Raises:
        MalformedMessage: A dimension is not an int.
        ShapeMismatch: There are too many dimensions, one is out of range, or their product is.
    """
    if any(type(dim) is not int for dim in shape):
        raise MalformedMessage(f"{quoted(shape)} is not a shape.")
    in_range = len(shape) <= _MAX_DIMENSIONS and all(0 <= dim <= _MAX_DIMENSION for dim in shape)
    # Without the zeros, because NumPy multiplies that way too.
    if not in_range or math.prod(filter(None, shape)) * (item_bytes or 1) > _MAX_BYTES:
        raise ShapeMismatch(
            f"The shape {quoted(shape)} has more than {_MAX_DIMENSIONS} dimensions, one that is "
            "out of range, or too great a product."
        )
    return math.prod(shape) * item_bytes


def _offset_of(item: tuple[str, Any]) -> int:
    return item[1][1]
