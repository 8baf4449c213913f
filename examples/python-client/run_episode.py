"""One episode of a served environment, with the code that a local environment would take.

    python3 examples/python-client/run_episode.py [ENV_ID] [ADDRESS]

Without arguments: CartPole-v1 at SOCKETGYM_ADDRESS, else at tcp://127.0.0.1:65432. Prints the episode's return.
"""

import sys

from socketgym import SocketGymClient

env_id = sys.argv[1] if len(sys.argv) > 1 else "CartPole-v1"
address = sys.argv[2] if len(sys.argv) > 2 else None

env = SocketGymClient(env_id, address=address)
print(f"{env_id}: observations {env.observation_space}, actions {env.action_space}")

observation, info = env.reset(seed=42)
env.action_space.seed(42)
total, steps, over = 0.0, 0, False
while not over:
    observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
    total += float(reward)
    steps += 1
    over = terminated or truncated

print(f"return {total:g} after {steps} steps; a frame is {env.render().shape}")
env.close()
