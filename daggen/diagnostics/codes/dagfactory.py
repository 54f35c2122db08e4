"""DG9xx: files of dag-factory."""

from daggen.diagnostics.model import Rule, Severity

AMBIGUOUS_FILE = Rule(
    "DG900",
    "ambiguous-file",
    "A file is neither a spec nor a file of dag-factory for certain.",
    """\
A spec has `dag_id`, `template`, `tasks` and the like at its top. A file of dag-factory has dag_ids
there, each with a mapping below it, and `default`. This file has both.

Wrong:

```yaml
dag_id: orders
tasks: {...}
customers:
  tasks: {...}
```

Right: two files, or one of the two forms.
""",
)
RESERVED_NAME = Rule(
    "DG901",
    "reserved-name",
    "dag-factory makes no DAG of this key.",
    """\
`default` and `task_groups` are reserved at the top of a file: dag-factory skips a DAG of that name
in silence. Give the DAG another name.
""",
    Severity.WARNING,
)
NOT_A_DAG = Rule(
    "DG902",
    "not-a-dag",
    "A key at the top of a dag-factory file has no DAG below it.",
    """\
Every key at the top, but for `default`, is a dag_id with a mapping below it. dag-factory fails on
anything else. A file in which no key is a DAG may be another tool's: move it away from the specs,
or begin its name with `_`.

Wrong:

```yaml
version: 1
orders:
  tasks: {...}
```

Right:

```yaml
orders:
  tasks: {...}
```
""",
)
DROPPED_KEY = Rule(
    "DG903",
    "dropped-key",
    "dag-factory drops this key without a word, and so it has no effect.",
    """\
dag-factory passes on a fixed list of keys. Others, typing mistakes among them, change nothing, and
daggen keeps it so. Remove the key; or correct it; or rewrite the file as a native spec, where every
argument of Airflow's DAG is a key:

    daggen import dag-factory dags/
""",
    Severity.WARNING,
)
DUPLICATE_KEY = Rule(
    "DG904",
    "later-key-wins",
    "A key stands twice in a dag-factory file, and the later one wins.",
    """\
dag-factory takes the last of two equal keys in silence. In a native spec this is an error.
""",
    Severity.WARNING,
)
RELATIVE_DATE = Rule(
    "DG905",
    "relative-date",
    "A date counts from the day on which the file is loaded.",
    """\
`start_date: 2 days` means another day each day, so that the DAG changes without a commit. Write the
date.

Wrong:

```yaml
start_date: 2 days
```

Right:

```yaml
start_date: 2026-01-31
```

To keep the file for now, freeze the day that relative dates count from:

```toml
[tool.daggen.environments.default.vars]
today = "2026-01-31"
```
""",
)
FIRST_UNIT_ONLY = Rule(
    "DG906",
    "first-unit-only",
    "dag-factory reads only the first part of a duration or relative date.",
    """\
`2 days 3 hours` means two days to dag-factory, in silence. Write one unit.

Wrong: `execution_delta: 1 hour 30 minutes`

Right: `execution_delta: 90 minutes`
""",
    Severity.WARNING,
)
ENVIRONMENT_VARIABLE = Rule(
    "DG907",
    "environment-variable",
    "A file names an environment variable that the configuration gives no value.",
    """\
dag-factory replaces `$X` by what the machine that loads the file has set, and leaves it as it is
where nothing is set. daggen takes values from the configuration only, so that every machine renders
the same:

```toml
[tool.daggen.environments.default.vars]
X = "value"
```
""",
    Severity.WARNING,
)
MACHINE_PATH = Rule(
    "DG908",
    "machine-path",
    "A value would hold the path of the specs on this machine.",
    """\
`CONFIG_ROOT_DIR` is the directory of the specs. It may name files that are read now, or functions;
in any other value the DAG would get a path of the machine that renders. Say where the directory is
on Airflow's machines:

```toml
[tool.daggen.environments.default.vars]
CONFIG_ROOT_DIR = "/usr/local/airflow/dags"
```
""",
)
CODE_IN_VALUE = Rule(
    "DG909",
    "code-in-value",
    "A value is Python code, or asks for code to be run while the file is loaded.",
    """\
daggen never makes code of a value. Give the function a name in a module, and name it.

Wrong:

```yaml
success_check_lambda: "lambda rows: rows > 0"
```

Right:

```yaml
success_check_name: has_rows
success_check_file: $CONFIG_ROOT_DIR/include/checks.py
```

Documentation that a function makes (`doc_md_python_callable_name`) is written out as `doc_md`, or
kept in a file named by `doc_md_file_path`.
""",
)
CALLABLE_FILE = Rule(
    "DG910",
    "callable-file",
    "A function is named by a file that a DAG cannot import.",
    """\
dag-factory loads the file of `python_callable_file` by its path. A generated DAG imports the
function, so the file has to lie on the project's `python_path`:

```toml
[tool.daggen]
python_path = ["include"]
```

Wrong:

```yaml
python_callable_name: load
python_callable_file: /usr/local/airflow/dags/elsewhere/etl.py
```

Right:

```yaml
python_callable: etl.load
```

A path of Airflow's machine is found in the project once the configuration says where it begins:

```toml
[tool.daggen.environments.default.vars]
CONFIG_ROOT_DIR = "/usr/local/airflow/dags"
```
""",
)
DEFAULTS_ORDER = Rule(
    "DG911",
    "defaults-order",
    "For arguments of the DAG, defaults.yml beats the file's `default`.",
    """\
dag-factory documents the order DAG, `default`, defaults.yml. What it does for arguments of the DAG
(not for `default_args`) is DAG, defaults.yml, `default`; daggen does the same. Keep the key in one
of the two.
""",
    Severity.INFO,
)
LOST = Rule(
    "DG912",
    "lost-value",
    "dag-factory reads this value and then loses it.",
    """\
The value has no effect in dag-factory: a `task_group_name` in a DAG without `task_groups`, a
`partial` without `expand`, an argument of a decorated task beside `expand`, the same argument given
twice. Or it does nothing since Airflow 3 or dag-factory 1.0. daggen keeps it so. The message says
what was meant; remove it or repair it.
""",
    Severity.WARNING,
)
REPAIRED = Rule(
    "DG913",
    "repaired",
    "dag-factory fails on this; daggen takes it for what was meant.",
    """\
dag-factory 1.1 raises an error while it loads the file (often one that names neither file nor
line). What was meant is clear, so daggen renders it. Nothing has to be done.
""",
    Severity.INFO,
)
DEPRECATED_KEY = Rule(
    "DG914",
    "deprecated-key",
    "A key that dag-factory still takes under an old name.",
    """\
`concurrency` is `max_active_tasks`, and wins where both are given.
""",
    Severity.WARNING,
)
VARIABLE_ARGUMENT = Rule(
    "DG915",
    "variable-as-argument",
    "An argument is read from an Airflow Variable.",
    """\
dag-factory reads the Variable each time the file is parsed. A generated DAG reads nothing then: an
argument that is a Jinja template becomes `{{ var.value.NAME }}` and is read when the task runs. For
an argument that is no template, write the value.

Wrong:

```yaml
variables_as_arguments: [{variable: how_often, attribute: retries}]
```

Right:

```yaml
retries: 3
```
""",
)
NO_REFERENCE = Rule(
    "DG916",
    "no-reference",
    "A text looks like the result of a task, and is only a text to dag-factory.",
    """\
dag-factory replaces `+task` in the arguments of decorated tasks, for names of letters, digits and
underscores, and nowhere else. daggen keeps the text as it is. Native specs take `+task` everywhere.
""",
    Severity.WARNING,
)
DROPPED_OFFSET = Rule(
    "DG917",
    "dropped-offset",
    "dag-factory drops the offset of a date.",
    """\
`2026-01-01T00:00:00+02:00` is midnight in the DAG's `timezone` to dag-factory, whatever the offset
says; so is the `tz` of `{__type__: pendulum.datetime, …}`. Drop the offset and set `timezone`.
""",
    Severity.WARNING,
)
OLD_YAML = Rule(
    "DG918",
    "old-yaml-number",
    "A number that only YAML 1.1 sees.",
    """\
dag-factory reads YAML 1.1, in which `1:30` is the number 90 and `010` is 8. Quote what is text.
""",
    Severity.WARNING,
)
JSON_BODY = Rule(
    "DG919",
    "json-body",
    "The JSON body of an HttpOperator is written as text.",
    """\
dag-factory hides the body of a JSON request in a function, so that Jinja does not see it. In the
generated DAG it is a text, and `{{ … }}` in it is rendered when the task runs.
""",
    Severity.INFO,
)
NEEDS_IMPORT_EXTRA = Rule(
    "DG920",
    "import-extra-missing",
    "Rewriting YAML with its comments needs ruamel.yaml.",
    """\
Install the extra:

    pip install "daggen[import]"
""",
)
WOULD_OVERWRITE = Rule(
    "DG921",
    "would-overwrite",
    "A file that the import would write exists already.",
    """\
Nothing was written. Choose another `--output`, or give `--force` to replace the file.
""",
)
MISSING_FILE = Rule(
    "DG922",
    "missing-file",
    "A file that is read now is not there.",
    """\
Documentation (`doc_md_file_path`) and lists of datasets (`file`) are read when the DAG is rendered.
Paths begin with `$CONFIG_ROOT_DIR`, the directory of the specs, or are relative to the file. For a
path of Airflow's machine, give `CONFIG_ROOT_DIR` in the `vars` of the environment: what lies below
it there is looked for among the specs.
""",
)
NOT_A_CONDITION = Rule(
    "DG923",
    "not-a-condition",
    "A text is no condition of datasets.",
    """\
A condition joins URIs, or names from a file, with `&`, `|` and parentheses:

```yaml
schedule:
  datasets: "(s3://a/x & s3://a/y) | s3://a/z"
```
""",
)
DRAWN_EDGE = Rule(
    "DG924",
    "drawn-edge",
    "By the order of the file, a task waits for more tasks than a dependency says.",
    """\
dag-factory goes through the tasks and then the groups as they are written. A dependency on a group
is one on the tasks that nothing in the group follows *at that moment*: an edge inside the group
that is drawn later takes nothing back.

```yaml
task_groups: {g: {}}
tasks:
  report: {operator: ..., dependencies: [g]}          # g has two loose tasks here
  extract: {operator: ..., task_group_name: g}
  load: {operator: ..., task_group_name: g, dependencies: [extract]}
```

`report` waits for `extract` and for `load`. daggen writes both edges. They do no harm; written
below `load`, `report` waits for `load` alone.
""",
    Severity.INFO,
)
MEANT = Rule(
    "DG925",
    "taken-as-meant",
    "dag-factory makes something else of this than was meant; daggen takes it as meant.",
    """\
dag-factory says nothing and builds a DAG in which this cannot work: a path of a function stays a
text, a text becomes a list of its letters, an operator takes the place of what it returns. Nobody
relies on that, so daggen renders what was meant. It is a warning because the DAG does more than it
did; write what the hint says, and both agree.

Wrong:

```yaml
inlets: s3://bucket/orders            # an asset of each letter
response_check: checks.has_rows       # a text in place of the function
```

Right:

```yaml
inlets: [s3://bucket/orders]
response_check_name: has_rows
response_check_file: $CONFIG_ROOT_DIR/checks.py
```
""",
    Severity.WARNING,
)
