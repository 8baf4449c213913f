"""Tabular Q-learning on FrozenLake-v1, on a lake of another process.

    python3 examples/q-learning/train.py [--address ADDRESS] [--episodes N] [--dry] [--plot q-learning.png]

Shows how the success rate grows while it learns, then plays 100 episodes with the learned policy and prints how many of
them reached the goal: about 3 in 4, since the ice is slippery; all of them with --dry. With --plot
it saves a curve, for which it needs matplotlib.
"""

import argparse

import gymnasium
import numpy as np

import socketgym  # noqa: F401  (registers SocketGym/FrozenLake-v1)

DISCOUNT = 0.99
WINDOW = 100  # Episodes over which a success rate is taken.


def greedy(values, rng):
    """The best action; one of the best by chance, so that equal ones are all tried."""
    return int(rng.choice(np.flatnonzero(values == values.max())))


def play(env, act, learn=None, seed=None):
    """One episode; returns whether it reached the goal."""
    state, _ = env.reset(seed=seed)
    while True:
        action = act(state)
        following, reward, terminated, truncated, _ = env.step(action)
        if learn is not None:
            learn(state, action, reward, following, terminated)
        state = following
        if terminated or truncated:
            return reward > 0


def train(env, episodes, seed):
    """Returns the table of values and, for each episode, whether it reached the goal."""
    rng = np.random.default_rng(seed)
    # Hope makes it explore: every action is worth a try until it has disappointed.
    table = np.ones((env.observation_space.n, env.action_space.n))
    visits = np.zeros_like(table)

    def learn(state, action, reward, following, terminated):
        # A terminated episode is worth nothing more; a truncated one would have gone on.
        target = reward + (0.0 if terminated else DISCOUNT * table[following].max())
        visits[state, action] += 1
        rate = max(0.02, visits[state, action] ** -0.7)
        table[state, action] += rate * (target - table[state, action])

    successes = []
    for episode in range(episodes):
        first = seed if episode == 0 else None
        successes.append(play(env, lambda state: greedy(table[state], rng), learn, first))
        if (episode + 1) % WINDOW == 0:
            rate = np.mean(successes[-WINDOW:])
            print(f"episode {episode + 1:6}: {rate:6.1%} {'#' * round(40 * rate)}", flush=True)
    return table, successes


def save_plot(path, successes):
    """Saves the success rate over the episodes."""
    try:
        import matplotlib
    except ImportError:
        print("no plot: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    rates = np.convolve(successes, np.ones(WINDOW) / WINDOW, "valid")
    figure, axes = pyplot.subplots()
    axes.plot(np.arange(len(rates)) + WINDOW, rates)
    axes.set(xlabel="episode", ylabel=f"success rate of {WINDOW} episodes", title="FrozenLake-v1")
    figure.savefig(path)
    print(f"plot saved as {path}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", help="the server's; else SOCKETGYM_ADDRESS")
    parser.add_argument("--episodes", type=int, default=3000)
    parser.add_argument(
        "--dry", action="store_true", help="a lake without ice, where steps are sure"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plot", help="a file for the curve")
    arguments = parser.parse_args()

    env = gymnasium.make(
        "SocketGym/FrozenLake-v1",
        address=arguments.address,
        render_mode=None,
        is_slippery=not arguments.dry,
    )
    table, successes = train(env, arguments.episodes, arguments.seed)
    rng = np.random.default_rng(arguments.seed)
    reached = [
        play(env, lambda state: greedy(table[state], rng), seed=arguments.seed + 1 + number)
        for number in range(100)
    ]
    env.close()
    if arguments.plot:
        save_plot(arguments.plot, successes)
    print(f"success rate {np.mean(reached):.1%} in {len(reached)} episodes of the learned policy")


if __name__ == "__main__":
    main()
