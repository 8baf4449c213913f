import pytest
from worker_process import WorkerError, WorkerProcess

IMPORTS = ["socketgym_test_envs"]


@pytest.fixture(scope="module")
def worker():
    with WorkerProcess() as process:
        yield process


def _refused(worker, *request):
    with pytest.raises(WorkerError) as caught:
        worker.call(*request)
    return caught.value


def _fault(worker, fault, when="step"):
    worker.make("SocketGymTest/Fault-v0", IMPORTS, fault=fault, when=when)
    worker.call("reset", None, None)
    return _refused(worker, "step", 0)


@pytest.mark.parametrize(
    "fault, type_name, message",
    [
        ("raise", "ValueError", "ValueError: the gripper is stuck"),
        ("raise chained", "RuntimeError", "RuntimeError: no such joint"),
        (
            "raise unprintable",
            "socketgym_test_envs.faults._Unprintable",
            "its message cannot be made",
        ),
        ("recurse", "RecursionError", "maximum recursion depth"),
        ("exhaust memory", "MemoryError", "no room for the map"),
        ("sys.exit", "SystemExit", "enough"),
        ("interrupt", "KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_an_exception_is_a_typed_error_and_the_environment_lives(worker, fault, type_name, message):
    error = _fault(worker, fault)
    assert (error.code, error.type) == ("EnvironmentFault", type_name)
    assert message in str(error)
    assert "faults.py" in error.traceback and "socketgym_worker" not in error.traceback
    assert worker.call("render").shape == (4, 4, 3)


def test_a_traceback_holds_the_cause(worker):
    error = _fault(worker, "raise chained")
    assert "KeyError: 'missing'" in error.traceback and "direct cause" in error.traceback


def test_a_constructor_s_exception_is_a_typed_error(worker):
    error = _refused(
        worker, "make", "SocketGymTest/Fault-v0", {"fault": "raise", "when": "make"}, IMPORTS
    )
    assert (error.code, error.type) == ("EnvironmentFault", "ValueError")
    assert "faults.py" in error.traceback


@pytest.mark.parametrize("when", ["reset", "render"])
def test_reset_and_render_faults_are_typed(worker, when):
    worker.make("SocketGymTest/Fault-v0", IMPORTS, fault="raise", when=when)
    if when == "render":
        worker.call("reset", None, None)
    request = ("reset", None, None) if when == "reset" else ("render",)
    error = _refused(worker, *request)
    assert error.type == "ValueError"
    # FaultEnv was made without a render mode, so its failing to render is for that.
    assert error.code == ("EnvironmentFault" if when == "reset" else "UnsupportedRenderMode")


def test_a_wrong_count_of_results_is_a_fault(worker):
    error = _fault(worker, "short tuple")
    assert error.code == "EnvironmentFault" and "rather than (observation, reward" in str(error)


@pytest.mark.parametrize("request_", [("step", 0), ("render",)])
@pytest.mark.parametrize("id", ["CartPole-v1", "SocketGymTest/Unwrapped-v0"])
def test_step_and_render_before_reset_need_a_reset(worker, id, request_):
    worker.make(id, IMPORTS, render_mode="rgb_array")
    assert _refused(worker, *request_).code == "ResetNeeded"


def test_an_action_that_the_environment_refuses_names_action_and_space(worker):
    worker.make("CartPole-v1")
    worker.call("reset", 0, None)
    error = _refused(worker, "step", 7)
    assert (error.code, error.type) == ("InvalidAction", "AssertionError")
    assert "action 7 of type int is not in Discrete(2)" in str(error)
    assert "cartpole.py" in error.traceback


def test_an_action_out_of_the_space_that_the_environment_takes_is_taken(worker):
    worker.make("FrozenLake-v1")
    worker.call("reset", 0, None)
    assert len(worker.call("step", 1.0)) == 5


def test_an_unknown_id_names_close_matches_that_can_be_made(worker):
    error = _refused(worker, "make", "CartPol-v1", {}, [])
    assert error.code == "UnknownEnvironment"
    assert "Close matches: CartPole-v1" in str(error) and "phys2d" not in str(error)


@pytest.mark.parametrize(
    "id", ["CartPole-v9", "Taxi-v1", "nowhere/CartPole-v1", "not an id", "os:CartPole-v1"]
)
def test_an_id_that_is_not_registered_is_unknown(worker, id):
    assert _refused(worker, "make", id, {}, []).code == "UnknownEnvironment"


@pytest.mark.parametrize(
    "kwargs, code",
    [
        ({"gravity_": 3}, "InvalidArgument"),
        ({"id": "x"}, "InvalidArgument"),
        ({1: 2}, "InvalidArgument"),
        ({"max_episode_steps": 0}, "InvalidArgument"),
        ({"max_episode_steps": "many"}, "InvalidArgument"),
        ({"render_mode": 3}, "InvalidArgument"),
        ({"render_mode": "human"}, "UnsupportedRenderMode"),
        ({"render_mode": "hologram"}, "UnsupportedRenderMode"),
    ],
)
def test_keyword_arguments_are_refused_with_a_reason(worker, kwargs, code):
    assert _refused(worker, "make", "CartPole-v1", kwargs, []).code == code


def test_a_missing_argument_is_told_from_a_type_error_of_the_constructor(worker):
    assert (
        _refused(worker, "make", "SocketGymTest/RequiredArgument-v0", {}, IMPORTS).code
        == "InvalidArgument"
    )
    error = _refused(
        worker, "make", "SocketGymTest/RequiredArgument-v0", {"size": "wrong"}, IMPORTS
    )
    assert (error.code, error.type) == ("EnvironmentFault", "TypeError")


def test_list_modes_that_gymnasium_provides_are_not_refused(worker):
    worker.make("CartPole-v1", render_mode="rgb_array_list")
    worker.call("reset", 0, None)
    worker.call("step", 0)
    assert [frame.shape for frame in worker.call("render")] == [(400, 600, 3)] * 2


@pytest.mark.parametrize(
    "name, place",
    [("CustomSpace", r"observation_space['inner']"), ("SubclassedSpace", "action_space")],
)
def test_a_space_that_is_none_of_the_ten_is_refused(worker, name, place):
    error = _refused(worker, "make", "SocketGymTest/%s-v0" % name, {}, IMPORTS)
    assert (
        error.code == "UnsupportedSpace"
        and place in str(error)
        and "socketgym_test_envs" in str(error)
    )


def test_a_module_that_is_missing_is_a_fault_with_its_type(worker):
    error = _refused(worker, "make", "CartPole-v1", {}, ["no_such_module"])
    assert (error.code, error.type) == ("EnvironmentFault", "ModuleNotFoundError")


def test_what_the_environment_prints_and_reads_never_reaches_the_channel(worker):
    with WorkerProcess() as noisy:
        noisy.make("SocketGymTest/Fault-v0", IMPORTS, fault="read input", when="step")
        noisy.call("reset", None, None)
        assert noisy.call("step", 1)[1] == 1.0


def test_a_probe_lists_only_what_can_be_made():
    with WorkerProcess() as worker:
        probed = worker.call("probe", ["socketgym_test_envs", "no_such_module"])
    assert {"CartPole-v1", "Taxi-v4", "SocketGymTest/Graph-v0"} <= set(probed["ids"])
    assert not {"GymV21Environment-v0", "Ant-v2"} & set(probed["ids"])
    assert [text.split(":")[0] for text in probed["failed_imports"]] == ["no_such_module"]
    assert probed["missing"] is None


def test_a_worker_ends_when_its_channel_closes():
    with WorkerProcess() as worker:
        worker.make("CartPole-v1")
        assert worker.end() == (0, "")


def test_a_worker_that_is_stuck_ends_when_its_channel_closes():
    with WorkerProcess() as worker:
        worker.make("SocketGymTest/Fault-v0", IMPORTS, fault="hang", when="reset")
        worker.send("reset", None, None)
        assert worker.end()[0] == 1


def test_a_parameter_that_python_cannot_hold_is_refused(worker):
    worker.make("CartPole-v1")
    # A dict with a list as its key: EMPTY_DICT, EMPTY_LIST, NONE, SETITEM.
    worker.send_pickle(b"\x80\x04(\x8c\x04step}]Nst.")
    with pytest.raises(WorkerError, match="unhashable") as caught:
        worker.receive()
    assert caught.value.code == "InvalidArgument"
    assert worker.call("reset", 0, None)[1] == {}
