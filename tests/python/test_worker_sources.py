import ast

import pytest
from worker_process import SOURCES

FILES = sorted(SOURCES.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_source_is_python_3_7_in_ascii(path):
    # The server sends the sources inside a text of ASCII, to interpreters as old as that.
    ast.parse(path.read_bytes().decode("ascii"), feature_version=(3, 7))


def test_the_worker_imports_nothing_of_the_client_package():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names.append(node.module)
            assert not [name for name in names if name.split(".")[0] == "socketgym"], path
