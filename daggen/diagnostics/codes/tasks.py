"""DG23x: tasks, groups and dependencies as a spec writes them."""

from daggen.diagnostics.model import Rule, Severity

MISSING_KEY = Rule(
    "DG231",
    "missing-key",
    "A key that must be there is absent.",
    """\
A spec needs a `dag_id`; a task needs an `operator`, or a `decorator` with a `python_callable`; an
item of a list of tasks needs a `task_id`, and of a list of groups a `group_name`.

```yaml
tasks:
  - task_id: hello
    operator: airflow.providers.standard.operators.bash.BashOperator
    bash_command: echo hello
```
""",
)

CONFLICTING_KEYS = Rule(
    "DG232",
    "conflicting-keys",
    "Two keys contradict each other.",
    """\
A spec has either a `template` or its own `tasks`; a task has either an `operator` or a
`decorator`; an argument stands in one of the task, `partial` and `expand`. In a mapping the key is
the name of a task or group, so a `task_id` or `group_name` of its own says the same or is left out.

Wrong:

```yaml
template: etl
tasks: {hello: {operator: BashOperator, bash_command: echo hello}}
```

Right: leave one of them out.
""",
)

UNKNOWN_OPERATOR_NAME = Rule(
    "DG233",
    "unknown-operator-name",
    "A short name that stands for no operator, or for several.",
    """\
Operators that the catalog has can be written by their short name. Others, and names that several
providers use, need the dotted path, since the generated file must import them from somewhere.

Wrong: `operator: BashOperatr`

Right: `operator: BashOperator`, `operator: company.operators.LoadOperator`
""",
)

UNKNOWN_DEPENDENCY = Rule(
    "DG234",
    "unknown-dependency",
    "A task names another that does not exist.",
    """\
`dependencies`, `+task`, `task.output` and `setups` name tasks and groups of the same DAG: by bare
name where only one has it, else with the group before it. Inside a group its own tasks come
first; a leading dot (`.extract`) names one at the top of the DAG.

```yaml
task_groups:
  customers: {}
  orders: {dependencies: [customers]}
tasks:
  extract: {operator: EmptyOperator, task_group_name: customers}
  report: {operator: EmptyOperator, dependencies: [customers.extract, orders]}
```

The tasks that `BranchSQLOperator`, `BranchDateTimeOperator`, `BranchDayOfWeekOperator` and
`HITLBranchOperator` branch to are given to Airflow as they are: by their full ids, with the groups
before them (`follow_task_ids_if_true: customers.load`).

What a function is called with (`op_args`, `op_kwargs`, the arguments of a decorated task) and what
is mapped over holds no `+name` of nothing. A text that begins with `+` is said in two parts:

```yaml
op_kwargs: {order: {__join__: ["+", created]}}
```
""",
)

CYCLE = Rule(
    "DG235",
    "cycle",
    "Tasks wait for each other in a circle.",
    """\
A DAG has no cycles: no task may wait, over any number of others, for itself. The message names
the way round. A task that depends on the group it is in, or a group on a task inside it, makes one
too.

Wrong:

```yaml
tasks:
  a: {operator: EmptyOperator, dependencies: [b]}
  b: {operator: EmptyOperator, dependencies: [a]}
```
""",
)

DUPLICATE_ID = Rule(
    "DG236",
    "duplicate-id",
    "Two tasks or groups of a DAG have the same id.",
    """\
Ids are compared with the names of the groups before them. A group and a task must differ too, and
`prefix_group_id: false` puts the tasks of a group beside those outside.

Wrong:

```yaml
task_groups: {load: {}}
tasks: {load: {operator: EmptyOperator}}
```
""",
)

UNKNOWN_GROUP = Rule(
    "DG237",
    "unknown-group",
    "A task or group names a group that does not exist.",
    """\
`task_group_name` and `parent_group_name` name a group under `task_groups`.

```yaml
task_groups: {load: {tooltip: into the warehouse}}
tasks: {insert: {operator: EmptyOperator, task_group_name: load}}
```
""",
)

NO_TASKS = Rule(
    "DG238",
    "no-tasks",
    "A DAG or a group has no tasks.",
    """\
Airflow loads a DAG without tasks and runs it, doing nothing. A group without tasks passes no
order on: what stands after it does not wait for what stands before it.
""",
    Severity.WARNING,
)

BAD_MAPPING = Rule(
    "DG245",
    "bad-expand",
    "Dynamic task mapping that Airflow does not take.",
    """\
`expand` is a mapping from arguments to a list, a mapping, or the output of a task
(`list_files.output`); `expand_kwargs` is a list of mappings or the output of a task. `partial`
goes only with one of them.
A mapped group holds no mapped task or group. Its arguments are the names in `expand`, `partial`
and the mappings of `expand_kwargs`; where a task gives these, `arguments` lists their names.

```yaml
expand: {bash_command: [echo 1, echo 2]}
```
""",
)

CROSSES_MAPPED_GROUP = Rule(
    "DG246",
    "crosses-mapped-group",
    "A dependency crosses the border of a mapped group.",
    """\
The tasks of a group with `expand` exist once for each element, so others depend on the group as a
whole. What they return may be used outside, as the list of what all instances have returned; but
Airflow does not map over it, and finds no setup there.

Wrong: `dependencies: [process.load]`, `expand: {row: +process.load}`

Right: `dependencies: [process]`, `rows: +process.load`
""",
)

GONE_CONTEXT_NAME = Rule(
    "DG247",
    "gone-context-name",
    "Jinja in an argument uses a name that the task's context no longer has.",
    """\
Airflow 3 dropped `execution_date`, `conf`, `next_ds`, `prev_ds`, `tomorrow_ds`, `yesterday_ds` and
their kin. The file loads, and the task fails when it runs.

Wrong: `bash_command: "load {{ yesterday_ds }}"`

Right: `bash_command: "load {{ macros.ds_add(ds, -1) }}"`

Runs that were started by hand or by an asset may have no `ds` and no `logical_date` at all:
`{{ dag_run.run_after.strftime('%Y-%m-%d') }}` is there for every run.
""",
)

NO_REFERENCE = Rule(
    "DG253",
    "no-reference",
    "A text looks like what a task returns, and is only a text where it stands.",
    """\
`task.output` and `XcomArg(task)` name what a task returns in `expand` and `expand_kwargs`, as in
dag-factory. Everywhere else `+task` does, since a text that ends with `.output` may be a file.

Wrong:

```yaml
op_kwargs: {rows: extract.output}
```

Right:

```yaml
op_kwargs: {rows: +extract}
```

One entry of a mapping that a task returns has its key in quotes, and nothing may follow: what is
meant as a reference beyond doubt, and is none, is an error.

Wrong: `+extract[rows]`, `+extract[0]`, `+extract.output`, `+extract['rows']['first']`

Right: `"+extract['rows']"`, `+extract`
""",
    Severity.WARNING,
)

TEMPLATE_SYNTAX = Rule(
    "DG254",
    "template-syntax",
    "Jinja cannot read a text that Airflow renders when the task runs.",
    """\
Airflow reads the texts in the template fields of an operator with Jinja. Where that fails the file
loads all the same, and every run of the task fails.

Wrong: `bash_command: "load {{ ds }"`

Right: `bash_command: "load {{ ds }}"`

Braces of the shell may look like Jinja's: `{#` begins a comment. What is meant as it is stands
between `{% raw %}` and `{% endraw %}`.

```yaml
bash_command: |
  files=(*)
  echo {% raw %}${#files[@]}{% endraw %}
```

Names of files are passed over (their text is not in the spec), and so is a DAG that sets
`jinja_environment_kwargs`.
""",
)

NO_ENTRY = Rule(
    "DG255",
    "no-entry",
    "One entry is taken of what a task stores as a whole.",
    """\
`+task['key']` is what the task has stored under that key. A Python task stores what it returns key
by key with `multiple_outputs: true`; a decorated one does so too if its function says that it
returns a mapping (`-> dict[str, int]`). Otherwise nothing is under the key when the DAG runs.

Wrong:

```yaml
extract: {decorator: task, python_callable: acme.jobs.extract}   # def extract():
load: {decorator: task, python_callable: acme.jobs.load, rows: "+extract['rows']"}
```

Right:

```yaml
extract: {decorator: task, python_callable: acme.jobs.extract, multiple_outputs: true}
load: {decorator: task, python_callable: acme.jobs.load, rows: "+extract['rows']"}
```

Only functions on the `python_path` that do not use the task's context are looked at.
""",
    Severity.WARNING,
)

SCRIPT_AS_TEMPLATE = Rule(
    "DG256",
    "script-as-template",
    "A command ends with the name of a script, and Airflow takes all of it for a file to render.",
    """\
A `bash_command` that ends with `.sh` or `.bash` names a file, which Airflow looks for below the
directory of the DAG and in `template_searchpath`, and renders with Jinja. A path from the root of
the machine is looked for there too, and so is a command with arguments: each run fails with
`TemplateNotFound`. A space at the end makes it a command.

Wrong: `bash_command: /opt/etl/load.sh`

Right: `bash_command: "/opt/etl/load.sh "`
""",
    Severity.WARNING,
)
