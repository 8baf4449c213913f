"""MessagePack that must be refused, written byte by byte: no encoder would write it."""

import struct

NIL, FIXEXT1 = "c0", "d4"
MARK = FIXEXT1 + "03"
TUPLE, SET, FROZENSET, ORDERED_DICT, GRAPH, OBJECT_ARRAY, OPAQUE = (
    MARK + f"{mark:02x}" for mark in range(7)
)


def text(value):
    """A short string."""
    data = value.encode()
    return f"{0xA0 | len(data):02x}{data.hex()}"


def extension(kind, data):
    """An extension of 32 bits' length around hex."""
    return f"c9{len(data) // 2:08x}{kind:02x}{data}"


def array(header, data, kind=1):
    """An array's extension around a header and data, both hex."""
    return extension(kind, struct.pack(">H", len(header) // 2).hex() + header + data)


def layout(dtype, *dimensions):
    """A header [dtype, shape]; dtype and dimensions are hex."""
    return "92" + dtype + f"{0x90 | len(dimensions):02x}" + "".join(dimensions)


F4, I1 = text("<f4"), text("|i1")
BIG = "ce7fffffff"  # 2^31 - 1
MALFORMED, SHAPE, DEEP, MANY = (
    "MalformedMessage",
    "ShapeMismatch",
    "NestingTooDeep",
    "TooManyValues",
)


def value_cases():
    """Name, error code, bytes and limits of values that must be refused."""
    yield "nothing at all", MALFORMED, "", {}
    yield "the byte that MessagePack never uses", MALFORMED, "c1", {}
    yield "array that announces 2^32 - 1 items", MALFORMED, "ddffffffff", {}
    yield "array that announces one item too many", MALFORMED, "93c0c0", {}
    yield "map that announces 2^32 - 1 entries", MALFORMED, "dfffffffff", {}
    yield "map that announces 2^31 entries", MALFORMED, "df80000000c0c0", {}
    yield "map without its last value", MALFORMED, "82c0c001", {}
    yield "str that announces 2^32 - 1 bytes", MALFORMED, "dbffffffff61", {}
    yield "bin that announces 2^32 - 1 bytes", MALFORMED, "c6ffffffff61", {}
    yield "extension that announces 2^32 - 1 bytes", MALFORMED, "c9ffffffff0100", {}
    yield "str that is no UTF-8", MALFORMED, "a2c328", {}
    yield "str with a surrogate in it", MALFORMED, "a3eda080", {}
    yield "str in overlong UTF-8", MALFORMED, "a2c080", {}
    yield "extension type 0", MALFORMED, "d40000", {}
    yield "extension type 8", MALFORMED, "d40800", {}
    yield "extension type -1, MessagePack's time", MALFORMED, "d6ff00000000", {}
    yield "big integer without bytes", MALFORMED, "c70004", {}
    yield "complex of 15 bytes", MALFORMED, extension(5, "00" * 15), {}
    yield "complex of 17 bytes", MALFORMED, extension(5, "00" * 17), {}
    yield "surrogate text that is no UTF-8", MALFORMED, extension(7, "61ff"), {}
    yield "surrogate text that ends in a surrogate", MALFORMED, extension(7, "eda0"), {}
    yield "surrogate text with a pair in a row", MALFORMED, extension(7, "eda0bdedb880"), {}

    yield "mark alone", MALFORMED, TUPLE, {}
    yield "mark second in an array", MALFORMED, "92" + NIL + TUPLE, {}
    yield "mark twice", MALFORMED, "92" + TUPLE + TUPLE, {}
    yield "mark as a key", MALFORMED, "81" + TUPLE + NIL, {}
    yield "mark 7", MALFORMED, "91" + MARK + "07", {}
    yield "mark of two bytes", MALFORMED, "91d5030000", {}
    yield "mark without a byte", MALFORMED, "91c70003", {}
    yield "ordered dict with a key without a value", MALFORMED, "92" + ORDERED_DICT + NIL, {}
    yield "graph of two parts", MALFORMED, "93" + GRAPH + NIL * 2, {}
    yield "graph of four parts", MALFORMED, "95" + GRAPH + NIL * 4, {}
    yield "opaque of one part", MALFORMED, "92" + OPAQUE + text("T"), {}
    yield "opaque of three parts", MALFORMED, "94" + OPAQUE + text("T") * 3, {}
    yield "opaque whose repr is no text", MALFORMED, "93" + OPAQUE + text("T") + "01", {}
    yield "object array without a shape", MALFORMED, "91" + OBJECT_ARRAY, {}
    yield "object array with an int as its shape", MALFORMED, "93" + OBJECT_ARRAY + "01" + NIL, {}
    yield "object array with an item too few", MALFORMED, "93" + OBJECT_ARRAY + "9102" + NIL, {}
    yield "object array with an item too many", MALFORMED, "94" + OBJECT_ARRAY + "9101" + NIL * 2, {}
    yield "object array of an enormous shape", MALFORMED, "93" + OBJECT_ARRAY + "92" + BIG * 2 + NIL, {}
    yield "object array of a shape beyond 2^63", SHAPE, "93" + OBJECT_ARRAY + "93" + BIG * 3 + NIL, {}
    yield "object array with a negative dimension", SHAPE, "93" + OBJECT_ARRAY + "91ff" + NIL, {}
    yield "dict with a list as a key", MALFORMED, "8190" + NIL, {}
    yield "dict with a dict in a tuple as a key", MALFORMED, "8192" + TUPLE + "80" + NIL, {}
    yield "ordered dict with a bytearray as a key", MALFORMED, "93" + ORDERED_DICT + "d40600" + NIL, {}
    yield "set of a list", MALFORMED, "92" + SET + "90", {}
    yield "frozenset of a set", MALFORMED, "92" + FROZENSET + "91" + SET, {}
    yield "set of an array", MALFORMED, "92" + SET + array(layout(I1, "00"), ""), {}

    yield "array without room for its header's length", MALFORMED, "d40100", {}
    yield "array with a header beyond its end", MALFORMED, extension(1, "0010" + layout(F4)), {}
    yield "array with an empty header", MALFORMED, extension(1, "0000"), {}
    yield "array with a header of one part", MALFORMED, array("91" + F4, ""), {}
    yield "array with a header of three parts", MALFORMED, array(
        "93" + F4 + "90" + NIL, "00" * 4
    ), {}
    yield "array with bytes after its header's shape", MALFORMED, array(
        layout(F4) + NIL, "00" * 4
    ), {}
    yield "array whose header is no list", MALFORMED, array(F4, "00" * 4), {}
    yield "array whose shape is an int", MALFORMED, array("92" + F4 + "01", "00" * 4), {}
    yield "array with a float as a dimension", MALFORMED, array(
        layout(F4, "cb3ff0000000000000"), "00" * 4
    ), {}
    yield "array of objects", MALFORMED, array(layout(text("|O")), ""), {}
    for wrong in (
        "",
        "f4",
        "float32",
        "=f4",
        "|f4",
        "<b1",
        "<f3",
        "<f04",
        "<M8[xs]",
        "<M8[0ns",
        "|V-1",
        "|V99999999999",
        "<f4 ",
        "<[4",
        "<f[4]",
        "<M8[",
        "<M8[]",
    ):
        yield f"array of dtype '{wrong}'", MALFORMED, array(layout(text(wrong)), "00" * 4), {}
    yield "array whose dtype is nil", MALFORMED, array(layout(NIL), "00" * 4), {}
    yield "array a byte short", SHAPE, array(layout(F4, "02"), "00" * 7), {}
    yield "array a byte long", SHAPE, array(layout(F4, "02"), "00" * 9), {}
    yield "array with bytes where the shape has none", SHAPE, array(layout(F4, "00"), "00" * 4), {}
    yield "array of 2^31 - 1 items that are not there", SHAPE, array(layout(F4, BIG), ""), {}
    yield "array of 2^32 items", SHAPE, array(layout(I1, "cf0000000100000000"), ""), {}
    yield "array with a negative dimension", SHAPE, array(layout(F4, "ff"), ""), {}
    yield "array with two negative dimensions", SHAPE, array(layout(I1, "ff", "ff"), "00"), {}
    yield "array whose product wraps around 2^64 to nothing", SHAPE, array(
        layout(I1, *["ce40000000"] * 4, "10"), ""
    ), {}
    yield "array whose product wraps around 2^64 to four", SHAPE, array(
        layout(F4, "cf4000000000000001"), "00" * 4
    ), {}
    yield "array whose product overflows beside a 0", SHAPE, array(
        layout(I1, BIG, BIG, BIG, "00"), ""
    ), {}
    yield "array of 65 dimensions", SHAPE, array("92" + I1 + "dc0041" + "01" * 65, "00"), {}
    yield "scalar with a dimension", SHAPE, array(layout(F4, "01"), "00" * 4, kind=2), {}
    yield "scalar a byte short", SHAPE, array(layout(F4), "00" * 3, kind=2), {}

    yield "structured dtype without fields", MALFORMED, array(layout("90"), ""), {}
    yield "structured dtype with a field of one part", MALFORMED, array(
        layout("9191" + text("x")), ""
    ), {}
    yield "structured dtype with a field of four parts", MALFORMED, array(
        layout("9194" + text("x") + F4 + "90" + NIL), "00" * 4
    ), {}
    yield "structured dtype with a field twice", MALFORMED, array(
        layout("92" + ("92" + text("x") + F4) * 2), "00" * 8
    ), {}
    yield "structured dtype with a nameless float", MALFORMED, array(
        layout("9192" + text("") + F4), "00" * 4
    ), {}
    yield "structured dtype with a name that is no text", MALFORMED, array(
        layout("919201" + F4), "00" * 4
    ), {}
    yield "structured dtype whose field has a negative dimension", SHAPE, array(
        layout("9193" + text("x") + F4 + "91ff"), ""
    ), {}
    yield "structured dtype whose field is enormous", SHAPE, array(
        layout("9193" + text("x") + F4 + "92" + BIG * 2), ""
    ), {}
    yield "structured dtype whose fields together are enormous", SHAPE, array(
        layout("92" + "93" + text("x") + I1 + "91" + BIG + "93" + text("y") + I1 + "91" + BIG), ""
    ), {}
    yield "structured dtype whose bytes do not fit", SHAPE, array(
        layout("9192" + text("x") + F4, "02"), "00" * 7
    ), {}
    yield "structured dtype 65 deep", DEEP, array(
        "92" + ("9192" + text("x")) * 65 + F4 + "90", "00" * 4
    ), {}
    yield "array with a cut-off structured dtype", MALFORMED, array(
        "92" + "9192" + text("x"), ""
    ), {}

    yield "lists 65 deep", DEEP, "91" * 65 + NIL, {}
    yield "lists 65 deep, the last empty", DEEP, "91" * 64 + "90", {}
    yield "maps 65 deep", DEEP, "81c0" * 65 + NIL, {}
    yield "tuples 65 deep", DEEP, ("92" + TUPLE) * 65 + NIL, {}
    yield "graphs 65 deep", DEEP, ("94" + GRAPH) * 65 + NIL * 131, {}
    yield "lists 4 deep where 3 are allowed", DEEP, "9191919100", {"max_depth": 3}
    yield "opaque where no more depth is allowed", DEEP, "91" * 3 + "93" + OPAQUE + text("T") * 2, {
        "max_depth": 3
    }
    yield "4 values where 3 are allowed", MANY, "93" + NIL * 3, {"max_values": 3}
    yield "5 values in a map where 4 are allowed", MANY, "82" + NIL * 4, {"max_values": 4}
    yield "4 values in a tuple where 3 are allowed", MANY, "94" + TUPLE + NIL * 3, {"max_values": 3}
    yield "5 values in an ordered dict where 4 are allowed", MANY, "95" + ORDERED_DICT + NIL * 4, {
        "max_values": 4
    }
    yield "4 values in lists of lists where 3 are allowed", MANY, "92909190", {"max_values": 3}


def request_cases():
    """Name, error code and bytes of requests that must be refused."""
    step = text("step")
    yield "request that is nil", MALFORMED, NIL
    yield "request that is a map", MALFORMED, "80"
    yield "request of three parts", MALFORMED, "9300ce00000001" + step
    yield "request of five parts", MALFORMED, "9500ce00000001" + step + "9100" + NIL
    yield "request with the type of a response", MALFORMED, "9401ce00000001" + step + "9100"
    yield "request with a notification's type", MALFORMED, "9402ce00000001" + step + "9100"
    yield "request with a text as its id", MALFORMED, "9400a131" + step + "9100"
    yield "request with a negative id", MALFORMED, "9400ff" + step + "9100"
    yield "request with an id of 2^32", MALFORMED, "9400cf0000000100000000" + step + "9100"
    yield "request whose method is an int", MALFORMED, "9400ce00000001" + "05" + "9100"
    yield "request whose method is no UTF-8", MALFORMED, "9400ce00000001" + "a2c328" + "9100"
    yield "request whose parameters are nil", MALFORMED, "9400ce00000001" + step + NIL
    yield "request whose parameters are a map", MALFORMED, "9400ce00000001" + step + "80"
    yield "request whose parameters are a tuple", MALFORMED, "9400ce00000001" + step + "92" + TUPLE + NIL
    yield "request with five parameters", MALFORMED, "9400ce00000001" + step + "95" + NIL * 5
    yield "request with a byte after it", MALFORMED, "9400ce00000001" + step + "9100" + NIL
    yield "request whose action is 64 deep in its parameters", DEEP, "9400ce00000001" + step + "91" + "91" * 64 + NIL


def response_cases():
    """Name, error code and bytes of responses that must be refused."""
    error = (
        "84"
        + text("code")
        + text("NoEnvironment")
        + text("message")
        + "a0"
        + text("type")
        + NIL
        + text("traceback")
        + NIL
    )
    yield "response of three parts", MALFORMED, "9301ce00000001" + NIL
    yield "response with the type of a request", MALFORMED, "9400ce00000001" + NIL * 2
    yield "response with an error and a result", MALFORMED, "9401ce00000001" + error + "01"
    yield "response whose error is a text", MALFORMED, "9401ce00000001" + text("no") + NIL
    yield "response whose error lacks its code", MALFORMED, "9401ce00000001" + "81" + text(
        "message"
    ) + text("no") + NIL
    yield "response whose error's code is an int", MALFORMED, "9401ce00000001" + error.replace(
        text("NoEnvironment"), "01"
    ) + NIL
    yield "response with a byte after it", MALFORMED, "9401ce00000001" + NIL * 3
    yield "response with a byte after its error", MALFORMED, "9401ce00000001" + error + NIL * 2


def cases():
    """Every case as it stands in negatives.json."""
    for name, code, data, limits in value_cases():
        yield {"name": name, "decode": "value", "code": code, **limits, "hex": data}
    # Their bytes would be long.
    million = 1024 * 1024
    yield {
        "name": "2^20 + 1 values",
        "decode": "value",
        "code": MANY,
        "parts": [[f"dd{million:08x}", 1], [NIL, million]],
    }
    yield {
        "name": "lists 100,000 deep",
        "decode": "value",
        "code": DEEP,
        "parts": [["91", 100_000], [NIL, 1]],
    }
    yield {
        "name": "big integer of 64 KiB and a byte",
        "decode": "value",
        "code": MALFORMED,
        "parts": [["c90001000104", 1], ["7f", 65537]],
    }
    for decode, group in (("request", request_cases()), ("response", response_cases())):
        for name, code, data in group:
            yield {"name": name, "decode": decode, "code": code, "hex": data}
