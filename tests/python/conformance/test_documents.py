"""The documentation's Python, run against live servers."""

from __future__ import annotations

import inspect
import json
import os
import pathlib
import re
import sys
from typing import Any

import pytest
import socketgym
from documents import Block, blocks_of, check_page
from live_server import ROOT, TEST_ENVIRONMENTS

DEFAULT = "tcp://127.0.0.1:65432"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "python/src")}


@pytest.mark.parametrize("page", ["README.md", "docs/python-client.md"])
def test_a_page_with_one_server(server: Any, page: str) -> None:
    variables = {**ENVIRONMENT, "SOCKETGYM_ADDRESS": server.address}
    assert check_page(ROOT / page, {DEFAULT: server.address}, variables) > 0


def test_the_researchers_tutorial(start_server: Any, tmp_path: pathlib.Path) -> None:
    page = ROOT / "docs/tutorials/researcher.md"
    (configuration,) = blocks_of(page, "json")
    folders = [str(TEST_ENVIRONMENTS / folder) for folder in ("without_gymnasium", "gym021")]
    old_python = ["env", f"PYTHONPATH={os.pathsep.join(folders)}", sys.executable]
    text = configuration.text.replace('["/opt/corridor/bin/python"]', json.dumps(old_python))
    assert text != configuration.text
    (tmp_path / "socketgym.json").write_text(text.replace('"corridor"', '"corridor021"'))
    own = start_server("--port", "0", "--config", str(tmp_path / "socketgym.json"), module=None)
    assert check_page(page, {DEFAULT: own.address}, ENVIRONMENT) == 3


def test_the_labs_tutorial(server: Any, start_server: Any) -> None:
    other = start_server("--port", "0", "--no-python", module=None)
    replacements = {
        "tcp://127.0.0.1:65433": server.address,
        "tcp://127.0.0.1:65434": other.address,
    }
    assert check_page(ROOT / "docs/tutorials/lab.md", replacements, ENVIRONMENT) == 3


def test_the_clients_page_names_everything_public() -> None:
    text = (ROOT / "docs/python-client.md").read_text(encoding="utf-8")
    names = {name for name in socketgym.__all__ if not name.startswith("_")}
    for cls in (socketgym.SocketGymClient, socketgym.SocketGymVectorClient):
        names |= {name for name in vars(cls) if not name.startswith("_")}
        names |= set(inspect.signature(cls).parameters) - {"kwargs", "env_kwargs"}
    assert {name for name in names if not re.search(rf"\b{name}\b", text)} == set()


def test_blocks_and_what_they_print(tmp_path: pathlib.Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        """A page.

```python
x = 1
print(x)
```

```text
1
```

```csharp
var y = 2;
```

<!-- not run: it needs a window -->

```python
raise SystemExit
```

```python
print(x + 1)
```

Not its output:

```text
7
```
"""
    )
    first, second = blocks_of(page, "python")
    assert first == Block("python", "x = 1\nprint(x)\n", 3, "1\n")
    assert second.text == "print(x + 1)\n" and second.output is None
    assert check_page(page, {}, ENVIRONMENT) == 2
    page.write_text(page.read_text().replace("```text\n1\n", "```text\n2\n"))
    with pytest.raises(AssertionError, match="line 3"):
        check_page(page, {}, ENVIRONMENT)
    page.write_text("```python\n1 / 0\n```\n")
    with pytest.raises(AssertionError, match='"page.md", line 2'):
        check_page(page, {}, ENVIRONMENT)
