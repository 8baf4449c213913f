"""The shared library of this interpreter, by which another process can have it within itself."""

import os
import platform
import sys
import sysconfig

_PREFIX = "libpython"


def find():
    """Returns the path of the interpreter's shared library, or None."""
    variables = sysconfig.get_config_vars()
    version = "%d.%d%s" % (sys.version_info[0], sys.version_info[1], getattr(sys, "abiflags", ""))
    names = [variables.get("INSTSONAME"), variables.get("LDLIBRARY")]
    names += ["%s%s.so.1.0" % (_PREFIX, version), "%s%s.so" % (_PREFIX, version)]
    folders = [variables.get("LIBDIR"), variables.get("LIBPL")]
    folders += [os.path.join(sys.base_exec_prefix, name) for name in ("lib", "lib64")]
    for folder in filter(None, folders):
        for name in filter(None, names):
            path = os.path.join(folder, name)
            # A static library's name ends otherwise.
            if ".so" in name and os.path.isfile(path):
                return os.path.realpath(path)
    return None


def problem():
    """Returns why another process cannot have this interpreter within itself, or None."""
    if platform.python_implementation() != "CPython":
        return "it is %s, and only CPython can be embedded" % platform.python_implementation()
    if sys.version_info < (3, 8):
        return "it is older than Python 3.8"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "it is a free-threaded build, whose objects have another layout; use a build with the GIL"
    if hasattr(sys, "getobjects"):
        return "it is a build that traces references, whose objects have another layout"
    if find() is None:
        version = "%d.%d" % sys.version_info[:2]
        return (
            "its shared library is not installed: install it (on Debian and Ubuntu the package libpython%s), "
            "or a Python that was built with --enable-shared" % version
        )
    return None
