"""Random templates: whatever the text around the holes, no value changes the Python's structure."""

import ast

from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import TemplateSyntaxError

from daggen.templates.environment import PythonEnvironment
from daggen.templates.faults import TemplateFaults
from daggen.templates.marks import without_marks

PIECES = [
    "{{ v }}",
    "{{ v }}",
    "{{ v }}",
    "{{ w }}",
    '"',
    "'",
    '"""',
    "'''",
    '""',
    "r",
    "f",
    "b",
    "rb",
    "\\",
    "\\\\",
    "\\x",
    "\\N{",
    "{",
    "}",
    " ",
    " ",
    "x",
    "1",
    ".",
    ",",
    "+",
    "-",
    "(",
    ")",
    "[",
    "]",
    " = ",
    "=",
    " >> ",
    "# ",
    "\n",
    "\n    ",
    "\\\n",
    ":",
    "@",
    "def ",
    "if x:",
    "{% if c %}",
    "{% else %}",
    "{% endif %}",
    "{% for i in l %}",
    "{% endfor %}",
    "{{ i }}",
    "{{ m(v) }}",
    "{% block a %}",
    "{% endblock %}",
    "{# #}",
]
SHAPES = [
    "x = {0}{1}{2}\n",
    'x = "{0}{1}{2}"\n',
    "x = '{0}{1}{2}'{3}\n",
    'x = """{0}{1}{2}{3}"""\n',
    "x = r'{0}{1}{2}'\n",
    'x = """ "{0}" {1}{2}"""\n',
    "x = [{0}, {1}{2}]\n",
    "# {0}{1}\n{2}\n",
    "{0}{1}{2}{3}\n",
    "x = {% if c %}{0}{% else %}{1}{% endif %}{2}\n",
    "x = ({% for i in l %}{0}{1}{% endfor %}{2})\n",
    "x = {0}{% block a %}{1}{% endblock %}{2}\n",
    "x = '{% if c %}{0}{% endif %}'{1}\n",
    "def {0}{1}():\n    {2}\n    return {3}\n",
]
MACRO = "{% macro m(a) %}{{ a }}{% endmacro %}"
BENIGN = {"v": "aa", "w": "bb"}
TRICKY = [
    "",
    '"',
    "'",
    '""',
    '"""',
    "'''",
    "\\",
    "\\\\",
    "\n",
    "n",
    "41",
    "x)",
    "{x}",
    "}",
    "#",
    "'+'",
]

piece = st.lists(st.sampled_from(PIECES), max_size=3).map("".join)


@st.composite
def templates(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(SHAPES))
    for number in range(4):
        text = text.replace(f"{{{number}}}", draw(piece))
    return MACRO + text


def rendered(environment: PythonEnvironment, **values: object) -> str | None:
    """Render to Python, or give None where that is refused."""
    try:
        text = environment.get_template("t").render(**values)
        environment.check(text)
    except TemplateFaults:
        return None
    return without_marks(text)


def structure(source: str) -> str | None:
    """Give the Python without its names and literals; None when it is no Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    for node in ast.walk(tree):
        for field in ("id", "name", "attr", "arg", "value", "kind", "asname"):
            if isinstance(getattr(node, field, None), str | int | float | bytes):
                setattr(node, field, "")
    return ast.dump(tree)


@given(
    source=templates(),
    value=st.sampled_from(TRICKY),
    other=st.sampled_from(TRICKY),
    chosen=st.booleans(),
    loops=st.integers(0, 2),
)
@settings(max_examples=1500, deadline=None)
def test_no_value_changes_the_structure(
    source: str, value: str, other: str, chosen: bool, loops: int
) -> None:
    environment = PythonEnvironment({"t": ("t", source)})
    try:
        environment.get_template("t")
    except (TemplateFaults, TemplateSyntaxError):
        return
    shared = {"c": chosen, "i": "i", "l": ["i"] * loops}
    benign = rendered(environment, **BENIGN, **shared)
    expected = structure(benign) if benign is not None else None
    tricky = rendered(environment, v=value, w=other, **shared)
    if expected is None or tricky is None:
        return
    assert structure(tricky) == expected
