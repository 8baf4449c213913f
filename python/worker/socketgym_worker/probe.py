"""What an interpreter has: its version, its Gymnasium or old gym, and the ids that can really be made."""

import importlib
import importlib.util
import platform
import sys

from . import library, packages
from .text import summary


def probe(imports):
    """Describes this interpreter.

    Args:
        imports: Modules to import first, since they register environments.

    Returns:
        A dict: ``version`` and ``executable`` of Python, ``numpy``, ``gymnasium`` and ``gym`` (versions, or None), ``missing`` (why
        there is neither Gymnasium nor gym, or None), ``failed_imports`` (one sentence each), ``ids``, sorted, ``library`` (the
        path of its shared library, or None) and ``embedding_problem`` (why no other process can load that, or None).
    """
    result = {
        "version": platform.python_version(),
        "executable": sys.executable or "",
        "numpy": None,
        "gymnasium": None,
        "gym": None,
        "missing": None,
        "library": library.find(),
        "embedding_problem": library.problem(),
        "failed_imports": [],
        "ids": [],
    }
    try:
        import numpy

        result["numpy"] = numpy.__version__
    except Exception as error:
        result["missing"] = summary(error)
        return result
    found = [package for package in map(packages.find, packages.NAMES) if package is not None]
    if not found:
        result["missing"] = _why_none()
        return result
    for package in found:
        result[package.__name__] = package.__version__
    for module in imports:
        try:
            importlib.import_module(module)
        except Exception as error:
            result["failed_imports"].append("%s: %s" % (module, summary(error)))
    offered = {}
    for package in reversed(found):
        offered.update(packages.specs(package).items())
    result["ids"] = sorted(id for id, spec in offered.items() if is_available(spec))
    return result


def _why_none():
    reasons = []
    for name in packages.NAMES:
        # Gymnasium is what is expected, and gym is worth a word only where it is there.
        if name == "gymnasium" or _is_installed(name):
            try:
                packages.load(name)
            except Exception as error:
                reasons.append(summary(error))
    return "; ".join(reasons)


# What the packages' own families need beside it, as their modules import it.
_NEEDS = {
    "gymnasium.envs.box2d": "Box2D",
    "gymnasium.envs.mujoco": "mujoco",
    "gymnasium.envs.phys2d": "jax",
    "gymnasium.envs.tabular": "jax",
    "gym.envs.box2d": "Box2D",
    "gym.envs.mujoco": "mujoco_py",
    "gym.envs.robotics": "mujoco_py",
}


def is_available(spec):
    """Whether the modules of an entry point are installed; finds them without importing them."""
    entry_point = spec.entry_point
    if entry_point is None:
        return False
    if not isinstance(entry_point, str):
        # Gymnasium registers functions of its own for ids that only say what to install.
        return getattr(entry_point, "__module__", "") != "gymnasium.envs"
    module = entry_point.partition(":")[0]
    # gym names some families themselves, and not a module in them.
    needed = _NEEDS.get(module.rpartition(".")[0], _NEEDS.get(module))
    return _is_installed(module.partition(".")[0]) and (needed is None or _is_installed(needed))


def _is_installed(module):
    if module in sys.modules:
        return True
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
