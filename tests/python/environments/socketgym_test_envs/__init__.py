"""Environments for the tests: every space, awkward values, and every way to go wrong.

Importing the package registers them under ``SocketGymTest/``. They are deterministic: a seed gives the same episode in every
process, and without any seed the first reset acts as with seed 0. Episodes last ``LENGTH`` steps unless stated.

``<space>-v0``
    One for each name in :data:`socketgym_test_envs.sampled.SPACES`. Observations are samples of the space, actions belong to an
    equal space, and ``info["action"]`` is the action that the environment was given, ``info["action_type"]`` its type's name.
    Render modes ``rgb_array`` and ``ansi``. ``TextDefault`` alone differs between processes: its characters are a set.
``Infos-v0``
    A Discrete observation that counts; at each step ``info["case"]`` and ``info["value"]`` are the next of
    :data:`socketgym_test_envs.infos.CASES`, values that must arrive exactly as they are. The episode ends with the last case.
``OpaqueInfos-v0``
    The same over :data:`socketgym_test_envs.infos.OPAQUE_CASES`: values with something in them that cannot travel.
``KeptInfo-v0``
    Its info is one dict for ever, with an array, a list and a dict in it, all of which each call changes in place.
``LongInfos-v0``
    A step's info holds as many numbers as the action says; the observation, two integers, counts the steps.
``Returns-v0``
    Rewards and flags of every type that environments give: :data:`socketgym_test_envs.returns.RETURNS`.
``Layouts-v0``
    Observations whose memory is not C-ordered and native: :data:`socketgym_test_envs.returns.LAYOUTS`.
``Frames-v0``
    Images of one colour, of the keyword arguments ``height`` and ``width``, all in the same array.
``Busy-v0``
    A step takes 2 ms; ``action`` is ``sleep`` or ``compute``.
``Echo-v0``
    Takes anything: the observation is the action, the reward too where it is a scalar, ``info`` is empty unless the action is a
    tuple, whose last item it then is. A reset's observation is the action before it.
``Fault-v0``
    ``fault`` names one of :data:`socketgym_test_envs.faults.FAULTS`, ``when`` the method in which it happens: ``make``, ``reset``,
    ``step``, ``render`` or ``close``.
``PickedFault-v0``
    The same, but only a step with action 1 goes wrong, and episodes last five steps.
``Described-v0``
    Its infos tell in words what it was given: action, options, and the keyword argument ``given``.
``Process-v0``
    Each reset's info tells of the process: its id, and numbers from the generators that a process has of its own.
``Gathering-v0``
    Its ``close`` returns when ``count`` processes have called it, of which each leaves a file in ``folder``.
``RequiredArgument-v0``
    Its constructor needs ``size`` and takes nothing else.
``Attributes-v0``
    Attributes and methods of every sort: :class:`socketgym_test_envs.attributes.AttributesEnv`.
``CustomSpace-v0``, ``SubclassedSpace-v0``
    An observation space that is none of Gymnasium's ten.
``Unwrapped-v0``
    Registered without Gymnasium's wrappers; ``step`` and ``render`` before ``reset`` raise AttributeError.
"""

from gymnasium import register

from .sampled import LENGTH, SPACES

NAMESPACE = "SocketGymTest"


def _register():
    for name in SPACES:
        register(
            "%s/%s-v0" % (NAMESPACE, name),
            entry_point="socketgym_test_envs.sampled:SampledEnv",
            kwargs={"space": name},
            max_episode_steps=LENGTH,
        )
    entries = {
        "Infos": "infos:InfosEnv",
        "OpaqueInfos": "infos:OpaqueInfosEnv",
        "KeptInfo": "infos:KeptInfoEnv",
        "LongInfos": "infos:LongInfosEnv",
        "Returns": "returns:ReturnsEnv",
        "Layouts": "returns:LayoutsEnv",
        "Frames": "returns:FramesEnv",
        "Busy": "returns:BusyEnv",
        "Echo": "returns:EchoEnv",
        "Attributes": "attributes:AttributesEnv",
        "Fault": "faults:FaultEnv",
        "Described": "described:DescribedEnv",
        "Process": "processes:ProcessEnv",
        "Gathering": "processes:GatheringEnv",
        "PickedFault": "faults:PickedFaultEnv",
        "RequiredArgument": "faults:RequiredArgumentEnv",
        "CustomSpace": "faults:CustomSpaceEnv",
        "SubclassedSpace": "faults:SubclassedSpaceEnv",
    }
    for name, entry_point in entries.items():
        # Gymnasium's checker would object to what these are for.
        register(
            "%s/%s-v0" % (NAMESPACE, name),
            entry_point="socketgym_test_envs." + entry_point,
            disable_env_checker=True,
        )
    register(
        NAMESPACE + "/Unwrapped-v0",
        entry_point="socketgym_test_envs.faults:UnwrappedEnv",
        disable_env_checker=True,
        order_enforce=False,
    )


_register()
