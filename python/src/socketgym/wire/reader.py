"""MessagePack to values (docs/protocol.md, section 4)."""

from __future__ import annotations

import collections
import itertools
import struct
from collections.abc import Callable, Iterable
from typing import Any

import msgpack
import numpy as np
from gymnasium.spaces import GraphInstance

from socketgym.errors import (
    MalformedMessage,
    NestingTooDeep,
    ShapeMismatch,
    SocketGymError,
    TooManyValues,
)
from socketgym.quoting import quoted
from socketgym.wire.arrays import read_array, read_scalar
from socketgym.wire.dtypes import check_shape
from socketgym.wire.kinds import MAX_INTEGER_BYTES, SURROGATE_PAIR, Extension, Mark, holds_graph
from socketgym.wire.limits import Limits
from socketgym.wire.opaque import Opaque, warn_once

__all__ = ["ValueReader"]

# How MessagePack's own timestamps begin. The package makes objects of them without asking a hook.
_TIMESTAMPS = (b"\xd6\xff", b"\xd7\xff", b"\xc7\x0c\xff")


class ValueReader:
    """Reads MessagePack messages. Not thread-safe.

    The `msgpack` package does the parsing and calls back for extensions, lists and maps when they
    are complete, the innermost first. What it cannot know is kept here: how many values there were,
    and whether each mark stood first in its array.
    """

    def __init__(self, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._max_depth = limits.max_depth
        self._max_values = limits.max_values
        self._values = 0
        self._containers = 0
        self._loose_marks = 0

    def decode_response(self, data: bytes | bytearray, start: int = 0) -> Any:
        """Decodes a whole response; depth and values are counted within its result or error.

        Args:
            data: The message, with nothing after it.
            start: Where in the data it starts.

        Returns:
            What should be a list of four.

        Raises:
            SocketGymError: As `decode` does.
        """
        self._max_depth = self._limits.max_depth + 1
        self._max_values = self._limits.max_values + 4
        try:
            return self.decode(data, start)
        finally:
            self._max_depth, self._max_values = self._limits.max_depth, self._limits.max_values

    def decode(self, data: bytes | bytearray, start: int = 0) -> Any:
        """Decodes one message.

        Args:
            data: The message, with nothing after it.
            start: Where in the data it starts.

        Returns:
            The value. Its arrays are new, and own their memory.

        Raises:
            MalformedMessage: It is not a message of the protocol.
            NestingTooDeep: It is nested deeper than the limit.
            TooManyValues: It has more values than the limit.
            ShapeMismatch: An array's dtype, shape and byte count do not fit each other.
        """
        self._values = 1
        self._containers = self._loose_marks = 0
        payload = memoryview(data)[start:]
        max_length = min(len(payload), self._max_values)
        try:
            value = msgpack.unpackb(
                payload,
                strict_map_key=False,
                ext_hook=self._on_extension,
                list_hook=self._on_list,
                object_pairs_hook=self._on_map,
                max_array_len=max_length,
                max_map_len=max_length,
            )
        except SocketGymError:
            raise
        except msgpack.StackError:
            raise NestingTooDeep(
                f"The message is nested more than {self._limits.max_depth} deep."
            ) from None
        except Exception as error:  # Its own, and TypeError for a key that cannot be one.
            if len(payload) > max_length and "exceeds max_" in str(error):
                raise TooManyValues(f"The message has more than {max_length} values.") from None
            raise MalformedMessage(
                f"The payload of {len(payload)} bytes is not one MessagePack message: "
                f"{error or type(error).__name__}"
            ) from None
        if self._loose_marks:
            raise MalformedMessage("A mark stands elsewhere than first in an array.")
        # Only this many containers can be nested too deeply, so most messages need no second walk.
        if self._containers > self._max_depth or any(data.find(t, start) >= 0 for t in _TIMESTAMPS):
            self._inspect(value)
        return value

    def _on_extension(self, code: int, data: bytes) -> Any:
        read = _EXTENSIONS.get(code)
        if read is None:
            raise MalformedMessage(f"The extension type {code} is not one of the protocol's.")
        if code == Extension.MARK:
            self._loose_marks += 1
        return read(data)

    def _on_list(self, items: list[Any]) -> Any:
        if not items or type(items[0]) is not Mark:
            self._count(len(items))
            return items
        self._loose_marks -= 1
        if items[0] is Mark.OPAQUE:
            self._count(0)
        elif items[0] is Mark.OBJECT_ARRAY:
            # Its shape was counted as a list of its own.
            self._count(len(items) - 2 - (len(items[1]) if type(items[1]) is list else 0))
        else:
            self._count(len(items) - 1)
        return _MARKED[items[0]](items)

    def _on_map(self, entries: list[tuple[Any, Any]]) -> dict[Any, Any]:
        self._count(2 * len(entries))
        return _check_keys(dict(entries))

    def _count(self, values: int) -> None:
        self._containers += 1
        self._values += values
        if self._values > self._max_values:
            raise TooManyValues(f"The message has more than {self._limits.max_values} values.")

    def _inspect(self, root: Any) -> None:
        """Measures depth, and looks for what the package made without asking."""
        level: list[Any] = [root]
        for _ in range(self._max_depth):
            level = [item for value in level for item in _items_of(value)]
        if any(_is_container(value) for value in level):
            raise NestingTooDeep(f"The message is nested more than {self._limits.max_depth} deep.")
        for value in level:
            _items_of(value)


def _is_container(value: Any) -> bool:
    return isinstance(value, (list, dict, tuple, set, frozenset, Opaque)) or _is_object_array(value)


def _is_object_array(value: Any) -> bool:
    return type(value) is np.ndarray and value.dtype == object


def _items_of(value: Any) -> Iterable[Any]:
    if type(value) is msgpack.Timestamp:
        raise MalformedMessage("The extension type -1 is not one of the protocol's.")
    if isinstance(value, dict):
        return itertools.chain(value.keys(), value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return value
    return value.flat if _is_object_array(value) else ()


def _read_mark(data: bytes) -> Mark:
    try:
        (number,) = data
        return Mark(number)
    except ValueError:
        raise MalformedMessage(f"{data[:20].hex()} is not a mark.") from None


def _read_big_integer(data: bytes) -> int:
    if not 0 < len(data) <= MAX_INTEGER_BYTES:
        raise MalformedMessage(f"An integer has 1 to {MAX_INTEGER_BYTES} bytes, not {len(data)}.")
    return int.from_bytes(data, "little", signed=True)


def _read_complex(data: bytes) -> complex:
    if len(data) != 16:
        raise MalformedMessage(f"A complex number has 16 bytes, not {len(data)}.")
    return complex(*struct.unpack("<dd", data))


def _read_string(data: bytes) -> str:
    text = data.decode("utf-8", "surrogatepass")
    if SURROGATE_PAIR.search(text):
        raise MalformedMessage("A text has a high and a low surrogate in a row.")
    return text


_EXTENSIONS: dict[int, Callable[[bytes], Any]] = {
    Extension.ARRAY: read_array,
    Extension.SCALAR: read_scalar,
    Extension.MARK: _read_mark,
    Extension.BIG_INTEGER: _read_big_integer,
    Extension.COMPLEX: _read_complex,
    Extension.BYTEARRAY: bytearray,
    Extension.STRING: _read_string,
}


def _check_keys(container: Any) -> Any:
    for key in container:
        if type(key) is not str and holds_graph(key):
            raise MalformedMessage("A GraphInstance is a dict's key or in a set.")
    return container


def _make_ordered_dict(items: list[Any]) -> collections.OrderedDict[Any, Any]:
    if len(items) % 2 == 0:
        raise MalformedMessage("An OrderedDict's last key has no value.")
    return _check_keys(collections.OrderedDict(zip(items[1::2], items[2::2])))


def _make_graph(items: list[Any]) -> GraphInstance:
    if len(items) != 4:
        raise MalformedMessage(f"A GraphInstance has 3 parts, not {len(items) - 1}.")
    return GraphInstance(*items[1:])


def _make_object_array(items: list[Any]) -> np.ndarray[Any, Any]:
    shape = items[1] if len(items) > 1 else None
    if type(shape) is not list:
        raise MalformedMessage(f"{quoted(shape)} is not the shape of an object array.")
    if check_shape(shape, 1) != len(items) - 2:
        raise MalformedMessage(
            f"An object array of shape {tuple(shape)} came with {len(items) - 2} items."
        )
    try:
        array = np.empty(shape, object)
    except ValueError as error:
        raise ShapeMismatch(f"NumPy has no arrays of shape {tuple(shape)}: {error}") from None
    flat = array.reshape(-1)
    for index in range(len(items) - 2):
        flat[index] = items[index + 2]
    return array


def _make_opaque(items: list[Any]) -> Opaque:
    if len(items) != 3 or type(items[1]) is not str or type(items[2]) is not str:
        raise MalformedMessage("An Opaque is a type's name and a repr.")
    warn_once(items[1])
    return Opaque(items[1], items[2])


_MARKED: dict[Mark, Callable[[list[Any]], Any]] = {
    Mark.TUPLE: lambda items: tuple(items[1:]),
    Mark.SET: lambda items: _check_keys(set(items[1:])),
    Mark.FROZENSET: lambda items: _check_keys(frozenset(items[1:])),
    Mark.ORDERED_DICT: _make_ordered_dict,
    Mark.GRAPH_INSTANCE: _make_graph,
    Mark.OBJECT_ARRAY: _make_object_array,
    Mark.OPAQUE: _make_opaque,
}
