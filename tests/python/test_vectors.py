"""The vectors that both implementations walk."""

from __future__ import annotations

import dataclasses
import tracemalloc
from typing import Any

import msgpack
import pytest
from gymnasium import spaces
from identical import assert_identical
from vectors import build, case_bytes, load

from socketgym.errors import MalformedMessage, ShapeMismatch, SocketGymError, error_for
from socketgym.wire.dtypes import dtype_to_wire
from socketgym.wire.limits import Limits
from socketgym.wire.messages import RequestWriter, read_response
from socketgym.wire.opaque import Opaque
from socketgym.wire.reader import ValueReader
from socketgym.wire.spaces import space_from_wire
from socketgym.wire.writer import ValueWriter

pytestmark = pytest.mark.filterwarnings("ignore:The environment's info holds")

VALUES = load("messagepack/values.json")
NEGATIVES = [case for case in load("messagepack/negatives.json") if case["decode"] != "request"]
SPACES = load("messagepack/spaces.json")
MESSAGES = load("messagepack/messages.json")
REQUESTS = [case for case in MESSAGES if case["type"] == "request"]
RESPONSES = [case for case in MESSAGES if case["type"] == "response"]


def name_of(case: dict[str, Any]) -> str:
    return case["name"]


@pytest.mark.parametrize("case", VALUES, ids=name_of)
def test_bytes_decode_to_the_value(case: dict[str, Any]) -> None:
    assert_identical(ValueReader().decode(case_bytes(case)), build(case["value"]))


@pytest.mark.parametrize("case", VALUES, ids=name_of)
def test_the_value_encodes_to_the_bytes(case: dict[str, Any]) -> None:
    assert ValueWriter().encode(build(case["value"])).hex() == case_bytes(case).hex()


@pytest.mark.parametrize("case", VALUES, ids=name_of)
def test_no_proper_prefix_decodes(case: dict[str, Any]) -> None:
    data = case_bytes(case)
    for length in (
        range(len(data)) if len(data) < 2000 else (0, 1, 5, len(data) // 2, len(data) - 1)
    ):
        with pytest.raises(MalformedMessage):
            ValueReader().decode(data[:length])


@pytest.mark.parametrize("case", NEGATIVES, ids=name_of)
def test_refusals(case: dict[str, Any]) -> None:
    given = {key: case[key] for key in ("max_depth", "max_values") if key in case}
    reader = ValueReader(dataclasses.replace(Limits(), **given))
    with pytest.raises(SocketGymError) as raised:
        if case["decode"] == "response":
            read_response(reader.decode_response(case_bytes(case)), 1)
        else:
            reader.decode(case_bytes(case))
    assert raised.value.code == case["code"]


@pytest.mark.parametrize("case", REQUESTS, ids=name_of)
def test_requests_are_written_so(case: dict[str, Any]) -> None:
    params = [build(param) for param in case["params"]]
    payload = case_bytes(case)
    frame = len(payload).to_bytes(4, "big") + payload
    writer = RequestWriter()
    assert writer.write(case["id"], case["method"], params).hex() == frame.hex()
    if case["method"] == "step":
        # The second comes from the template that the first left.
        for _ in range(2):
            assert writer.write_step(case["id"], *params).hex() == frame.hex()


@pytest.mark.parametrize("case", RESPONSES, ids=name_of)
def test_responses_are_read_so(case: dict[str, Any]) -> None:
    message = ValueReader().decode_response(case_bytes(case))
    if case["error"] is None:
        assert_identical(read_response(message, case["id"]), build(case["result"]))
        return
    expected = error_for(*(case["error"][key] for key in ("code", "message", "type", "traceback")))
    with pytest.raises(type(expected)) as raised:
        read_response(message, case["id"])
    assert vars(raised.value) == vars(expected)


@pytest.mark.parametrize("case", RESPONSES, ids=name_of)
def test_nothing_may_follow_a_response(case: dict[str, Any]) -> None:
    with pytest.raises(MalformedMessage):
        ValueReader().decode_response(case_bytes(case) + b"\xc0")


@pytest.mark.parametrize("case", SPACES, ids=name_of)
def test_spaces_have_their_description(case: dict[str, Any]) -> None:
    description = build(case["description"])
    assert_identical(ValueReader().decode(case_bytes(case)), description)
    assert_identical(describe(space_from_wire(description)), description)


def describe(space: spaces.Space[Any]) -> dict[str, Any]:
    """A space's description as docs/protocol.md, section 5 has it."""
    kind = type(space).__name__
    if isinstance(space, spaces.Box):
        names = ("low", "high", "bounded_below", "bounded_above")
        entries = {name: getattr(space, name) for name in names}
    elif isinstance(space, spaces.Discrete):
        entries = {
            "n": int(space.n),
            "start": int(space.start),
            "dtype": dtype_to_wire(space.dtype),
        }
    elif isinstance(space, spaces.MultiDiscrete):
        entries = {"nvec": space.nvec, "start": space.start}
    elif isinstance(space, spaces.MultiBinary):
        entries = {"n": list(space.n) if isinstance(space.n, tuple) else space.n}
    elif isinstance(space, spaces.Text):
        charset = "".join(space.character_list)
        lengths = {"min_length": space.min_length, "max_length": space.max_length}
        entries = {**lengths, "charset": charset}
    elif isinstance(space, spaces.Dict):
        entries = {"spaces": [[key, describe(inner)] for key, inner in space.spaces.items()]}
    elif isinstance(space, (spaces.Tuple, spaces.OneOf)):
        entries = {"spaces": [describe(inner) for inner in space.spaces]}
    elif isinstance(space, spaces.Sequence):
        entries = {"space": describe(space.feature_space), "stack": space.stack}
    else:
        assert isinstance(space, spaces.Graph)
        edge_space = None if space.edge_space is None else describe(space.edge_space)
        entries = {"node_space": describe(space.node_space), "edge_space": edge_space}
    return {"type": kind, **entries}


def test_the_charset_keeps_its_order_when_sampled() -> None:
    for charset in ("zyx", "abc"):
        local = spaces.Text(5, min_length=5, charset=charset, seed=3)
        remote = space_from_wire(describe(local))
        remote.seed(3)
        assert remote == local
        assert [remote.sample() for _ in range(5)] == [local.sample() for _ in range(5)]


@pytest.mark.parametrize("code", [1, 2], ids=["array", "scalar"])
def test_an_announced_item_allocates_nothing(code: int) -> None:
    header = msgpack.packb(["|V50000000", []])
    data = len(header).to_bytes(2, "big") + header
    message = msgpack.packb(msgpack.ExtType(code, data))
    tracemalloc.start()
    try:
        with pytest.raises(ShapeMismatch, match="50000000 bytes of data; 0 came"):
            ValueReader().decode(message)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_an_opaque_of_any_text() -> None:
    value = Opaque("odd.\ud800", "<\udfff>")
    assert ValueReader().decode(ValueWriter().encode([value])) == [value]
