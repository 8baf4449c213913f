"""Environments of gym 0.21 and 0.26, as the worker serves them, with and without Gymnasium beside."""

from collections import OrderedDict

import numpy as np
import pytest
from exactness import signature
from worker_process import ENVIRONMENTS, WorkerError, WorkerProcess

ALONE = ENVIRONMENTS / "without_gymnasium"


def _worker(*folders):
    return WorkerProcess(python_path=folders)


@pytest.fixture(scope="module")
def gym021():
    with _worker(ALONE, ENVIRONMENTS / "gym021") as process:
        yield process


@pytest.fixture(scope="module")
def gym026():
    with _worker(ALONE, ENVIRONMENTS / "gym026") as process:
        yield process


@pytest.fixture(scope="module")
def both():
    with _worker(ENVIRONMENTS / "gym026", ENVIRONMENTS) as process:
        yield process


def _refused(worker, *request):
    with pytest.raises(WorkerError) as caught:
        worker.call(*request)
    return caught.value


def _cell(position):
    return np.array([position, -0.0], np.float32)


def _same(actual, expected):
    assert signature(actual) == signature(expected)


def test_an_interpreter_with_gym_alone_is_usable(gym021):
    probed = gym021.call("probe", ["corridor021", "socketgym_test_envs"])
    assert (probed["gymnasium"], probed["gym"], probed["missing"]) == (None, "0.21.0", None)
    # The fourth id's package is not installed.
    assert probed["ids"] == ["Assorted-v0", "Between-v0", "Corridor-v0"]
    assert [text.split(":")[0] for text in probed["failed_imports"]] == ["socketgym_test_envs"]


def test_an_interpreter_with_both_lists_both(both):
    probed = both.call("probe", [])
    assert (probed["gymnasium"], probed["gym"]) == ("1.3.0", "0.26.2")
    assert {"Corridor-v0", "CartPole-v1", "Taxi-v4"} <= set(probed["ids"])


def test_an_interpreter_with_neither_says_so():
    with _worker(ALONE) as worker:
        assert "No module named 'gymnasium'" in worker.call("probe", [])["missing"]


def test_making_021_describes_it_as_gymnasiums(gym021):
    made = gym021.make("Corridor-v0", stride=2)
    _same(
        made["observation_space"],
        {
            "type": "Box",
            "low": np.full(2, -np.inf, np.float32),
            "high": np.full(2, np.inf, np.float32),
            "bounded_below": np.array([False, False]),
            "bounded_above": np.array([False, False]),
        },
    )
    assert made["action_space"] == {"type": "Discrete", "n": 3, "start": 0, "dtype": "<i8"}
    assert made["render_mode"] is None
    assert made["metadata"] == {
        "render.modes": ["human", "rgb_array", "ansi"],
        "video.frames_per_second": 25,
        "render_modes": ["human", "rgb_array", "ansi"],
        "render_fps": 25,
    }
    assert made["spec"] == {
        "id": "Corridor-v0",
        "entry_point": "corridor021:Corridor",
        "reward_threshold": 5.0,
        "nondeterministic": False,
        "max_episode_steps": 4,
        "order_enforce": True,
        "disable_env_checker": False,
        "kwargs": {},
    }


def test_an_episode_of_021_that_its_time_limit_ends(gym021):
    gym021.make("Corridor-v0")
    start = int(np.random.RandomState(5).randint(0, 3))
    _same(gym021.call("reset", 5, None), (_cell(start), {}))
    for number in (1, 2, 3):
        _same(gym021.call("step", 0), (_cell(start), 0.0, False, False, {"position": start}))
    info = {"position": start, "TimeLimit.truncated": True}
    _same(gym021.call("step", 0), (_cell(start), 0.0, False, True, info))


def test_an_episode_of_021_that_ends_by_itself_at_its_limit(gym021):
    gym021.make("Corridor-v0")
    gym021.call("reset", 0, None)  # RandomState(0) starts in the first cell
    for number in (1, 2, 3):
        info = {"position": number}
        _same(gym021.call("step", 1), (_cell(number), 0.125, False, False, info))
    gym021.make("Corridor-v0", stride=2)
    gym021.call("reset", 0, None)
    for number in (1, 2):
        info = {"position": 2 * number}
        _same(gym021.call("step", 1), (_cell(2 * number), 0.125, False, False, info))
    _same(gym021.call("step", 0), (_cell(4), 0.0, False, False, {"position": 4}))
    info = {"position": 6, "TimeLimit.truncated": False}
    _same(gym021.call("step", 1), (_cell(6), 0.125, True, False, info))


def test_a_seed_of_021_is_set_before_the_reset_and_its_generator_goes_on(gym021):
    gym021.make("Corridor-v0")
    generator = np.random.RandomState(11)
    for seed in (11, None, None, None):
        _same(gym021.call("reset", seed, None), (_cell(generator.randint(0, 3)), {}))
    _same(
        gym021.call("reset", 11, {}),
        (_cell(np.random.RandomState(11).randint(0, 3)), {}),
    )


def test_values_and_flags_of_021_arrive_as_they_were(gym021):
    made = gym021.make("Assorted-v0")
    entries = dict(made["observation_space"]["spaces"])
    assert list(entries) == ["zulu", "bits", "grid", "alpha", "inner"]
    assert [space["type"] for space in entries.values()] == [
        "Box",
        "MultiBinary",
        "MultiBinary",
        "Tuple",
        "Dict",
    ]
    assert [key for key, _ in entries["inner"]["spaces"]] == ["x", "y"]
    assert (entries["bits"]["n"], entries["grid"]["n"]) == (3, [2, 2])
    _same(entries["alpha"]["spaces"][1]["start"], np.zeros(2, np.int64))
    observation, info = gym021.call("reset", None, None)
    assert type(observation) is OrderedDict and type(observation["inner"]) is OrderedDict
    assert info == {}
    _, reward, terminated, truncated, info = gym021.call("step", (0, 2))
    _same((reward, terminated, truncated), (np.float32(0.5), np.bool_(True), False))
    assert info == {"action": (0, 2)}


@pytest.mark.parametrize(
    "mode, expected", [("ansi", "@"), ("rgb_array", np.zeros((2, 3, 3), np.uint8))]
)
def test_021_is_given_the_mode_with_each_rendering(gym021, mode, expected):
    assert gym021.make("Corridor-v0", render_mode=mode)["render_mode"] == mode
    gym021.call("reset", 0, None)
    _same(gym021.call("render"), expected)


def test_between_021_and_026_reset_is_asked_for_its_info(gym021):
    assert gym021.make("Between-v0", render_mode="ansi")["render_mode"] == "ansi"
    _same(gym021.call("reset", 3, {"a": 1}), (3, {"seed": 3, "options": {"a": 1}}))
    _same(gym021.call("step", 0), (1, 1.0, False, False, {}))
    assert gym021.call("render") == "drawn as ansi"


def test_026_is_served_as_it_is(gym026):
    made = gym026.make("Corridor-v0", render_mode="ansi")
    assert made["action_space"] == {"type": "Discrete", "n": 3, "start": -1, "dtype": "<i8"}
    assert (made["render_mode"], made["metadata"]["render_fps"]) == ("ansi", 25)
    _same(gym026.call("reset", 5, None), (_cell(2), {"cell": 2}))
    _same(gym026.call("reset", None, {"cell": 5}), (_cell(5), {"cell": 5}))
    assert gym026.call("render") == ".....@"
    _same(gym026.call("step", -1), (_cell(4), -0.125, False, False, {}))
    _same(gym026.call("step", 1), (_cell(5), 0.125, False, False, {}))
    _same(gym026.call("step", 1), (_cell(6), 0.125, True, False, {}))
    _same(gym026.call("step", 0), (_cell(6), 0.0, True, True, {}))
    gym026.make("Corridor-v0", max_episode_steps=1)
    gym026.call("reset", 0, None)
    _same(gym026.call("step", 0), (_cell(0), 0.0, False, True, {}))


def test_spaces_that_came_with_026(gym026):
    made = gym026.make("Assorted-v0")
    entries = dict(made["observation_space"]["spaces"])
    assert entries["text"] == {
        "type": "Text",
        "min_length": 1,
        "max_length": 4,
        "charset": "xyz",
    }
    assert entries["many"]["type"] == "Sequence" and entries["many"]["stack"] is False
    assert entries["alpha"]["spaces"][0]["start"] == 2
    assert made["action_space"]["type"] == "Graph"
    observation, _ = gym026.call("reset", None, None)
    _same(observation["many"], (1, 0))
    _same(gym026.call("step", 0)[1:4], (np.float64(1), np.bool_(True), False))


def test_options_that_021_cannot_take_are_refused(gym021):
    gym021.make("Corridor-v0")
    error = _refused(gym021, "reset", 1, {"cell": 3})
    assert error.code == "InvalidArgument" and "takes no options" in str(error)


@pytest.mark.parametrize("world", ["gym021", "gym026"])
def test_errors_are_typed(world, request):
    worker = request.getfixturevalue(world)
    error = _refused(worker, "make", "Corridoor-v0", {}, [])
    assert error.code == "UnknownEnvironment" and "Close matches: Corridor-v0" in str(error)
    for id in ("Corridor-v7", "no form !", "os:Corridor-v0", "gymnasium:CartPole-v1"):
        assert _refused(worker, "make", id, {}, []).code == "UnknownEnvironment"
    for kwargs, code in [
        ({"speed": 1}, "InvalidArgument"),
        ({"render_mode": "hologram"}, "UnsupportedRenderMode"),
        ({"render_mode": "human"}, "UnsupportedRenderMode"),
    ]:
        assert _refused(worker, "make", "Corridor-v0", kwargs, []).code == code
    worker.make("Corridor-v0")
    assert _refused(worker, "step", 0).code == "ResetNeeded"
    worker.call("reset", 0, None)
    error = _refused(worker, "step", 9)
    assert error.code == "InvalidAction" and "no such stride" in str(error)


def test_gymnasium_comes_first_and_gym_where_only_it_knows_the_id(both):
    assert both.make("CartPole-v1")["spec"]["entry_point"].startswith("gymnasium.")
    assert both.make("Corridor-v0")["spec"]["entry_point"] == "corridor026:Corridor"
    assert both.make("gym:CartPole-v1")["spec"]["max_episode_steps"] == 9
    assert both.make("gymnasium:CartPole-v1")["spec"]["max_episode_steps"] == 500
    assert _refused(both, "make", "gymnasium:Corridor-v0", {}, []).code == "UnknownEnvironment"
    both.make("Corridor-v0")
    assert _refused(both, "step", 0).code == "ResetNeeded"


def test_attributes_of_021_are_those_of_the_environment_itself(gym021):
    gym021.make("Corridor-v0")
    assert gym021.call("get_attr", "stride") == 1
    assert gym021.call("set_attr", "stride", 3, False) is True
    gym021.call("reset", 0, None)
    assert gym021.call("step", 1)[4] == {"position": 3}
    assert _refused(gym021, "get_attr", "no_such_attribute").code == "UnknownAttribute"


def test_what_an_old_gym_says_of_itself_harms_nothing():
    with _worker(ALONE, ENVIRONMENTS / "gym021") as worker:
        worker.make("Corridor-v0")
        assert worker.end() == (0, "gym: this version is no longer maintained\n")
