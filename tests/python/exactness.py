"""Bit-exact comparison of values."""

import struct

import numpy as np


def signature(value):
    """Returns nested tuples that are equal exactly where two values have the same types, dtypes, shapes, order and bits."""
    kind = type(value)
    name = "%s.%s" % (kind.__module__, kind.__qualname__)
    if kind is float:
        return name, struct.pack("<d", value)
    if kind is complex:
        return name, struct.pack("<dd", value.real, value.imag)
    if isinstance(value, np.ndarray) and value.dtype == object:
        return name, value.shape, [signature(item) for item in value.ravel().tolist()]
    if isinstance(value, (np.ndarray, np.void)) and value.dtype.names:
        return (
            name,
            value.shape,
            repr(value.dtype),
            [(field, signature(value[field])) for field in value.dtype.names],
        )
    if isinstance(value, (np.ndarray, np.generic)):
        return name, value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, dict):
        return name, [(signature(key), signature(item)) for key, item in value.items()]
    if isinstance(value, (set, frozenset)):
        return name, sorted(map(repr, map(signature, value)))
    if isinstance(value, (list, tuple)):
        return name, [signature(item) for item in value]
    return name, value
