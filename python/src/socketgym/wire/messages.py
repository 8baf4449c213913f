"""Requests and responses (docs/protocol.md, section 4)."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from socketgym.errors import FrameTooLarge, MalformedMessage, SocketGymError, error_for
from socketgym.quoting import quoted
from socketgym.wire.kinds import ID_OFFSET
from socketgym.wire.limits import Limits
from socketgym.wire.writer import ValueWriter

__all__ = ["PROTOCOL_VERSION", "RequestWriter", "read_response"]

PROTOCOL_VERSION = 1

_REQUEST = 0
_RESPONSE = 1
_U32 = struct.Struct(">I")
_MAX_TEMPLATES = 64
_MAX_LENGTH = 0xFFFFFFFF
# From this size on it is cheaper to send an array by reference than to copy it into a frame.
_LARGE_BYTES = 4096
_PLAIN_KINDS = "biufc"
# Scalars whose dtype follows from their type alone.
_PLAIN_SCALARS = frozenset(np.dtype(code).type for code in "?bhilqBHILQefdgFDG")


class RequestWriter:
    """Writes requests as whole frames. Not thread-safe.

    The frame of a step is kept and only its id and action are replaced, as long as actions are of
    one type.
    """

    def __init__(self, limits: Limits = Limits()) -> None:
        self._max_frame_bytes = limits.max_frame_bytes
        self._values = ValueWriter(limits)
        self._integer_step = self._frame("step", [0])
        self._templates: dict[Any, tuple[bytearray, int]] = {}
        self._heads: dict[Any, bytearray] = {}

    def limit(self, max_frame_bytes: Any) -> None:
        """Takes over the server's own limit on the length of requests.

        Args:
            max_frame_bytes: What the server said of it; where that is no number, all stays as it is.
        """
        if type(max_frame_bytes) is int and 0 < max_frame_bytes <= _MAX_LENGTH:
            self._max_frame_bytes = max_frame_bytes

    def write(self, request_id: int, method: str, params: list[Any]) -> bytearray:
        """Writes a request.

        Args:
            request_id: 1 to 2^32 - 1.
            method: The method's name.
            params: Its parameters.

        Returns:
            The frame.

        Raises:
            UnsupportedValue: A parameter has no encoding. Nothing was sent.
            TooManyValues: They have more values than the limit, or are nested too deeply or in
                themselves (`NestingTooDeep`, `CyclicValue`). Nothing was sent.
            FrameTooLarge: The request is longer than the limit. Nothing was sent.
        """
        frame = self._frame(method, params)
        _U32.pack_into(frame, ID_OFFSET, request_id)
        return frame

    def write_step(self, request_id: int, action: Any) -> bytearray:
        """Writes a `step`.

        Args:
            request_id: 1 to 2^32 - 1.
            action: The action, of any kind; sent as it is.

        Returns:
            The frame; valid until the next request is written.

        Raises:
            UnsupportedValue: The action has no encoding. Nothing was sent.
            FrameTooLarge: The request is longer than the limit. Nothing was sent.
        """
        kind = type(action)
        if kind is int and 0 <= action < 0x80:
            frame = self._integer_step
            frame[-1] = action
        elif kind is np.ndarray:
            frame = self._step_with_data(action, (action.dtype, action.shape))
        elif kind in _PLAIN_SCALARS:
            frame = self._step_with_data(action, kind)
        else:
            return self.write(request_id, "step", [action])
        _U32.pack_into(frame, ID_OFFSET, request_id)
        return frame

    def write_batch_step(
        self, request_id: int, actions: Any
    ) -> tuple[bytearray, memoryview | None]:
        """Writes a `step` of a vector, large arrays of actions by reference.

        Args:
            request_id: 1 to 2^32 - 1.
            actions: The actions, of any kind; sent as they are.

        Returns:
            The frame, valid until the next request is written; or what comes before the actions'
            bytes, and these.

        Raises:
            UnsupportedValue: The actions have no encoding. Nothing was sent.
            FrameTooLarge: The request is longer than the limit. Nothing was sent.
        """
        if (
            type(actions) is not np.ndarray
            or actions.nbytes < _LARGE_BYTES
            or actions.dtype.kind not in _PLAIN_KINDS
            or not actions.flags.c_contiguous
        ):
            return self.write_step(request_id, actions), None
        key = (actions.dtype, actions.shape)
        head = self._heads.get(key)
        if head is None:
            frame = self._frame("step", [actions])
            if len(self._heads) >= _MAX_TEMPLATES:
                self._heads.clear()
            head = self._heads[key] = frame[: len(frame) - actions.nbytes]
        _U32.pack_into(head, ID_OFFSET, request_id)
        return head, actions.reshape(-1).view(np.uint8).data

    def _step_with_data(self, action: Any, key: Any) -> bytearray:
        template = self._templates.get(key)
        if template is None:
            frame = self._frame("step", [action])
            if action.dtype.hasobject or not action.dtype.itemsize:
                return frame
            start = len(frame) - action.nbytes
            if len(self._templates) >= _MAX_TEMPLATES:
                self._templates.clear()
            self._templates[key] = frame, start
            return frame
        frame, start = template
        frame[start:] = action.tobytes()
        return frame

    def _frame(self, method: str, params: list[Any]) -> bytearray:
        head = bytes([0x94, _REQUEST, 0xCE, 0, 0, 0, 0, 0xA0 | len(method)]) + method.encode()
        # Depth and values are counted from the list of parameters on.
        payload = head + self._values.encode(params)
        if len(payload) > self._max_frame_bytes:
            error = FrameTooLarge(
                f"The request has {len(payload)} bytes; {self._max_frame_bytes} are allowed. Nothing "
                "was sent: send less at once, or start the server with a larger --max-frame-bytes."
            )
            error.ends_connection = False
            raise error
        return bytearray(_U32.pack(len(payload)) + payload)


def read_response(message: Any, request_id: int) -> Any:
    """Takes the result out of a response.

    Args:
        message: The decoded message.
        request_id: The request that it should answer.

    Returns:
        The result.

    Raises:
        SocketGymError: The error that the server reports.
        MalformedMessage: The message is no response to this request.
    """
    if (
        type(message) is not list
        or len(message) != 4
        or type(message[0]) is not int
        or message[0] != _RESPONSE
    ):
        raise MalformedMessage(f"The server sent {quoted(message)}, which is not a response.")
    _, answered, error, result = message
    if type(answered) is not int or (answered != request_id and not (answered == 0 and error)):
        raise MalformedMessage(
            f"The server answered request {quoted(answered)}; request {request_id} was due."
        )
    if error is None:
        return result
    raise _read_error(error, result)


def _read_error(error: Any, result: Any) -> SocketGymError:
    if type(error) is dict and result is None:
        code, message = error.get("code"), error.get("message")
        kind, traceback = error.get("type"), error.get("traceback")
        optional = (str, type(None))
        if type(code) is str and type(message) is str:
            if type(kind) in optional and type(traceback) in optional:
                return error_for(code, message, kind, traceback)
    return MalformedMessage(f"The server sent {quoted(error)}, which is not an error.")
