"""The two wrappers that gym 0.26 puts around what it makes, its checker aside."""

from gym.core import Wrapper
from gym.error import ResetNeeded


class TimeLimit(Wrapper):
    """Truncates an episode after so many steps."""

    def __init__(self, env, max_episode_steps):
        super().__init__(env)
        self._limit = max_episode_steps
        self._elapsed = None

    def step(self, action):
        observation, reward, terminated, truncated, info = self.env.step(action)
        self._elapsed += 1
        return observation, reward, terminated, truncated or self._elapsed >= self._limit, info

    def reset(self, **kwargs):
        self._elapsed = 0
        return self.env.reset(**kwargs)


class OrderEnforcing(Wrapper):
    """Wants a reset before a step and before a rendering."""

    def __init__(self, env):
        super().__init__(env)
        self._was_reset = False

    def step(self, action):
        if not self._was_reset:
            raise ResetNeeded("Cannot call env.step() before calling env.reset()")
        return self.env.step(action)

    def reset(self, **kwargs):
        self._was_reset = True
        return self.env.reset(**kwargs)

    def render(self, *args, **kwargs):
        if not self._was_reset:
            raise ResetNeeded("Cannot call `env.render()` before calling `env.reset()`")
        return self.env.render(*args, **kwargs)
