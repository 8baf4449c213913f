"""Writes tests/vectors/environments/native_*.json: what Gymnasium 1.3.0's environments make of arguments, actions, options and attributes.

Run with the Python of .venv. CartPole has files of its own, written by environments.py.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

# NumPy before 1.25 has sines of its own on AVX-512 machines; the reference is the C library's.
os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "AVX512_SKX")
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

import gymnasium
import numpy as np
from action_values import action_values
from described_values import describe, exception_name

FOLDER = Path(__file__).resolve().parent.parent / "environments"
TOY_TEXT = [
    "Blackjack-v1",
    "CliffWalking-v1",
    "CliffWalkingSlippery-v1",
    "FrozenLake-v1",
    "FrozenLake8x8-v1",
    "Taxi-v4",
]
CLASSIC = ["Acrobot-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1"]
IDS = [*TOY_TEXT, *CLASSIC]
DRAWN = ["Acrobot-v1", "MountainCar-v0", "MountainCarContinuous-v0"]
# One for each way to read an action.
ACTION_IDS = ["Blackjack-v1", "FrozenLake-v1", *CLASSIC]

Case = dict[str, Any]


def specs() -> list[Case]:
    """What ``gymnasium.make`` makes of keyword arguments that the native environments take."""
    cases: list[tuple[str, Case]] = [
        (env_id, kwargs)
        for env_id in IDS
        for kwargs in (
            {},
            {"max_episode_steps": 3},
            {"max_episode_steps": -1},
            {"max_episode_steps": None, "disable_env_checker": True, "render_mode": None},
        )
    ]
    cases += [(env_id, {"render_mode": mode}) for env_id, mode in render_modes()]
    cases += [
        ("Blackjack-v1", {"natural": True, "sab": False}),
        ("CliffWalking-v1", {"is_slippery": True}),
        ("CliffWalkingSlippery-v1", {"is_slippery": False}),
        ("FrozenLake-v1", {"desc": ["SF", "FG"], "is_slippery": False, "success_rate": 0.5}),
        ("FrozenLake-v1", {"desc": ("SF", "FG"), "map_name": None}),
        ("FrozenLake8x8-v1", {"map_name": "4x4", "reward_schedule": [1, 0.5, -2]}),
        ("FrozenLake8x8-v1", {"map_name": None}),
        ("Taxi-v4", {"is_rainy": True, "rainy_probability": 0, "fickle_passenger": True}),
        ("Taxi-v4", {"fickle_probability": 1}),
        ("MountainCar-v0", {"goal_velocity": 0.5}),
        ("MountainCarContinuous-v0", {"goal_velocity": -1}),
        ("Pendulum-v1", {"g": 9}),
    ]
    return [spec_case(env_id, kwargs) for env_id, kwargs in cases]


def spec_case(env_id: str, kwargs: Case) -> Case:
    """One environment's spec, spaces and metadata."""
    env = gymnasium.make(env_id, **kwargs)
    spec = env.spec
    assert spec is not None
    names = ["reward_threshold", "nondeterministic", "max_episode_steps", "order_enforce"]
    return {
        "id": env_id,
        "kwargs": describe(kwargs),
        "render_mode": env.render_mode,
        "metadata": describe(env.metadata),
        "observation_space": repr(env.observation_space),
        "action_space": repr(env.action_space),
        "spec": {name: getattr(spec, name) for name in [*names, "disable_env_checker"]}
        | {"kwargs": describe(spec.kwargs)},
    }


def render_modes() -> list[tuple[str, str]]:
    """The render modes that the native environments offer."""
    texts = [env_id for env_id in TOY_TEXT if env_id != "Blackjack-v1"]
    modes = [(env_id, mode) for env_id in texts for mode in ("ansi", "ansi_list")]
    return modes + [(env_id, mode) for env_id in DRAWN for mode in ("rgb_array", "rgb_array_list")]


def actions() -> list[Case]:
    """What ``step`` takes and refuses as an action, each from the first state of seed 0."""
    values = action_values()
    values += [3, 4, 3.0, 3.5, -0.0, np.nan, np.inf, 1 + 0j, 1 + 1j, (), (1, [2]), (np.array(1),)]
    values += [unpadded(np.longdouble(number)) for number in (0, 1, 3, 0.5, -1, 2.0**40)]
    values += [unpadded(np.clongdouble(number)) for number in (0, 3, 1j)]
    values += [[0.5], [5], [True], [], ["a"], [None], (0.25,), np.zeros(0), np.zeros((1, 0))]
    values += [np.array([0.5], code) for code in ("f2", "f4", "f8", ">f4", ">f8")]
    values += [np.array([-7.0], "f4"), np.array([np.nan], "f4"), np.array([0.5, 9], "f4")]
    values += [np.array([1e200]), np.array([np.inf]), [10**400], "", b"", bytearray(b"\x01")]
    values += [-2, -3, -4, np.int8(-3), np.uint8(2), np.array(-2), np.timedelta64(2, "s")]
    cases = []
    for value in values:
        outcomes = {env_id: outcome(env_id, value) for env_id in ACTION_IDS}
        cases.append({"action": describe(value), "outcomes": outcomes})
    return cases


def unpadded(number: Any) -> Any:
    """The same number of x87's, with zeros for what NumPy leaves in its padding."""
    digits = np.array([number]).view(np.uint8).reshape(-1, 16)
    digits[:, 10:] = 0
    return digits.reshape(-1).view(number.dtype)[0]


def outcome(env_id: str, action: Any) -> Any:
    """The name of the exception, or observation, reward, terminated, truncated and info.

    ``python`` stands for what the native environment leaves to Python, which goes on with it.
    """
    if env_id in ("MountainCarContinuous-v0", "Pendulum-v1") and is_beyond_native(action):
        return "python"
    env = gymnasium.make(env_id)
    env.reset(seed=0)
    try:
        return [describe(value) for value in env.step(action)]
    except Exception as error:
        return exception_name(error)


def is_beyond_native(action: Any) -> bool:
    """Whether an action for a Box makes results of other shapes or types, or goes through objects."""
    if isinstance(action, np.ndarray):
        return action.ndim > 1 or (action.ndim == 1 and action.dtype.kind in "cOSU")
    if isinstance(action, (list, tuple)):
        return any(isinstance(item, (list, np.ndarray)) for item in action)
    return False


class Session:
    """Drives an environment and keeps a transcript of calls and their exact results."""

    def __init__(self, env_id: str, **kwargs: Any) -> None:
        self._env = gymnasium.make(env_id, **kwargs)
        self._picker = np.random.default_rng(5)
        self.calls: list[Case] = []
        self.transcript = {"id": env_id, "kwargs": describe(kwargs), "calls": self.calls}

    def reset(self, seed: int | None = None, options: Any = None) -> Session:
        """Resets, whether or not that is refused."""
        call = {
            "call": "reset",
            "seed": None if seed is None else str(seed),
            "options": describe(options),
        }
        return self._keep(call, lambda: self._env.reset(seed=seed, options=options))

    def step(self, action: Any) -> Session:
        """Takes one step, whether or not that is refused."""
        call = {"call": "step", "action": describe(action)}
        return self._keep(call, lambda: self._env.step(action))

    def steps(self, count: int) -> Session:
        """Takes several steps with actions of the space."""
        space = self._env.action_space
        for _ in range(count):
            if isinstance(space, gymnasium.spaces.Discrete):
                self.step(int(self._picker.integers(int(space.n))))
            else:
                self.step(self._picker.uniform(-3, 3, 1).astype(np.float32))
        return self

    def render(self) -> Session:
        """Renders; a frame is kept as the digest of its bytes."""
        return self._keep({"call": "render"}, lambda: (shorten(self._env.render()),))

    def get(self, *names: str) -> Session:
        """Gets attributes."""
        for name in names:
            call = {"call": "get", "name": name}
            self._keep(call, lambda: (self._env.get_wrapper_attr(name),))
        return self

    def set(self, name: str, value: Any) -> Session:
        """Sets an attribute."""
        call = {"call": "set", "name": name, "value": describe(value)}
        return self._keep(call, lambda: (self._env.set_wrapper_attr(name, value),))

    def ask(self, name: str, *args: Any) -> Session:
        """Calls a method."""
        call = {"call": "ask", "name": name, "args": describe(list(args))}
        return self._keep(call, lambda: (self._env.get_wrapper_attr(name)(*args),))

    def _keep(self, call: Case, act: Any) -> Session:
        try:
            call["result"] = [describe(value) for value in act()]
        except Exception as error:
            call["error"] = exception_name(error)
        self.calls.append(call)
        return self


def shorten(rendered: Any) -> Any:
    """A frame's digest; texts as they are."""
    if isinstance(rendered, np.ndarray):
        return f"{rendered.shape} {hashlib.sha256(rendered.tobytes()).hexdigest()}"
    if isinstance(rendered, list):
        return [shorten(item) for item in rendered]
    return rendered


def toy_text_sessions() -> list[Session]:
    """Order of calls, options, texts, attributes and methods of the toy texts."""
    # The larger P are compared by tests/python/conformance/test_attributes.py.
    lake = ["desc", "nrow", "ncol", "reward_range", "P", "initial_state_distrib", "s"]
    lake += ["lastaction", "render_mode", "metadata"]
    sessions = [
        Session(env_id).step(0).render().reset(-1).step(0).step("x").render().reset(3).steps(3)
        for env_id in TOY_TEXT
    ]
    for env_id, mode in render_modes():
        if env_id in DRAWN:
            continue
        session = Session(env_id, render_mode=mode).render().reset(7).render()
        for _ in range(6):
            session.steps(2).render()
        sessions.append(session.step(1.0).render().step(True).reset().render())
    for number in (2**31, 2**64 - 1, 2**200 + 17):
        sessions += [
            Session(env_id).reset(number).reset(None, {"low": "x", 1: 2}) for env_id in TOY_TEXT
        ]
    sessions += [
        Session("FrozenLake-v1", desc=["SFH", "F G"], reward_schedule=(0, 0.0, -3))
        .get(*lake)
        .reset(1)
        .get("s", "lastaction")
        .steps(2)
        .get("s", "lastaction", "absent"),
        Session("FrozenLake-v1", desc=["FG"], render_mode="ansi").reset(1).get(*lake).steps(2),
        Session("FrozenLake-v1", is_slippery=False)
        .reset(2)
        .set("s", np.int64(14))
        .get("s")
        .step(2)
        .step(0),
        Session("CliffWalkingSlippery-v1")
        .get("shape", "start_state_index", "nS", "nA", "is_slippery", "initial_state_distrib")
        .reset(1)
        .steps(1)
        .get("s", "lastaction"),
        Session("Taxi-v4", fickle_passenger=True, fickle_probability=1)
        .get("desc", "locs", "locs_colors", "max_row", "max_col", "fickle_passenger")
        .get("rainy_probability", "fickle_probability", "fickle_step")
        .reset(1)
        .get("fickle_step", "s")
        .set("s", 18)
        .step(1)
        .get("s", "fickle_step")
        .ask("encode", 1, 2, 3, 0)
        .ask("decode", 499)
        .ask("decode", 500)
        .ask("decode", -1)
        .ask("action_mask", 16)
        .ask("action_mask", 500),
    ]
    hands = ["dealer", "player", "dealer_top_card_suit", "dealer_top_card_value_str"]
    for seed in range(12):
        session = Session("Blackjack-v1", natural=seed % 2 == 0, sab=seed % 3 == 0)
        session.get("natural", "sab", *hands).reset(seed).get(*hands)
        sessions.append(session.step(1).step(0).get("dealer", "player").step(0).step(1).step(1))
    return sessions


PHYSICS = {
    "Acrobot-v1": [
        *["dt", "LINK_LENGTH_1", "LINK_LENGTH_2", "LINK_MASS_1", "LINK_MASS_2", "LINK_MOI"],
        *["LINK_COM_POS_1", "LINK_COM_POS_2", "MAX_VEL_1", "MAX_VEL_2", "torque_noise_max"],
    ],
    "MountainCar-v0": ["min_position", "max_position", "max_speed", "goal_position"]
    + ["goal_velocity", "force", "gravity"],
    "MountainCarContinuous-v0": ["min_position", "max_position", "max_speed", "goal_position"]
    + ["goal_velocity", "power"],
    "Pendulum-v1": ["max_speed", "max_torque", "dt", "g", "m", "l"],
}
READ_ONLY = {
    "Acrobot-v1": ["book_or_nips", "AVAIL_TORQUE", "actions_num", "SCREEN_DIM"],
    "MountainCar-v0": ["screen_width", "screen_height"],
    "MountainCarContinuous-v0": ["min_action", "max_action", "screen_width", "screen_height"],
    "Pendulum-v1": ["screen_dim"],
}


def classic_control_sessions() -> list[Session]:
    """Order of calls, options and attributes of classic control."""
    sessions = [
        Session(env_id).step(0).render().reset(-1).step(0).step("x").reset(3).steps(3).render()
        for env_id in CLASSIC
    ]
    for env_id in CLASSIC:
        bounds = ("x_init", "y_init") if env_id == "Pendulum-v1" else ("low", "high")
        sessions.append(reset_options(env_id, *bounds))
        sessions.append(
            Session(env_id)
            .get(*PHYSICS[env_id], *READ_ONLY[env_id], "metadata", "render_mode", "absent")
            .reset(4)
            .get("state")
            .steps(1)
            .get("state")
        )
        for name in PHYSICS[env_id]:
            session = Session(env_id).reset(6).steps(1)
            for value in (0.3, np.float64(1.5), 2):
                session.set(name, value).get(name).steps(2)
            sessions.append(session)
    sessions += [Session("Acrobot-v1").set("book_or_nips", "nips").reset(2).steps(8)]
    size = {"Acrobot-v1": 4}
    for env_id in CLASSIC:
        state = np.linspace(-0.5, 0.4, size.get(env_id, 2))
        session = Session(env_id).reset(1).set("state", state).get("state").steps(2)
        if env_id in ("Acrobot-v1", "MountainCarContinuous-v0"):
            session.set("state", state.astype(np.float32)).get("state").steps(2)
        sessions.append(session)
    # Stopped at the left end, and at the goal.
    for env_id in CLASSIC[1:3]:
        for position, velocity in ((-1.19, -0.05), (0.44, 0.06), (0.59, 0.07), (-1.3, -1.0)):
            session = Session(env_id).reset(1).set("state", np.array([position, velocity]))
            sessions.append(session.steps(2).get("state"))
    return sessions


def frame_sessions() -> list[Session]:
    """Frames of states near and far, and of other lengths and positions."""
    picker = np.random.default_rng(12)
    sessions = []
    for env_id in CLASSIC[1:3]:
        session = Session(env_id, render_mode="rgb_array").step(1).render().reset(3).render()
        for position in [*picker.uniform(-1.3, 0.7, 20), 30.0, 95.0, 99.0, -50.0, 1e300]:
            session.set("state", np.array([position, 0.0])).render()
        session.set("state", np.array([-0.5, 0.0])).steps(1).render()
        for name, value in [("min_position", -2.0), ("max_position", 1.1), ("goal_position", 0.2)]:
            session.set(name, value).render()
        sessions.append(session)
    session = Session("Acrobot-v1", render_mode="rgb_array").step(1).render().reset(3).render()
    for number in range(30):
        angles = picker.uniform(-np.pi, np.pi, 4)
        session.set("state", angles.astype(np.float32) if number % 3 == 0 else angles).render()
    for angle in (0.0, np.pi / 2, np.pi, -np.pi / 2, 1e6):
        session.set("state", np.array([angle, angle, 0.5, -0.5])).render()
    session.set("state", np.array([0.4, -1.0, 0.5, -0.5]))
    for name, value in [("LINK_LENGTH_1", 0.3), ("LINK_LENGTH_2", 2.5), ("LINK_LENGTH_1", 4.0)]:
        session.set(name, value).render().steps(1).render()
    sessions += [session, Session("Acrobot-v1", render_mode="rgb_array_list").reset(1).steps(3)]
    sessions[-1].render().steps(1).render().reset().render().render()
    return sessions


def reset_options(env_id: str, first: str, second: str) -> Session:
    """Resets with options that are taken and refused."""
    session = Session(env_id)
    for number, (low, high) in enumerate(
        [(-1, 1), (-4.0, 4.0), (-30.0, 30.0), (-7e4, 7e4), (-1.2e5, 1.2e5), (-1e6, 1e6)]
    ):
        if first == "x_init":
            low = high * 3
        for seed in range(6):
            session.reset(10 * number + seed, {first: low, second: high})
        # Gymnasium's Acrobot wraps an angle a turn at a time, a large one for long and an infinite one for ever.
        if abs(low) < 10 or env_id != "Acrobot-v1":
            session.steps(1)
    for options in (
        *[{first: value} for value in ("-0.1", "x", None, True, np.nan, -np.inf, 10**400, [0.1])],
        *[{second: value} for value in (-3.0, -0.0, 0.5, np.float32(0.7), np.array([0.2]), 1e308)],
        {first: -1e308, second: 1.7e308},
        {first: 0.3, second: 0.2},
        {first: 0.0, second: -0.0},
        {},
        {"other": 1},
    ):
        session.reset(7, options)
        if env_id != "Acrobot-v1":
            session.steps(1)
    return session


def write(name: str, cases: list[Any]) -> None:
    """Writes one file, a case a line."""
    lines = ",\n".join(json.dumps(case) for case in cases)
    (FOLDER / f"native_{name}.json").write_text(f"[\n{lines}\n]\n")
    print(f"native_{name}: {len(cases)} cases")


def main() -> None:
    """Writes every file."""
    if gymnasium.__version__ != "1.3.0":
        raise SystemExit(
            f"The vectors are Gymnasium 1.3.0's; this Python has {gymnasium.__version__}."
        )
    gymnasium.logger.min_level = gymnasium.logger.ERROR
    write("specs", specs())
    write("actions", actions())
    write("sessions", [session.transcript for session in toy_text_sessions()])
    write("classic_sessions", [session.transcript for session in classic_control_sessions()])
    write("frame_sessions", [session.transcript for session in frame_sessions()])


if __name__ == "__main__":
    main()
