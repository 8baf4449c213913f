"""The registry of gym 0.21: an object around a mapping."""

import importlib
import re

from gym import error

_FORM = re.compile(r"^(?:[\w:-]+\/)?([\w:.-]+)-v(\d+)$")


def load(name):
    module, attribute = name.split(":")
    return getattr(importlib.import_module(module), attribute)


class EnvSpec:
    def __init__(
        self,
        id,
        entry_point=None,
        reward_threshold=None,
        nondeterministic=False,
        max_episode_steps=None,
        order_enforce=True,
        kwargs=None,
    ):
        self.id = id
        self.entry_point = entry_point
        self.reward_threshold = reward_threshold
        self.nondeterministic = nondeterministic
        self.max_episode_steps = max_episode_steps
        self.order_enforce = order_enforce
        self._kwargs = {} if kwargs is None else kwargs

    def make(self, **kwargs):
        from gym.wrappers import OrderEnforcing, TimeLimit

        given = dict(self._kwargs, **kwargs)
        creator = self.entry_point if callable(self.entry_point) else load(self.entry_point)
        env = creator(**given)
        env.unwrapped.spec = self
        if self.order_enforce:
            env = OrderEnforcing(env)
        if self.max_episode_steps is not None:
            env = TimeLimit(env, self.max_episode_steps)
        return env


class EnvRegistry:
    def __init__(self):
        self.env_specs = {}

    def register(self, id, **kwargs):
        self.env_specs[id] = EnvSpec(id, **kwargs)

    def spec(self, id):
        match = _FORM.search(id)
        if not match:
            raise error.Error("Attempted to look up malformed environment ID: %r" % id)
        if id in self.env_specs:
            return self.env_specs[id]
        name = match.group(1)
        others = [known for known in self.env_specs if known.rpartition("-v")[0] == name]
        if others:
            raise error.DeprecatedEnv("Env %s not found (valid versions include %s)" % (id, others))
        raise error.UnregisteredEnv("No registered env with id: %s" % id)

    def make(self, id, **kwargs):
        return self.spec(id).make(**kwargs)


registry = EnvRegistry()
register = registry.register
make = registry.make
spec = registry.spec
