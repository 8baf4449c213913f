"""What a remote environment says of itself: the server's account, and what Gymnasium sees here."""

from __future__ import annotations

import dataclasses
import numbers
import re
from typing import Any

import numpy as np
from gymnasium import vector
from gymnasium.envs.registration import EnvSpec

from socketgym.quoting import quoted

__all__ = [
    "CLIENT",
    "DEFAULT_RENDER_FPS",
    "NAMESPACE",
    "VECTOR_CLIENT",
    "RemoteSpec",
    "local_id",
    "metadata_here",
    "render_mode_of",
    "spec_of_client",
    "spec_of_single",
    "spec_of_vector",
    "with_remote_limit",
]

NAMESPACE = "SocketGym"
# As text, so that a spec can be written as JSON.
CLIENT = "socketgym:SocketGymClient"
# Gymnasium's vectors have modes of resetting since 1.1; before that make_vec has "sync" and "async".
VECTOR_CLIENT = "socketgym:SocketGymVectorClient" if hasattr(vector, "AutoresetMode") else None
# Gymnasium's video wrappers take this rate where an environment names none.
DEFAULT_RENDER_FPS = 30
_VECTORS_OWN = (
    "autoreset_mode",
    "legacy_infos",
    "num_envs",
    "num_groups",
    "vectorization_mode",
    "workers",
)
_NOT_IN_IDS = re.compile(r"[^\w.-]")


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

    @classmethod
    def read(cls, entries: dict[str, Any]) -> RemoteSpec:
        """Takes a spec out of its description on the wire.

        Args:
            entries: The description; a newer server may say more than there are fields.

        Returns:
            The spec.

        Raises:
            TypeError: It is no dict, there is no id, or an entry has another type than its field.
        """
        if type(entries) is not dict:
            raise TypeError(f"a spec is a dict, not {quoted(entries)}")
        spec = cls(**{name: entries[name] for name in _SPEC_TYPES if name in entries})
        for name, types in _SPEC_TYPES.items():
            if not isinstance(getattr(spec, name), types):
                raise TypeError(f"a spec's {name} is {quoted(getattr(spec, name))}")
        return spec


# What a server may say: numbers of any kind, as the environment registered them.
_SPEC_TYPES: dict[str, tuple[type, ...]] = {
    "id": (str,),
    "entry_point": (str, type(None)),
    "reward_threshold": (float, int, np.number, type(None)),
    "nondeterministic": (int, np.bool_),
    "max_episode_steps": (int, np.integer, type(None)),
    "order_enforce": (int, np.bool_),
    "disable_env_checker": (int, np.bool_),
    "kwargs": (dict,),
}


def local_id(env_id: str) -> str:
    """The id under which Gymnasium knows a remote environment here.

    Args:
        env_id: The server's id. Gymnasium allows one namespace only and takes a colon for a module,
            so a prefix is left off and a slash becomes a dot.

    Returns:
        For `CartPole-v1` and `native:CartPole-v1` `SocketGym/CartPole-v1`, for `lab/Reach-v0`
        `SocketGym/lab.Reach-v0`.
    """
    name = env_id.rpartition(":")[2].replace("/", ".")
    return f"{NAMESPACE}/{_NOT_IN_IDS.sub('_', name) or '_'}"


def spec_of_client(remote: RemoteSpec | None, env_id: str, kwargs: dict[str, Any]) -> EnvSpec:
    """The spec from which `gymnasium.make` makes a client that was made without it again.

    Args:
        remote: How the server made the environment, or None.
        env_id: What the server was asked for.
        kwargs: The client's arguments beside that.

    Returns:
        The spec. No wrapper is added for what the server does: neither its checks nor the order of
        calls. Its time limit is named, and a `TimeLimit` of the same length changes nothing.
    """
    if "max_episode_steps" in kwargs:
        # Gymnasium's make and make_vec would take it for their own, so it becomes what they mean.
        kwargs = {**kwargs, "remote_time_limit": False}
        del kwargs["max_episode_steps"]
    return EnvSpec(
        id=local_id(env_id if remote is None else remote.id),
        entry_point=CLIENT,
        reward_threshold=None if remote is None else remote.reward_threshold,
        nondeterministic=remote is not None and remote.nondeterministic,
        max_episode_steps=None if remote is None else remote.max_episode_steps,
        order_enforce=False,
        disable_env_checker=True,
        kwargs={"env_id": env_id, **kwargs},
        vector_entry_point=VECTOR_CLIENT,
    )


def spec_of_vector(
    remote: RemoteSpec | None, env_id: str, num_envs: int, kwargs: dict[str, Any]
) -> EnvSpec:
    """The spec from which `gymnasium.make_vec` makes a vector that was made without it again.

    Args:
        remote: How the server made one environment, or None.
        env_id: What the server was asked for.
        num_envs: How many environments there are.
        kwargs: The vector's arguments beside those.

    Returns:
        The spec.
    """
    spec = spec_of_client(remote, env_id, kwargs)
    spec.kwargs.update(num_envs=num_envs, vectorization_mode="vector_entry_point")
    return spec


def spec_of_single(spec: EnvSpec | None, address: str) -> EnvSpec | None:
    """The spec of one of a vector's environments, from which a client makes its like.

    Args:
        spec: The vector's, or None.
        address: The environment's server.

    Returns:
        The spec, without what is the vector's; or None.
    """
    if spec is None:
        return None
    kwargs = {name: value for name, value in spec.kwargs.items() if name not in _VECTORS_OWN}
    return dataclasses.replace(spec, kwargs={**kwargs, "address": address})


def with_remote_limit(spec: EnvSpec | None, remote: RemoteSpec | None) -> EnvSpec | None:
    """Adds the server's time limit to a spec that names none.

    Args:
        spec: A spec, for instance the one that `gymnasium.make` gives the innermost environment.
        remote: How the server made the environment, or None.

    Returns:
        The spec, which is another object where something was added.
    """
    if spec is None or remote is None or spec.max_episode_steps is not None:
        return spec
    return dataclasses.replace(spec, max_episode_steps=remote.max_episode_steps)


def metadata_here(remote: dict[str, Any]) -> dict[str, Any]:
    """The metadata that is true of an environment whose window would be another machine's.

    Args:
        remote: The environment's own.

    Returns:
        A new dict, without the mode "human" and with a positive `render_fps`.

    Raises:
        TypeError: It is no dict, or its modes cannot be listed.
    """
    metadata = dict(remote)
    metadata["render_modes"] = [
        mode for mode in metadata.get("render_modes") or () if mode != "human"
    ]
    fps = metadata.get("render_fps")
    if not isinstance(fps, numbers.Real) or not float(fps) > 0:
        metadata["render_fps"] = DEFAULT_RENDER_FPS
    return metadata


def render_mode_of(made: dict[str, Any]) -> str | None:
    """The mode in a server's description of an environment.

    Args:
        made: The description.

    Returns:
        The mode, or None.

    Raises:
        KeyError: There is none.
        TypeError: It is no text.
    """
    mode = made["render_mode"]
    if mode is not None and type(mode) is not str:
        raise TypeError(f"the render mode is {quoted(mode)}")
    return mode
