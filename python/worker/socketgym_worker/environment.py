"""The one environment of a worker, and what may be asked of it."""

import numpy as np

from . import attributes, spaces
from .faults import Refusal
from .making import make
from .packages import error_types
from .text import brief, summary, type_name


class HostedEnvironment:
    """Does requests: each method's result is what the server is sent."""

    def __init__(self, guard):
        """Makes a host without an environment.

        Args:
            guard: The :class:`~socketgym_worker.values.ValueGuard` that every result passes.
        """
        self._guard = guard
        self._env = None
        self._was_reset = False

    @property
    def env(self):
        """The environment itself; None without one."""
        return self._env

    def make(self, id, kwargs, imports, entry_point=None, wrappers=()):
        """Makes the environment; returns what ``make`` answers in docs/protocol.md."""
        self.build(id, kwargs, imports, entry_point, wrappers)
        try:
            return self.describe()
        except BaseException:
            self.close()
            raise

    def build(self, id, kwargs, imports, entry_point=None, wrappers=()):
        """Makes the environment."""
        self.close()
        self._was_reset = False
        self._env = make(id, kwargs, imports, entry_point, wrappers)

    def describe(self):
        """Returns what ``make`` answers in docs/protocol.md."""
        env, guard = self._env, self._guard
        return {
            "observation_space": spaces.describe(env.observation_space, guard, "observation_space"),
            "action_space": spaces.describe(env.action_space, guard, "action_space"),
            "metadata": guard.lenient(getattr(env, "metadata", None) or {}, "metadata"),
            "render_mode": _render_mode(env),
            "spec": self._describe_spec(env.spec),
        }

    def reset(self, seed, options):
        """Starts an episode; returns (observation, info)."""
        return self.guarded_start(self.restart(seed, options))

    def restart(self, seed, options):
        """Starts an episode; returns the two values as the environment gave them, perhaps such as cannot travel."""
        arguments = {}
        if seed is not None:
            arguments["seed"] = seed
        if options is not None:
            arguments["options"] = options
        result = self._env.reset(**arguments)
        if type(result) is not tuple or len(result) != 2:
            raise Refusal(
                "EnvironmentFault",
                "reset returned %s rather than (observation, info)" % brief(result),
            )
        self._was_reset = True
        return result

    def guarded_start(self, result):
        """Returns a reset's two values as they may be sent."""
        observation, info = result
        guard = self._guard
        return guard.strict(observation, "the observation"), guard.lenient(info, "info")

    def step(self, action):
        """Takes a step; returns (observation, reward, terminated, truncated, info)."""
        return self.guarded(self.take(action))

    def take(self, action):
        """Takes a step; returns the five values as the environment gave them, perhaps such as cannot travel."""
        try:
            result = self._env.step(action)
        except Exception as error:
            refusal = self.refusal(action, error)
            if refusal is None:
                raise
            raise refusal from None
        check_step(result)
        return result

    def guarded(self, result):
        """Returns a step's five values as they may be sent."""
        observation, reward, terminated, truncated, info = result
        guard = self._guard
        return (
            guard.strict(observation, "the observation"),
            guard.strict(reward, "the reward"),
            guard.strict(terminated, "terminated"),
            guard.strict(truncated, "truncated"),
            guard.lenient(info, "info"),
        )

    def render(self):
        """Draws the state; returns what the environment's render returned."""
        return self._guard.strict(self.draw(), "the rendering")

    def draw(self):
        """Draws the state; returns what the environment's render returned, perhaps such as cannot travel."""
        try:
            return self._env.render()
        except error_types("ResetNeeded") as error:
            raise Refusal("ResetNeeded", summary(error), error) from None
        except Exception as error:
            if not self._was_reset:
                raise Refusal(
                    "ResetNeeded", "render before the first reset raised %s" % summary(error), error
                ) from None
            if _render_mode(self._env) is None:
                message = (
                    "the environment was made without a render_mode, and render raised %s"
                    % summary(error)
                )
                raise Refusal("UnsupportedRenderMode", message, error) from None
            raise

    def measure(self, seconds):
        """Steps for a while; returns the share of the time that the environment waited (``waiting.py``)."""
        from . import waiting

        return waiting.measure(self, seconds)

    def has_attr(self, name):
        """Returns None where there is no such attribute, else whether it can be called."""
        try:
            return callable(attributes.get(self._env, name))
        except AttributeError:
            return None

    def get_attr(self, name):
        """Returns an attribute."""
        return self._guard.strict(self._attribute(name), "the attribute '%s'" % name)

    def set_attr(self, name, value, force):
        """Sets an attribute; returns whether it did."""
        try:
            return attributes.set(self._env, name, value, force)
        except AttributeError as error:
            raise Refusal(
                "UnknownAttribute",
                "the attribute '%s' cannot be set: %s" % (name, summary(error)),
                error,
            ) from None

    def call(self, name, args, kwargs):
        """Calls a method; returns what it returned."""
        method = self._attribute(name)
        if not callable(method):
            raise Refusal(
                "InvalidArgument",
                "the attribute '%s' is an instance of %s, which cannot be called; get_attr returns it"
                % (name, type_name(type(method))),
            )
        return self._result_of(name, method, args, kwargs)

    def call_or_get(self, name, args, kwargs):
        """Calls a method, or returns what cannot be called, which is looked at once in either case."""
        attribute = self._attribute(name)
        if callable(attribute):
            return self._result_of(name, attribute, args, kwargs)
        return self._guard.strict(attribute, "the attribute '%s'" % name)

    def close(self):
        """Closes the environment."""
        env, self._env = self._env, None
        if env is not None:
            env.close()

    def _result_of(self, name, method, args, kwargs):
        result = method(*args, **kwargs)
        if name == "reset":
            self._was_reset = True
        return self._guard.strict(result, "what '%s' returned" % name)

    def _attribute(self, name):
        try:
            return attributes.get(self._env, name)
        except AttributeError as error:
            raise Refusal(
                "UnknownAttribute",
                "the environment has no attribute '%s': %s" % (name, summary(error)),
                error,
            ) from None

    def _describe_spec(self, spec):
        if spec is None:
            return None
        entry_point = spec.entry_point
        if entry_point is not None and not isinstance(entry_point, str):
            entry_point = "%s:%s" % (
                entry_point.__module__,
                getattr(entry_point, "__qualname__", type_name(type(entry_point))),
            )
        threshold, steps = spec.reward_threshold, spec.max_episode_steps
        return {
            "id": spec.id,
            "entry_point": entry_point,
            "reward_threshold": None if threshold is None else float(threshold),
            "nondeterministic": bool(spec.nondeterministic),
            "max_episode_steps": None if steps is None else int(steps),
            "order_enforce": bool(spec.order_enforce),
            "disable_env_checker": bool(spec.disable_env_checker),
            "kwargs": self._guard.lenient(dict(spec.kwargs), "spec.kwargs"),
        }

    def refusal(self, action, error):
        """Tells what was wrong with a step from a fault of the environment's own, for which it returns None.

        Args:
            action: The action.
            error: What the environment's ``step`` raised.

        Returns:
            A Refusal to raise instead, or None.
        """
        if isinstance(error, error_types("ResetNeeded")):
            return Refusal("ResetNeeded", summary(error), error)
        if not self._was_reset:
            return Refusal(
                "ResetNeeded", "step before the first reset raised %s" % summary(error), error
            )
        space = self._env.action_space
        if isinstance(error, error_types("InvalidAction")) or not _contains(space, action):
            message = "the action %s of type %s is not in %s: %s" % (
                brief(action),
                type_name(type(action)),
                brief(space),
                summary(error),
            )
            return Refusal("InvalidAction", message, error)
        return None


def check_step(result):
    """Raises a Refusal where what an environment's ``step`` returned is no tuple of five."""
    if type(result) is not tuple or len(result) != 5:
        raise Refusal(
            "EnvironmentFault",
            "step returned %s rather than (observation, reward, terminated, truncated, info)"
            % brief(result),
        )


def _contains(space, action):
    try:
        return bool(np.all(space.contains(action)))
    except Exception:
        return False


def _render_mode(env):
    mode = getattr(env, "render_mode", None)
    return mode if type(mode) is str else None
