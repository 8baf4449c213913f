# The first source that an interpreter runs for a server, with a dict of the package's sources in front:
# `sources = {module name: source text}`. Nothing of it is ever installed or written to a disk.
import importlib.abc
import importlib.util
import sys


class SentSourceImporter(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports the modules that the server sent."""

    def __init__(self, sources):
        self._sources = sources

    def find_spec(self, name, path=None, target=None):
        if name not in self._sources:
            return None
        return importlib.util.spec_from_loader(
            name, self, origin="<%s>" % name, is_package=self.is_package(name)
        )

    def is_package(self, name):
        return any(other.startswith(name + ".") for other in self._sources)

    def get_source(self, name):
        return self._sources[name]

    def exec_module(self, module):
        name = module.__name__
        exec(compile(self._sources[name], "<%s>" % name, "exec"), module.__dict__)


sys.meta_path.insert(
    0, SentSourceImporter(sources)
)  # noqa: F821 - defined by the server in front of this text
