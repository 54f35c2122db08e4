"""For any value at any place: the output compiles, and its syntax tree holds exactly the value."""

import ast
import math
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daggen.code.formatting import format_python
from daggen.templates.environment import PythonEnvironment
from daggen.templates.faults import TemplateFaults
from daggen.templates.marks import without_marks

TRICKY = [
    "",
    '"); import os; os.system("1") #',
    "'); import os; os.system('1') #",
    '"""',
    "'''",
    '"""); import os #',
    "\\",
    "\\\\",
    '\\"',
    "\\'",
    "\\\\\\",
    "\\n",
    "\\N{DIGIT ONE}",
    "\\x41",
    "\x00",
    "\ud800",
    "\udfff tail",
    "\u2028\u2029\x85\x0c\x1c",
    "\r\n",
    "\r",
    "line\nline",
    " blank at both ends ",
    "trailing blanks  \nnext",
    "\ttab",
    "{{ ds }}",
    "{% raw %}",
    "{# no #}",
    "# comment",
    "# -*- coding: utf-7 -*-",
    "+AAA-",
    "f{x}",
    "{x!r}",
    "%s",
    "__import__('os')",
    "_dg0_DAG_",
    "\ue000\ue001\U000f0001\U00100001",
    "\u202e abc",
    "\ufeff",
    "ﬁne",
    "日本語",
    "fmt: off",
    "isort:skip_file",
]
"""Texts that have broken one escaping or another somewhere."""

characters = st.characters() | st.sampled_from("\"'\\\n\r\t #{}%nxuUN0\x00\u2028\ud800\ue000")
texts = st.sampled_from(TRICKY) | st.text(characters, max_size=12)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@cache
def environment() -> PythonEnvironment:
    return PythonEnvironment({name: (name, source) for name, source in TEMPLATES.items()})


CODE = {
    "assigned": "found = {{ value }}\n",
    "argument": "found = dict(a={{ value }}, b=1)['a']\n",
    "listed": "found = [\n    1,\n    {{ value }},\n][1]\n",
    "looped": "found = [\n{% for v in [value] %}\n    {{ v }},\n{% endfor %}\n][0]\n",
    "branched": "found = {% if true %}{{ value }}{% else %}None{% endif %}\n",
    "by macro": (
        "{% macro m(v) %}\nfound = {{ v }}\n{% endmacro %}\nif True:\n    {{ m(value) }}\n"
    ),
    "by caller": (
        "{% macro m() %}\nif True:\n    {{ caller() }}\n{% endmacro %}\n"
        "{% call m() %}\nfound = {{ value }}\n{% endcall %}\n"
    ),
    "nested calls": "found = dict(x=[({{ value }},)])['x'][0][0]\n",
    "power": "found = ({{ value }})\n",
    "continued": "found = \\\n    {{ value }}\n",
    "beside a comment": "found = {{ value }}# {{ value }}\n",
}
KEYS = {"key": "found = {{ '{{' }}{ {{ value }}: 1 }\n".replace("{{ '{{' }}", "")}
STRINGS = {
    "double": 'found = "<{{ value }}>"\n',
    "single": "found = '<{{ value }}>'\n",
    "triple double": 'found = """<{{ value }}>"""\n',
    "triple single": "found = '''<{{ value }}>'''\n",
    "alone in double": 'found = "{{ value }}"\n',
    "alone in triple": 'found = """{{ value }}"""\n',
    "twice": 'found = "{{ value }}{{ value }}"\n',
    "quoted in triple": 'found = """ "{{ value }}" """\n',
    "unicode prefix": 'found = u"<{{ value }}>"\n',
    "over lines": 'found = """\n  <{{ value }}>\n"""\n',
    "branched string": 'found = "{% if true %}<{{ value }}>{% endif %}"\n',
    "continued string": 'found = "a\\\n{{ value }}"\n',
}
RAW = {
    "raw double": 'found = r"<{{ value }}>"\n',
    "raw single": "found = r'<{{ value }}>'\n",
    "raw triple": 'found = R"""{{ value }}"""\n',
    "raw triple single": "found = r'''\n{{ value }}'''\n",
}
RAW_DOCSTRING = {"raw docstring": 'def f():\n    r"""{{ value }}"""\n'}
COMMENTS = {
    "comment": "# {{ value }}\nfound = 1\n",
    "comment behind": "found = 1  # {{ value }}, {{ value }}\n",
    "comment first": "#{{ value }}\nfound = 1\n",
}
DOCSTRINGS = {
    "docstring": 'def f():\n    """{{ value }}"""\n',
    "docstring of lines": 'def f():\n    """First.\n\n    <{{ value }}>\n    """\n',
    "docstring from code": "def f():\n    {{ value }}\n",
    "docstring in single quotes": "def f():\n    '{{ value }}'\n",
}
NAMES = {
    "assigned name": "{{ value }} = 1\n",
    "suffixed name": "{{ value }}_x = 1\n",
    "prefixed name": "load_{{ value }} = 1\n",
    "two names": "{{ value }}{{ value }} = 1\n",
    "two names read": "x = {{ value }}{{ value }}\n",
    "prefixed name read": "x = load_{{ value }}\n",
    "suffixed name read": "x = {{ value }}_x\n",
    "function": "def {{ value }}(): pass\n",
    "method of": "x.{{ value }}\n",
    "keyword": "f({{ value }}=1)\n",
    "spaced keyword": "f({{ value }} = 1)\n",
    "decorator": "@{{ value }}\ndef f(): pass\n",
    "downstream": "x >> {{ value }}\n",
    "upstream": "{{ value }} >> x\n",
    "imported": "import {{ value }}\n",
    "renamed": "import x as {{ value }}\n",
}
TEMPLATES = CODE | KEYS | STRINGS | RAW | RAW_DOCSTRING | COMMENTS | DOCSTRINGS | NAMES


def render(name: str, value: object) -> str:
    text = environment().get_template(name).render(value=value)
    environment().check(text)
    return without_marks(text)


def formatted(source: str) -> str:
    result = format_python(source)
    assert isinstance(result, str), result
    return result


def holds(node: ast.expr) -> Any:
    """Evaluate a literal as `ast.literal_eval` does, and infinite floats, too."""
    code = compile(ast.Expression(node), "", "eval")
    return eval(code, {"__builtins__": {"float": float}})  # noqa: S307


def assigned(source: str) -> ast.expr:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "found":
            return node.value
    raise AssertionError(source)


def shape(tree: ast.AST) -> list[str]:
    return [type(node).__name__ for node in ast.walk(tree)]


def same(found: Any, value: Any) -> bool:
    return repr(found) == repr(value)


@pytest.mark.parametrize("name", sorted(CODE))
@given(value=values)
@example(value=-1)
@example(value=-0.0)
@example(value=math.inf)
@settings(max_examples=60, deadline=None)
def test_a_value_in_code_is_itself(name: str, value: object) -> None:
    source = render(name, value)
    context = {"__builtins__": {"dict": dict, "float": float}}
    for text in (source, formatted(source)):
        names: dict[str, Any] = {}
        exec(compile(text, "", "exec"), dict(context), names)  # noqa: S102
        assert same(names["found"], value)


@given(value=texts | st.integers() | st.booleans() | st.none())
@settings(max_examples=100, deadline=None)
def test_a_value_as_a_key_is_itself(value: object) -> None:
    assert same(holds(assigned(render("key", value))), {value: 1})


@pytest.mark.parametrize("name", sorted(STRINGS))
@given(value=texts)
@settings(max_examples=80, deadline=None)
def test_a_text_in_a_string_is_itself(name: str, value: str) -> None:
    source = render(name, value)
    expected = eval(STRINGS_AS_PYTHON[name], {"value": value})  # noqa: S307
    for text in (source, formatted(source)):
        assert ast.literal_eval(assigned(text)) == expected


STRINGS_AS_PYTHON = dict.fromkeys(STRINGS, "f'<{value}>'") | {
    "alone in double": "value",
    "alone in triple": "value",
    "twice": "value + value",
    "quoted in triple": "f' \"{value}\" '",
    "over lines": "f'\\n  <{value}>\\n'",
    "continued string": "'a' + value",
}


@pytest.mark.parametrize("name", sorted(RAW))
@given(value=texts)
@settings(max_examples=60, deadline=None)
def test_a_text_in_a_raw_string_is_itself_or_refused(name: str, value: str) -> None:
    try:
        source = render(name, value)
    except TemplateFaults:
        assert "\\" in value or "'" in value or '"' in value or not value.isprintable()
        return
    found = ast.literal_eval(assigned(formatted(source)))
    assert found.replace("<", "").replace(">", "").strip("\n") == value.replace("<", "").replace(
        ">", ""
    ).strip("\n")


@given(value=texts)
@example(value=" a")
@example(value="a ")
@settings(max_examples=60, deadline=None)
def test_a_text_in_a_raw_docstring_survives_formatting_or_is_refused(value: str) -> None:
    try:
        source = render("raw docstring", value)
    except TemplateFaults:
        return
    found = ast.get_docstring(ast.parse(formatted(source)).body[0], clean=False)  # type: ignore[arg-type]
    assert found == value


@pytest.mark.parametrize("name", sorted(COMMENTS))
@given(value=values)
@settings(max_examples=40, deadline=None)
def test_a_value_in_a_comment_stays_on_its_line(name: str, value: object) -> None:
    source = render(name, value)
    assert source.count("\n") == COMMENTS[name].count("\n")
    assert ast.dump(ast.parse(source)) == ast.dump(ast.parse("found = 1\n"))


@pytest.mark.parametrize("name", sorted(DOCSTRINGS))
@given(value=texts)
@settings(max_examples=60, deadline=None)
def test_a_text_in_a_docstring_survives_formatting(name: str, value: str) -> None:
    source = render(name, value)
    before, after = ast.parse(source), ast.parse(formatted(source))
    found = ast.get_docstring(after.body[0], clean=False)  # type: ignore[arg-type]
    assert found is not None
    if name == "docstring of lines":
        assert f"<{value}>" in found
    else:
        assert found == value
    assert shape(before) == shape(after)


@pytest.mark.parametrize("name", sorted(NAMES))
@given(value=values | st.from_regex(r"[a-z_][a-z0-9_]{0,6}", fullmatch=True))
@example(value="class")
@example(value="None")
@example(value="ﬁ")
@example(value="_dg0_DAG_")
@example(value="1")
@example(value="x, os")
@settings(max_examples=60, deadline=None)
def test_a_name_is_that_name_or_refused(name: str, value: object) -> None:
    try:
        source = render(name, value)
    except TemplateFaults:
        return
    plain = ast.parse(NAMES[name].replace("{{ value }}", str(value)))
    assert ast.dump(ast.parse(source)) == ast.dump(plain)
    assert shape(plain) == shape(ast.parse(NAMES[name].replace("{{ value }}", "n")))
