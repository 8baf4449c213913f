"""Pickles that must be refused, each with its error code: what an attacker or a broken client could send."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np


class Pickle:
    """Assembles a pickle opcode by opcode."""

    GLOBAL = {
        "reconstruct": b"cnumpy.core.multiarray\n_reconstruct\n",
        "ndarray": b"cnumpy\nndarray\n",
        "dtype": b"cnumpy\ndtype\n",
        "scalar": b"cnumpy.core.multiarray\nscalar\n",
    }
    FLOAT = (
        GLOBAL["dtype"]
        + b"\x8c\x02f4\x89\x88\x87R(K\x03\x8c\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    )

    @staticmethod
    def of(body: bytes, protocol: int = 4) -> bytes:
        """Puts the header in front and STOP behind."""
        return bytes([0x80, protocol]) + body + b"."

    @classmethod
    def array(cls, shape: bytes, data: bytes, dtype: bytes = FLOAT) -> bytes:
        """An array as NumPy's protocol 4 has it."""
        return (
            cls.GLOBAL["reconstruct"]
            + cls.GLOBAL["ndarray"]
            + b"K\0\x85C\x01b\x87R(K\x01"
            + shape
            + dtype
            + b"\x89"
            + data
            + b"tb"
        )


def refused() -> dict[str, tuple[str, bytes]]:
    """Returns pickles that must be refused, by name, each with the code."""
    of, array = Pickle.of, Pickle.array
    proto = {name: getattr(pickle, name) for name in ("MARK", "STOP")}
    cases: dict[str, tuple[str, bytes]] = {
        "protocol 0": ("UnsupportedProtocol", pickle.dumps({"type": "close"}, 0)),
        "protocol 1": ("UnsupportedProtocol", pickle.dumps({"type": "close"}, 1)),
        "protocol 6": ("UnsupportedProtocol", of(b"N", 6)),
        "JSON": ("UnsupportedProtocol", b'{"type": "close"}'),
        "nothing": ("MalformedMessage", b""),
        "protocol twice": ("MalformedMessage", of(b"\x80\x04N")),
        "bytes after the end": ("MalformedMessage", of(b"N") + b"N"),
        "two objects": ("MalformedMessage", of(b"NN")),
        "no object": ("MalformedMessage", of(b"")),
        "open mark": ("MalformedMessage", of(b"N" + proto["MARK"])),
        "unknown opcode": ("MalformedMessage", of(b"\xff")),
        "persistent id": ("MalformedMessage", of(b"NQ")),
        "persistent id as text": ("MalformedMessage", of(b"Pid\n")),
        "extension registry": ("MalformedMessage", of(b"\x82\x01")),
        "instance": ("MalformedMessage", of(b"(ios\nsystem\n")),
        "object": ("MalformedMessage", of(b"(cbuiltins\nset\no")),
        "new object with keywords": ("MalformedMessage", of(b"cbuiltins\nset\n)}\x92")),
        "out-of-band buffer": ("MalformedMessage", of(b"\x97", 5)),
        "read-only buffer": ("MalformedMessage", of(b"\x97\x98", 5)),
        "duplicate opcode": ("MalformedMessage", of(b"N2\x86")),
    }
    for module, name in (
        ("os", "system"),
        ("posix", "system"),
        ("subprocess", "Popen"),
        ("builtins", "eval"),
        ("builtins", "exec"),
        ("builtins", "getattr"),
        ("__builtin__", "apply"),
        ("builtins", "object"),
        ("builtins", "list"),
        ("copyreg", "_reconstructor"),
        ("copyreg", "__newobj__"),
        ("numpy.f2py.crackfortran", "myeval"),
        ("numpy", "load"),
        ("numpy", "float64"),
        ("numpy.core.multiarray", "fromfile"),
        ("numpy._core._internal", "_convert_to_stringdtype_kwargs"),
        ("_codecs", "decode"),
        ("collections", "deque"),
        ("gymnasium.spaces.box", "Box"),
        ("gymnasium.spaces", "graph.GraphInstance"),
        ("socketgym_worker.values", "Opaque"),
        ("", ""),
    ):
        line = f"c{module}\n{name}\n".encode()
        stack = (
            b"\x8c"
            + bytes([len(module)])
            + module.encode()
            + b"\x8c"
            + bytes([len(name)])
            + name.encode()
            + b"\x93"
        )
        cases[f"global {module}.{name}"] = ("ForbiddenGlobal", of(line, 2))
        cases[f"stack global {module}.{name}"] = ("ForbiddenGlobal", of(stack + b"\x8c\x02id\x85R"))
    nested = pickle.dumps({"type": "step", "payload": {"action": [1, {"x": (print,)}]}}, 4)
    cases |= {
        "global in an action": ("ForbiddenGlobal", nested),
        "global that is popped again": ("ForbiddenGlobal", of(b"cos\nsystem\n0N")),
        "global in a memo": ("ForbiddenGlobal", of(b"cos\nsystem\n\x940h\x00\x8c\x02id\x85R")),
        "long global": ("ForbiddenGlobal", of(b"c" + b"a" * 500 + b"\nb\n")),
        "global without an end": ("MalformedMessage", of(b"cos\nsystem")),
        "stack global of an int": ("MalformedMessage", of(b"K\x01\x8c\x01a\x93")),
        "REDUCE of a text": ("MalformedMessage", of(b"\x8c\x02os)R")),
        "REDUCE of an int": ("MalformedMessage", of(b"K\x01)R")),
        "REDUCE of a list": ("MalformedMessage", of(b"])R")),
        "REDUCE with a list": ("MalformedMessage", of(b"cbuiltins\nset\n]R")),
        "ndarray without a buffer": ("MalformedMessage", of(b"cnumpy\nndarray\n)\x85R")),
        "NEWOBJ of ndarray": ("MalformedMessage", of(b"cnumpy\nndarray\n)\x81")),
        "REDUCE of a result": ("MalformedMessage", of(b"cbuiltins\nset\n)R)R")),
        "NEWOBJ of set": ("MalformedMessage", of(b"cbuiltins\nset\n)\x81")),
        "BUILD on a list": ("MalformedMessage", of(b"]}b")),
        "BUILD on an int": ("MalformedMessage", of(b"K\x01}b")),
        "BUILD on a dict": ("MalformedMessage", of(b"}}b")),
        "BUILD on OrderedDict": ("MalformedMessage", of(b"ccollections\nOrderedDict\n)R}b")),
        "BUILD on a global": ("MalformedMessage", of(b"cnumpy\ndtype\n}b")),
        "BUILD twice": ("MalformedMessage", of(Pickle.FLOAT + b"}b")),
        "APPEND to a tuple": ("MalformedMessage", of(b")Na")),
        "APPENDS to a dict": ("MalformedMessage", of(b"}(Ne")),
        "SETITEM on a list": ("MalformedMessage", of(b"]NNs")),
        "SETITEMS of one": ("MalformedMessage", of(b"}(Nu")),
        "ADDITEMS to a list": ("MalformedMessage", of(b"](N\x90")),
        "POP of nothing": ("MalformedMessage", of(b"0N")),
        "TUPLE without a mark": ("MalformedMessage", of(b"NNt")),
        "TUPLE2 of one": ("MalformedMessage", of(b"N\x86")),
        "TUPLE2 across a mark": ("MalformedMessage", of(b"N(N\x86t")),
        "APPENDS without a list": ("MalformedMessage", of(b"(Ne")),
        "SETITEM of nothing": ("MalformedMessage", of(b"}s")),
        "REDUCE of nothing": ("MalformedMessage", of(b"R")),
        "BUILD of nothing": ("MalformedMessage", of(b"Nb")),
        "MEMOIZE of nothing": ("MalformedMessage", of(b"\x94")),
        "memo index never stored": ("MalformedMessage", of(b"h\x00")),
        "memo index 2^31": ("MalformedMessage", of(b"Nr\0\0\0\x80")),
        "memo index 2^32-1": ("MalformedMessage", of(b"Nr\xff\xff\xff\xff")),
        "memo index 200": ("MalformedMessage", of(b"Nq\xc8")),
        "recall of 2^32-1": ("MalformedMessage", of(b"j\xff\xff\xff\xff")),
        "hole in the memo": ("MalformedMessage", of(b"Nq\x02h\x01")),
        "text of 4 GiB": ("MalformedMessage", of(b"X\xff\xff\xff\xffa")),
        "text of 2^63 bytes": ("MalformedMessage", of(b"\x8d\0\0\0\0\0\0\0\x80a")),
        "bytes of 2^64-1": ("MalformedMessage", of(b"\x8e" + b"\xff" * 8)),
        "bytearray of 2^40": ("MalformedMessage", of(b"\x96\0\0\0\0\0\1\0\0", 5)),
        "negative string": ("MalformedMessage", of(b"T\xff\xff\xff\xffa", 2)),
        "negative LONG4": ("MalformedMessage", of(b"\x8b\xff\xff\xff\xff")),
        "LONG4 of 2 GiB": ("MalformedMessage", of(b"\x8b\xff\xff\xff\x7f")),
        "frame too long": ("MalformedMessage", of(b"\x95\xff\0\0\0\0\0\0\0N")),
        "INT that is no number": ("MalformedMessage", of(b"I12x\n", 2)),
        "INT beyond 64 bits": ("MalformedMessage", of(b"I99999999999999999999\n", 2)),
        "text that is not UTF-8": ("MalformedMessage", of(b"\x8c\x01\xff")),
        "text cut inside a character": ("MalformedMessage", of(b"\x8c\x01\xc3")),
        "list as a key": ("MalformedMessage", of(b"}]Ns")),
        "list in a key": ("MalformedMessage", of(b"}]\x85Ns")),
        "list in a set": ("MalformedMessage", of(b"\x8f(]\x90")),
        "key twice": ("MalformedMessage", of(b"}(\x8c\x01aK\x01\x8c\x01aK\x02u")),
        "key twice of twelve": (
            "MalformedMessage",
            of(b"}(" + b"".join(b"K" + bytes([key]) + b"N" for key in [*range(11), 3]) + b"u"),
        ),
        "set of an int": ("MalformedMessage", of(b"cbuiltins\nset\nK\x01\x85R")),
        "complex of texts": (
            "MalformedMessage",
            of(b"cbuiltins\ncomplex\n\x8c\x011\x8c\x011\x86R"),
        ),
        "bytes with another codec": (
            "MalformedMessage",
            of(b"c_codecs\nencode\nX\x01\0\0\0aX\x05\0\0\0rot13\x86R", 2),
        ),
        "bytes beyond latin1": (
            "MalformedMessage",
            of("c_codecs\nencode\nX\x03\0\0\0€X\x06\0\0\0latin1".encode() + b"\x86R", 2),
        ),
        "bytearray of a count": (
            "MalformedMessage",
            of(b"cbuiltins\nbytearray\nJ\xff\xff\xff\x7f\x85R"),
        ),
        "bytes of a count": ("MalformedMessage", of(b"cbuiltins\nbytes\nJ\xff\xff\xff\x7f\x85R")),
        "OrderedDict of texts": (
            "MalformedMessage",
            of(b"ccollections\nOrderedDict\n](\x8c\x01ae\x85R"),
        ),
        "graph of two": (
            "MalformedMessage",
            of(b"cgymnasium.spaces.graph\nGraphInstance\nNN\x86\x81"),
        ),
        "array without a state": (
            "MalformedMessage",
            of(array(b")", b"C\x04abcd").split(b"(K\x01")[0]),
        ),
        "array with a text as data": ("MalformedMessage", of(array(b")", b"\x8c\x04abcd"))),
        "array of another type": (
            "MalformedMessage",
            of(array(b")", b"C\x04abcd").replace(b"cnumpy\nndarray\n", b"cnumpy\ndtype\n")),
        ),
        "array whose dtype is a text": (
            "MalformedMessage",
            of(array(b")", b"C\x04abcd", b"\x8c\x02f4")),
        ),
        "array with no dtype": ("MalformedMessage", of(array(b")", b"C\x04abcd", b"N"))),
        "dtype x9": (
            "MalformedMessage",
            of(array(b")", b"C\x04abcd", Pickle.FLOAT.replace(b"f4", b"x9"))),
        ),
        "dtype f5": (
            "MalformedMessage",
            of(array(b")", b"C\x05abcde", Pickle.FLOAT.replace(b"f4", b"f5"))),
        ),
        "dtype without a name": (
            "MalformedMessage",
            of(array(b")", b"C\x04abcd", Pickle.FLOAT.replace(b"\x8c\x02f4", b"\x8c\x00"))),
        ),
        "dtype of a byte order alone": (
            "MalformedMessage",
            of(array(b")", b"C\x04abcd", Pickle.FLOAT.replace(b"\x8c\x02f4", b"\x8c\x01<"))),
        ),
        "objects in bytes": (
            "MalformedMessage",
            of(array(b")", b"C\x08abcdefgh", Pickle.FLOAT.replace(b"f4", b"O8"))),
        ),
        "scalar of objects": (
            "MalformedMessage",
            of(Pickle.GLOBAL["scalar"] + Pickle.FLOAT.replace(b"f4", b"O8") + b"N\x86R"),
        ),
        "array one byte short": ("ShapeMismatch", of(array(b"K\x02\x85", b"C\x07abcdefg"))),
        "array one byte long": ("ShapeMismatch", of(array(b"K\x02\x85", b"C\x09abcdefghi"))),
        "array shape beyond 64 bits": (
            "ShapeMismatch",
            of(array(b"(" + b"J\xff\xff\xff\x7f" * 4 + b"t", b"C\x00")),
        ),
        "array of 2^62 bytes": (
            "ShapeMismatch",
            of(array(b"J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86", b"C\x00")),
        ),
        "array negative dimension": (
            "ShapeMismatch",
            of(array(b"J\xff\xff\xff\xff\x85", b"C\x04abcd")),
        ),
        "array of 65 dimensions": (
            "ShapeMismatch",
            of(array(b"(" + b"K\x01" * 65 + b"t", b"C\x04abcd")),
        ),
        "array dimension of 2^40": (
            "ShapeMismatch",
            of(array(b"\x8a\x06\0\0\0\0\0\1\x85", b"C\x00")),
        ),
        "objects too few": (
            "ShapeMismatch",
            of(array(b"K\x03\x85", b"](NNe", Pickle.FLOAT.replace(b"f4", b"O8"))),
        ),
        "objects 2^62": (
            "ShapeMismatch",
            of(
                array(
                    b"J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86",
                    b"]",
                    Pickle.FLOAT.replace(b"f4", b"O8"),
                )
            ),
        ),
        "scalar one byte short": (
            "ShapeMismatch",
            of(Pickle.GLOBAL["scalar"] + Pickle.FLOAT + b"C\x03abc\x86R"),
        ),
        "dtype U with another size": (
            "ShapeMismatch",
            of(
                array(
                    b")",
                    b"C\x08abcdefgh",
                    Pickle.FLOAT.replace(b"f4", b"U2").replace(b"J\xff\xff\xff\xff", b"K\x09", 1),
                )
            ),
        ),
        "_frombuffer order X": (
            "MalformedMessage",
            of(
                b"cnumpy.core.numeric\n_frombuffer\n(C\x04abcd"
                + Pickle.FLOAT
                + b"K\x01\x85\x8c\x01XtR"
            ),
        ),
        "_frombuffer axes": (
            "ShapeMismatch",
            of(
                b"cnumpy._core.numeric\n_frombuffer\n(C\x04abcd"
                + Pickle.FLOAT
                + b"K\x01K\x01\x86\x8c\x01KK\0K\0\x86tR"
            ),
        ),
        "dtype as a value": ("UnsupportedValue", pickle.dumps(np.dtype("<f4"), 4)),
        "type as a value": ("UnsupportedValue", pickle.dumps(np.ndarray, 4)),
        "fields overlap": (
            "UnsupportedValue",
            pickle.dumps(
                np.zeros(
                    1, dtype={"names": ["a", "b"], "formats": ["<i4", "<i4"], "offsets": [0, 2]}
                ),
                4,
            ),
        ),
        "field of objects": (
            "UnsupportedValue",
            pickle.dumps(np.zeros(1, dtype=[("a", object)]), 4),
        ),
        "depth 65": ("NestingTooDeep", of(b"]" * 65 + b"a" * 64)),
        "depth 100000": ("NestingTooDeep", of(b"]" * 100000 + b"a" * 99999)),
        "tuples of depth 100000": ("NestingTooDeep", of(b")" + b"\x85" * 100000)),
        "depth through a memo": (
            "NestingTooDeep",
            of(b"]" * 40 + b"a" * 39 + b"\x94" + b"\x85" * 20 + b"0" + b"h\0" + b"\x85" * 30),
        ),
        "list in itself": ("CyclicValue", of(b"]\x94h\x00a")),
        "dict in itself": ("CyclicValue", of(b"}\x94\x8c\x01ah\x00s")),
        "tuple in itself": ("CyclicValue", recursive_tuple()),
        "list in itself over three": ("CyclicValue", of(b"]\x94]]h\x00aaa")),
        "OrderedDict in itself": (
            "CyclicValue",
            of(b"ccollections\nOrderedDict\n)R\x94\x8c\x01ah\x00s"),
        ),
        "array in itself": ("CyclicValue", recursive_array()),
        "memo bomb of lists": ("TooManyValues", memo_bomb(b"](" + b"h%c" * 10 + b"e\x94")),
        "memo bomb of tuples": ("TooManyValues", memo_bomb(b"(" + b"h%c" * 10 + b"t\x94")),
        "list of 2^20 + 1": ("TooManyValues", of(b"](" + b"N" * (2**20) + b"e")),
    }
    return cases


def recursive_tuple() -> bytes:
    """A tuple that holds a list that holds it, as CPython writes it."""
    value: tuple[list[Any]] = ([],)
    value[0].append(value)
    return pickle.dumps(value, 4)


def recursive_array() -> bytes:
    """An array of objects that holds itself, as NumPy writes it."""
    value = np.empty(1, dtype=object)
    value[0] = value
    return pickle.dumps(value, 4)


def memo_bomb(level: bytes) -> bytes:
    """Thirty levels, each ten times the one below: 10^31 leaves in some 800 bytes."""
    body = b"](NNNNNNNNNNe\x94"
    for index in range(30):
        body += b"0" + level.replace(b"%c", bytes([index]))
    return Pickle.of(body)
