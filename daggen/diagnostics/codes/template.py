"""DG3xx: templates and their parameters."""

from daggen.diagnostics.model import Rule, Severity

TEMPLATE_SYNTAX = Rule(
    "DG301",
    "template-syntax",
    "the template is no valid Jinja",
    """
A template is Python with Jinja in it, and its Jinja must parse.

```jinja
{% for table in tables %}
load({{ table })
```

The hole lacks a brace and the loop its end:

```jinja
{% for table in tables %}
load({{ table }})
{% endfor %}
```
""",
)

UNDECLARED_VARIABLE = Rule(
    "DG302",
    "undeclared-variable",
    "the template uses a variable that its schema does not declare",
    """
Every parameter of a template is declared in `NAME.schema.yaml`; a variable that is neither a
parameter nor set in the template would be undefined in every DAG.

```jinja
task_id={{ entitty }}
```

Use the declared name, or declare the parameter under `properties:`.

```jinja
task_id={{ entity }}
```
""",
)

UNUSED_PARAMETER = Rule(
    "DG303",
    "unused-parameter",
    "the schema declares a parameter that the template never uses",
    """
A parameter that nothing uses misleads whoever sets it. Remove it from the schema, or use it.
Use in an extended, included or imported template counts.
""",
    Severity.WARNING,
)

PYTHON_CONTEXT = Rule(
    "DG304",
    "python-context",
    "a hole or a tag stands where the Python around it cannot be known",
    """
daggen writes a value according to the Python around its hole: a literal in code, escaped text in
a string. That must be known before any value is, so a hole may not stand in an f-string or a bytes
literal, nor touch a quote, and every way through an `if` or a loop must end in the same Python.

```jinja
message = f"loading {{ table }}"
```

```jinja
message = "loading {{ table }}"
```
""",
)

INVALID_SCHEMA = Rule(
    "DG305",
    "invalid-schema",
    "the schema of a template is no valid JSON Schema",
    """
`NAME.schema.yaml` describes the template's parameters as JSON Schema 2020-12. Its top level has
`title`, `description`, `properties`, `required`, `examples`, and `x-daggen: {kind: dag}` or
`{kind: group}`.

```yaml
properties:
  entity: {type: strin}
```

```yaml
properties:
  entity: {type: string}
```
""",
)

INCOMPLETE_TEMPLATE = Rule(
    "DG306",
    "incomplete-template",
    "a template lacks its schema, or a schema its template",
    """
A template is two files: `NAME.py.j2` and `NAME.schema.yaml`. A file that is only extended, included
or imported needs no schema; let its name begin with `_`.
""",
)

UNKNOWN_TEMPLATE = Rule(
    "DG307",
    "unknown-template",
    "no template has this name",
    """
A spec, `extends`, `include` or `group(...)` names a template that is neither in the project's
`templates` directory nor built in. `daggen templates` lists those that are there. A DAG needs a
template of kind `dag`, `group(...)` one of kind `group`.
""",
)

MISSING_PARAMETER = Rule(
    "DG308",
    "missing-parameter",
    "a template needs a parameter that is not given",
    """
The template's schema lists the parameter under `required`, and it has no default.

```yaml
template: etl
with: {}
```

```yaml
template: etl
with: {entity: customers}
```
""",
)

UNKNOWN_PARAMETER = Rule(
    "DG309",
    "unknown-parameter",
    "the template has no parameter of this name",
    """
Parameters that a template does not declare are refused, since they are mostly typing errors.
`daggen templates NAME` lists the parameters.
""",
)

INVALID_PARAMETER = Rule(
    "DG310",
    "invalid-parameter",
    "a parameter's value is not what the template's schema asks for",
    """
The schema of the template gives each parameter a type, and often more: a pattern, the values
allowed, a range.

```yaml
with: {retries: three}
```

```yaml
with: {retries: 3}
```
""",
)

RENDERING_FAILED = Rule(
    "DG311",
    "rendering-failed",
    "a template failed while it was rendered",
    """
An expression of the template could not be evaluated with the values of this spec: an attribute
that is not there, a filter applied to the wrong type, a reference that is no dotted name. Guard
what may be absent (`{% if source.table is defined %}`), or make it required in the schema.
""",
)

MISPLACED_VALUE = Rule(
    "DG312",
    "misplaced-value",
    "a value cannot stand where the template puts it",
    """
Where the Python needs a name, the value must be one; a mapping has no form inside a string; code
that `ref`, `task` or `group` made is no text.

```jinja
load_{{ table }} = ...        {# table: "public.customers" #}
```

```jinja
load_{{ table | variable }} = ...
```
""",
)

RENDERED_PYTHON = Rule(
    "DG313",
    "rendered-python",
    "what the template renders is not valid Python",
    """
The rendered text does not compile. The message is Python's own, the line is that of the template.
""",
)

FORBIDDEN_CONSTRUCT = Rule(
    "DG314",
    "forbidden-construct",
    "a part of Jinja that would turn code and values into each other",
    """
`{% filter %}`, `{% set x %}…{% endset %}`, `{% autoescape %}` and `{% print %}` treat template text
as a value, or a value as template text. Use a macro for text that is needed twice, and
`{% set x = … %}` for values.
""",
)

PYTHON_WARNING = Rule(
    "DG315",
    "python-warning",
    "Python warns about what the template renders",
    """
The rendered text compiles, but Python warns about it: an invalid escape such as `"\\d"`, a
comparison of a literal with `is`. Later versions of Python refuse some of these.
""",
    Severity.WARNING,
)

UNREADABLE_TEMPLATE = Rule(
    "DG316",
    "unreadable-template",
    "a template cannot be read",
    """
Templates are UTF-8 text without characters of Unicode's private-use areas, which daggen needs for
its own marks.
""",
)

DROPPED_TEXT = Rule(
    "DG317",
    "dropped-text",
    "text outside the blocks of a template that extends another is never rendered",
    """
A template with `{% extends %}` only fills blocks of the other; its own text outside of blocks is
dropped. Move it into a block: `{% block module %}` comes before the DAG, `{% block body %}` inside.
""",
)
