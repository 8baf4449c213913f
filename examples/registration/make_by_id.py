"""Three ways to have Gymnasium make remote environments by their ids.

    python3 examples/registration/make_by_id.py [ADDRESS]

Without an address: SOCKETGYM_ADDRESS, else tcp://127.0.0.1:65432.
"""

import os
import sys

import gymnasium

import socketgym

if len(sys.argv) > 1:
    os.environ["SOCKETGYM_ADDRESS"] = sys.argv[1]

# 1. An import has registered Gymnasium's own environments. Programs that know no socketgym say it in the id:
#    gymnasium.make("socketgym:SocketGym/CartPole-v1").
env = gymnasium.make("SocketGym/CartPole-v1")
print(f"{env.spec.id}: a limit of {env.spec.max_episode_steps} steps, as in local Gymnasium")
env.close()

# The limit is Gymnasium's to change, as ever.
env = gymnasium.make("SocketGym/CartPole-v1", max_episode_steps=1000)
print(f"{env.spec.id}: a limit of {env.spec.max_episode_steps} steps, by an argument of make")
env.close()

# 2. An id of your own, with everything that it stands for.
socketgym.register("Lab/DryLake-v0", "FrozenLake-v1", max_episode_steps=20, is_slippery=False)
env = gymnasium.make("Lab/DryLake-v0")
env.reset(seed=0)
for action in (1, 1, 2, 1, 2, 2):  # Down, down, right, down, right, right.
    observation, reward, terminated, truncated, info = env.step(action)
print(f"{env.spec.id}: reward {reward}, terminated {terminated}")
env.close()

# 3. Everything that a server has.
ids = socketgym.register_all()
print(f"the server offers {len(ids)} environments, among them {', '.join(sorted(ids)[:3])}")

# Vectors, by the same ids: its environments are stepped at the same time.
envs = gymnasium.make_vec("Lab/DryLake-v0", num_envs=3)
observations, infos = envs.reset(seed=[1, 2, 3])
print(f"{envs}: observations {observations}")
envs.close()
