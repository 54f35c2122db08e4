"""What `verify` makes of Airflow's answers, given as data: no Airflow runs here."""

from __future__ import annotations

from pathlib import Path

import pytest

from daggen.airflow.verify.load import Loaded
from daggen.airflow.verify.probe import _blamed
from daggen.airflow.verify.verify import line_of, verify, words_of
from daggen.diagnostics import Diagnostic, Span


def findings(*files: Loaded) -> list[Diagnostic]:
    return verify(files, lambda path: path.name, lambda path, line: None)


def slow(*milliseconds: float) -> list[tuple[str, str]]:
    files = [Loaded(Path(f"{n}.py"), took, ("x",)) for n, took in enumerate(milliseconds)]
    found = [each for each in findings(*files) if each.code == "DG805"]
    return [(each.span.path if each.span else "", each.message) for each in found]


@pytest.mark.parametrize("place", range(5))
def test_an_outlier_is_told_wherever_it_stands(place: int) -> None:
    times = [10.0, 20.0, 30.0, 40.0]
    times.insert(place, 900.0)
    assert slow(*times) == [(f"{place}.py", "parsing takes 900 ms, the median is 30 ms")]


@pytest.mark.parametrize(
    "times",
    [
        pytest.param((1.0, 1.0, 499.0), id="fast enough"),
        pytest.param((300.0, 300.0, 1400.0), id="all take their time"),
        pytest.param((1.0, 9000.0), id="two have no usual time"),
        pytest.param((9000.0,), id="one alone"),
        pytest.param((), id="none"),
    ],
)
def test_nothing_is_an_outlier_without_need(times: tuple[float, ...]) -> None:
    assert slow(*times) == []


TRACEBACK = """\
Traceback (most recent call last):
  File "/fleet/etl.py", line 9, in <module>
    BashOperator(task_id="bad id")
  File "/fleet/etl.py", line 12, in helper
    go()
  File "/airflow/etl.py", line 700, in __init__
    raise ValueError("bad id")
ValueError: bad id
"""


def test_a_traceback_leads_to_the_last_line_in_the_file_itself() -> None:
    assert line_of(TRACEBACK, Path("/fleet/etl.py")) == 12
    assert line_of("what is no traceback", Path("/fleet/etl.py")) == 1


def test_an_import_error_has_its_cause() -> None:
    path = Path("/fleet/etl.py")
    asked = []

    def spec_line(file: Path, line: int) -> Span:
        asked.append((file, line))
        return Span("specs/etl.yaml", 4, 7)

    (found,) = verify([Loaded(path, 1.0, (TRACEBACK,))], lambda path: path.name, spec_line)
    assert asked == [(path, 12)]
    assert (found.code, found.message) == ("DG802", "ValueError: bad id")
    assert found.span == Span("etl.py", 12)
    assert found.related == ((Span("specs/etl.yaml", 4, 7), "which comes from here"),)


MANY_LINES = """\
Traceback (most recent call last):
  File "/airflow/etl.py", line 700, in __init__
    raise AirflowException(
    ^^^^^^^^^^^^^^^^^^^^^^^
airflow.exceptions.AirflowException: Invalid arguments were passed to Greet (task_id: x):
**kwargs: {'tmes': 2}
"""


@pytest.mark.parametrize(
    ("traceback", "told"),
    [
        (TRACEBACK, "ValueError: bad id"),
        (
            MANY_LINES,
            "airflow.exceptions.AirflowException: Invalid arguments were passed to Greet "
            "(task_id: x): **kwargs: {'tmes': 2}",
        ),
        ("what is no traceback", "what is no traceback"),
        ("a\nb\n\n  c\nd\ne", "a b c d …"),
    ],
)
def test_an_exception_is_told_from_its_first_line_on(traceback: str, told: str) -> None:
    assert words_of(traceback) == told


def test_a_warning_has_its_cause() -> None:
    path = Path("/fleet/etl.py")
    loaded = Loaded(path, 1.0, ("broken",), ("7: DeprecationWarning: use b", "no line"))
    found = verify([loaded], lambda path: path.name, lambda path, line: Span("s.yaml", line))
    causes = {each.message: each.related for each in found if each.code == "DG803"}
    assert causes == {
        "DeprecationWarning: use b": ((Span("s.yaml", 7), "which comes from here"),),
        "no line": (),
    }


def test_only_what_the_file_says_is_blamed_on_it() -> None:
    texts = [
        "/fleet/etl.py:7: DeprecationWarning: use b: a is gone",
        "/site/airflow/sdk/bases/operator.py:9: DeprecationWarning: the class is old",
        "/site/airflow/providers/standard/operators/python.py:9: DeprecationWarning: internals",
    ]
    assert list(_blamed(texts, "/fleet/etl.py")) == [
        "7: DeprecationWarning: use b: a is gone",
        "DeprecationWarning: the class is old",
    ]


def test_a_warning_stands_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "d.py"
    path.write_text("", encoding="utf-8")
    warnings = ("7: DeprecationWarning: use b: a is gone", "no line")
    told = [(found.span, found.message) for found in findings(Loaded(path, warnings=warnings))]
    assert told == [
        (Span("d.py", 7), "DeprecationWarning: use b: a is gone"),
        (Span("d.py"), "no line"),
    ]


def compared(tmp_path: Path, source: str | bytes, *dag_ids: str) -> list[tuple[str, str]]:
    path = tmp_path / "d.py"
    path.write_bytes(source.encode() if isinstance(source, str) else source)
    empty = {"tasks": {}, "groups": {}, "timetable": None}
    loaded = Loaded(path, dags=dict.fromkeys(dag_ids, empty))
    return [(found.code, found.message) for found in findings(loaded)]


HEAD = "from airflow.sdk import DAG\nimport os\n"


@pytest.mark.parametrize(
    ("source", "dag_ids", "told"),
    [
        ('with DAG("a"): pass\n', ["a"], []),
        (
            'with DAG("a"): pass\n',
            [],
            [("DG806", 'Airflow does not find the DAG "a" in this file')],
        ),
        (
            'with DAG("a"): pass\n',
            ["a", "b"],
            [("DG804", 'Airflow finds the DAG "b", which is not in the file')],
        ),
        (
            'with DAG("a"): pass\nwith DAG(os.environ["ID"]): pass\n',
            ["a", "b"],
            [("DG807", 'the DAG "b" cannot be read without running the file')],
        ),
        (
            'for name in os.listdir("."):\n    with DAG("a" + name): pass\n',
            ["ab"],
            [("DG807", 'the DAG "ab" cannot be read without running the file')],
        ),
    ],
)
def test_the_dags_of_a_file_are_compared_as_a_set(
    tmp_path: Path, source: str, dag_ids: list[str], told: list[tuple[str, str]]
) -> None:
    assert compared(tmp_path, HEAD + source, *dag_ids) == told


def test_a_file_is_read_in_its_own_encoding(tmp_path: Path) -> None:
    text = '# -*- coding: latin-1 -*-\nfrom airflow.sdk import DAG\nwith DAG("größe"): pass\n'
    assert compared(tmp_path, text.encode("latin-1"), "größe") == []


def test_syntax_that_only_the_other_interpreter_knows(tmp_path: Path) -> None:
    ((code, message),) = compared(tmp_path, "class = 1\n", "a")
    assert code == "DG807"
    assert message.startswith("daggen cannot read what this Airflow loads: ")
