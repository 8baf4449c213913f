"""Environments of the old ``gym`` package, 0.21 to 0.26, with Gymnasium's interface.

What each can do is seen from its own methods, not from the version: an environment written for 0.21 may run under 0.25.
"""

import inspect
from types import SimpleNamespace

from .faults import Refusal

_TRUNCATED = "TimeLimit.truncated"


def make(gym, spec, id, kwargs, wrap):
    """Makes an environment as ``gym.make`` does.

    Args:
        gym: The package.
        spec: What is registered for the id, or None.
        id: The environment's id.
        kwargs: The keyword arguments, as for ``gymnasium.make``.
        wrap: Puts the owner's wrappers, which are the package's, around what ``gym.make`` returns.

    Returns:
        An :class:`OldGymEnv`.
    """
    mode = kwargs.get("render_mode")
    if _is_made_with_mode(gym, spec):
        return OldGymEnv(gym, wrap(gym.make(id, **kwargs)), None)
    others = {name: value for name, value in kwargs.items() if name != "render_mode"}
    return OldGymEnv(gym, wrap(gym.make(id, **others)), mode)


def constructor(registration, spec):
    """Returns what is called to make an environment of a spec."""
    entry_point = spec.entry_point
    return load(registration, entry_point) if isinstance(entry_point, str) else entry_point


def load(registration, entry_point):
    """Returns what ``module:name`` names."""
    # gym 0.26 and Gymnasium call it load_env_creator.
    return (getattr(registration, "load_env_creator", None) or registration.load)(entry_point)


class OldGymEnv:
    """An environment of the old gym with Gymnasium's methods; whatever else is asked of it, the environment answers."""

    def __init__(self, gym, env, mode):
        """Wraps an environment.

        Args:
            gym: The package that made it.
            env: The environment.
            mode: What ``render(mode=...)`` is given; None where the environment was made with its mode, or without any.
        """
        self._env = env
        self._mode = mode
        layers = _layers(gym, env)
        base = _parameters(gym.Env.reset)
        self._reset_takes = {
            name for name in ("seed", "options", "return_info") if _takes(layers, base, name)
        }
        # Since 0.26 every reset returns an info, too; from 0.22 on it did where return_info was given.
        self._is_pair = "return_info" in self._reset_takes or (
            "seed" in base and "return_info" not in base
        )

    def __getattr__(self, name):
        return getattr(self._env, name)

    @property
    def env(self):
        """The environment as gym made it."""
        return self._env

    @property
    def metadata(self):
        """The environment's metadata, also under the names that they have in Gymnasium."""
        metadata = getattr(self._env, "metadata", None) or {}
        renamed = {"render_modes": "render.modes", "render_fps": "video.frames_per_second"}
        missing = {
            new: metadata[old]
            for new, old in renamed.items()
            if old in metadata and new not in metadata
        }
        return dict(metadata, **missing) if missing else metadata

    @property
    def render_mode(self):
        """The mode that it draws in, or None."""
        return getattr(self._env, "render_mode", None) if self._mode is None else self._mode

    @property
    def spec(self):
        """The environment's spec with the attributes of Gymnasium's, or None."""
        spec = getattr(self._env, "spec", None)
        if spec is None:
            return None
        return SimpleNamespace(
            id=spec.id,
            entry_point=spec.entry_point,
            reward_threshold=spec.reward_threshold,
            nondeterministic=spec.nondeterministic,
            max_episode_steps=spec.max_episode_steps,
            order_enforce=getattr(spec, "order_enforce", True),
            disable_env_checker=bool(getattr(spec, "disable_env_checker", False)),
            kwargs=getattr(spec, "kwargs", None) or getattr(spec, "_kwargs", {}),
        )

    def reset(self, seed=None, options=None):
        """Starts an episode; returns (observation, info)."""
        arguments = {}
        # No entry asks for nothing.
        if options:
            if "options" not in self._reset_takes:
                raise Refusal(
                    "InvalidArgument",
                    "the environment is written for an old gym and its reset takes no options; leave them out",
                )
            arguments["options"] = options
        if seed is not None:
            if "seed" in self._reset_takes:
                arguments["seed"] = seed
            elif hasattr(self._env, "seed"):
                self._env.seed(seed)
            else:
                raise Refusal(
                    "InvalidArgument",
                    "the environment has no method seed and its reset takes none; leave the seed out",
                )
        if "return_info" in self._reset_takes:
            arguments["return_info"] = True
        result = self._env.reset(**arguments)
        return result if self._is_pair else (result, {})

    def step(self, action):
        """Takes a step; returns (observation, reward, terminated, truncated, info)."""
        result = self._env.step(action)
        if type(result) not in (tuple, list) or len(result) != 4:
            return result
        observation, reward, done, info = result
        if done and isinstance(info, dict) and info.get(_TRUNCATED, False):
            return observation, reward, False, True, info
        return observation, reward, done, False, info

    def render(self):
        """Draws the state; returns what the environment's ``render`` returned."""
        return self._env.render() if self._mode is None else self._env.render(mode=self._mode)

    def close(self):
        """Closes the environment."""
        self._env.close()


def _is_made_with_mode(gym, spec):
    """Whether the constructor is given the render mode, rather than each call of ``render``."""
    if "mode" not in _parameters(gym.Env.render):
        return True  # since 0.26
    return spec is not None and "render_mode" in _parameters(
        constructor(gym.envs.registration, spec)
    )


def _layers(gym, env):
    layers = [env]
    while isinstance(layers[-1], gym.Wrapper):
        layers.append(layers[-1].env)
    return layers


def _takes(layers, base, name):
    """Whether a keyword argument of ``reset`` reaches the environment itself and means there what it means in ``base``."""
    for layer in layers:
        parameters = _parameters(layer.reset)
        if name in parameters:
            continue
        passes_on = any(
            parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()
        )
        if not passes_on or (layer is layers[-1] and name not in base):
            return False
    return True


def _parameters(function):
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):  # written in C
        return {}
