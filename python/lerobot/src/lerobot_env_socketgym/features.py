"""What LeRobot calls an environment's features, read off its spaces."""

from __future__ import annotations

from typing import Any

import gymnasium
from gymnasium import spaces
from lerobot.configs.types import FeatureType, PolicyFeature
from lerobot.utils.constants import (
    ACTION,
    OBS_ENV_STATE,
    OBS_IMAGE,
    OBS_IMAGES,
    OBS_STATE,
    OBS_STR,
)

__all__ = ["infer_features"]

_KNOWN = {
    "agent_pos": (FeatureType.STATE, OBS_STATE),
    "environment_state": (FeatureType.ENV, OBS_ENV_STATE),
}


def infer_features(
    observation_space: gymnasium.Space[Any], action_space: gymnasium.Space[Any]
) -> tuple[dict[str, PolicyFeature], dict[str, str]]:
    """Describes spaces as `EnvConfig.features` and `EnvConfig.features_map` do.

    Args:
        observation_space: A Dict space of one environment. `pixels` may hold one image or a Dict of
            them by camera; entries that are no Box are left out.
        action_space: A space of one environment.

    Returns:
        Each feature's type and shape, images with the channels last; and for each the name that
        policies know it by.
    """
    features = {ACTION: PolicyFeature(type=FeatureType.ACTION, shape=action_space.shape or ())}
    names = {ACTION: ACTION}

    def add(key: str, space: gymnasium.Space[Any], kind: FeatureType, name: str) -> None:
        if isinstance(space, spaces.Box):
            features[key] = PolicyFeature(type=kind, shape=space.shape)
            names[key] = name

    assert isinstance(observation_space, spaces.Dict)
    for key, space in observation_space.items():
        if key == "pixels" and isinstance(space, spaces.Dict):
            for camera, image in space.items():
                add(f"pixels/{camera}", image, FeatureType.VISUAL, f"{OBS_IMAGES}.{camera}")
        elif key == "pixels":
            add(key, space, FeatureType.VISUAL, OBS_IMAGE)
        else:
            kind, name = _KNOWN.get(key, (FeatureType.STATE, f"{OBS_STR}.{key}"))
            add(key, space, kind, name)
    return features, names
