"""Ids by which Gymnasium makes remote environments.

Importing the package registers `SocketGym/<id>` for Gymnasium's own environments; where the server
is, is found out when one is made. Nothing here opens a connection but `register_all`.

A registered id's time limit is counted by Gymnasium's `TimeLimit` in this process, and the server
makes the environment without one. So an episode ends where it would end locally, whatever
`max_episode_steps` is given to `gymnasium.make`. An id that is registered without a limit keeps the
server's, which `env.spec.max_episode_steps` then shows.
"""

from __future__ import annotations

import warnings
from typing import Any

import gymnasium
from gymnasium.envs.registration import EnvSpec, registry

from socketgym.addresses import ServerAddress
from socketgym.listing import list_environments
from socketgym.specs import CLIENT, VECTOR_CLIENT, local_id

__all__ = ["register", "register_all"]


def register(
    id: str,
    env_id: str | None = None,
    *,
    address: str | None = None,
    max_episode_steps: int | None = None,
    reward_threshold: float | None = None,
    nondeterministic: bool = False,
    order_enforce: bool = True,
    disable_env_checker: bool = False,
    **kwargs: Any,
) -> None:
    """Registers a remote environment with Gymnasium, for `gymnasium.make` and `make_vec`.

    Args:
        id: The id here, such as `Lab/Reach-v0`. One that is registered already is replaced.
        env_id: The server's id; the same unless given.
        address: The server's address; None to look for it when an environment is made.
        max_episode_steps: Steps after which an episode is truncated, in place of the server's
            limit; -1 for no limit at all, None for the server's.
        reward_threshold: The return at which the task counts as solved, or None.
        nondeterministic: Whether the environment stays random when seeded.
        order_enforce: Whether `gymnasium.make` adds `OrderEnforcing`.
        disable_env_checker: Whether it leaves out `PassiveEnvChecker`.
        **kwargs: Further arguments of `SocketGymClient`, among them the environment's own.

    Raises:
        InvalidArgument: The address is none.
        gymnasium.error.Error: Gymnasium refuses the id.
    """
    client_kwargs: dict[str, Any] = {"env_id": id if env_id is None else env_id, **kwargs}
    if address is not None:
        client_kwargs["address"] = str(ServerAddress.parse(address))
    if max_episode_steps is not None:
        client_kwargs["remote_time_limit"] = False
    known = registry.get(id)
    if known is not None and known.entry_point == CLIENT:
        del registry[id]  # Gymnasium would warn of a replacement that is meant.
    gymnasium.register(
        id=id,
        entry_point=CLIENT,
        reward_threshold=reward_threshold,
        nondeterministic=nondeterministic,
        max_episode_steps=None if max_episode_steps == -1 else max_episode_steps,
        order_enforce=order_enforce,
        disable_env_checker=disable_env_checker,
        kwargs=client_kwargs,
        vector_entry_point=VECTOR_CLIENT,
    )


def register_all(address: str | None = None, *, timeout: float | None = None) -> list[str]:
    """Registers everything that a server offers, as `SocketGym/<id>`.

    Gymnasium allows one namespace in an id, so the server's `lab/Reach-v0` becomes
    `SocketGym/lab.Reach-v0`. Where two of the server's ids become one, the first has it, and a
    warning names the other.

    Args:
        address: The server's address; None for `SOCKETGYM_ADDRESS`, else tcp://127.0.0.1:65432. The
            ids are bound to the server that was asked.
        timeout: The longest wait in seconds for the connection and the list; None for no limit.

    Returns:
        The ids registered, in the server's order.

    Raises:
        ConnectionFailed: The server could not be reached.
        SocketGymError: Anything else that keeps it from answering.
    """
    server = str(ServerAddress.resolve(None, None, address))
    taken: dict[str, str] = {}
    for offered in list_environments(server, timeout=timeout):
        first = taken.setdefault(local_id(offered.id), offered.id)
        if first != offered.id:
            warnings.warn(
                f"{offered.id!r} would be {local_id(offered.id)!r} here, which is {first!r} already; "
                "register it by socketgym.register with an id of your own.",
                stacklevel=2,
            )
            continue
        spec = registry.get(offered.id)
        known = spec if spec is not None and _is_gymnasiums(spec) else None
        _register_remote(offered.id, known, address=server)
    return list(taken)


def register_gymnasium() -> None:
    """Registers Gymnasium's own environments for whichever server is there when one is made."""
    for spec in list(registry.values()):
        # The entry points of the versions that are gone are functions that raise an error.
        if spec.namespace is None and _is_gymnasiums(spec):
            _register_remote(spec.id, spec)


def _register_remote(env_id: str, known: EnvSpec | None, **kwargs: Any) -> None:
    id = local_id(env_id)
    if known is None:
        register(id, env_id, **kwargs)
    else:
        register(
            id,
            env_id,
            max_episode_steps=known.max_episode_steps,
            reward_threshold=known.reward_threshold,
            nondeterministic=known.nondeterministic,
            **kwargs,
        )


def _is_gymnasiums(spec: EnvSpec) -> bool:
    return isinstance(spec.entry_point, str) and spec.entry_point.startswith("gymnasium.envs.")
