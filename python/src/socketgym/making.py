"""Making environments on a server: the render mode that nobody asked for, and the limit left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from socketgym.errors import (
    EnvironmentFault,
    InvalidArgument,
    MalformedMessage,
    UnsupportedRenderMode,
)
from socketgym.quoting import quoted

__all__ = ["make_remote", "refuse_human", "stated"]

_DEFAULT_RENDER_MODE = "rgb_array"
# What the constructors of clients take for granted.
_DEFAULTS: dict[str, Any] = {
    "copy": True,
    "remote_time_limit": True,
    "compression": False,
    "legacy_infos": False,
    "num_groups": 1,
}

Made = tuple[dict[str, Any], dict[str, Any]]


def make_remote(
    request: Callable[[dict[str, Any]], Any], kwargs: dict[str, Any], time_limit: bool
) -> Made:
    """Makes an environment or a vector.

    Args:
        request: Asks the server with keyword arguments; may be called several times.
        kwargs: What the caller gave.
        time_limit: False leaves out the server's time limit, where that can be.

    Returns:
        What the server made, and the keyword arguments that it was made with.

    Raises:
        SocketGymError: It could not be made.
    """
    if not time_limit and kwargs.get("max_episode_steps") is None:
        try:
            made, given = _make_for_mode(request, {**kwargs, "max_episode_steps": -1})
            spec = made.get("spec")
            # Gymnasium before 1.0 takes -1 for a limit of -1.
            if type(spec) is not dict or spec.get("max_episode_steps") is None:
                return made, given
        except InvalidArgument:
            # The server's configuration fixes the limit, or the environment's gym has none.
            pass
    return _make_for_mode(request, kwargs)


def refuse_human(render_mode: Any) -> None:
    """Refuses the mode that would open a window on the server.

    Args:
        render_mode: The mode that was asked for.

    Raises:
        UnsupportedRenderMode: It is "human".
    """
    if render_mode == "human":
        raise UnsupportedRenderMode(
            "render_mode 'human' would open a window on the server. For one here, put "
            "gymnasium.wrappers.HumanRendering round an environment made for 'rgb_array', or "
            "give the mode to gymnasium.make, which does that."
        )


def stated(**arguments: Any) -> dict[str, Any]:
    """What a caller said beyond a client's defaults, for specs and copies.

    Args:
        **arguments: Arguments of a client's constructor.

    Returns:
        Those that are not its defaults.
    """
    return {k: value for k, value in arguments.items() if value != _DEFAULTS.get(k)}


def _make_for_mode(request: Callable[[dict[str, Any]], Any], kwargs: dict[str, Any]) -> Made:
    if "render_mode" in kwargs:
        # Every Gymnasium environment takes None for no mode, and one that never draws may take
        # no such argument at all.
        kwargs = {k: v for k, v in kwargs.items() if k != "render_mode" or v is not None}
    else:
        try:
            return _request(request, {**kwargs, "render_mode": _DEFAULT_RENDER_MODE})
        except (UnsupportedRenderMode, InvalidArgument, EnvironmentFault):
            # The mode was not the caller's wish. If something else was wrong, it is so without
            # it too.
            pass
    return _request(request, kwargs)


def _request(request: Callable[[dict[str, Any]], Any], kwargs: dict[str, Any]) -> Made:
    made = request(kwargs)
    if type(made) is not dict:
        raise MalformedMessage(f"The server answered make with {quoted(made)}.")
    return made, kwargs
