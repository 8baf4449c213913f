"""A remote environment as a `gymnasium.Env`."""

from __future__ import annotations

import functools
from typing import Any

import gymnasium
from gymnasium.envs.registration import EnvSpec

from socketgym.addresses import ServerAddress
from socketgym.errors import MalformedMessage, SocketGymError, UnknownAttribute, UnsupportedValue
from socketgym.making import make_remote, refuse_human, stated
from socketgym.specs import (
    DEFAULT_RENDER_FPS,
    RemoteSpec,
    metadata_here,
    render_mode_of,
    spec_of_client,
    with_remote_limit,
)
from socketgym.wire.connection import Connection
from socketgym.wire.spaces import space_from_wire

__all__ = ["SocketGymClient"]


class SocketGymClient(gymnasium.Env[Any, Any]):
    """An environment that a SocketGym server runs.

    Every observation, reward, flag and entry of an info has the type, dtype, shape and bytes that
    the environment returned, and belongs to the caller. Actions travel as they are; the environment
    alone decides what it takes.

    An object is for one thread at a time. A copy, whether by `copy.deepcopy` or by pickle, is a new
    environment on a connection of its own, made with the same arguments. A forked process cannot
    use its parent's. An exception such as `KeyboardInterrupt` in the middle of a request ends the
    connection, since the environment may or may not have taken the step; the next use raises
    `ConnectionLost`.

    The time limit: made by itself, this object has the server's, as `remote_spec` tells. Made by
    `gymnasium.make` from a registered id, the limit is the spec's and Gymnasium's `TimeLimit` here
    counts; the server's is off, so that `max_episode_steps` of `gymnasium.make` has its usual
    meaning, also for none or a longer one.

    Attributes:
        observation_space: A space that equals the environment's own.
        action_space: The same for actions.
        metadata: The environment's metadata, a dict of this object's own; without the render mode
            "human", which would open a window on the server, and with a `render_fps` in any case.
        render_mode: The mode that the environment was made for, or None.
        remote_spec: How the server made the environment, or None where it does not say.
    """

    # What gymnasium.make may take for granted before the environment is there. Modes that end in
    # "_list" it makes of these, and "human" by a window on this machine.
    metadata: dict[str, Any] = {
        "render_modes": ["rgb_array", "ansi", "depth_array"],
        "render_fps": DEFAULT_RENDER_FPS,
    }

    def __init__(
        self,
        env_id: str = "CartPole-v1",
        env_type: str | None = None,
        host: str | None = None,
        port: int | None = None,
        *,
        address: str | None = None,
        timeout: float | None = None,
        connect_timeout: float | None = None,
        remote_time_limit: bool = True,
        shared_memory: bool | None = None,
        copy: bool = True,
        compression: bool = False,
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
            timeout: The longest wait in seconds for each reply; None for no limit.
            connect_timeout: The longest wait for the connection; `timeout` unless given.
            remote_time_limit: False asks for the environment without the time limit with which it
                is registered on the server. Where the server cannot leave it out, it stays.
            shared_memory: Whether to talk through memory shared with the server, which a server
                on this machine offers to its own user; where it cannot be had, everything goes
                by the socket. None asks for it where the address is a Unix socket or a loopback
                address; False does not ask.
            copy: With False, large arrays that `reset`, `step` and `render` return may be views of
                the shared memory: they hold until the next call of any method that asks the
                server, and then show what came next. They may be written to.
            compression: Whether to ask the server to compress what both send, without loss, for slow
                links. Then no memory is shared. Where the server declines, everything goes as it
                is; `compresses` tells.
            **env_kwargs: Keyword arguments for `gymnasium.make` on the server. Without
                `render_mode` the environment is made for `rgb_array` where it can be, and else
                without a mode; with `render_mode=None` always without one.

        Raises:
            ConnectionFailed: The server could not be reached.
            UnknownEnvironment: The server has no environment of this id.
            UnsupportedRenderMode: The environment has no such mode, or it is "human".
            InvalidArgument: An address together with a host or port, or an argument is refused.
            SocketGymError: Anything else that keeps the environment from being made.
        """
        refuse_human(env_kwargs.get("render_mode"))
        server = ServerAddress.resolve(host, port, address)
        given = stated(
            env_type=env_type,
            timeout=timeout,
            connect_timeout=connect_timeout,
            shared_memory=shared_memory,
            remote_time_limit=remote_time_limit,
            copy=copy,
            compression=compression,
        )
        self._arguments = {"host": host, "port": port, "address": address, **given, **env_kwargs}
        self._env_id = env_id
        self._connection = Connection.open(
            server,
            timeout,
            connect_timeout,
            shared_memory=shared_memory,
            copy=copy,
            compression=compression,
        )
        try:
            remote_id = env_id if env_type is None else f"gym_{env_type}:{env_id}"
            made, _ = make_remote(
                lambda kwargs: self._connection.request("make", remote_id, kwargs),
                env_kwargs,
                remote_time_limit,
            )
            self._adopt(made)
            kwargs = {"address": str(server), **given, **env_kwargs}
            self._spec: EnvSpec | None = spec_of_client(self.remote_spec, env_id, kwargs)
        except BaseException:
            self._connection.close()
            raise

    @property
    def spec(self) -> EnvSpec | None:
        """From what `gymnasium.make` makes this client again; the server's is `remote_spec`.

        Its `max_episode_steps` is the server's time limit where nobody has set another.
        """
        return self._spec

    @spec.setter
    def spec(self, spec: EnvSpec | None) -> None:
        self._spec = with_remote_limit(spec, self.remote_spec)

    @property
    def shares_memory(self) -> bool:
        """Whether requests and replies go through memory shared with the server."""
        return self._connection.shares_memory

    @property
    def compresses(self) -> bool:
        """Whether requests and replies are compressed."""
        return self._connection.compresses

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
            name: The attribute's name; a private one stays with this object.
            value: The value.
            force: Whether the attribute is made, on the remote environment's outermost wrapper,
                where there is none.

        Returns:
            Whether it was set.

        Raises:
            SocketGymError: As for `set_attr`.
        """
        is_public = _is_public(name)
        if hasattr(self, name) or (force and not is_public):
            setattr(self, name, value)
            return True
        return self.set_attr(name, value, force=force) if is_public else False

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

    def __del__(self) -> None:
        # Without a request, which could block or fail: the server closes the environment when its
        # connection ends. There is no connection where the constructor failed before it.
        connection = getattr(self, "_connection", None)
        if connection is not None:
            connection.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return _make_again, (type(self), self._env_id, self._arguments, self._spec)

    def _adopt(self, made: dict[str, Any]) -> None:
        try:
            self.observation_space = space_from_wire(made["observation_space"])
            self.action_space = space_from_wire(made["action_space"])
            self.metadata = metadata_here(made["metadata"])
            self.render_mode = render_mode_of(made)
            spec = made["spec"]
            self.remote_spec = None if spec is None else RemoteSpec.read(spec)
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, SocketGymError):
                raise
            raise MalformedMessage(
                f"The server's description of the environment: {error!r}"
            ) from error


def _is_public(name: str) -> bool:
    return name != "" and not name.startswith("_") and "." not in name


def _make_again(
    cls: type[SocketGymClient], env_id: str, arguments: dict[str, Any], spec: EnvSpec | None
) -> SocketGymClient:
    made = cls(env_id, **arguments)
    made.spec = spec
    return made
