"""A project in a git repository, with everything that can cause a DAG to change."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
from browser import Browser, open_browser
from click.testing import CliRunner, Result

from daggen.cli import cli

BASH = "airflow.providers.standard.operators.bash.BashOperator"


@dataclass(frozen=True)
class Repository:
    """A project under git."""

    root: Path

    def write(self, path: str, text: str) -> None:
        """Write a file of the project."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text).lstrip("\n"), encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace text that must be there."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def git(self, *arguments: str) -> str:
        """Run git as a person who exists in this test only."""
        person = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
        done = subprocess.run(
            ["git", *person, *arguments], cwd=self.root, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, message: str) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def daggen(self, *arguments: str) -> Result:
        """Run daggen in the project."""
        command, *rest = arguments
        result = CliRunner().invoke(cli, [command, "--project", str(self.root), *rest])
        assert result.exception is None or isinstance(
            result.exception, SystemExit
        ), result.exception
        return result

    def render(self) -> None:
        """Render the fleet; no error is expected."""
        result = self.daggen("render", "--no-catalog")
        assert result.exit_code == 0, result.output


FILES = {
    "daggen.toml": 'airflow = "3.3"\npython_path = ["."]\n',
    ".gitignore": ".daggen/\n",
    "company/__init__.py": "",
    "company/alerts.py": "def notify(context):\n    pass\n\n\ndef page(context):\n    pass\n",
    "specs/_pools.yaml": """
        pools:
          warehouse: {slots: 4, description: The warehouse}
          crm: {slots: 2, description: The CRM}
    """,
    "specs/shared/_defaults.yaml": """
        start_date: 2026-01-01
        default_args: {owner: data, retries: 2}
    """,
    "specs/shared/report.yaml": f"""
        dag_id: report
        tasks:
          run: {{operator: {BASH}, bash_command: echo report}}
    """,
    "specs/shared/digest.yaml": f"""
        dag_id: digest
        tasks:
          run: {{operator: {BASH}, bash_command: echo digest}}
    """,
    "templates/copy.schema.yaml": """
        title: Copy
        description: Copies one entity.
        x-daggen: {kind: dag}
        type: object
        required: [entity]
        properties:
          entity: {type: string, description: What is copied.}
    """,
    "templates/copy.py.j2": """
        {% extends "dag.py.j2" %}
        {% block body %}
            read = {{ ref("BASH") }}(task_id="read", bash_command="echo read {{ entity }}")
            write = {{ ref("BASH") }}(task_id="write", bash_command="echo write {{ entity }}")
            read >> write
        {% endblock %}
    """.replace(
        "BASH", BASH
    ),
    "specs/copies.yaml": """
        template: copy
        dag_id: copy_${{ entity.name }}
        start_date: 2026-01-01
        foreach:
          entity: {file: entities.csv}
        with: {entity: "${{ entity.name }}"}
    """,
    "specs/entities.csv": "name\ncustomers\norders\n",
}

ALONE = """
    dag_id: {name}
    schedule: "@daily"
    start_date: 2026-01-01
    tasks:
      read: {{operator: {bash}, bash_command: echo {name}}}
      check: {{operator: {bash}, bash_command: echo check, dependencies: [read]}}
      write: {{operator: {bash}, bash_command: echo write, dependencies: [check]}}
"""

NAMES = (
    "hourly",
    "legacy",
    "was_called",
    "shortcut",
    "grouped",
    "pooled",
    "alerted",
    "mapped",
    "edited",
    "stale",
    "quiet",
)


@pytest.fixture(scope="session")
def _original(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A fleet, rendered and committed on `main`, and a branch off it."""
    project = Repository(tmp_path_factory.mktemp("original"))
    for path, text in FILES.items():
        project.write(path, text)
    for name in NAMES:
        project.write(f"specs/{name}.yaml", ALONE.format(name=name, bash=BASH))
    project.git("init", "--quiet", "--initial-branch", "main")
    project.render()
    project.commit("The fleet")
    project.git("switch", "--quiet", "--create", "change")
    return project


@pytest.fixture(scope="session")
def make_repository(_original: Repository) -> Callable[[Path], Repository]:
    """Copy a fleet, rendered and committed on `main`, into a folder; a branch is checked out."""

    def make(folder: Path) -> Repository:
        shutil.copytree(_original.root, folder / "project")
        return Repository(folder / "project")

    return make


@pytest.fixture
def repository(make_repository: Callable[[Path], Repository], tmp_path: Path) -> Repository:
    """A rendered and committed fleet, on a branch off `main`."""
    return make_repository(tmp_path)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium."""
    with open_browser(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened
