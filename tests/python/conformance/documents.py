"""Runs the code of documentation pages.

A page's fenced blocks of one language are run in their order as one program, as a reader would type them. A `text` block that
follows one directly, with nothing but blank lines between, is what that block prints. A block of another language is left
alone; so is one after a comment `<!-- not run: reason -->`.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
import re
import subprocess
import sys
from typing import Any

_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NOT_RUN = re.compile(r"<!-- not run: [^>]+ -->\s*\Z")

_PROGRAM = """
import contextlib, io, json, sys
name, blocks = json.load(sys.stdin)
printed, namespace = [], {"__name__": "__main__"}
for block in blocks:
    # Empty lines in front, so that a traceback names the page's own line.
    code = compile("\\n" * block["line"] + block["text"], name, "exec")
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(code, namespace)
    printed.append(output.getvalue())
print(json.dumps(printed))
"""


@dataclasses.dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        language: What stands after the fence.
        text: Its lines.
        line: The line of its fence, counted from 1.
        output: What it prints, if the page says so.
    """

    language: str
    text: str
    line: int
    output: str | None = None


def blocks_of(page: pathlib.Path, language: str) -> list[Block]:
    """The blocks of one language that are to be run, with what they print."""
    content = page.read_text(encoding="utf-8")
    found: list[Block] = []
    end = 0
    for match in _FENCE.finditer(content):
        between = content[end : match.start()]
        end = match.end()
        if match[1] == "text" and found and not between.strip():
            found[-1] = dataclasses.replace(found[-1], output=match[2])
        elif not _NOT_RUN.search(between):
            line = content.count("\n", 0, match.start()) + 1
            found.append(Block(match[1], match[2], line))
    return [block for block in found if block.language == language]


def check_page(
    page: pathlib.Path, replacements: dict[str, str], environment: dict[str, str]
) -> int:
    """Runs a page's Python and compares what it prints; returns the number of blocks.

    Args:
        page: The page.
        replacements: What a reader would put in the place of texts of the page, such as addresses.
        environment: The program's environment variables.
    """
    blocks = blocks_of(page, "python")
    sent: list[dict[str, Any]] = []
    for block in blocks:
        text = block.text
        for old, new in replacements.items():
            text = text.replace(old, new)
        sent.append({"text": text, "line": block.line})
    finished = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        input=json.dumps([page.name, sent]),
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
    )
    assert finished.returncode == 0, f"{page.name}:\n{finished.stderr}"
    printed = json.loads(finished.stdout.splitlines()[-1])
    for block, output in zip(blocks, printed):
        if block.output is not None:
            assert output == block.output, f"{page.name}, line {block.line}"
    return len(blocks)
