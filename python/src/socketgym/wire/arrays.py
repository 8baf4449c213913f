"""NumPy arrays and scalars as MessagePack extensions (docs/protocol.md, section 4)."""

from __future__ import annotations

import functools
from typing import Any

import msgpack
import numpy as np

from socketgym.errors import MalformedMessage, ShapeMismatch, UnsupportedValue
from socketgym.quoting import quoted
from socketgym.wire.dtypes import check_shape, dtype_from_wire, dtype_to_wire

__all__ = ["array_header", "read_array", "read_header", "read_scalar", "write_array"]

_LENGTH_BYTES = 2
_MAX_HEADER_BYTES = 2**16 - 1
_BYTE = np.uint8(0)


def write_array(array: np.ndarray[Any, Any] | np.generic) -> bytes:
    """Encodes an array or a scalar.

    Args:
        array: Any layout in memory; its dtype must not hold objects.

    Returns:
        The extension's bytes: header length, header, data in C order.

    Raises:
        UnsupportedValue: The dtype has no encoding.
    """
    # NumPy gives out a character for an empty text scalar, whose dtype has none.
    data = array.tobytes() if array.dtype.itemsize else b""
    return array_header(array.dtype, array.shape) + data


def array_header(dtype: np.dtype[Any], shape: tuple[int, ...]) -> bytes:
    """The bytes before an array's data: header length and header.

    Args:
        dtype: The array's dtype.
        shape: The array's shape.

    Returns:
        The bytes.

    Raises:
        UnsupportedValue: The dtype has no encoding.
    """
    if dtype.fields is None:
        return _plain_header(dtype, shape)
    return _pack_header(dtype, shape)


@functools.lru_cache(maxsize=256)
def _plain_header(dtype: np.dtype[Any], shape: tuple[int, ...]) -> bytes:
    return _pack_header(dtype, shape)


def _pack_header(dtype: np.dtype[Any], shape: tuple[int, ...]) -> bytes:
    try:
        check_shape(list(shape), dtype.itemsize)
    except ShapeMismatch as error:
        raise UnsupportedValue(f"The array has no encoding. {error}") from None
    header = msgpack.packb([dtype_to_wire(dtype), list(shape)])
    if len(header) > _MAX_HEADER_BYTES:
        raise UnsupportedValue(f"The dtype {quoted(dtype)} has too many fields to be encoded.")
    return len(header).to_bytes(_LENGTH_BYTES, "big") + header


def read_array(data: bytes) -> np.ndarray[Any, Any]:
    """Decodes an array.

    Args:
        data: The extension's bytes.

    Returns:
        A new array that owns its memory: writable, aligned, in C order.

    Raises:
        MalformedMessage: The header is not one.
        ShapeMismatch: dtype, shape and byte count do not fit each other.
    """
    dtype, shape, start = read_header(data)
    array: np.ndarray[Any, Any] = np.ndarray(shape, dtype)
    if array.nbytes:
        # As bytes, so that padding in structured items arrives as it was sent.
        array.reshape(-1).view(np.uint8)[:] = np.frombuffer(data, np.uint8, offset=start)
    return array


def read_scalar(data: bytes) -> np.generic:
    """Decodes a NumPy scalar.

    Args:
        data: The extension's bytes.

    Returns:
        The scalar, of its own NumPy type.

    Raises:
        MalformedMessage: The header is not one.
        ShapeMismatch: The shape is not `[]`, or dtype and byte count do not fit each other.
    """
    dtype, shape, start = read_header(data)
    if shape:
        raise ShapeMismatch(f"A scalar has the shape [], not {list(shape)}.")
    item = data[start:]
    # NumPy strips zeros from the end of a string that it takes out of an array; a scalar keeps
    # them.
    if dtype.kind == "S":
        return np.bytes_(item)
    if dtype.kind == "U":
        order = "utf-32-be" if dtype.byteorder == ">" else "utf-32-le"
        try:
            return np.str_(item.decode(order, "surrogatepass"))
        except UnicodeDecodeError as error:
            raise MalformedMessage(f"A NumPy string is not UTF-32: {error}") from None
    if dtype.kind == "V" and dtype.fields is None:
        return np.void(item)
    scalar: Any = read_array(data)
    return scalar[()]


def read_header(data: bytes) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """Reads and checks the header of an array or a scalar.

    Args:
        data: The extension's bytes.

    Returns:
        dtype, shape, and where the data starts. The data have exactly the bytes that dtype and
        shape ask for.

    Raises:
        MalformedMessage: The header is not one.
        ShapeMismatch: dtype, shape and byte count do not fit each other.
    """
    start = _LENGTH_BYTES + int.from_bytes(data[:_LENGTH_BYTES], "big")
    if len(data) < _LENGTH_BYTES or start > len(data):
        raise MalformedMessage(f"An array's header does not fit its {len(data)} bytes.")
    dtype, shape, expected = _parse_header(data[_LENGTH_BYTES:start])
    if expected != len(data) - start:
        raise ShapeMismatch(
            f"An array of shape {shape} and dtype {dtype} has {expected} bytes of data; "
            f"{len(data) - start} came."
        )
    return dtype, shape, start


@functools.lru_cache(maxsize=256)
def _parse_header(header: bytes) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    try:
        parts = msgpack.unpackb(header)
    except Exception as error:  # The package raises its own, ValueError and UnicodeDecodeError.
        raise MalformedMessage(f"An array's header is not MessagePack: {error}") from None
    if type(parts) is not list or len(parts) != 2 or type(parts[1]) is not list:
        raise MalformedMessage(f"{quoted(parts)} is not an array's header, [dtype, shape].")
    dtype = dtype_from_wire(parts[0])
    size = check_shape(parts[1], dtype.itemsize)
    shape = tuple(parts[1])
    try:
        # NumPy has fewer dimensions than the protocol in some versions. This asks without allocating
        # an item, which may be announced as one of 2 GiB.
        np.broadcast_to(_BYTE, shape)
    except ValueError as error:
        raise ShapeMismatch(f"NumPy has no arrays of shape {shape}: {error}") from None
    return dtype, shape, size
