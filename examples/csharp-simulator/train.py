"""Learns to land the C# simulator softly: any learner that takes a gymnasium.Env could stand here.

    python3 examples/csharp-simulator/train.py [ADDRESS]

Searches a linear policy by the cross-entropy method. A return above -1 is a landing below 1 m/s, fuel included.
"""

import sys

import gymnasium
import numpy as np
from socketgym import SocketGymClient


def episode(env: gymnasium.Env, weights: np.ndarray, seed: int) -> float:
    """Plays one episode; returns its return."""
    observation, _ = env.reset(seed=seed)
    total, over = 0.0, False
    while not over:
        action = int(weights[:2] @ observation + weights[2] > 0)
        observation, reward, terminated, truncated, _ = env.step(action)
        total += reward
        over = terminated or truncated
    return total


env = SocketGymClient("Lander-v0", address=sys.argv[1] if len(sys.argv) > 1 else None)
print(f"observations {env.observation_space}, actions {env.action_space}")
random = np.random.default_rng(1)
mean, spread = np.zeros(3), np.array([1.0, 1.0, 5.0])
for generation in range(1, 31):
    candidates = mean + spread * random.standard_normal((24, 3))
    returns = np.array([episode(env, weights, generation) for weights in candidates])
    best = candidates[np.argsort(returns)[-6:]]
    mean, spread = best.mean(axis=0), best.std(axis=0) + 0.01
    score = np.mean([episode(env, mean, seed) for seed in range(1000, 1005)])
    print(f"generation {generation:2}: return {score:.2f}")
    if score > -1:
        print("landed softly")
        break
env.close()
