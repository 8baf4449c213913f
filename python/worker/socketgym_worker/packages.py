"""The packages that environments are written for: Gymnasium, and the gym that it grew from.

Neither is imported here before it is asked for: an interpreter may have either or both.
"""

import importlib
import importlib.util
import sys

# In the order in which they are asked for an id.
NAMES = ("gymnasium", "gym")


def find(name):
    """Returns the package, or None where it is not installed or cannot be imported."""
    try:
        return load(name) if importlib.util.find_spec(name) is not None else None
    except Exception:  # an old gym with a newer NumPy raises whatever the missing name gives
        return None


def load(name):
    """Imports the package and its modules ``error``, ``spaces`` and ``envs.registration``.

    Raises:
        Exception: It cannot be imported.
    """
    package = importlib.import_module(name)
    for module in ("error", "spaces", "envs.registration"):
        importlib.import_module("%s.%s" % (name, module))
    return package


def specs(package):
    """Returns what is registered with a package: a mapping from id to spec."""
    registry = package.envs.registration.registry
    # Before gym 0.26 the registry was an object around the mapping.
    return getattr(registry, "env_specs", registry)


def error_types(name):
    """Returns the exception classes of a name in those packages that are imported, for an ``except``."""
    return _defined("error", name)


def wrapper_types():
    """Returns the ``Wrapper`` classes of those packages that are imported."""
    modules = map(sys.modules.get, NAMES)
    return tuple(module.Wrapper for module in modules if hasattr(module, "Wrapper"))


def space_name(kind):
    """Returns the name of a class of spaces, or None for a class that is neither package's own."""
    name = kind.__name__
    return name if kind in _defined("spaces", name) else None


def _defined(module, name):
    modules = (sys.modules.get("%s.%s" % (package, module)) for package in NAMES)
    return tuple(getattr(module, name) for module in modules if hasattr(module, name))
