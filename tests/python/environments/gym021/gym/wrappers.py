"""The two wrappers that gym 0.21 puts around what it makes."""

from gym.core import Wrapper


class TimeLimit(Wrapper):
    """Ends an episode after so many steps and says so in the info."""

    def __init__(self, env, max_episode_steps):
        super().__init__(env)
        self._limit = max_episode_steps
        self._elapsed = None

    def step(self, action):
        assert self._elapsed is not None, "Cannot call env.step() before calling reset()"
        observation, reward, done, info = self.env.step(action)
        self._elapsed += 1
        if self._elapsed >= self._limit:
            info["TimeLimit.truncated"] = not done
            done = True
        return observation, reward, done, info

    def reset(self, **kwargs):
        self._elapsed = 0
        return self.env.reset(**kwargs)


class OrderEnforcing(Wrapper):
    """Wants a reset before a step."""

    def __init__(self, env):
        super().__init__(env)
        self._was_reset = False

    def step(self, action):
        assert self._was_reset, "Cannot call env.step() before calling reset()"
        return self.env.step(action)

    def reset(self, **kwargs):
        self._was_reset = True
        return self.env.reset(**kwargs)
