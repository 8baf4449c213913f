"""The registry of gym 0.26: a plain dict."""

import importlib
import re

from gym import error

_FORM = re.compile(r"^(?:[\w:-]+\/)?([\w:.-]+?)(?:-v(\d+))?$")

registry = {}


class EnvSpec:
    def __init__(
        self, id, entry_point, max_episode_steps=None, order_enforce=True, reward_threshold=None
    ):
        self.id = id
        self.entry_point = entry_point
        self.reward_threshold = reward_threshold
        self.nondeterministic = False
        self.max_episode_steps = max_episode_steps
        self.order_enforce = order_enforce
        self.disable_env_checker = False
        self.kwargs = {}


def load(name):
    module, attribute = name.split(":")
    return getattr(importlib.import_module(module), attribute)


def register(id, **kwargs):
    registry[id] = EnvSpec(id, **kwargs)


def spec(id):
    if not _FORM.match(id):
        raise error.Error("Malformed environment ID: %s" % id)
    if id not in registry:
        raise error.NameNotFound("Environment %s doesn't exist." % id)
    return registry[id]


def make(id, max_episode_steps=None, disable_env_checker=None, **kwargs):
    from gym.wrappers import OrderEnforcing, TimeLimit

    found = spec(id)
    creator = found.entry_point if callable(found.entry_point) else load(found.entry_point)
    env = creator(**dict(found.kwargs, **kwargs))
    env.unwrapped.spec = found
    if found.order_enforce:
        env = OrderEnforcing(env)
    limit = max_episode_steps or found.max_episode_steps
    return env if limit is None else TimeLimit(env, limit)
