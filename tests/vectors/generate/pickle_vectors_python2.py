# -*- coding: utf-8 -*-
"""Writes the pickles of Python 2.7's own types, by both of its picklers. It runs on Python 2.7 alone::

    mmdebstrap --variant=minbase --include=python2.7 bullseye /tmp/python2
    mkdir /tmp/python2/vectors && cp tests/vectors/generate/*.py /tmp/python2/vectors
    chroot /tmp/python2 python2.7 /vectors/pickle_vectors_python2.py > tests/vectors/pickle/python2.json

A ``str`` is described as text where it is ASCII, else as bytes (docs/protocol.md, section 7).
"""

import cPickle
import collections
import json
import pickle
import struct
import sys


def describe(value):
    """Describes a value as tests/vectors/README.md says."""
    kind = type(value)
    if value is None:
        return {"kind": "none"}
    if kind is bool:
        return {"kind": "bool", "value": value}
    if kind in (int, long):
        return {"kind": "int", "value": str(value)}
    if kind is float:
        return {"kind": "float", "bits": struct.pack(">d", value).encode("hex")}
    if kind is complex:
        return {"kind": "complex", "real": describe(value.real)["bits"], "imag": describe(value.imag)["bits"]}
    if kind is str and any(ord(character) >= 0x80 for character in value):
        return {"kind": "bytes", "hex": value.encode("hex")}
    if kind in (str, unicode):
        return {"kind": "str", "value": value}
    if kind is bytearray:
        return {"kind": "bytearray", "hex": bytes(value).encode("hex")}
    if kind in (list, tuple, set, frozenset):
        return {"kind": kind.__name__, "items": [describe(item) for item in value]}
    if kind in (dict, collections.OrderedDict):
        name = "dict" if kind is dict else "ordered_dict"
        return {"kind": name, "entries": [[describe(key), describe(item)] for key, item in value.items()]}
    raise TypeError(kind)


VALUES = [
    ("none", None), ("true", True), ("false", False), ("int", 300), ("int of 32 bits", -(2**31)), ("int beyond 32 bits", 2**40), ("int of 64 bits", -sys.maxint - 1),
    ("long", 7L), ("long beyond 64 bits", -(2**70)), ("float", -0.0), ("complex", 1.5 - 2j), ("str", "CartPole-v1"), ("str of 300", "x" * 300), ("str not ASCII", "a\xff"),
    ("unicode", u"f\xfcr"), ("bytearray", bytearray(b"a\xff")), ("bytearray empty", bytearray()), ("list", [1, "a", None]), ("tuple", (1, 2, 3, 4)), ("dict", {"a": {"b": 1}}),
    ("ordered dict", collections.OrderedDict([("b", 1), ("a", [2])])), ("ordered dict empty", collections.OrderedDict()), ("set", set(["a"])), ("frozenset", frozenset([1.5])),
    ("request", {"type": "step", "payload": {"action": 1}}),
]


def main():
    """Prints the file."""
    lines = []
    for name, value in VALUES:
        pickles = [("2 by pickle", pickle.dumps(value, 2)), ("2 by cPickle", cPickle.dumps(value, 2))]
        case = collections.OrderedDict([("name", name), ("value", describe(value)), ("pickles", {key: data.encode("hex") for key, data in pickles})])
        lines.append("    " + json.dumps(case))
    description = "Pickles of CPython %s, by each of its picklers." % sys.version.split()[0]
    print('{\n  "description": %s,\n  "cases": [\n%s\n  ]\n}' % (json.dumps(description), ",\n".join(lines)))


if __name__ == "__main__":
    main()
