"""One exception class for every error code of the protocol (docs/protocol.md, section 6).

Each class is named for its code and derives from `SocketGymError`, and also from the standard or
Gymnasium exception that code written for a local environment would catch. Every one of them can be
pickled, and can be made from its text alone, as Gymnasium's `AsyncVectorEnv` does when it raises a
worker's error again.
"""

from __future__ import annotations

import gymnasium.error

__all__ = ["SocketGymError"]  # The classes of the codes are appended as they are defined.


class SocketGymError(gymnasium.error.Error, RuntimeError):
    """Base of every error that the server or this client reports.

    A `RuntimeError`, which is what code written for gym_service's client catches.

    Attributes:
        code: The error's code, which is the class's name.
        message: What was wrong, with what value, and what to do.
        remote_type: The qualified name of the environment's own exception type, or None.
        remote_traceback: The environment's own traceback, or None.
        ends_connection: Whether the connection is over once the error was raised; not where it was
            raised before anything was sent.
    """

    code: str = "SocketGymError"
    message: str
    remote_type: str | None
    remote_traceback: str | None
    ends_connection: bool = False

    def __init__(
        self,
        message: str | BaseException = "",
        *,
        remote_type: str | None = None,
        remote_traceback: str | None = None,
    ) -> None:
        if isinstance(message, SocketGymError):  # As AsyncVectorEnv makes it of a worker's.
            remote_type = message.remote_type
            remote_traceback = message.remote_traceback
            vars(self).update(vars(message))
            message = message.message
        message = str(message)
        super().__init__(message)
        self.message = message
        self.remote_type = remote_type
        self.remote_traceback = remote_traceback

    def __init_subclass__(cls, *, ends_connection: bool = False) -> None:
        super().__init_subclass__()
        cls.code = cls.__name__
        cls.ends_connection = ends_connection
        __all__.append(cls.__name__)

    def __str__(self) -> str:
        if not self.remote_traceback:
            return self.message
        return (
            f"{self.message}\n\nThe environment's own traceback:\n{self.remote_traceback.rstrip()}"
        )


class InternalError(SocketGymError, RuntimeError, ends_connection=True):
    """A fault of the server itself; please report it."""


class EmptyFrame(SocketGymError, ends_connection=True):
    """A frame of length 0."""


class FrameTooLarge(SocketGymError, ends_connection=True):
    """A frame longer than the receiver's limit."""


class TruncatedFrame(SocketGymError, ConnectionError, ends_connection=True):
    """The connection ended inside a frame."""


class MalformedMessage(SocketGymError, ValueError, ends_connection=True):
    """A payload that is no message of the connection's codec."""


class NestingTooDeep(SocketGymError, ValueError, ends_connection=True):
    """A payload nested deeper than the limit."""


class TooManyValues(SocketGymError, ValueError, ends_connection=True):
    """A payload that stands for more values than the limit."""


class CyclicValue(SocketGymError, ValueError, ends_connection=True):
    """A value that contains itself."""


class ForbiddenGlobal(SocketGymError, ends_connection=True):
    """A pickle that names something outside the closed list; nothing ran."""


class ShapeMismatch(SocketGymError, ValueError, ends_connection=True):
    """An array whose dtype, shape and byte count do not fit each other."""


class UnsupportedProtocol(SocketGymError, ends_connection=True):
    """Another protocol version, or a codec that the listener does not offer."""


class UnknownMethod(SocketGymError):
    """A method that the server does not have."""


class InvalidArgument(SocketGymError, ValueError, AssertionError):
    """A parameter that is missing, of the wrong type, or out of range.

    Also an `AssertionError`, because that is how Gymnasium's own vectors refuse seeds and masks.
    """


class UnknownAttribute(SocketGymError, AttributeError):
    """The environment has no attribute of this name, or none that can be set."""


class NoEnvironment(SocketGymError):
    """A request that needs an environment, before `make` or after `close`."""


class UnknownEnvironment(SocketGymError, gymnasium.error.UnregisteredEnv):
    """No environment has this id; the message names close matches."""


class UnsupportedSpace(SocketGymError):
    """The environment has a space that is none of Gymnasium's ten."""


class UnsupportedRenderMode(SocketGymError, gymnasium.error.UnsupportedMode):
    """The environment does not offer this render mode, or was made without one."""


class UnsupportedValue(SocketGymError, TypeError):
    """A value that has no encoding."""


class InvalidAction(SocketGymError, gymnasium.error.InvalidAction, AssertionError):
    """The environment refused the action; the message names action and space.

    Also an `AssertionError`, because that is how Gymnasium's own environments refuse an action.
    """


class ResetNeeded(SocketGymError, gymnasium.error.ResetNeeded, AssertionError):
    """`step` or `render` before the first `reset`, or after what only a reset repairs.

    Also an `AssertionError`, because that is how Gymnasium's own vectors refuse a step of an
    environment whose episode is over.
    """


class EnvironmentFault(SocketGymError, RuntimeError):
    """The environment raised an exception of its own: see `remote_type` and `remote_traceback`."""


class WorkerDied(SocketGymError):
    """The environment's process ended; the session has no environment any more."""


class EnvironmentTimeout(SocketGymError, TimeoutError):
    """The environment did not answer within the server's limit and was ended."""


class InterpreterUnavailable(SocketGymError):
    """The server found no Python with Gymnasium, or could not start it."""


class ServerFull(SocketGymError, ends_connection=True):
    """A limit on connections or sessions is reached."""


class ServerDraining(SocketGymError, ends_connection=True):
    """The server is shutting down."""


class ConnectionFailed(SocketGymError, ConnectionError, ends_connection=True):
    """The server could not be reached."""


class ConnectionLost(SocketGymError, ConnectionError, ends_connection=True):
    """The connection ended while a reply was due."""


class RequestTimeout(SocketGymError, TimeoutError, ends_connection=True):
    """No reply came within the client's limit; the connection is closed."""


class ClosedEnvironment(
    SocketGymError, gymnasium.error.ClosedEnvironmentError, ends_connection=True
):
    """The client's environment was closed before."""


ERRORS: dict[str, type[SocketGymError]] = {cls.code: cls for cls in SocketGymError.__subclasses__()}


def error_for(
    code: str,
    message: str,
    remote_type: str | None = None,
    remote_traceback: str | None = None,
) -> SocketGymError:
    """Makes the exception for a code from the wire.

    Args:
        code: A code of docs/protocol.md; an unknown one, of a newer server, gives an
            `InternalError`.
        message: What was wrong.
        remote_type: The type of the environment's own exception, or None.
        remote_traceback: The environment's own traceback, or None.

    Returns:
        The exception, not raised.
    """
    cls = ERRORS.get(code)
    if cls is None:
        cls, message = InternalError, f"{code}: {message}"
    return cls(message, remote_type=remote_type, remote_traceback=remote_traceback)
