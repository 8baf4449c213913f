"""Exceptions as the errors of docs/protocol.md, section 6."""

import traceback

from .text import MAX_MESSAGE, cut, summary, type_name

_OWN_FILES = "<socketgym_worker"
_MAX_TRACEBACK = 64 * 1024


class Refusal(Exception):
    """A request cannot be done, for a reason that has a code of its own.

    Attributes:
        code: The name of the error code.
        cause: The environment's exception behind it, or None.
    """

    def __init__(self, code, message, cause=None):
        super().__init__(message)
        self.code = code
        self.cause = cause


class PartFailure(Exception):
    """One environment of a vector raised an exception.

    Attributes:
        index: Which environment of the whole vector it is.
        error: The exception.
    """

    def __init__(self, index, error):
        super().__init__(index, error)
        self.index = index
        self.error = error


def describe(error):
    """Describes whatever a request raised.

    Args:
        error: A :class:`Refusal`, an exception of the environment, which becomes an ``EnvironmentFault``, or a :class:`PartFailure`.

    Returns:
        A dict with ``code``, ``message``, ``type`` and ``traceback``.
    """
    if isinstance(error, PartFailure):
        result = describe(error.error)
        result["message"] = "environment %d: %s" % (error.index, result["message"])
        return result
    if isinstance(error, Refusal):
        return {
            "code": error.code,
            "message": cut(str(error), MAX_MESSAGE),
            "type": None if error.cause is None else type_name(type(error.cause)),
            "traceback": None if error.cause is None else format_traceback(error.cause),
        }
    return {
        "code": "EnvironmentFault",
        "message": summary(error),
        "type": type_name(type(error)),
        "traceback": format_traceback(error),
    }


def format_traceback(error):
    """Returns the traceback as Python prints it, without the worker's own frames."""
    try:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OWN_FILES):
            trace = trace.tb_next
        text = "".join(traceback.format_exception(type(error), error, trace))
    except Exception as second:
        return "%s\n(formatting the traceback raised %s)\n" % (
            summary(error),
            type_name(type(second)),
        )
    return cut(text, _MAX_TRACEBACK)
