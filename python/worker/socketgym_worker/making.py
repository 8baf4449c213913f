"""Making an environment, and saying why it cannot be made."""

import difflib
import importlib

import gymnasium
from gymnasium import error as gymnasium_error

from .faults import Refusal
from .probe import is_available
from .text import brief, summary

_UNKNOWN = tuple(
    getattr(gymnasium_error, name)
    for name in ("UnregisteredEnv", "DeprecatedEnv")
    if hasattr(gymnasium_error, name)
)


def make(id, kwargs, imports, entry_point=None, wrappers=()):
    """Makes an environment as ``gymnasium.make`` does.

    Args:
        id: The environment's id, without a module.
        kwargs: The keyword arguments of ``gymnasium.make``.
        imports: Modules that the server's owner wants imported first, since they register environments.
        entry_point: The owner's ``module:name`` of what makes the environment, or None for what is registered as ``id``.
        wrappers: The owner's pairs of a wrapper's ``module:name`` and its keyword arguments, innermost first.

    Returns:
        The environment with Gymnasium's wrappers, and the owner's around them.

    Raises:
        Refusal: The id, the render mode or a keyword argument is refused.
        BaseException: Whatever an imported module or the environment's constructor raises.
    """
    for module in imports:
        importlib.import_module(module)
    if ":" in id:
        raise Refusal(
            "UnknownEnvironment",
            "'%s' names a module to import; this server does not allow that" % id,
        )
    _check_arguments(kwargs)
    if entry_point is None:
        spec = gymnasium.registry.get(id)
    else:
        spec = gymnasium.envs.registration.EnvSpec(id, entry_point=entry_point)
    if spec is not None:
        _check_render_mode(spec, kwargs)
    env = _make_registered(id if entry_point is None else spec, id, kwargs)
    try:
        for wrapper, arguments in wrappers:
            env = gymnasium.envs.registration.load_env_creator(wrapper)(env, **arguments)
    except BaseException:
        env.close()
        raise
    return env


def _make_registered(id_or_spec, id, kwargs):
    try:
        return gymnasium.make(id_or_spec, **kwargs)
    except _UNKNOWN as error:
        raise Refusal("UnknownEnvironment", _unknown(id, error)) from None
    except gymnasium_error.UnsupportedMode as error:
        raise Refusal("UnsupportedRenderMode", summary(error), error) from None
    except gymnasium_error.Error as error:
        # Malformed ids have no exception class of their own.
        if (
            type(error) is gymnasium_error.Error
            and id not in gymnasium.registry
            and _is_from_gymnasium(error)
        ):
            raise Refusal("UnknownEnvironment", _unknown(id, error)) from None
        raise
    except TypeError as error:
        if _is_refused_argument(error, kwargs):
            raise Refusal(
                "InvalidArgument", "%s takes no such arguments: %s" % (id, error), error
            ) from None
        raise


def _unknown(id, error):
    known_ids = [known for known, spec in gymnasium.registry.items() if is_available(spec)]
    matches = difflib.get_close_matches(id, known_ids, n=3, cutoff=0.6)
    if not matches:
        name = id.rpartition("/")[2].rpartition("-v")[0] or id
        matches = [known for known in known_ids if name.lower() in known.lower()][:3]
    hint = " Close matches: %s." % ", ".join(matches) if matches else ""
    return "there is no environment '%s': %s%s" % (id, error, hint)


def _check_arguments(kwargs):
    for name in kwargs:
        if type(name) is not str:
            raise Refusal("InvalidArgument", "the keyword argument %s is no string" % brief(name))
    if "id" in kwargs:
        raise Refusal(
            "InvalidArgument", "'id' cannot be a keyword argument: it is gymnasium.make's own"
        )
    steps = kwargs.get("max_episode_steps")
    if steps is not None and (not isinstance(steps, int) or (steps < 1 and steps != -1)):
        raise Refusal(
            "InvalidArgument",
            "max_episode_steps is %s; it must be a positive int, -1 for none, or None"
            % brief(steps),
        )


def _check_render_mode(spec, kwargs):
    mode = kwargs.get("render_mode", spec.kwargs.get("render_mode"))
    if mode is None:
        return
    if mode == "human":
        raise Refusal(
            "UnsupportedRenderMode",
            "render_mode 'human' would open a window on the server; use 'rgb_array' and show the frames yourself",
        )
    if type(mode) is not str:
        raise Refusal(
            "InvalidArgument", "render_mode is %s; it must be a string or None" % brief(mode)
        )
    creator = spec.entry_point
    if isinstance(creator, str):
        creator = gymnasium.envs.registration.load_env_creator(creator)
    metadata = getattr(creator, "metadata", None)
    modes = metadata.get("render_modes") if isinstance(metadata, dict) else None
    if modes is None or mode in modes:
        return
    # Gymnasium itself collects frames where the environment has no list mode of its own.
    if mode.endswith("_list") and mode[: -len("_list")] in modes:
        return
    offered = ", ".join("'%s'" % name for name in modes if name != "human") or "none"
    raise Refusal(
        "UnsupportedRenderMode",
        "%s has no render_mode '%s'; it offers: %s" % (spec.id, mode, offered),
    )


def _is_refused_argument(error, kwargs):
    """Whether the call of the constructor failed, or one inside it, on a keyword argument that was given."""
    cause = error.__cause__ if isinstance(error.__cause__, TypeError) else error
    if any("unexpected keyword argument '%s'" % name in str(cause) for name in kwargs):
        return True
    # The constructor's signature does not fit where its body never ran.
    return _is_from_gymnasium(cause) and "argument" in str(cause)


def _is_from_gymnasium(error):
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (
        trace is not None
        and trace.tb_frame.f_globals.get("__name__") == "gymnasium.envs.registration"
    )
