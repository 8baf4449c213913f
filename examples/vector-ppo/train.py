"""PPO in NumPy learns CartPole-v1, with eight environments behind one request a step.

    python3 examples/vector-ppo/train.py [--address ADDRESS] [--updates N] [--seed N] [--local]

Proximal policy optimisation with a clipped objective, generalised advantages and Adam, on two networks of one hidden
layer each. With --local the environments are Gymnasium's own, in this process: for the same seed the curve is the same
to the last bit, because a remote vector returns the same bytes.
"""

import argparse

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from socketgym import SocketGymVectorClient

CARTS = 8
STEPS = 128  # Of each cart, for one update.
EPOCHS, MINIBATCHES = 4, 4
DISCOUNT, TRACE = 0.99, 0.95
CLIP = 0.2
LEARNING_RATE = 2.5e-3
HIDDEN = 32


class Network:
    """One hidden layer of tanh, with Adam."""

    def __init__(self, rng, outputs, scale):
        self.weights = [
            rng.normal(0, 1 / np.sqrt(4), (4, HIDDEN)),
            np.zeros(HIDDEN),
            rng.normal(0, scale / np.sqrt(HIDDEN), (HIDDEN, outputs)),
            np.zeros(outputs),
        ]
        self.means = [np.zeros_like(weight) for weight in self.weights]
        self.squares = [np.zeros_like(weight) for weight in self.weights]
        self.count = 0

    def __call__(self, states):
        first, first_bias, second, second_bias = self.weights
        self.states, self.hidden = states, np.tanh(states @ first + first_bias)
        return self.hidden @ second + second_bias

    def descend(self, slope, rate):
        """Takes a step against the gradient, given the loss's slope at the last output."""
        inner = (slope @ self.weights[2].T) * (1 - self.hidden**2)
        gradients = [
            self.states.T @ inner,
            inner.sum(axis=0),
            self.hidden.T @ slope,
            slope.sum(axis=0),
        ]
        norm = np.sqrt(sum((gradient**2).sum() for gradient in gradients))
        self.count += 1
        for index, gradient in enumerate(gradients):
            gradient = gradient * min(1.0, 0.5 / (norm + 1e-8))
            mean, square = self.means[index], self.squares[index]
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient**2 - square)
            corrected = np.sqrt(square / (1 - 0.999**self.count)) + 1e-5
            self.weights[index] -= rate * mean / (1 - 0.9**self.count) / corrected


def log_probabilities(preferences):
    """The logarithm of a softmax."""
    preferences = preferences - preferences.max(axis=1, keepdims=True)
    return preferences - np.log(np.exp(preferences).sum(axis=1, keepdims=True))


def collect(envs, states, policy, rng, running, finished):
    """Walks all carts for a batch; returns its columns and the last states."""
    batch = []
    for _ in range(STEPS):
        logs = log_probabilities(policy(states))
        actions = (rng.random(CARTS) < np.exp(logs[:, 1])).astype(np.int64)
        following, rewards, terminations, truncations, _ = envs.step(actions)
        ends = terminations | truncations
        batch.append((states, actions, logs[np.arange(CARTS), actions], rewards, ends))
        running += rewards
        finished.extend(running[ends])
        running[ends] = 0.0
        states = following.astype(np.float64)
    return [np.array(column) for column in zip(*batch)], states


def advantages_of(rewards, ends, values, last_values):
    """Generalised advantages, each from its own step on up to its episode's end or the batch's."""
    advantages, ahead = np.zeros_like(rewards), np.zeros(CARTS)
    following = last_values
    for step in range(STEPS - 1, -1, -1):
        goes_on = 1.0 - ends[step]
        error = rewards[step] + DISCOUNT * goes_on * following - values[step]
        advantages[step] = ahead = error + DISCOUNT * TRACE * goes_on * ahead
        following = values[step]
    return advantages


def learn(policy, critic, batch, last_states, rng, rate):
    """Takes several steps on one batch."""
    states, actions, old_logs, rewards, ends = batch
    values = critic(states.reshape(-1, 4)).reshape(STEPS, CARTS)
    advantages = advantages_of(rewards, ends, values, critic(last_states)[:, 0]).ravel()
    returns = advantages + values.ravel()
    states, actions, old_logs = states.reshape(-1, 4), actions.ravel(), old_logs.ravel()
    for _ in range(EPOCHS):
        for chosen in np.split(rng.permutation(len(actions)), MINIBATCHES):
            rows = np.arange(len(chosen))
            logs = log_probabilities(policy(states[chosen]))
            ratio = np.exp(logs[rows, actions[chosen]] - old_logs[chosen])
            gain = advantages[chosen]
            gain = (gain - gain.mean()) / (gain.std() + 1e-8)
            # Where the clipped objective is flat, there is nothing to follow.
            is_free = np.where(gain > 0, ratio < 1 + CLIP, ratio > 1 - CLIP)
            surprise = np.eye(2)[actions[chosen]] - np.exp(logs)
            weight = is_free * ratio * gain / len(chosen)
            policy.descend(-surprise * weight.reshape(-1, 1), rate)
            error = critic(states[chosen])[:, 0] - returns[chosen]
            critic.descend(error.reshape(-1, 1) / len(chosen), rate)


def train(envs, updates, seed):
    """Returns the mean return of the episodes that ended in each batch."""
    rng = np.random.default_rng(seed)
    policy, critic = Network(rng, 2, 0.01), Network(rng, 1, 1.0)
    running, curve = np.zeros(CARTS), []
    states = envs.reset(seed=seed)[0].astype(np.float64)
    for update in range(updates):
        finished = []
        batch, states = collect(envs, states, policy, rng, running, finished)
        learn(policy, critic, batch, states, rng, LEARNING_RATE * (1 - update / updates))
        curve.append(float(np.mean(finished)) if finished else curve[-1])
        steps = (update + 1) * STEPS * CARTS
        print(
            f"update {update + 1:4}, step {steps:7}: return {curve[-1]:6.2f} {'#' * round(curve[-1] / 10)}",
            flush=True,
        )
    return curve


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", help="the server's; else SOCKETGYM_ADDRESS")
    parser.add_argument("--updates", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--local", action="store_true", help="Gymnasium's own environments")
    arguments = parser.parse_args()

    # The step that ends an episode brings the next one's first observation, so no step is lost.
    mode = AutoresetMode.SAME_STEP
    if arguments.local:
        makers = [lambda: gymnasium.make("CartPole-v1")] * CARTS
        envs = SyncVectorEnv(makers, autoreset_mode=mode)
    else:
        envs = SocketGymVectorClient(
            "CartPole-v1", CARTS, address=arguments.address, autoreset_mode=mode, render_mode=None
        )
    curve = train(envs, arguments.updates, arguments.seed)
    envs.close()
    print(f"mean return {curve[0]:.2f} at first, {curve[-1]:.2f} at last")


if __name__ == "__main__":
    main()
