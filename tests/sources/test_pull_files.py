"""Pulling as a whole: row schemas, guard rails, all or nothing, snapshots in git, plugins."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daggen.project import Project
from daggen.sources import pull as pull_module
from daggen.sources.pull import PullMode, PullResult, pull_sources
from daggen.sources.snapshot import read_snapshot

MakeProject = Callable[[str], Project]

CONFIG = '[sources.entities]\ntype = "file"\npath = "entities.csv"\nkey = "name"\n'
CSV = "name,retries,ratio,active,note\nb,3,0.5,true,x\na,,1,0,\n"
TYPED = """
[sources.entities.row_schema]
required = ["name"]
properties.retries.type = ["integer", "null"]
properties.ratio.type = "number"
properties.active.type = "boolean"
"""


def pull(project: Project, *names: str, mode: str = "write", **options: Any) -> PullResult:
    return pull_sources(project, names, PullMode(mode), {}, **options)


def rows(project: Project, name: str = "entities") -> list[dict[str, Any]]:
    found, diagnostics = read_snapshot(project, name)
    assert diagnostics == []
    assert found is not None
    return [dict(row) for row in found.rows]


def write(project: Project, name: str, text: str) -> None:
    (project.root / name).write_text(text, encoding="utf-8")


def messages(result: PullResult) -> list[tuple[str, str]]:
    return [(found.code, found.message) for found in result.diagnostics]


def test_csv_is_text_unless_the_schema_says_otherwise(make_project: MakeProject) -> None:
    project = make_project(CONFIG)
    write(project, "entities.csv", CSV)
    assert pull(project).exit_code == 0
    assert rows(project) == [
        {"name": "a", "retries": "", "ratio": "1", "active": "0", "note": ""},
        {"name": "b", "retries": "3", "ratio": "0.5", "active": "true", "note": "x"},
    ]
    project = make_project(CONFIG + TYPED)
    assert pull(project).exit_code == 0
    assert rows(project) == [
        {"name": "a", "retries": None, "ratio": 1, "active": False, "note": ""},
        {"name": "b", "retries": 3, "ratio": 0.5, "active": True, "note": "x"},
    ]


def test_json_is_not_converted(make_project: MakeProject) -> None:
    project = make_project(CONFIG.replace(".csv", ".json") + TYPED)
    write(project, "entities.json", '[{"name": "a", "retries": "3"}]')
    assert messages(pull(project)) == [
        (
            "DG713",
            "source \"entities\", row a: column \"retries\": '3' is not of type 'integer', 'null'",
        )
    ]


def test_all_bad_rows_are_told_at_their_lines(make_project: MakeProject) -> None:
    project = make_project(CONFIG + TYPED)
    write(project, "entities.csv", "name,retries,ratio,active\na,x,1,1\nb,1,y,1\nc,1,1,maybe\n")
    result = pull(project)
    assert [(found.span.path, found.span.line) for found in result.diagnostics if found.span] == [
        ("entities.csv", 2),
        ("entities.csv", 3),
        ("entities.csv", 4),
    ]
    assert [found.message.split(": ")[1] for found in result.diagnostics] == [
        'column "retries"',
        'column "ratio"',
        'column "active"',
    ]


def test_a_row_schema_in_a_file(make_project: MakeProject) -> None:
    project = make_project(CONFIG + 'row_schema = "row.yaml"\n')
    write(project, "entities.csv", CSV)
    write(project, "row.yaml", "required: [owner]\n")
    assert messages(pull(project))[0] == (
        "DG713",
        'source "entities", row b: column "owner" is missing',
    )
    write(project, "row.yaml", "properties: {name: {type: texxt}}\n")
    ((code, message),) = messages(pull(project))
    assert code == "DG722"
    assert "$.properties.name.type" in message
    (project.root / "row.yaml").unlink()
    assert pull(project).exit_code == 1


def test_a_schema_is_not_fetched(make_project: MakeProject, service: Any) -> None:
    project = make_project(CONFIG + f'row_schema = {{"$ref" = "{service.url}/schema.json"}}\n')
    write(project, "entities.csv", CSV)
    assert pull(project).exit_code == 2
    assert service.requests == []


@pytest.mark.parametrize(
    ("csv", "message"),
    [
        ("name,x\na,1\na,2\n", "row a: another row has the same key"),
        ("name,x\n,1\n", 'row number 1: the key column "name" has no value'),
        ("nam,x\na,1\n", 'has no column "name" (key)'),
    ],
)
def test_keys_tell_rows_apart(make_project: MakeProject, csv: str, message: str) -> None:
    project = make_project(CONFIG)
    write(project, "entities.csv", csv)
    result = pull(project)
    assert result.exit_code in (1, 2)
    assert any(message in found.message for found in result.diagnostics)


def test_order_and_composite_keys(make_project: MakeProject) -> None:
    config = CONFIG.replace('key = "name"', 'key = ["region", "name"]\norder_by = "rank"')
    project = make_project(config + "row_schema.properties.rank.type = 'integer'\n")
    write(project, "entities.csv", "name,region,rank\na,us,10\na,eu,10\nb,eu,9\n")
    assert pull(project).exit_code == 0
    assert [(row["region"], row["name"]) for row in rows(project)] == [
        ("eu", "b"),
        ("eu", "a"),
        ("us", "a"),
    ]
    write(project, "entities.csv", "name,region,rank\na,us,10\na,eu,11\nb,eu,9\n")
    result = pull(project, mode="check")
    assert messages(result) == [("DG721", 'source "entities": row "eu, a" changed: rank 10 → 11')]


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('key = "name"\npth = "x"', 'unknown option "pth" of source "s"'),
        ('key = "name"', 'lacks the option "path"'),
        ('path = "x.csv"', '"key" is missing'),
        ('path = "x.csv"\nkey = "n"\nmax_removed = 2', "max_removed"),
        ('path = "x.csv"\nkey = "n"\non_invalid = "ignore"', "on_invalid"),
        ('path = 3\nkey = "n"', 'option "path"'),
    ],
)
def test_options_are_checked(make_project: MakeProject, config: str, words: str) -> None:
    project = make_project(f'\n\n[sources.s]\ntype = "file"\n{config}\n')
    result = pull(project)
    assert result.exit_code == 2
    assert {found.code for found in result.diagnostics} == {"DG701"}
    assert any(words in found.message for found in result.diagnostics)
    assert all(found.span and found.span.line == 3 for found in result.diagnostics)


def test_a_misspelt_option_is_suggested(make_project: MakeProject) -> None:
    project = make_project('[sources.s]\ntype = "file"\npath = "x.csv"\nkey = "n"\ncolumn = "a"\n')
    assert [found.hint for found in pull(project).diagnostics] == ['did you mean "columns"?']


def test_types_and_names_that_are_not_known(make_project: MakeProject) -> None:
    project = make_project('[sources.s]\ntype = "fil"\n[sources.t]\nkey = "n"\n')
    assert [(found.code, found.hint) for found in pull(project, "s").diagnostics] == [
        ("DG702", 'did you mean "file"?')
    ]
    assert [found.code for found in pull(project, "t").diagnostics] == ["DG702"]
    assert [(found.code, found.hint) for found in pull(project, "ss").diagnostics] == [
        ("DG719", 'did you mean "s"?')
    ]
    assert pull(project, "../../etc").exit_code == 2


def test_one_bad_source_keeps_all_from_being_written(make_project: MakeProject) -> None:
    project = make_project(
        CONFIG + '[sources.other]\ntype = "file"\npath = "absent.csv"\nkey = "name"\n'
    )
    write(project, "entities.csv", CSV)
    result = pull(project)
    assert [found.code for found in result.diagnostics] == ["DG720"]
    assert result.exit_code == 2
    assert result.written == ()
    assert not (project.specs / "_sources").exists()
    assert pull(project, "entities").written == ("specs/_sources/entities.yaml",)


def test_a_failed_write_puts_everything_back(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = CONFIG.replace("sources.entities", "sources.more")
    project = make_project(CONFIG + second + second.replace("more", "new"))
    write(project, "entities.csv", CSV)
    pull(project, "entities", "more")
    before = {path: path.read_bytes() for path in (project.specs / "_sources").iterdir()}
    write(project, "entities.csv", CSV + "c,1,1,1,y\n")
    replace = Path.replace

    def fails(path: Path, target: Path) -> Path:
        if Path(target).name == "new.yaml":
            raise OSError(28, "No space left on device")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fails)
    result = pull(project)
    assert messages(result) == [("DG723", "cannot write the snapshots: No space left on device")]
    assert (result.exit_code, result.written) == (2, ())
    assert {path: path.read_bytes() for path in (project.specs / "_sources").iterdir()} == before


def test_an_edited_snapshot_is_drift(make_project: MakeProject) -> None:
    project = make_project(CONFIG)
    write(project, "entities.csv", CSV)
    pull(project)
    path = project.specs / "_sources" / "entities.yaml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good + "# a note\n", encoding="utf-8")
    assert messages(pull(project, mode="check")) == [
        ("DG721", 'source "entities": the snapshot was edited by hand')
    ]
    path.write_text(good.replace("note: x", "note: z"), encoding="utf-8")
    assert messages(pull(project, mode="check")) == [
        ("DG721", 'source "entities": row "b" changed: note z → x')
    ]
    path.write_text(good.replace("path: entities.csv", "path: other.csv"), encoding="utf-8")
    assert messages(pull(project, mode="check")) == [
        ("DG721", 'source "entities": path of the source changed')
    ]
    assert pull(project).exit_code == 0
    assert path.read_text(encoding="utf-8") == good


@pytest.mark.parametrize("text", ["<<<<<<< ours\n", "rows: 3\n", "source: {}\nrows: [1]\n", "[]"])
def test_a_snapshot_that_cannot_be_read_is_not_overwritten(
    make_project: MakeProject, text: str
) -> None:
    project = make_project(CONFIG)
    write(project, "entities.csv", CSV)
    pull(project)
    path = project.specs / "_sources" / "entities.yaml"
    path.write_text(text, encoding="utf-8")
    assert pull(project).exit_code == 1
    assert path.read_text(encoding="utf-8") == text
    assert read_snapshot(project, "entities")[0] is None
    assert pull(project, allow_removals=True).exit_code == 0


def test_a_missing_snapshot_says_what_to_do(make_project: MakeProject) -> None:
    project = make_project(CONFIG)
    for name, code, hint in (
        ("entities", "DG717", 'run "daggen pull entities" and commit the snapshot'),
        ("entitys", "DG719", 'did you mean "entities"?'),
        ("../x", "DG719", ""),
    ):
        found, (problem,) = read_snapshot(project, name)
        assert (found, problem.code, problem.hint) == (None, code, hint)


def test_a_snapshot_does_not_depend_on_the_machine(make_project: MakeProject) -> None:
    project = make_project(CONFIG)
    write(project, "entities.csv", "name,größe\n" + "".join(f"é{n},x\n" for n in range(50)))
    seen = set()
    for seed, zone, language in (("0", "UTC", "C"), ("1", "Asia/Tokyo", "C.UTF-8")):
        (project.specs / "_sources" / "entities.yaml").unlink(missing_ok=True)
        subprocess.run(
            [sys.executable, "-m", "daggen", "pull", "-q"],
            cwd=project.root,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language},
            check=True,
            capture_output=True,
        )
        seen.add((project.specs / "_sources" / "entities.yaml").read_bytes())
    assert len(seen) == 1


def git(project: Project, *arguments: str) -> str:
    names = ("AUTHOR", "COMMITTER")
    who = {f"GIT_{n}_{k}": v for n in names for k, v in (("NAME", "x"), ("EMAIL", "x@x.example"))}
    done = subprocess.run(
        ["git", "-c", "core.autocrlf=false", *arguments],
        cwd=project.root,
        env={**os.environ, **who},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_git_merges_changes_of_neighbouring_rows(make_project: MakeProject) -> None:
    project = make_project(CONFIG)
    git(project, "init", "-q", "-b", "main")
    write(project, "entities.csv", "name,size\na,1\nb,2\nc,3\n")
    pull(project)
    git(project, "add", "specs")
    git(project, "commit", "-q", "-m", "base")
    git(project, "checkout", "-q", "-b", "one")
    write(project, "entities.csv", "name,size\na,10\nb,2\nc,3\n")
    pull(project)
    git(project, "commit", "-q", "-am", "one")
    git(project, "checkout", "-q", "main")
    write(project, "entities.csv", "name,size\na,1\nb,20\nc,3\nd,4\n")
    pull(project)
    git(project, "commit", "-q", "-am", "two")
    assert git(project, "diff", "--numstat", "HEAD~1").split()[:2] == ["4", "1"]
    git(project, "merge", "-q", "one")
    write(project, "entities.csv", "name,size\na,10\nb,20\nc,3\nd,4\n")
    assert pull(project, mode="check").diagnostics == ()


def test_a_plugin_is_a_source_type(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    (site / "plug-1.0.dist-info").mkdir(parents=True)
    (site / "plug-1.0.dist-info" / "METADATA").write_text("Name: plug\nVersion: 1.0\n")
    (site / "plug-1.0.dist-info" / "entry_points.txt").write_text(
        "[daggen.sources]\ncounter = plug_source:SOURCE\nbroken = plug_source:nothing\n"
        "other = plug_source:OTHER\n"
    )
    (site / "plug_source.py").write_text(
        "from daggen.sources.base import Reading, SourceOptions, SourceType\n"
        "class Options(SourceOptions):\n    upto: int\n"
        "def read(request):\n"
        "    return Reading(tuple({'n': n} for n in range(request.options.upto)))\n"
        "SOURCE = SourceType('counter', Options, read, origin=('upto',))\n"
        "OTHER = 3\n"
    )
    monkeypatch.syspath_prepend(str(site))
    project = make_project('[sources.entities]\ntype = "counter"\nupto = 3\nkey = "n"\n')
    assert pull(project).exit_code == 0
    assert rows(project) == [{"n": 0}, {"n": 1}, {"n": 2}]
    for kind, code in (("broken", "DG724"), ("other", "DG702")):
        project = make_project(f'[sources.entities]\ntype = "{kind}"\nupto = 3\nkey = "n"\n')
        assert [found.code for found in pull(project).diagnostics] == [code]


@pytest.mark.parametrize(
    ("kind", "missing", "extra"),
    [
        ("sql", "sqlalchemy", "daggen[sql]"),
        ("sql", "sqlglot", "daggen[sql]"),
        ("http", "httpx", "daggen[http]"),
        ("http", "jmespath", "daggen[http]"),
    ],
)
def test_a_missing_extra_says_what_to_install(
    make_project: MakeProject, kind: str, missing: str, extra: str
) -> None:
    project = make_project(f'[sources.s]\ntype = "{kind}"\nurl = "x://y"\nkey = "n"\n')
    program = (
        "import sys\n"
        f"sys.modules[{missing!r}] = None\n"
        "from daggen.cli import main\n"
        "sys.argv = ['daggen', 'pull']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f'pip install "{extra}"' in done.stdout
    assert "DG703" in done.stdout
    assert missing in done.stdout


def test_the_command_line(make_project: MakeProject) -> None:
    project = make_project(CONFIG)

    def daggen(*arguments: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "daggen", "pull", *arguments],
            cwd=project.root,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    write(project, "entities.csv", "name,size\na,1\nb,2\nc,3\nd,4\n")
    assert daggen("--check")[0] == 1
    assert daggen("--dry-run") == (
        0,
        "entities\n  + a\n  + b\n  + c\n  + d\n",
        "entities: 4 added, the snapshot is new\nWould write 1 snapshot.\n",
    )
    assert not (project.specs / "_sources").exists()
    assert daggen("entities")[0] == 0
    assert daggen() == (0, "", "1 source unchanged.\n")
    assert daggen("--check") == (0, "", "1 source unchanged.\n")
    write(project, "entities.csv", "name,size\na,1\nb,20\nc,3\ne,5\n")
    status, out, err = daggen("--check", "--output-format", "concise")
    assert (status, err) == (1, "1 snapshot out of date.\n")
    assert [
        line.partition('entities": ')[2].partition(" (run")[0] for line in out.splitlines()
    ] == [
        'row "e" was added',
        'row "b" changed: size "2" → "20"',
        'row "d" was removed',
    ]
    assert daggen("-q") == (0, 'entities\n  + e\n  - d\n  ~ b: size "2" → "20"\n', "")
    assert daggen("--check", "--dry-run")[0] == 2
    assert daggen("nothing")[0] == 2


def test_no_sources(make_project: MakeProject) -> None:
    assert pull_module.pull_sources(make_project(""), [], PullMode.CHECK, {}).exit_code == 0
