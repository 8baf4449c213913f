"""Attributes as Gymnasium's wrappers give them: the outermost layer that has one answers for it."""

from .old_gym import OldGymEnv
from .packages import wrapper_types


def get(env, name):
    """Returns an attribute of the outermost layer that has it.

    Raises:
        AttributeError: None has it.
    """
    if hasattr(env, "get_wrapper_attr"):
        return env.get_wrapper_attr(name)
    return getattr(env, name)  # before Gymnasium 0.29 wrappers search by themselves


def set(env, name, value, force):
    """Sets an attribute of the outermost layer that has it; with ``force``, of the outermost where none has.

    Gymnasium's own ``set_wrapper_attr`` has taken ``force``, and told what it did, only since 1.1.

    Returns:
        Whether it was set.

    Raises:
        AttributeError: It cannot be set.
    """
    layer, wrappers = env, (OldGymEnv,) + wrapper_types()
    # Not hasattr: before Gymnasium 1.0 a wrapper answers it for what is inside, too.
    while isinstance(layer, wrappers) and not _has_itself(layer, name):
        layer = layer.env
    if isinstance(layer, wrappers) or hasattr(layer, name):
        setattr(layer, name, value)
        return True
    if force:
        setattr(env, name, value)
    return force


def _has_itself(wrapper, name):
    return name in vars(wrapper) or hasattr(type(wrapper), name)
