"""What is registered from the start."""

from gym.envs.registration import make, register, registry, spec

register("Corridor-v0", entry_point="corridor026:Corridor", max_episode_steps=4)
register("Assorted-v0", entry_point="corridor026:Assorted")
register("CartPole-v1", entry_point="corridor026:Corridor", max_episode_steps=9)
