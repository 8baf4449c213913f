"""A remote environment as a `gymnasium.Env`."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import gymnasium

from socketgym.addresses import DEFAULT_HOST, DEFAULT_PORT, ServerAddress
from socketgym.errors import (
    EnvironmentFault,
    InvalidArgument,
    MalformedMessage,
    SocketGymError,
    UnknownAttribute,
    UnsupportedRenderMode,
    UnsupportedValue,
)
from socketgym.wire.connection import Connection
from socketgym.wire.spaces import space_from_wire

__all__ = ["RemoteSpec", "SocketGymClient"]

_DEFAULT_RENDER_MODE = "rgb_array"


@dataclasses.dataclass(frozen=True)
class RemoteSpec:
    """How the server made the environment, as in Gymnasium's `EnvSpec`.

    Attributes:
        id: The environment's id.
        entry_point: Where its class is, as text; or None.
        reward_threshold: The return at which the task counts as solved, or None.
        nondeterministic: Whether it stays random when seeded.
        max_episode_steps: Steps after which an episode is truncated, or None.
        order_enforce: Whether `step` before `reset` is refused.
        disable_env_checker: Whether Gymnasium's checker is off.
        kwargs: Keyword arguments of its constructor.
    """

    id: str
    entry_point: str | None = None
    reward_threshold: float | None = None
    nondeterministic: bool = False
    max_episode_steps: int | None = None
    order_enforce: bool = True
    disable_env_checker: bool = False
    kwargs: dict[str, Any] = dataclasses.field(default_factory=dict)


class SocketGymClient(gymnasium.Env[Any, Any]):
    """An environment that a SocketGym server runs.

    Every observation, reward, flag and entry of an info has the type, dtype, shape and bytes that
    the environment returned, and belongs to the caller. Actions travel as they are; the environment
    alone decides what it takes.

    An object is for one thread at a time. A copy, whether by `copy.deepcopy` or by pickle, is a new
    environment on a connection of its own, made with the same arguments. A forked process cannot
    use its parent's.

    Attributes:
        remote_spec: How the server made the environment, or None where it does not say.
    """

    def __init__(
        self,
        env_id: str = "CartPole-v1",
        env_type: str | None = None,
        host: str | None = None,
        port: int | None = None,
        *,
        address: str | None = None,
        timeout: float | None = None,
        **env_kwargs: Any,
    ) -> None:
        """Connects to a server and makes an environment there.

        Args:
            env_id: What `gymnasium.make` takes; `native:` or `python:` in front chooses who makes
                it.
            env_type: For X, the server imports the module `gym_X` first, where its configuration
                allows that.
            host: The server's host, 127.0.0.1 unless given.
            port: The server's TCP port, 65432 unless given.
            address: `tcp://host:port` or `unix:/path`, instead of host and port. Where none of the
                three is given, the environment variable `SOCKETGYM_ADDRESS` is taken.
            timeout: The longest wait in seconds for the connection and for each reply; None for no
                limit.
            **env_kwargs: Keyword arguments for `gymnasium.make` on the server. Without
                `render_mode` the environment is made for `rgb_array` where it can be, and else
                without a mode; with `render_mode=None` always without one.

        Raises:
            ConnectionFailed: The server could not be reached.
            UnknownEnvironment: The server has no environment of this id.
            SocketGymError: Anything else that keeps the environment from being made.
        """
        self._arguments = (env_id, env_type, host, port, address, timeout, env_kwargs)
        self._connection = Connection.open(_resolve(host, port, address), timeout)
        try:
            made = self._make(
                env_id if env_type is None else f"gym_{env_type}:{env_id}", env_kwargs
            )
            self._adopt(made)
        except BaseException:
            self._connection.close()
            raise

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Starts an episode.

        Args:
            seed: Seeds the environment, and `np_random` here; None to leave both going on.
            options: Passed on to the environment.

        Returns:
            Observation and info.

        Raises:
            SocketGymError: The environment raised an error, or the connection failed.
        """
        super().reset(seed=seed)
        return self._connection.reset(seed, options)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Takes a step.

        Args:
            action: Any value; it reaches the environment with its type and dtype.

        Returns:
            Observation, reward, terminated, truncated and info.

        Raises:
            UnsupportedValue: The action cannot be encoded; nothing was sent.
            InvalidAction: The environment refused it.
            ResetNeeded: The episode has not been started.
            SocketGymError: Another error of the environment, or the connection failed.
        """
        return self._connection.step(action)

    def render(self) -> Any:
        """Draws the present state.

        Returns:
            What the environment's own `render` returns in its mode.

        Raises:
            UnsupportedRenderMode: It was made without a mode.
            SocketGymError: Another error of the environment, or the connection failed.
        """
        return self._connection.request("render")

    def get_attr(self, name: str) -> Any:
        """Reads an attribute of the remote environment; its wrappers are searched first.

        Args:
            name: A public name: it neither begins with `_` nor contains a dot.

        Returns:
            The value, which belongs to the caller.

        Raises:
            UnknownAttribute: There is no such attribute; an `AttributeError`.
            UnsupportedValue: It is a method or an object that cannot travel.
            InvalidArgument: The name is refused.
            SocketGymError: Another error of the environment, or the connection failed.
        """
        return self._connection.request("get_attr", name)

    def set_attr(self, name: str, value: Any, *, force: bool = True) -> bool:
        """Sets an attribute of the remote environment, on the wrapper that has it or inside.

        Args:
            name: A public name: it neither begins with `_` nor contains a dot.
            value: The value; it arrives with its type and dtype.
            force: Whether the attribute is made, on the outermost wrapper, where there is none.

        Returns:
            Whether it was set.

        Raises:
            UnknownAttribute: The attribute cannot be set; an `AttributeError`.
            UnsupportedValue: The value cannot be encoded; nothing was sent.
            InvalidArgument: The name is refused, or by a native environment the value.
            SocketGymError: Another error of the environment, or the connection failed.
        """
        return self._connection.request("set_attr", name, value, force)

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Calls a method of the remote environment; its wrappers are searched first.

        Args:
            name: A public name: it neither begins with `_` nor contains a dot.
            *args: Positional arguments; they arrive with their types and dtypes, as copies.
            **kwargs: Keyword arguments.

        Returns:
            What the method returned, which belongs to the caller.

        Raises:
            UnknownAttribute: There is no such method; an `AttributeError`.
            InvalidArgument: The name is refused, or what it names cannot be called.
            UnsupportedValue: An argument or the result cannot travel.
            EnvironmentFault: The method raised an exception.
            SocketGymError: Another error of the environment, or the connection failed.
        """
        return self._connection.request("call", name, list(args), kwargs)

    def has_wrapper_attr(self, name: str) -> bool:
        """Tells whether this object or the remote environment has an attribute."""
        if hasattr(self, name):
            return True
        return _is_public(name) and self._connection.request("has_attr", name) is not None

    def get_wrapper_attr(self, name: str) -> Any:
        """Reads an attribute of this object or else of the remote environment.

        Args:
            name: The attribute's name.

        Returns:
            The value; for a method of the remote environment a function that calls it.

        Raises:
            AttributeError: Neither has it; for the environment's private names also where it has.
            UnsupportedValue: It is an object that cannot travel.
            SocketGymError: Another error of the environment, or the connection failed.
        """
        if hasattr(self, name):
            return getattr(self, name)
        if not _is_public(name):
            raise UnknownAttribute(f"{self} has no attribute {name!r}.")
        try:
            return self.get_attr(name)
        except UnsupportedValue:
            if self._connection.request("has_attr", name) != "method":
                raise
            return functools.partial(self.call, name)

    def set_wrapper_attr(self, name: str, value: Any, *, force: bool = True) -> bool:
        """Sets an attribute of this object where it has it, else of the remote environment.

        Args:
            name: The attribute's name.
            value: The value.
            force: Whether the attribute is made, on the remote environment's outermost wrapper,
                where there is none.

        Returns:
            Whether it was set.

        Raises:
            SocketGymError: As for `set_attr`.
        """
        if hasattr(self, name):
            setattr(self, name, value)
            return True
        return self.set_attr(name, value, force=force)

    @property
    def _max_episode_steps(self) -> int:
        # Learners read it, as LeRobot does: the one private name that a TimeLimit is known by.
        if self.remote_spec is None or self.remote_spec.max_episode_steps is None:
            raise UnknownAttribute("The remote environment has no time limit.")
        return self.remote_spec.max_episode_steps

    def close(self) -> None:
        """Closes the environment and the connection; may be called again.

        Raises:
            EnvironmentFault: The environment raised an exception while it closed. It is closed all
                the same.
        """
        try:
            if self._connection.is_open and not self._connection.is_busy:
                self._connection.request("close")
        except SocketGymError as error:
            if not error.ends_connection:
                raise
        finally:
            self._connection.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return _make_again, (type(self), *self._arguments)

    def _make(self, env_id: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        if "render_mode" in kwargs:
            # Every Gymnasium environment takes None for no mode, and one that never draws may take
            # no such argument at all.
            kwargs = {k: v for k, v in kwargs.items() if k != "render_mode" or v is not None}
        else:
            try:
                return self._request_make(env_id, {**kwargs, "render_mode": _DEFAULT_RENDER_MODE})
            except (UnsupportedRenderMode, InvalidArgument, EnvironmentFault):
                # The mode was not the caller's wish. If something else was wrong, it is so without
                # it too.
                pass
        return self._request_make(env_id, kwargs)

    def _request_make(self, env_id: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        made = self._connection.request("make", env_id, kwargs)
        if type(made) is not dict:
            raise MalformedMessage(f"The server answered make with {made!r:.100}.")
        return made

    def _adopt(self, made: dict[str, Any]) -> None:
        try:
            self.observation_space = space_from_wire(made["observation_space"])
            self.action_space = space_from_wire(made["action_space"])
            self.metadata = dict(made["metadata"])
            self.render_mode = made["render_mode"]
            spec = made["spec"]
            self.remote_spec = None if spec is None else _read_spec(spec)
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, SocketGymError):
                raise
            raise MalformedMessage(
                f"The server's description of the environment: {error!r}"
            ) from error


def _is_public(name: str) -> bool:
    return name != "" and not name.startswith("_") and "." not in name


def _resolve(host: str | None, port: int | None, address: str | None) -> ServerAddress:
    if address is not None:
        if host is not None or port is not None:
            raise InvalidArgument("Give an address, or a host and a port, not both.")
        return ServerAddress.parse(address)
    if host is None and port is None:
        return ServerAddress.from_environment() or ServerAddress()
    return ServerAddress(host or DEFAULT_HOST, DEFAULT_PORT if port is None else port)


def _read_spec(entries: dict[str, Any]) -> RemoteSpec:
    # A newer server may say more.
    known = {field.name for field in dataclasses.fields(RemoteSpec)}
    return RemoteSpec(**{name: value for name, value in entries.items() if name in known})


def _make_again(
    cls: type[SocketGymClient],
    env_id: str,
    env_type: str | None,
    host: str | None,
    port: int | None,
    address: str | None,
    timeout: float | None,
    env_kwargs: dict[str, Any],
) -> SocketGymClient:
    return cls(env_id, env_type, host, port, address=address, timeout=timeout, **env_kwargs)
