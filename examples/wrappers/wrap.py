"""Gymnasium's wrappers round a remote environment, as round a local one.

    python3 examples/wrappers/wrap.py [ADDRESS]

Without an address: SOCKETGYM_ADDRESS, else tcp://127.0.0.1:65432.
"""

import sys

from gymnasium import wrappers

from socketgym import SocketGymClient

env = SocketGymClient("CartPole-v1", address=sys.argv[1] if len(sys.argv) > 1 else None)
env = wrappers.TimeLimit(env, max_episode_steps=60)
env = wrappers.FrameStackObservation(env, stack_size=4)
env = wrappers.RecordEpisodeStatistics(env)
env = wrappers.RenderCollection(env)
print(f"{env}\nobservations {env.observation_space.shape}")

observation, info = env.reset(seed=3)
over = False
while not over:
    # Push towards where the pole leans.
    angle, angular_velocity = observation[-1][2:]
    action = int(angle + 0.5 * angular_velocity > 0)
    observation, reward, terminated, truncated, info = env.step(action)
    over = terminated or truncated
print(f"return {info['episode']['r']} after {info['episode']['l']} steps, truncated {truncated}")

frames = env.render()
print(f"{len(frames)} frames of {frames[0].shape}")
env.close()
