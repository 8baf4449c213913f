"""A policy gradient in NumPy learns CartPole-v1, whose physics run in another process.

    python3 examples/policy-gradient/train.py [--address ADDRESS] [--updates N] [--plot policy-gradient.png]

REINFORCE with a baseline: a linear softmax policy, and each update from a batch of steps of several carts at once. Shows the
mean return as it learns and prints the last one. With --plot it saves a curve, for which it needs matplotlib.
"""

import argparse

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode

import socketgym  # noqa: F401  (registers SocketGym/CartPole-v1)

CARTS = 8
STEPS = 200  # Of each cart, for one update.
DISCOUNT = 0.99
LEARNING_RATE = 0.1
# Brings position, velocity, angle and angular velocity to about the same size.
SCALE = np.array([1.0, 1.0, 10.0, 1.0])


def probabilities(weights, states):
    """How likely the policy pushes left and right in each state: (n, 2)."""
    preferences = (states * SCALE) @ weights
    preferences -= preferences.max(axis=1, keepdims=True)
    exponentials = np.exp(preferences)
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def collect(envs, states, weights, rng, running, finished):
    """Walks all carts for a batch; returns its states, actions, rewards and ends, and the last states."""
    batch = []
    for _ in range(STEPS):
        actions = (rng.random(CARTS) < probabilities(weights, states)[:, 1]).astype(np.int64)
        following, rewards, terminations, truncations, _ = envs.step(actions)
        ends = terminations | truncations
        batch.append((states, actions, rewards, ends))
        running += rewards
        finished.extend(running[ends])
        running[ends] = 0.0
        states = following
    return [np.array(column) for column in zip(*batch)], states


def discounted(rewards, ends):
    """The return from each step on, up to its episode's end or the batch's."""
    returns, ahead = np.zeros_like(rewards), np.zeros(CARTS)
    for step in range(len(rewards) - 1, -1, -1):
        ahead = rewards[step] + DISCOUNT * np.where(ends[step], 0.0, ahead)
        returns[step] = ahead
    return returns


def train(envs, updates, seed):
    """Returns the mean return of the episodes that ended in each batch."""
    rng = np.random.default_rng(seed)
    weights = np.zeros((4, 2))
    running, curve = np.zeros(CARTS), []
    states, _ = envs.reset(seed=seed)
    for update in range(updates):
        finished = []
        (seen, actions, rewards, ends), states = collect(
            envs, states, weights, rng, running, finished
        )
        returns = discounted(rewards, ends)
        advantages = (returns - returns.mean()) / (returns.std() + 1e-8)
        seen = seen.reshape(-1, 4)
        # The gradient of the logarithm of a softmax: what was done less what was to be expected.
        surprise = np.eye(2)[actions.ravel()] - probabilities(weights, seen)
        gradient = (seen * SCALE).T @ (surprise * advantages.reshape(-1, 1)) / len(seen)
        weights += LEARNING_RATE * gradient / (np.linalg.norm(gradient) + 1e-8)
        curve.append(float(np.mean(finished)) if finished else curve[-1])
        print(
            f"update {update + 1:4}: return {curve[-1]:6.1f} {'#' * round(curve[-1] / 10)}",
            flush=True,
        )
    return curve


def save_plot(path, curve):
    """Saves the mean return over the updates."""
    try:
        import matplotlib
    except ImportError:
        print("no plot: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    axes.plot(np.arange(1, len(curve) + 1), curve)
    axes.set(xlabel="update", ylabel="mean return", title="CartPole-v1")
    figure.savefig(path)
    print(f"plot saved as {path}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", help="the server's; else SOCKETGYM_ADDRESS")
    parser.add_argument("--updates", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plot", help="a file for the curve")
    arguments = parser.parse_args()

    envs = gymnasium.make_vec(
        "SocketGym/CartPole-v1",
        num_envs=CARTS,
        address=arguments.address,
        render_mode=None,
        # The step that ends an episode brings the next one's first observation, so no step is lost.
        autoreset_mode=AutoresetMode.SAME_STEP,
    )
    curve = train(envs, arguments.updates, arguments.seed)
    envs.close()
    if arguments.plot:
        save_plot(arguments.plot, curve)
    print(f"mean return {curve[0]:.1f} at first, {curve[-1]:.1f} at last")


if __name__ == "__main__":
    main()
