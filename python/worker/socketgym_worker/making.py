"""Making an environment, and saying why it cannot be made."""

import difflib
import importlib

from . import old_gym, packages
from .faults import Refusal
from .packages import error_types
from .probe import is_available
from .text import brief, summary

# gym says Unregistered where it means the id's form, and UnregisteredEnv as Gymnasium does.
_UNKNOWN = ("UnregisteredEnv", "Unregistered", "DeprecatedEnv")


def make(id, kwargs, imports, entry_point=None, wrappers=()):
    """Makes an environment as ``gymnasium.make`` does, or the ``gym.make`` of an old gym.

    Args:
        id: The environment's id; ``gymnasium:`` or ``gym:`` before it says which of the two is meant, and else it is the
            first that is installed and knows the id.
        kwargs: The keyword arguments of ``gymnasium.make``.
        imports: Modules that the server's owner wants imported first, since they register environments.
        entry_point: The owner's ``module:name`` of what makes the environment, or None for what is registered as ``id``.
        wrappers: The owner's pairs of a wrapper's ``module:name`` and its keyword arguments, innermost first.

    Returns:
        The environment with its package's wrappers, the owner's around them, and Gymnasium's interface.

    Raises:
        Refusal: The id, the render mode or a keyword argument is refused.
        BaseException: Whatever an imported module or the environment's constructor raises.
    """
    for module in imports:
        importlib.import_module(module)
    _check_arguments(kwargs)
    package, id = _choose(id)
    if entry_point is None:
        return _make(package, id, kwargs, wrappers)
    # What is registered under the id stays what it was for the next one who makes it in this process.
    specs = packages.specs(package)
    registered = specs.pop(id, None)
    package.envs.registration.register(id=id, entry_point=entry_point)
    try:
        return _make(package, id, kwargs, wrappers)
    finally:
        specs.pop(id, None)
        if registered is not None:
            specs[id] = registered


def _make(package, id, kwargs, wrappers):
    spec = packages.specs(package).get(id)
    if spec is not None:
        _check_render_mode(package, spec, kwargs)

    def wrap(env):
        return _wrap(package, env, wrappers)

    try:
        if package.__name__ == "gym":
            return old_gym.make(package, spec, id, kwargs, wrap)
        env = package.make(id, **kwargs)
    except tuple(kind for name in _UNKNOWN for kind in error_types(name)) as error:
        raise Refusal("UnknownEnvironment", _unknown(package, id, error)) from None
    except error_types("UnsupportedMode") as error:
        raise Refusal("UnsupportedRenderMode", summary(error), error) from None
    except error_types("Error") as error:
        # Malformed ids have no exception class of their own.
        if type(error) is package.error.Error and spec is None and _is_from_registration(error):
            raise Refusal("UnknownEnvironment", _unknown(package, id, error)) from None
        raise
    except TypeError as error:
        if _is_refused_argument(error, kwargs):
            raise Refusal(
                "InvalidArgument", "%s takes no such arguments: %s" % (id, error), error
            ) from None
        raise
    return wrap(env)


def _wrap(package, env, wrappers):
    try:
        for entry_point, arguments in wrappers:
            env = old_gym.load(package.envs.registration, entry_point)(env, **arguments)
    except BaseException:
        env.close()
        raise
    return env


def _choose(id):
    """Returns the package that makes an id, and the id without a prefix."""
    prefix, colon, bare = id.rpartition(":")
    if colon:
        if prefix not in packages.NAMES:
            raise Refusal(
                "UnknownEnvironment",
                "'%s' names a module to import; this server does not allow that" % id,
            )
        try:
            return packages.load(prefix), bare
        except Exception as error:
            message = "'%s' asks for the package %s, which cannot be imported: %s"
            raise Refusal(
                "UnknownEnvironment", message % (id, prefix, summary(error)), error
            ) from None
    first = None
    for name in packages.NAMES:
        package = packages.find(name)
        if package is not None and id in packages.specs(package):
            return package, id
        first = first or package
    return first or packages.load("gymnasium"), id


def _unknown(package, id, error):
    known_ids = [known for known, spec in packages.specs(package).items() if is_available(spec)]
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


def _check_render_mode(package, spec, kwargs):
    mode = kwargs.get("render_mode", getattr(spec, "kwargs", {}).get("render_mode"))
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
    creator = old_gym.constructor(package.envs.registration, spec)
    metadata = getattr(creator, "metadata", None)
    modes = None
    if isinstance(metadata, dict):
        modes = metadata.get("render_modes", metadata.get("render.modes"))
    if modes is None or mode in modes:
        return
    # Gymnasium itself, and gym 0.26, collect frames where the environment has no list mode of its own.
    if "render_modes" in metadata and mode.endswith("_list") and mode[: -len("_list")] in modes:
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
    return _is_from_registration(cause) and "argument" in str(cause)


def _is_from_registration(error):
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    module = None if trace is None else trace.tb_frame.f_globals.get("__name__")
    return module in ["%s.envs.registration" % name for name in packages.NAMES]
