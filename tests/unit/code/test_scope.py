"""References become imports, under names that collide with nothing."""

import pytest

from daggen.code.formatting import format_python
from daggen.code.scope import ReferenceError_, Scope


def scope(airflow: tuple[int, int] = (3, 3)) -> Scope:
    return Scope(airflow, frozenset({"techcorp"}))


def rendered(scope: Scope, text: str) -> str:
    formatted = format_python(scope.resolve(text))
    assert isinstance(formatted, str), formatted
    return formatted


def test_a_reference_is_imported_from_where_the_targeted_airflow_has_it() -> None:
    old, new = scope((2, 11)), scope((3, 3))
    assert rendered(old, f"x = {old.ref('airflow.sdk.DAG').text}\n") == (
        "from airflow import DAG\n\nx = DAG\n"
    )
    assert rendered(new, f"x = {new.ref('airflow.models.DAG').text}\n") == (
        "from airflow.sdk import DAG\n\nx = DAG\n"
    )


def test_two_paths_of_one_name_are_one_import() -> None:
    s = scope()
    text = f"x = {s.ref('airflow.models.DAG').text}, {s.ref('airflow.sdk.DAG').text}\n"
    assert rendered(s, text) == "from airflow.sdk import DAG\n\nx = DAG, DAG\n"


def test_equal_last_names_get_a_readable_alias() -> None:
    s = scope()
    text = f"x = {s.ref('techcorp.etl.run').text}\ny = {s.ref('techcorp.api.run').text}\n"
    assert rendered(s, text) == (
        "from techcorp.api import run as api_run\nfrom techcorp.etl import run\n\n"
        "x = run\ny = api_run\n"
    )


def test_a_name_the_file_binds_forces_an_alias() -> None:
    s = scope()
    text = f"def f(run):\n    extract = {s.ref('techcorp.etl.extract').text}(run)\n"
    assert "from techcorp.etl import extract as etl_extract\n" in rendered(s, text)


def test_the_last_resort_is_an_underscore() -> None:
    s = scope()
    text = f"json = {s.ref('json').text}\n"
    assert rendered(s, text) == "import json as json_\n\njson = json_\n"


def test_an_attribute_of_a_class_is_reached_through_the_class() -> None:
    s = scope()
    text = f"x = {s.ref('airflow.utils.trigger_rule.TriggerRule.ALL_DONE').text}\n"
    assert rendered(s, text) == (
        "from airflow.sdk import TriggerRule\n\nx = TriggerRule.ALL_DONE\n"
    )


def test_kinds_of_the_task_decorator_are_its_attributes() -> None:
    new, old = scope((3, 3)), scope((2, 11))
    assert rendered(new, f"x = {new.ref('airflow.decorators.task.branch').text}\n") == (
        "from airflow.sdk import task\n\nx = task.branch\n"
    )
    assert rendered(old, f"x = {old.ref('airflow.sdk.task.branch').text}\n") == (
        "from airflow.decorators import task\n\nx = task.branch\n"
    )


def test_builtins_need_no_import_unless_the_file_binds_their_name() -> None:
    s = scope()
    assert rendered(s, f"x = {s.ref('print').text}\n") == "x = print\n"
    bound = f"print = {s.ref('builtins.print').text}\n"
    assert rendered(s, bound) == (
        "from builtins import print as builtins_print\n\nprint = builtins_print\n"
    )


def test_strings_and_comments_that_look_like_a_placeholder_stay() -> None:
    s = scope()
    name = s.ref("json.dumps").text
    assert rendered(s, f'x = "{name}"  # {name}\n') == f'x = "{name}"  # {name}\n'


def test_imports_join_those_the_template_wrote() -> None:
    s = scope()
    text = (
        '"""Doc."""\n\nfrom __future__ import annotations\n\nimport os\n'
        "from airflow.sdk import DAG\n\n"
        f"x = {s.ref('airflow.sdk.DAG').text}, {s.ref('techcorp.etl.run').text}, os\n"
        f"y = {s.ref('airflow.sdk.task').text}\n"
    )
    assert rendered(s, text) == (
        '"""Doc."""\n\nfrom __future__ import annotations\n\nimport os\n\n'
        "from airflow.sdk import DAG, task\n\nfrom techcorp.etl import run\n\n"
        "x = DAG, run, os\ny = task\n"
    )


def test_imports_stand_after_the_header() -> None:
    s = scope()
    text = f"# generated\n# checksum\nx = {s.ref('json').text}\n"
    assert rendered(s, text) == "# generated\n# checksum\n\nimport json\n\nx = json\n"


def test_columns_count_in_characters_not_bytes() -> None:
    s = scope()
    text = f"x = ['ünïcödé', {s.ref('json').text}, '日本', {s.ref('json').text}]\n"
    assert 'x = ["ünïcödé", json, "日本", json]' in rendered(s, text)


def test_a_reference_that_is_not_in_the_text_is_not_imported() -> None:
    s = scope()
    s.ref("json.dumps")
    assert s.resolve("x = 1\n") == "x = 1\n"


def test_isort_directives_in_values_change_nothing() -> None:
    s = scope()
    text = f'doc = "isort:skip_file # isort: off"\nx = {s.ref("json").text}\n'
    assert s.resolve(text).startswith("\nimport json\n") or s.resolve(text).startswith(
        "import json"
    )


@pytest.mark.parametrize(
    ("dotted", "expected"),
    [
        ("datetime.timezone.utc", "from datetime import timezone\n\nx = timezone.utc\n"),
        (
            "itertools.chain.from_iterable",
            "from itertools import chain\n\nx = chain.from_iterable\n",
        ),
        ("os.path.join", "from os.path import join\n\nx = join\n"),
        ("datetime.datetime.min.year", "from datetime import datetime\n\nx = datetime.min.year\n"),
        ("os.path", "from os import path\n\nx = path\n"),
        ("json", "import json\n\nx = json\n"),
        ("airflow.decorators.bash_task", "from airflow.sdk import task\n\nx = task.bash\n"),
    ],
)
def test_what_lies_in_a_class_or_a_function_is_its_attribute(dotted: str, expected: str) -> None:
    s = scope()
    assert rendered(s, f"x = {s.ref(dotted).text}\n") == expected


def test_a_module_of_the_project_is_not_taken_for_the_standard_library() -> None:
    s = Scope((3, 3), frozenset({"datetime"}))
    text = f"x = {s.ref('datetime.timezone.utc').text}\n"
    assert rendered(s, text) == "from datetime.timezone import utc\n\nx = utc\n"


@pytest.mark.parametrize("dotted", ["", ".", "a..b", "a b", "a.b()", "a.class", "1a", "a-b", "ﬁ.x"])
def test_what_is_no_dotted_name_is_refused(dotted: str) -> None:
    with pytest.raises(ReferenceError_):
        scope().ref(dotted)


def test_text_that_is_not_python_raises() -> None:
    with pytest.raises(SyntaxError):
        scope().resolve("x = = 1\n")
