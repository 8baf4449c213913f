"""What an interpreter has: its version, its Gymnasium, and the ids that can really be made."""

import importlib
import importlib.util
import platform
import sys

from .text import summary


def probe(imports):
    """Describes this interpreter.

    Args:
        imports: Modules to import first, since they register environments.

    Returns:
        A dict: ``version`` and ``executable`` of Python, ``numpy`` and ``gymnasium`` (versions, or None), ``missing`` (why there
        is no Gymnasium, or None), ``failed_imports`` (one sentence each) and ``ids``, sorted.
    """
    result = {
        "version": platform.python_version(),
        "executable": sys.executable or "",
        "numpy": None,
        "gymnasium": None,
        "missing": None,
        "failed_imports": [],
        "ids": [],
    }
    try:
        import numpy

        result["numpy"] = numpy.__version__
        import gymnasium

        result["gymnasium"] = gymnasium.__version__
    except Exception as error:
        result["missing"] = summary(error)
        return result
    for module in imports:
        try:
            importlib.import_module(module)
        except Exception as error:
            result["failed_imports"].append("%s: %s" % (module, summary(error)))
    result["ids"] = sorted(id for id, spec in gymnasium.registry.items() if is_available(spec))
    return result


# What Gymnasium's own families need beside it, as their modules import it.
_NEEDS = {
    "gymnasium.envs.box2d": "Box2D",
    "gymnasium.envs.mujoco": "mujoco",
    "gymnasium.envs.phys2d": "jax",
    "gymnasium.envs.tabular": "jax",
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
    needed = _NEEDS.get(module.rpartition(".")[0])
    return _is_installed(module.partition(".")[0]) and (needed is None or _is_installed(needed))


def _is_installed(module):
    if module in sys.modules:
        return True
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
