"""Values to MessagePack (docs/protocol.md, section 4)."""

from __future__ import annotations

import collections
import struct
from collections.abc import Callable, Iterable
from typing import Any

import msgpack
import numpy as np
from gymnasium.spaces import GraphInstance

from socketgym.errors import (
    CyclicValue,
    NestingTooDeep,
    SocketGymError,
    TooManyValues,
    UnsupportedValue,
)
from socketgym.quoting import quoted
from socketgym.wire.arrays import write_array
from socketgym.wire.kinds import MAX_INTEGER_BYTES, SURROGATE_PAIR, Extension, Mark, holds_graph
from socketgym.wire.limits import Limits
from socketgym.wire.opaque import Opaque

__all__ = ["ValueWriter"]

_SCALAR_TYPES = {np.dtype(code).type for code in np.typecodes["All"]} - {np.object_}


class ValueWriter:
    """Writes MessagePack, value by value, each in its shortest form. Not thread-safe.

    Types are taken exactly: an instance of a subclass is refused, because the other side could not
    restore it.
    """

    def __init__(self, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._packer = msgpack.Packer(strict_types=True, autoreset=False)
        self._values = 0
        self._open: set[int] = set()  # The containers being written, to tell a cycle from depth.

    def encode(self, value: Any) -> bytes:
        """Encodes one value.

        Args:
            value: Any value of the kinds in docs/protocol.md, section 3.

        Returns:
            The bytes.

        Raises:
            UnsupportedValue: A value in it has no encoding.
            CyclicValue: It contains itself.
            NestingTooDeep: It is nested deeper than the limit.
            TooManyValues: It has more values than the limit.
        """
        self._values = 0
        try:
            self._write(value)
            return self._packer.bytes()
        except SocketGymError as error:
            error.ends_connection = False  # Nothing was sent.
            raise
        finally:
            self._packer.reset()
            self._open.clear()

    def _write(self, value: Any) -> None:
        self._values += 1
        if self._values > self._limits.max_values:
            raise TooManyValues(
                f"The value has more than {self._limits.max_values} values; "
                "send it as arrays, or in parts."
            )
        kind = type(value)
        write = _WRITERS.get(kind)
        if write is not None:
            write(self, value)
        else:
            raise UnsupportedValue(
                f"A value of type {kind.__module__}.{kind.__qualname__} has no encoding: "
                f"{quoted(value, 200)}. Pass plain Python values and NumPy arrays, no subclasses of "
                "them."
            )

    def _write_plain(self, value: Any) -> None:
        self._packer.pack(value)

    def _write_int(self, value: int) -> None:
        if -(1 << 63) <= value < 1 << 64:
            self._packer.pack(value)
            return
        size = (value if value >= 0 else ~value).bit_length() // 8 + 1
        if size > MAX_INTEGER_BYTES:
            raise UnsupportedValue(f"An int of {size} bytes has no encoding.")
        data = value.to_bytes(size, "little", signed=True)
        self._packer.pack_ext_type(Extension.BIG_INTEGER, data)

    def _write_str(self, value: str) -> None:
        try:
            value.encode()
        except UnicodeEncodeError:
            if SURROGATE_PAIR.search(value):
                raise UnsupportedValue(
                    f"The str {quoted(value)} has a high and a low surrogate in a row, "
                    "which have no encoding."
                ) from None
            data = value.encode("utf-8", "surrogatepass")
            self._packer.pack_ext_type(Extension.STRING, data)
        else:
            self._packer.pack(value)

    def _write_complex(self, value: complex) -> None:
        data = struct.pack("<dd", value.real, value.imag)
        self._packer.pack_ext_type(Extension.COMPLEX, data)

    def _write_bytearray(self, value: bytearray) -> None:
        self._packer.pack_ext_type(Extension.BYTEARRAY, bytes(value))

    def _write_list(self, value: list[Any]) -> None:
        self._packer.pack_array_header(len(value))
        self._write_items(value, value)

    def _write_dict(self, value: dict[Any, Any]) -> None:
        self._packer.pack_map_header(len(value))
        self._write_items(value, _flatten(value))

    def _write_ordered_dict(self, value: collections.OrderedDict[Any, Any]) -> None:
        self._write_mark(Mark.ORDERED_DICT, 2 * len(value))
        self._write_items(value, _flatten(value))

    def _write_set(self, value: set[Any] | frozenset[Any]) -> None:
        for item in value:
            _check_key(item)
        self._write_sequence(value)

    def _write_sequence(self, value: tuple[Any, ...] | set[Any] | frozenset[Any]) -> None:
        self._write_mark(_SEQUENCE_MARKS[type(value)], len(value))
        self._write_items(value, value)

    def _write_graph(self, value: GraphInstance) -> None:
        self._write_mark(Mark.GRAPH_INSTANCE, 3)
        self._write_items(value, value)

    def _write_opaque(self, value: Opaque) -> None:
        self._write_mark(Mark.OPAQUE, 2)
        self._check_depth()
        self._write_str(value.type_name)
        self._write_str(value.repr)

    def _write_array(self, value: np.ndarray[Any, Any]) -> None:
        if value.dtype != object:
            self._packer.pack_ext_type(Extension.ARRAY, write_array(value))
            return
        self._write_mark(Mark.OBJECT_ARRAY, 1 + value.size)
        self._packer.pack(list(value.shape))
        self._write_items(value, value.flat)

    def _write_scalar(self, value: np.generic) -> None:
        self._packer.pack_ext_type(Extension.SCALAR, write_array(value))

    def _write_mark(self, mark: Mark, items: int) -> None:
        self._packer.pack_array_header(1 + items)
        self._packer.pack_ext_type(Extension.MARK, bytes([mark]))

    def _write_items(self, container: Any, items: Iterable[Any]) -> None:
        if id(container) in self._open:
            raise CyclicValue(f"A {type(container).__name__} contains itself.")
        self._check_depth()
        self._open.add(id(container))
        for item in items:
            self._write(item)
        self._open.remove(id(container))

    def _check_depth(self) -> None:
        if len(self._open) >= self._limits.max_depth:
            raise NestingTooDeep(f"The value is nested more than {self._limits.max_depth} deep.")


def _flatten(value: dict[Any, Any]) -> Iterable[Any]:
    for key, item in value.items():
        _check_key(key)
        yield key
        yield item


def _check_key(key: Any) -> None:
    if holds_graph(key):
        raise UnsupportedValue("A GraphInstance cannot travel as a dict's key or in a set.")


_SEQUENCE_MARKS = {tuple: Mark.TUPLE, set: Mark.SET, frozenset: Mark.FROZENSET}
_WRITERS: dict[type, Callable[[ValueWriter, Any], None]] = {
    type(None): ValueWriter._write_plain,
    bool: ValueWriter._write_plain,
    float: ValueWriter._write_plain,
    bytes: ValueWriter._write_plain,
    int: ValueWriter._write_int,
    str: ValueWriter._write_str,
    complex: ValueWriter._write_complex,
    bytearray: ValueWriter._write_bytearray,
    list: ValueWriter._write_list,
    dict: ValueWriter._write_dict,
    collections.OrderedDict: ValueWriter._write_ordered_dict,
    tuple: ValueWriter._write_sequence,
    set: ValueWriter._write_set,
    frozenset: ValueWriter._write_set,
    GraphInstance: ValueWriter._write_graph,
    Opaque: ValueWriter._write_opaque,
    np.ndarray: ValueWriter._write_array,
    **dict.fromkeys(_SCALAR_TYPES, ValueWriter._write_scalar),
}
