import collections
import pickle

import gymnasium
import numpy as np
import pytest
from exactness import signature
from worker_process import ENVIRONMENTS, SOURCES, Opaque, WorkerError, WorkerProcess

import sys

sys.path[:0] = [str(ENVIRONMENTS), str(SOURCES)]

import socketgym_test_envs  # noqa: E402
from socketgym_test_envs.infos import CASES, OPAQUE_CASES  # noqa: E402
from socketgym_test_envs.returns import LAYOUTS, RETURNS  # noqa: E402
from socketgym_test_envs.sampled import SPACES  # noqa: E402
from socketgym_worker.values import ValueGuard  # noqa: E402

IMPORTS = ["socketgym_test_envs"]


@pytest.fixture(scope="module")
def worker():
    with WorkerProcess() as process:
        yield process


def _make(worker, name, **kwargs):
    return worker.make("SocketGymTest/%s-v0" % name, IMPORTS, **kwargs)


def _loaded(value):
    """The value as a pickle's reader has it: NumPy makes big-endian arrays native there."""
    return pickle.loads(pickle.dumps(value, 4))


@pytest.mark.parametrize("name", [name for name in SPACES if name != "TextDefault"])
def test_samples_of_every_space_arrive_exactly(worker, name):
    _make(worker, name)
    local = gymnasium.make("SocketGymTest/%s-v0" % name, disable_env_checker=True)
    local.action_space.seed(5)
    assert signature(worker.call("reset", 3, {"k": (1,)})) == signature(
        local.reset(seed=3, options={"k": (1,)})
    )
    for _ in range(8):
        action = local.action_space.sample()
        assert signature(worker.call("step", action)) == signature(local.step(action))


def test_every_plain_value_in_an_info_arrives_exactly(worker):
    _make(worker, "Infos")
    worker.call("reset", None, None)
    for name, make in CASES:
        info = worker.call("step", 0)[4]
        expected = _loaded(make())
        if name == "strided" or name == "fortran":
            expected = np.array(expected, order="C")
        assert (info["case"], signature(info["value"])) == (name, signature(expected))


EXPECTED_STAND_INS = {
    "function": "function",
    "type": "enum.EnumMeta" if sys.version_info < (3, 11) else "enum.EnumType",
    "module": "module",
    "date": "datetime.date",
    "range": "range",
    "masked array": "numpy.ma.core.MaskedArray",
    "matrix": "numpy.matrix",
    "record array": "numpy.recarray" if np.__version__ < "2" else "numpy.rec.recarray",
    "overlapping fields": "numpy.ndarray",
    "fields out of order": "numpy.ndarray",
    "objects in records": "numpy.ndarray",
    "default dict": "collections.defaultdict",
    "unprintable": "socketgym_test_envs.infos.Unprintable",
    "talkative": "socketgym_test_envs.infos.Talkative",
}


def test_what_cannot_travel_in_an_info_is_stood_for():
    with WorkerProcess() as worker:
        _make(worker, "OpaqueInfos")
        worker.call("reset", None, None)
        values = {}
        for name, _ in OPAQUE_CASES:
            info = worker.call("step", 0)[4]
            values[name] = info["value"]
        _, log = worker.end()
    for name, type_name in EXPECTED_STAND_INS.items():
        assert type(values[name]) is Opaque and values[name].type_name == type_name
        assert len(values[name].repr) <= 503
    assert values["int enum"] == {
        "suit": Opaque("socketgym_test_envs.infos.Suit", "<Suit.HEARTS: 1>"),
        "plain": 1,
    }
    assert values["named tuple"] == [
        Opaque("socketgym_test_envs.infos.Point", "Point(x=1, y=2)"),
        (1, 2),
    ]
    assert values["path"] == {Opaque("pathlib.PurePosixPath", "PurePosixPath('/tmp/x')"): 1}
    assert values["set of objects"] == {
        Opaque("socketgym_test_envs.infos.Suit", "<Suit.HEARTS: 1>")
    }
    assert values["cycle"] == [1, {"self": Opaque("list", "[1, {'self': [...]}]")}]
    assert (
        values["object array"].dtype == object and values["object array"][1].type_name == "function"
    )
    assert "RuntimeError" in values["unprintable"].repr
    assert log.count("socketgym_test_envs.infos.Suit ") == 1, "one warning a type"


def test_a_message_says_no_more_than_the_limit_of_values(worker):
    _make(worker, "Discrete")
    many = list(range(1_048_576))
    info = worker.call("reset", 0, {"many": many, "nested": [[1, [2]]]})[1]
    assert (
        info["options"].type_name == "dict" and "a message may have 1048512" in info["options"].repr
    )


def test_a_warning_that_nobody_can_be_told_disturbs_nothing(monkeypatch):
    guard = ValueGuard(1000)
    monkeypatch.setattr(sys, "stderr", None)
    info = guard.lenient({"entry": range(3)}, "info")
    assert info["entry"].__reduce__()[1] == ("range", "range(0, 3)")
    for number in range(1000):
        guard.lenient({"entry": type("Made%d" % number, (), {})()}, "info")
    assert len(guard._warned) <= 100


def test_rewards_and_flags_keep_their_types(worker):
    _make(worker, "Returns")
    worker.call("reset", None, None)
    for expected in RETURNS:
        assert signature(tuple(worker.call("step", 0)[1:4])) == signature(expected)


def test_observations_of_any_memory_layout_arrive_in_c_order(worker):
    _make(worker, "Layouts")
    worker.call("reset", None, None)
    for name, make in LAYOUTS:
        observation = worker.call("step", 0)[0]
        arrays = (
            [observation]
            if isinstance(observation, np.ndarray)
            else [observation["f"], observation["t"][0]]
        )
        expected = _loaded(make())
        expected = (
            [expected] if isinstance(expected, np.ndarray) else [expected["f"], expected["t"][0]]
        )
        for array, original in zip(arrays, expected):
            assert array.flags.c_contiguous, name
            assert (array.dtype.str, array.shape, array.tobytes()) == (
                original.dtype.str,
                original.shape,
                original.tobytes(),
            )


def test_an_observation_that_cannot_travel_is_an_error_that_names_the_place(worker):
    _make(worker, "Fault", fault="function observation")
    worker.call("reset", None, None)
    with pytest.raises(
        WorkerError, match=r"the observation\['a'\]\[1\] is an instance of function"
    ) as caught:
        worker.call("step", 0)
    assert caught.value.code == "UnsupportedValue"


def test_a_reward_that_cannot_travel_is_an_error(worker):
    _make(worker, "Fault", fault="function reward")
    worker.call("reset", None, None)
    with pytest.raises(WorkerError, match="the reward is an instance of function") as caught:
        worker.call("step", 0)
    assert caught.value.code == "UnsupportedValue"


def test_an_info_of_another_dict_class_is_sent_as_a_dict_and_none_as_none(worker):
    _make(worker, "Fault", fault="info is a subclass")
    worker.call("reset", None, None)
    assert signature(worker.call("step", 0)[4]) == signature({"a": 1})
    _make(worker, "Fault", fault="info is none")
    worker.call("reset", None, None)
    assert worker.call("step", 0)[4] is None


def test_a_reply_above_the_limit_is_an_error_and_the_worker_lives():
    with WorkerProcess(max_message_bytes=10_000) as worker:
        worker.make("CartPole-v1", render_mode="rgb_array")
        worker.call("reset", 0, None)
        with pytest.raises(
            WorkerError, match="720[0-9]{3} bytes, and a message may have 10000"
        ) as caught:
            worker.call("render")
        assert caught.value.code == "UnsupportedValue"
        assert len(worker.call("step", 0)) == 5


def test_spaces_are_described_without_loss(worker):
    def space(name):
        return _make(worker, name)["observation_space"]

    box = space("BoxFloat32")
    assert signature(box["low"]) == signature(np.array([-1, -np.inf, 0, -np.inf], np.float32))
    assert box["bounded_below"].tolist() == [True, False, True, False]
    unbounded = space("BoxInt16Unbounded")
    assert unbounded["low"].dtype == np.int16 and not unbounded["bounded_below"].any()
    assert space("BoxScalar")["low"].shape == ()
    assert space("DiscreteStart") == {"type": "Discrete", "n": 7, "start": -3, "dtype": "<i8"}
    assert space("DiscreteInt8")["dtype"] == "|i1"
    grid = space("MultiDiscreteGrid")
    assert signature(grid["nvec"]) == signature(np.array([[2, 3], [4, 5]], np.int32))
    assert signature(grid["start"]) == signature(np.array([[0, -1], [10, 5]], np.int32))
    assert space("MultiBinary") == {"type": "MultiBinary", "n": 5}
    assert space("MultiBinaryGrid") == {"type": "MultiBinary", "n": [2, 3]}
    assert sorted(space("TextDefault")["charset"]) == sorted(gymnasium.spaces.text.alphanumeric)
    assert space("TextUnicode") == {
        "type": "Text",
        "min_length": 0,
        "max_length": 6,
        "charset": "zaé€😀_",
    }
    assert [key for key, _ in space("DictNested")["spaces"]] == ["zulu", "alpha", "mike"]
    assert [key for key, _ in space("DictKeys")["spaces"]] == [2, "two"]
    assert space("SequenceStacked")["stack"] is True and space("Sequence")["stack"] is False
    assert space("GraphWithoutEdges")["edge_space"] is None
    assert [part["type"] for part in space("OneOf")["spaces"]] == ["Discrete", "Box", "Text"]


def test_metadata_and_spec_are_described(worker):
    made = _make(worker, "Discrete", render_mode="ansi", max_episode_steps=3)
    assert made["metadata"] == {"render_modes": ["rgb_array", "ansi"], "render_fps": 12}
    assert made["render_mode"] == "ansi"
    assert made["spec"] == {
        "id": "SocketGymTest/Discrete-v0",
        "entry_point": "socketgym_test_envs.sampled:SampledEnv",
        "reward_threshold": None,
        "nondeterministic": False,
        "max_episode_steps": 3,
        "order_enforce": True,
        "disable_env_checker": False,
        "kwargs": {"space": "Discrete", "render_mode": "ansi"},
    }


def test_ordered_dicts_stay_ordered_dicts(worker):
    _make(worker, "Discrete")
    options = {"o": collections.OrderedDict([("b", 1), ("a", 2)])}
    assert signature(worker.call("reset", 0, options)[1]["options"]) == signature(options)
