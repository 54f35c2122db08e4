"""Every kind of change is told once, with its cause, in every format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from daggen.fleet.stamp import stamp


@dataclass(frozen=True)
class Kind:
    """A kind of change: how it is made, and what every format must say of it."""

    make: Callable[[Any], None]
    dag_ids: tuple[str, ...]
    told: str
    cause: str
    data: tuple[str, str, str]


def _edit(path: str, *pairs: tuple[str, str]) -> Callable[[Any], None]:
    def make(repository: Any) -> None:
        for old, new in pairs:
            repository.edit(path, old, new)

    return make


def _add_spec(repository: Any) -> None:
    spec = (repository.root / "specs/quiet.yaml").read_text()
    spec = spec.replace("quiet", "brand_new").replace("write", "send")
    repository.write("specs/brand_new.yaml", spec)


def _remove_spec(repository: Any) -> None:
    (repository.root / "specs/legacy.yaml").unlink()


GROUP = """
task_groups:
  ends: {}
"""

KINDS = {
    "added": Kind(
        _add_spec,
        ("brand_new",),
        "brand_new: 3 tasks",
        "spec specs/brand_new.yaml",
        ("add", "", ""),
    ),
    "removed": Kind(
        _remove_spec, ("legacy",), "legacy: 3 tasks", "spec specs/legacy.yaml", ("remove", "", "")
    ),
    "renamed": Kind(
        _edit("specs/was_called.yaml", ("dag_id: was_called", "dag_id: is_called")),
        ("is_called",),
        "was_called → is_called",
        "spec specs/was_called.yaml",
        ("rename", "", ""),
    ),
    "schedule": Kind(
        _edit("specs/hourly.yaml", ('"@daily"', '"@hourly"')),
        ("hourly",),
        'schedule "@daily" → "@hourly"',
        "spec specs/hourly.yaml",
        ("change", "schedule", "schedule"),
    ),
    "dependency": Kind(
        _edit("specs/shortcut.yaml", ("dependencies: [check]", "dependencies: [check, read]")),
        ("shortcut",),
        "dependency read >> write",
        "spec specs/shortcut.yaml",
        ("change", "dependency", "read >> write"),
    ),
    "group": Kind(
        _edit(
            "specs/grouped.yaml",
            ("start_date: 2026-01-01", "start_date: 2026-01-01" + GROUP.rstrip()),
            ("bash_command: echo write,", "bash_command: echo write, task_group_name: ends,"),
        ),
        ("grouped",),
        "task write → ends.write",
        "spec specs/grouped.yaml",
        ("change", "task", ""),
    ),
    "pool": Kind(
        _edit(
            "specs/pooled.yaml",
            ("bash_command: echo write,", "bash_command: echo write, pool: warehouse,"),
        ),
        ("pooled",),
        'write: pool "warehouse"',
        "spec specs/pooled.yaml",
        ("change", "pool", "pool"),
    ),
    "callback": Kind(
        _edit(
            "specs/alerted.yaml",
            ("start_date:", "on_failure_callback: company.alerts.notify\nstart_date:"),
        ),
        ("alerted",),
        "on_failure_callback company.alerts.notify",
        "spec specs/alerted.yaml",
        ("change", "callback", "on_failure_callback"),
    ),
    "mapped": Kind(
        _edit(
            "specs/mapped.yaml",
            ("bash_command: echo write,", "expand: {bash_command: [echo 1, echo 2]},"),
        ),
        ("mapped",),
        'write: expand {"bash_command": ["echo 1", "echo 2"]}',
        "spec specs/mapped.yaml",
        ("change", "mapping", "expand"),
    ),
    "defaults": Kind(
        _edit("specs/shared/_defaults.yaml", ("retries: 2", "retries: 3")),
        ("digest", "report"),
        "default_args.retries 2 → 3",
        "defaults specs/shared/_defaults.yaml",
        ("change", "argument", "default_args.retries"),
    ),
    "template": Kind(
        _edit(
            "templates/copy.py.j2", ('bash_command="echo read {{ entity }}"', 'bash_command="dump"')
        ),
        ("copy_customers", "copy_orders"),
        'read: bash_command "echo read *" → "dump"',
        "template templates/copy.py.j2",
        ("change", "argument", "bash_command"),
    ),
    "snapshot": Kind(
        lambda repository: repository.write(
            "specs/entities.csv", "name\ncustomers\norders\nusers\n"
        ),
        ("copy_users",),
        "copy_users: 2 tasks",
        "snapshot specs/entities.csv",
        ("add", "", ""),
    ),
    "hand edit": Kind(
        lambda repository: None,
        ("edited",),
        'read: bash_command "echo EDITED" → "echo edited"',
        "hand edit of generated_dags/edited.py",
        ("change", "argument", "bash_command"),
    ),
    "daggen": Kind(
        lambda repository: None,
        ("stale",),
        'read: bash_command "echo old" → "echo stale"',
        "daggen (none of its inputs changed)",
        ("change", "argument", "bash_command"),
    ),
}


def _drift(repository: Any) -> None:
    """Put on main one file edited by hand, and one that another daggen would have made."""
    repository.edit("generated_dags/edited.py", "echo edited", "echo EDITED")
    stale = repository.root / "generated_dags/stale.py"
    body = stale.read_text().split("\n", 2)[2].replace("echo stale", "echo old")
    stale.write_text(stamp(body, "specs/stale.yaml"))


@pytest.fixture(scope="module")
def plans(
    make_repository: Callable[[Path], Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The plan of a branch that makes all changes at once, in every format."""
    repository = make_repository(tmp_path_factory.mktemp("plans"))
    repository.git("switch", "--quiet", "main")
    _drift(repository)
    repository.commit("Drift")
    repository.git("switch", "--quiet", "-C", "change")
    for kind in KINDS.values():
        kind.make(repository)
    repository.edit("specs/_pools.yaml", "slots: 4", "slots: 8")
    repository.commit("All changes")
    formats = ("text", "markdown", "json", "html")
    return {form: repository.daggen("plan", "--format", form).stdout for form in formats}


def _unescaped(markdown: str) -> str:
    return re.sub(r"\\(.)", r"\1", markdown).replace("`", "")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_text_tells_each_change_once_with_its_cause(plans: dict[str, str], kind: Kind) -> None:
    assert plans["text"].count(kind.told) == 1, plans["text"]
    stories = plans["text"].split("\n\n")
    (story,) = [story for story in stories if kind.told in story]
    assert kind.cause in story
    assert all(dag_id in story for dag_id in kind.dag_ids)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_markdown_tells_each_change_with_its_cause(plans: dict[str, str], kind: Kind) -> None:
    written = _unescaped(plans["markdown"])
    assert kind.told in written
    assert kind.cause in written


def _stories(data: dict[str, Any], dag_id: str) -> Iterable[dict[str, Any]]:
    return (story for story in data["stories"] if dag_id in story["dag_ids"])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_json_has_each_change_in_one_story(plans: dict[str, str], kind: Kind) -> None:
    data = json.loads(plans["json"])
    action, what, name = kind.data
    (story,) = _stories(data, kind.dag_ids[0])
    assert story["dag_ids"] == list(kind.dag_ids)
    assert story["action"] == action
    (cause,) = story["causes"]
    assert kind.cause.startswith(cause["cause"])
    assert cause["path"] in kind.cause
    found = [(change["kind"], change["name"]) for change in story["changes"]]
    assert (what, name) in found if what else not found


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_html_has_each_change(plans: dict[str, str], kind: Kind) -> None:
    (embedded,) = re.findall(r'id="data">(.*?)</script>', plans["html"])
    data = json.loads(embedded)
    (story,) = _stories(data, kind.dag_ids[0])
    assert kind.cause in story["why"]
    assert story["dag_ids"] == list(kind.dag_ids)
    entry = next(dag for dag in data["dags"] if dag["dag_id"] == kind.dag_ids[0])
    assert entry["picture"]["nodes"]


def test_nothing_else_is_told(plans: dict[str, str]) -> None:
    data = json.loads(plans["json"])
    expected = sorted(dag_id for kind in KINDS.values() for dag_id in kind.dag_ids)
    assert [dag["dag_id"] for dag in data["dags"]] == expected
    assert data["summary"]["unchanged"] == 1
    assert data["other"] == [
        {
            "kind": "pool",
            "action": "change",
            "name": "warehouse",
            "before": "slots 4",
            "after": "slots 8",
        }
    ]


def test_direct_and_indirect_changes_are_told_apart(plans: dict[str, str]) -> None:
    assert "~ hourly  (directly: spec specs/hourly.yaml)" in plans["text"]
    assert (
        "~ 2 DAGs: digest, report  (indirectly: defaults specs/shared/_defaults.yaml)"
        in plans["text"]
    )


def test_the_shape_of_changed_dags_is_drawn(plans: dict[str, str]) -> None:
    pictures = re.findall(r"```mermaid\n(.*?)```", plans["markdown"], re.DOTALL)
    assert any("==>" in picture and "linkStyle" in picture for picture in pictures)
    assert any('subgraph g0["+ ends"]' in picture for picture in pictures)
