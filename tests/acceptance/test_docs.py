"""Runs what the documents say: each `console` block, in order, in a scratch directory a document.

A line that begins with `$ ` is a command, continued by lines with `> `; the lines below it are
what it prints (stdout and stderr); a line of `...` stands for any number of lines. `make` targets
are only asked for their steps, since these very tests run in one of them.

`pytest tests/acceptance/test_docs.py --update-cases` writes what is printed now into the documents.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from daggen.specs.yaml import parse_yaml

REPOSITORY = Path(__file__).parents[2]
DOCUMENTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
DIGEST = re.compile(r"(?<=\()[0-9a-f]{7}(?=\))|(?<=sha256:)[0-9a-f]{64}")
YAML = re.compile(r"(?<=^```yaml\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)


@dataclass
class Step:
    """A command and what it prints."""

    command: str
    expected: str


def _steps(block: str) -> list[Step]:
    steps: list[Step] = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            steps.append(Step(line[2:].rstrip("\n"), ""))
        elif line.startswith("> ") and not steps[-1].expected:
            steps[-1].command += "\n" + line[2:].rstrip("\n")
        elif steps:
            steps[-1].expected += line
    return steps


class Shell:
    """Runs commands one after the other, each where the last one left off."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        bin_folder = Path(sys.executable).parent
        self.environment = {
            **os.environ,
            "PATH": f"{bin_folder}:{os.environ['PATH']}",
            "HOME": str(folder),
            "GIT_CONFIG_GLOBAL": str(folder / ".gitconfig"),
            "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
            "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
            "COLUMNS": "100",
        }
        (folder / ".gitconfig").write_text("[user]\nname = A\nemail = a@example.com\n")

    def run(self, command: str) -> str:
        if command.startswith("make "):
            return self._execute(f"make -n {command[5:]} >/dev/null", REPOSITORY)
        if command.startswith("cd "):
            self.folder = self.folder / command[3:]
            return ""
        return self._execute(command, self.folder)

    def _execute(self, command: str, folder: Path) -> str:
        run = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert run.returncode in (0, 1), run.stdout
        return run.stdout


def _matches(expected: str, printed: str) -> bool:
    """Compare; digests of commits and files change with every template, so any will do."""
    expected, printed = (DIGEST.sub("…", text) for text in (expected, printed))
    parts = re.split(r"^\.\.\.\n", expected, flags=re.MULTILINE)
    pattern = r"(?:.*\n)*?".join(re.escape(part) for part in parts)
    return re.fullmatch(pattern, printed) is not None


def _run(document: Path, folder: Path) -> Iterator[tuple[Step, str]]:
    shell = Shell(folder)
    for block in BLOCK.findall(document.read_text(encoding="utf-8")):
        for step in _steps(block):
            yield step, shell.run(step.command)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_document_is_true(
    document: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    update = request.config.getoption("--update-cases")
    text, position = document.read_text(encoding="utf-8"), 0
    for step, printed in _run(document, tmp_path):
        if printed and not printed.endswith("\n"):
            printed += "\n"
        command = "$ " + step.command.replace("\n", "\n> ")
        said = f"{command}\n{step.expected}"
        position = text.index(said, position)
        if update and not _matches(step.expected, printed):
            now = f"{command}\n{printed}"
            text = text[:position] + now + text[position + len(said) :]
            said = now
        elif not _matches(step.expected, printed):
            assert printed == step.expected, step.command
        position += len(said)
    if update:
        document.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_the_specs_of_the_document_are_yaml(document: Path) -> None:
    for block in YAML.findall(document.read_text("utf-8")):
        _, found = parse_yaml(block, document.name)
        assert not found, f"{found[0].message} in:\n{block}"
