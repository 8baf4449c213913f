"""Which values travel as they are, and what stands in for the others (docs/protocol.md, section 3)."""

import sys
from collections import OrderedDict

import numpy as np

from .faults import Refusal
from .text import brief, type_name

try:
    from gymnasium.spaces.graph import GraphInstance
except ImportError:
    GraphInstance = None

# A reply nests its values in two containers of its own, and a message may have 64.
MAX_DEPTH = 62
# A message may have 1,048,576; the rest is room for the reply's own.
MAX_VALUES = 1024 * 1024 - 64

_SCALARS = frozenset(
    [
        np.bool_,
        np.float16,
        np.float32,
        np.float64,
        np.longdouble,
        np.complex64,
        np.complex128,
        np.clongdouble,
    ]
    + [
        np.byte,
        np.short,
        np.intc,
        np.int_,
        np.longlong,
        np.ubyte,
        np.ushort,
        np.uintc,
        np.uint,
        np.ulonglong,
    ]
    + [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64]
    + [np.str_, np.bytes_, np.datetime64, np.timedelta64]
)

# An environment may make types as it runs.
_MOST_WARNINGS = 100

# What needs no second look. Exact types: an instance of a subclass would not arrive as what it is.
ATOMS = _SCALARS | frozenset([type(None), bool, int, float, complex, str, bytes, bytearray])

# NumPy's own numbers of its dtypes, which no dtype of another package has, without void (20) and object (17).
_PLAIN_DTYPES = frozenset(range(24)) - {17, 20}
_OBJECT_DTYPE = 17


class _Unsupported(Exception):
    """A value has no encoding.

    Attributes:
        reason: What it is.
        path: Where it is, as the subscripts that lead to it, innermost first.
    """

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason
        self.path = []

    def refusal(self, where):
        """Returns the error that names the value below ``where``."""
        place = where + "".join(reversed(self.path))
        return Refusal("UnsupportedValue", "%s is %s, which cannot travel" % (place, self.reason))


class Opaque:
    """Stands in an info for a value that cannot travel.

    The server knows this class by its name in a pickle; no other code makes instances.
    """

    __slots__ = ("_type_name", "_repr")

    def __init__(self, type_name, repr):
        self._type_name = type_name
        self._repr = repr

    def __reduce__(self):
        return Opaque, (self._type_name, self._repr)


class ValueGuard:
    """Lets values through that travel as they are, looking no deeper than it must.

    Attributes:
        max_message_bytes: What an encoded reply may take.
    """

    def __init__(self, max_message_bytes):
        """Makes a guard.

        Args:
            max_message_bytes: What an encoded reply may take.
        """
        self.max_message_bytes = max_message_bytes
        self._open = set()
        self._left = MAX_VALUES
        self._is_lenient = False
        self._warned = set()

    def begin(self):
        """Starts a new reply, which may have so many values in all."""
        self._left = MAX_VALUES

    def check_size(self, payload):
        """Raises a Refusal where an encoded reply is larger than a message may be."""
        if len(payload) > self.max_message_bytes:
            raise Refusal(
                "UnsupportedValue",
                "the reply takes %d bytes, and a message may have %d"
                % (len(payload), self.max_message_bytes),
            )

    def strict(self, value, where):
        """Returns ``value`` as it may be sent.

        Args:
            value: An observation, a reward, a flag or a rendering.
            where: What it is, for messages.

        Returns:
            The value itself, or an equal one in C order.

        Raises:
            Refusal: ``UnsupportedValue``: it, or something in it, has no encoding.
        """
        kind = type(value)
        if kind in ATOMS:
            return value
        if kind is np.ndarray:
            dtype = value.dtype
            if dtype.num in _PLAIN_DTYPES and dtype.metadata is None and value.flags.c_contiguous:
                return value
        self._start(is_lenient=False)
        try:
            return self._walk(value, 0)
        except _Unsupported as error:
            raise error.refusal(where) from None

    def lenient(self, entries, where):
        """Returns an info, or what is like it, as it may be sent.

        Args:
            entries: What the environment gave; expected to be a dict.
            where: What it is, for messages.

        Returns:
            The value with a stand-in for everything that has no encoding; a subclass of dict as a plain one.

        Raises:
            Refusal: ``UnsupportedValue``: it is no dict, and has no encoding.
        """
        if type(entries) is not dict and type(entries) is not OrderedDict:
            if not isinstance(entries, dict):
                return self.strict(entries, where)
            self._warn(type_name(type(entries)), "is sent as a plain dict")
            entries = dict(entries)
        elif not entries:
            return entries
        self._start(is_lenient=True)
        result, is_same = type(entries)(), True
        for key, value in entries.items():
            new_key, new_value = self._entry(key), self._entry(value)
            is_same = is_same and new_key is key and new_value is value
            result[new_key] = new_value
        return entries if is_same else result

    def _start(self, is_lenient):
        self._is_lenient = is_lenient
        self._open.clear()

    def _entry(self, value):
        left = self._left
        try:
            return self._walk(value, 1)
        except _Unsupported as error:
            # It has too many values. It alone is left out, so that it does not hide the others.
            self._left = left - 1
            return self._opaque(type(value), "<%s>" % error.reason, error.reason)

    def _walk(self, value, depth):
        self._spend(1)
        kind = type(value)
        if kind in ATOMS:
            return value
        if kind is np.ndarray:
            if value.dtype.num == _OBJECT_DTYPE:
                return self._container(value, depth, self._object_array)
            return self._array(value)
        if kind is np.void and is_plain(value.dtype):
            return value
        if kind is list or kind is tuple or kind is set or kind is frozenset:
            return self._container(value, depth, self._items)
        if kind is dict or kind is OrderedDict:
            return self._container(value, depth, self._entries)
        if kind is GraphInstance:
            return self._container(value, depth, self._graph)
        return self._refuse(value, "an instance of %s" % type_name(kind))

    def _spend(self, count):
        self._left -= count
        if self._left < 0:
            raise _Unsupported("one value too many: a message may have %d" % MAX_VALUES)

    def _container(self, value, depth, walk):
        if depth >= MAX_DEPTH:
            return self._refuse(value, "nested more than %d deep" % MAX_DEPTH)
        identity = id(value)
        if identity in self._open:
            return self._refuse(value, "a %s that contains itself" % type_name(type(value)))
        self._open.add(identity)
        try:
            return walk(value, depth + 1)
        finally:
            self._open.discard(identity)

    def _items(self, value, depth):
        if ATOMS.issuperset(map(type, value)):
            self._spend(len(value))
            return value
        items = [self._at(index, item, depth) for index, item in enumerate(value)]
        return value if _same(items, value) else type(value)(items)

    def _entries(self, value, depth):
        result, is_same = type(value)(), True
        for key, item in value.items():
            new_key, new_item = self._at(key, key, depth), self._at(key, item, depth)
            is_same = is_same and new_key is key and new_item is item
            result[new_key] = new_item
        return value if is_same else result

    def _graph(self, value, depth):
        items = [self._at(name, item, depth) for name, item in zip(value._fields, value)]
        return value if _same(items, value) else type(value)(*items)

    def _array(self, value):
        dtype = value.dtype
        if dtype.metadata is not None and dtype.num in _PLAIN_DTYPES:
            value = value.view(np.dtype(dtype.str))
        elif dtype.num not in _PLAIN_DTYPES and not is_plain(dtype):
            return self._refuse(value, "an array of dtype %s" % (dtype,))
        return value if value.flags.c_contiguous else np.array(value, order="C")

    def _object_array(self, value, depth):
        before = value.ravel().tolist()
        after = [self._at(index, item, depth) for index, item in enumerate(before)]
        if _same(after, before):
            return value if value.flags.c_contiguous else np.array(value, order="C")
        flat = np.empty(len(after), dtype=object)
        for index, item in enumerate(after):
            flat[index] = item
        return flat.reshape(value.shape)

    def _at(self, key, item, depth):
        try:
            return self._walk(item, depth)
        except _Unsupported as error:
            error.path.append("[%s]" % brief(key))
            raise

    def _refuse(self, value, reason):
        if not self._is_lenient:
            raise _Unsupported(reason)
        return self._opaque(type(value), brief(value), reason)

    def _opaque(self, kind, text, reason):
        name = type_name(kind)
        self._warn(name, "travels as its type and repr, since it is %s" % reason)
        return Opaque(name, text)

    def _warn(self, name, what):
        if name in self._warned or len(self._warned) == _MOST_WARNINGS:
            return
        self._warned.add(name)
        try:
            sys.stderr.write("socketgym: a value of type %s in an info %s\n" % (name, what))
        except Exception:
            pass  # the environment has closed it or put something else in its place


def is_raw(dtype):
    """Whether a value of this dtype is sixteen bytes of a number at most, and nothing else belongs to it."""
    return dtype.kind in "biufc" and dtype.itemsize <= 16 and dtype.metadata is None


def is_plain(dtype):
    """Whether arrays of this dtype hold data alone, in a layout that the protocol can write."""
    if dtype.names is None:
        base = dtype if dtype.subdtype is None else dtype.subdtype[0]
        if base is not dtype:
            return is_plain(base)
        return dtype.num in _PLAIN_DTYPES or (dtype.num == 20 and dtype.isbuiltin != 2)
    end = 0
    for name in dtype.names:
        field = dtype.fields[name]
        # A third member is a title; a field before the end of the last one overlaps it or is out of memory order.
        if len(field) != 2 or field[1] < end or not is_plain(field[0]):
            return False
        end = field[1] + field[0].itemsize
    return bool(dtype.names) and dtype.metadata is None


def _same(items, originals):
    return all(item is original for item, original in zip(items, originals))
