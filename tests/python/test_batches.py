"""Receiving a vector's steps, whole or in pieces, by their form or generally."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from fake_server import error_reply, reply
from identical import assert_identical
from scripted_socket import ScriptedSocket, stream_of

from socketgym import errors
from socketgym.wire.batches import BatchReader, leaves_of
from socketgym.wire.messages import RequestWriter
from socketgym.wire.stream import Stream


def batch(observations: Any, count: int, number: int, infos: Any = ()) -> list[Any]:
    rewards = np.arange(count, dtype=np.float64) + number
    flags = np.arange(count) % 2 == number % 2
    return [observations, rewards, flags, ~flags, list(infos)]


def small(number: int) -> list[Any]:
    return batch(np.full((8, 4), number, np.float32), 8, number)


def large(number: int) -> list[Any]:
    return batch(np.full((3, 60, 40), number, np.uint8), 3, number)


def wide(number: int) -> list[Any]:
    return batch(np.full((5000, 4), number, np.float32), 5000, number)


def nested(number: int) -> list[Any]:
    observations = {
        "left": (np.full((2, 3), number, ">i4"), np.full((2, 3000), number, np.float64)),
        3: np.empty((2, 0, 5), np.float32),
    }
    return batch(observations, 2, number)


def with_infos(number: int) -> list[Any]:
    infos = [[1, {"final_obs": np.full(4, number, np.float32), "final_info": {}}], [1, {"a": "b"}]]
    return batch(np.full((8, 4), number, np.float32), 8, number, infos[: number % 3])


def large_with_infos(number: int) -> list[Any]:
    # Far more than there is room for behind the arrays.
    infos = [[0, {"picture": np.full(50_000 * number, number, np.uint8)}]] * (number % 2)
    return batch(np.full((3, 60, 40), number, np.uint8), 3, number, infos)


def of_objects(number: int) -> list[Any]:
    return batch(("text", "x" * number), 2, number)


KINDS = [small, large, wide, nested, with_infos, large_with_infos, of_objects]


def whole(data: bytes) -> list[bytes]:
    return [data]


def in_pieces(data: bytes) -> list[bytes]:
    cuts = sorted({0, 3, 4, 11, 40, len(data) // 2, len(data) - 1, len(data)})
    return [data[start:end] for start, end in itertools.pairwise(cuts) if data[start:end]]


@pytest.mark.parametrize("scatter", [True, False], ids=["recvmsg_into", "recv_into"])
@pytest.mark.parametrize("split", [whole, in_pieces])
@pytest.mark.parametrize("reuse", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_results_are_what_was_sent(kind: Any, reuse: bool, split: Any, scatter: bool) -> None:
    sent = [kind(number) for number in range(1, 8)]
    script = [piece for i, result in enumerate(sent, 1) for piece in split(reply(i, result))]
    reader = BatchReader(stream_of(*script, scatter=scatter))
    places = None
    for i, expected in enumerate(sent, 1):
        received = reader.read(i, places)
        assert_identical(list(received), expected, f"reply {i}")
        if reuse and kind is not of_objects:
            leaves = leaves_of(received[0])
            if places is not None and split is whole:
                assert all(leaf is place for leaf, place in zip(leaves, places))
            places = leaves


@pytest.mark.parametrize("scatter", [True, False], ids=["recvmsg_into", "recv_into"])
@pytest.mark.parametrize(("first", "second"), itertools.permutations(KINDS, 2))
def test_forms_may_change_at_any_step(first: Any, second: Any, scatter: bool) -> None:
    kinds = [first, first, second, first, second, second, first]
    sent = [kind(number) for number, kind in enumerate(kinds, 1)]
    reader = BatchReader(
        stream_of(*[reply(i, result) for i, result in enumerate(sent, 1)], scatter=scatter)
    )
    for i, expected in enumerate(sent, 1):
        assert_identical(list(reader.read(i)), expected)


@pytest.mark.parametrize("kind", [small, large, wide, nested, with_infos, large_with_infos])
def test_frames_in_pieces_keep_their_form(kind: Any) -> None:
    sent = [kind(number) for number in range(1, 8)]
    script = [piece for i, result in enumerate(sent, 1) for piece in in_pieces(reply(i, result))]
    reader = BatchReader(stream_of(*script))
    reader.read(1)
    form = reader._form
    for i, expected in enumerate(sent[1:], 2):
        assert_identical(list(reader.read(i)), expected)
        assert reader._form is form is not None


def test_what_has_no_form_is_looked_at_ever_more_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr("socketgym.wire.batches._form_of", lambda *args: looks.append(args))
    reader = BatchReader(stream_of(*[reply(i, small(i)) for i in range(1, 41)]))
    for i in range(1, 41):
        assert_identical(list(reader.read(i)), small(i))
    assert len(looks) == 5  # The 1st, 3rd, 7th, 15th and 31st of them.


def test_arrays_are_new_unless_they_are_given() -> None:
    reader = BatchReader(stream_of(*[reply(i, small(i)) for i in range(1, 5)]))
    steps = [reader.read(i) for i in range(1, 5)]
    arrays = [array for step in steps for array in step[:4]]
    for array in arrays:
        assert array.flags.owndata and array.flags.writeable and array.flags.aligned
    for left, right in itertools.combinations(arrays, 2):
        assert not np.shares_memory(left, right)
    assert_identical([list(step) for step in steps], [small(i) for i in range(1, 5)])


@pytest.mark.parametrize("scatter", [True, False], ids=["recvmsg_into", "recv_into"])
@pytest.mark.parametrize("learned", [0, 2])
@pytest.mark.parametrize("kind", KINDS)
class TestBrokenReplies:
    """Each with a form known and without one."""

    def read_last(self, kind: Any, learned: int, scatter: bool, *script: Any) -> Any:
        good = [reply(i, kind(i)) for i in range(1, learned + 1)]
        reader = BatchReader(stream_of(*good, *script, scatter=scatter))
        for i in range(1, learned + 1):
            reader.read(i)
        return reader.read(learned + 1)

    def test_errors_of_the_environments(self, kind: Any, learned: int, scatter: bool) -> None:
        for length in (1, 300, 100_000):
            error = error_reply(learned + 1, "EnvironmentFault", traceback="x" * length)
            with pytest.raises(errors.EnvironmentFault, match="A case of"):
                self.read_last(kind, learned, scatter, error)

    def test_another_id(self, kind: Any, learned: int, scatter: bool) -> None:
        with pytest.raises(errors.MalformedMessage, match="answered request 99"):
            self.read_last(kind, learned, scatter, reply(99, kind(learned + 1)))

    def test_ends(self, kind: Any, learned: int, scatter: bool) -> None:
        data = reply(learned + 1, kind(learned + 1))
        with pytest.raises(errors.ConnectionLost):
            self.read_last(kind, learned, scatter)
        for length in (1, 4, 11, 40, len(data) // 2, len(data) - 1):
            with pytest.raises(errors.TruncatedFrame, match=f"after {length} bytes"):
                self.read_last(kind, learned, scatter, data[:length])
        with pytest.raises(errors.ConnectionLost, match="reset"):
            self.read_last(kind, learned, scatter, data[:50], ConnectionResetError("reset"))

    def test_lengths_refused_on_sight(self, kind: Any, learned: int, scatter: bool) -> None:
        data = reply(learned + 1, kind(learned + 1))
        with pytest.raises(errors.EmptyFrame):
            self.read_last(kind, learned, scatter, bytes(4))
        with pytest.raises(errors.FrameTooLarge):
            self.read_last(kind, learned, scatter, b"\xff\xff\xff\xff" + data[4:])
        if len(data) < 4096:  # Of a larger one no more is received than there is due.
            with pytest.raises(errors.MalformedMessage, match="1 bytes more"):
                self.read_last(kind, learned, scatter, data + b"\0")
        with pytest.raises((errors.MalformedMessage, errors.ShapeMismatch)):
            short = (len(data) - 5).to_bytes(4, "big") + data[4:-1]
            self.read_last(kind, learned, scatter, short)

    def test_results_that_are_no_step(self, kind: Any, learned: int, scatter: bool) -> None:
        good = kind(learned + 1)
        for result in (None, [], good[:4], [*good[:4], {}], [good[0], 1.0, *good[2:]]):
            with pytest.raises(errors.MalformedMessage):
                self.read_last(kind, learned, scatter, reply(learned + 1, result))


@pytest.mark.parametrize("at_most", [None, 0, 1000])
def test_large_batches_of_actions_are_sent_as_they_lie(at_most: int | None) -> None:
    writer = RequestWriter()
    for number, actions in enumerate(
        [
            np.arange(2000),
            np.arange(2000) + 1,
            np.arange(4000)[::2],
            np.asfortranarray(np.arange(2000.0).reshape(40, 50)),
            np.arange(2000, dtype=">i8"),
            np.zeros(5000, bool),
            np.arange(3),
            [1, 2],
        ],
        1,
    ):
        socket = GatheringSocket([], at_most)
        frame, body = writer.write_batch_step(number, actions)
        is_large = type(actions) is np.ndarray and actions.nbytes > 4096
        assert (body is not None) == (is_large and actions.flags.c_contiguous)
        if body is None:
            Stream(socket).send(frame)
        else:
            assert np.shares_memory(np.frombuffer(body, np.uint8), actions)
            Stream(socket).send_both(frame, body)
        assert socket.sent == bytes(RequestWriter().write(number, "step", [actions]))


class GatheringSocket(ScriptedSocket):
    """Sends several buffers at once, too."""

    def sendmsg(self, buffers: Any) -> int:
        return self.send(b"".join(map(bytes, buffers)))
