"""Evaluation: the calls that LeRobot makes on a vector environment, in its order.

Run as a program it takes `--env.type=...`, `--env.<field>=...` and `--eval.<field>=...` and prints its results as JSON.
"""

import json
import sys
import types
import typing
from copy import deepcopy
from dataclasses import asdict

import gymnasium
import numpy as np
from lerobot.configs.types import FeatureType
from lerobot.envs.configs import EnvConfig
from lerobot.utils.constants import ACTION, OBS_ENV_STATE, OBS_IMAGE, OBS_IMAGES, OBS_STATE, OBS_STR
from lerobot.utils.import_utils import register_third_party_plugins


class Policy:
    """Goes where the environment's state says, or else anywhere between two bounds."""

    def __init__(self, features, low, high):
        self.features = features
        self._bounds = low, high

    def reset(self):
        self._generator = np.random.default_rng(0)

    def select_action(self, observation):
        assert all(isinstance(task, str) for task in observation["task"])
        batch = len(observation["task"])
        for name, feature in self.features.items():
            if name != ACTION:
                assert observation[name].shape == (batch, *feature.shape), name
        action = self._generator.uniform(*self._bounds, (batch, *self.features[ACTION].shape))
        if OBS_ENV_STATE in observation:
            action = observation[OBS_ENV_STATE][:, : action.shape[1]]
        return action.astype(np.float32)


def env_to_policy_features(config):
    """The features by the policy's names, images with the channels first."""
    features = {}
    for key, feature in config.features.items():
        if feature.type is FeatureType.VISUAL:
            height, width, channels = feature.shape
            feature = type(feature)(feature.type, (channels, height, width))
        features[config.features_map[key]] = feature
    return features


def preprocess_observation(observations):
    """An observation by the policy's names, in batches."""
    found = {}
    for key, value in observations.items():
        if key == "pixels":
            cameras = value if isinstance(value, dict) else None
            images = {f"{OBS_IMAGES}.{name}": image for name, image in (cameras or {}).items()}
            for name, image in (images or {OBS_IMAGE: value}).items():
                _, height, width, channels = image.shape
                assert channels < min(height, width) and image.dtype == np.uint8
                found[name] = np.moveaxis(image, -1, 1).astype(np.float32) / 255
        elif isinstance(value, np.ndarray):
            known = {"agent_pos": OBS_STATE, "environment_state": OBS_ENV_STATE}
            found[known.get(key, f"{OBS_STR}.{key}")] = value.astype(np.float32)
    return found


def rollout(env, policy, processors, seeds, render_callback):
    """One episode of every environment."""
    policy.reset()
    observation, info = env.reset(seed=seeds, options={"lerobot_new_rollout": True})
    render_callback(env)
    done = np.zeros(env.num_envs, bool)
    max_steps = env.call("_max_episode_steps")[0]
    rewards, successes, dones = [], [], []
    while not done.all() and len(rewards) < max_steps:
        observation = deepcopy(preprocess_observation(observation))
        try:
            observation["task"] = list(env.call("task_description"))
        except (AttributeError, NotImplementedError):
            try:
                observation["task"] = list(env.call("task"))
            except (AttributeError, NotImplementedError):
                observation["task"] = [""] * env.num_envs
        action = processors[1](policy.select_action(processors[0](observation)))
        assert action.ndim == 2
        observation, reward, terminated, truncated, info = env.step(action)
        render_callback(env)
        ended = info.get("final_info", info)
        success = ended.get("is_success", np.zeros(env.num_envs, bool))
        done = terminated | truncated | done
        if len(rewards) + 1 == max_steps:
            done = np.ones_like(done)
        rewards.append(reward)
        successes.append(success.tolist())
        dones.append(done)
    return np.array(rewards).T, np.array(successes).T, np.array(dones).T, observation


def evaluate(env, policy, processors, n_episodes, start_seed):
    """Episodes, and films of them."""
    results = {"returns": [], "lengths": [], "success": [], "frames": [], "fps": None}
    for start in range(start_seed, start_seed + n_episodes, env.num_envs):
        frames = []

        def render(env):
            if isinstance(env, gymnasium.vector.SyncVectorEnv):
                frames.append(np.stack([one.render() for one in env.envs]))
            else:
                frames.append(np.stack(env.call("render")))

        seeds = list(range(start, start + env.num_envs))
        rewards, successes, dones, _ = rollout(env, policy, processors, seeds, render)
        first = dones.argmax(axis=1)
        mask = np.arange(dones.shape[1]) <= first[:, None]
        results["returns"] += (rewards * mask).sum(axis=1).tolist()
        results["success"] += (successes & mask).any(axis=1).tolist()
        results["lengths"] += (first + 1).tolist()
        film = np.stack(frames, axis=1)
        results["frames"] += [[*film.shape[2:], int(one.sum(dtype=np.int64))] for one in film]
        results["fps"] = env.unwrapped.metadata["render_fps"]
    return results


def parse(arguments):
    """The environment's configuration, and the evaluation's options."""
    given = dict(argument.removeprefix("--").split("=", 1) for argument in arguments)
    config_class = EnvConfig.get_choice_class(given.pop("env.type"))
    hints = typing.get_type_hints(config_class)
    values = {
        key.removeprefix("env."): _decode(hints[key.removeprefix("env.")], text)
        for key, text in given.items()
        if key.startswith("env.")
    }
    options = {key: text for key, text in given.items() if not key.startswith("env.")}
    return config_class(**values), options


def _decode(hint, text):
    if isinstance(hint, types.UnionType):
        hint = next(choice for choice in typing.get_args(hint) if choice is not types.NoneType)
    return json.loads(text) if typing.get_origin(hint) is dict else hint(text)


def main():
    register_third_party_plugins()
    config, options = parse(sys.argv[1:])
    asdict(config)
    envs = config.create_envs(
        n_envs=int(options["eval.batch_size"]),
        use_async_envs=options.get("eval.use_async_envs", "true") == "true",
    )
    low, high = json.loads(options.get("policy.bounds", "[0, 1]"))
    features = env_to_policy_features(config)
    results = {"features": {name: [*one.shape] for name, one in features.items()}}
    for suite, tasks in envs.items():
        for task, env in tasks.items():
            results[f"{suite}_{task}"] = evaluate(
                env,
                Policy(features, low, high),
                config.get_env_processors(),
                int(options["eval.n_episodes"]),
                int(options.get("seed", 1000)),
            )
            env.close()
    print(json.dumps(results))


if __name__ == "__main__":
    main()
