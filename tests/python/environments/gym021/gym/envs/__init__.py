"""What is registered from the start."""

from gym.envs.registration import make, register, registry

register(
    id="Corridor-v0", entry_point="corridor021:Corridor", max_episode_steps=4, reward_threshold=5.0
)
register(id="Assorted-v0", entry_point="corridor021:Assorted")
register(id="Between-v0", entry_point="corridor021:Between", order_enforce=False)
register(id="Absent-v0", entry_point="no_such_package:Absent")
