"""Environments that cost as much as a row says and no more; importing this registers them."""

from __future__ import annotations

import time
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

__all__ = ["ImageEnv", "BusyEnv", "SleepingEnv"]

BAND_ROWS = 8
MILLISECOND = 1e-3


class ImageEnv(gymnasium.Env[Any, Any]):
    """An image of which every step draws one band anew, so that moving it is what a step costs."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}

    def __init__(self, height: int, width: int, render_mode: str | None = None) -> None:
        self.render_mode = render_mode
        self.observation_space = spaces.Box(0, 255, (height, width, 3), np.uint8)
        self.action_space = spaces.Discrete(2)
        self._image = np.zeros((height, width, 3), np.uint8)
        self._count = 0

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self._count = 0
        return self._image, {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self._count += 1
        top = self._count * BAND_ROWS % (self._image.shape[0] - BAND_ROWS)
        self._image[top : top + BAND_ROWS] = self._count & 255
        return self._image, 1.0, False, False, {}

    def render(self) -> Any:
        return self._image


class _SmallEnv(gymnasium.Env[Any, Any]):
    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}

    def __init__(self, render_mode: str | None = None) -> None:
        self.render_mode = render_mode
        self.observation_space = spaces.Box(-1, 1, (4,), np.float32)
        self.action_space = spaces.Discrete(2)
        self._observation = np.zeros(4, np.float32)

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        return self._observation, {}


class BusyEnv(_SmallEnv):
    """A step takes a millisecond of a core, however many others want that core."""

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        until = time.thread_time() + MILLISECOND
        while time.thread_time() < until:
            pass
        return self._observation, 1.0, False, False, {}


class SleepingEnv(_SmallEnv):
    """A step waits for a millisecond, as one that asks a device does."""

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        time.sleep(MILLISECOND)
        return self._observation, 1.0, False, False, {}


def _register(env_id: str, entry_point: type[gymnasium.Env[Any, Any]], **kwargs: Any) -> None:
    if env_id not in gymnasium.registry:
        gymnasium.register(env_id, entry_point, disable_env_checker=True, kwargs=kwargs)


_register("benchmark/Image480-v0", ImageEnv, height=480, width=640)
_register("benchmark/Image84-v0", ImageEnv, height=84, width=84)
_register("benchmark/Busy-v0", BusyEnv)
_register("benchmark/Sleeping-v0", SleepingEnv)
