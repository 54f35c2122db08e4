"""DG6xx: operators and their arguments."""

from daggen.diagnostics.model import Rule, Severity

UNKNOWN_OPERATOR = Rule(
    "DG601",
    "unknown-operator",
    "An operator of Airflow or a provider that the catalog does not have.",
    """The class is in no distribution that the operator catalog describes, or its name is misspelt.

```yaml
operator: airflow.providers.standard.operators.bash.BashOprator
```

Correct the name (`daggen catalog NAME` searches). If the class comes from a provider that only
your environment has, `daggen catalog build` makes it known.

Paths of Airflow 1 (`airflow.contrib`, `airflow.operators`) are rewritten to today's where the class
only moved. Where it is gone the finding is an error, since Airflow 3 cannot load the file, and says
what does its work today.
""",
    Severity.WARNING,
)
UNKNOWN_ARGUMENT = Rule(
    "DG602",
    "unknown-argument",
    "An argument that the operator does not take.",
    """Airflow refuses the DAG file with a TypeError when it meets an argument nobody takes.

```yaml
operator: BashOperator
bash_comand: echo hi      # wrong
bash_command: echo hi     # right
```

`daggen catalog show BashOperator` lists what an operator takes.
""",
)
MISPLACED_ARGUMENT = Rule(
    "DG603",
    "misplaced-argument",
    "An argument that belongs somewhere else.",
    """The name is one that Airflow knows, but not here: a DAG's argument at a task, a sensor's at
an operator, a task's at the DAG.

```yaml
dag_id: report
retries: 3                      # wrong: a DAG takes no retries
default_args: {retries: 3}      # right: the tasks do
```
""",
)
MISSING_ARGUMENT = Rule(
    "DG604",
    "missing-argument",
    "A required argument is not given.",
    """The operator cannot be built without it; default_args may give it too.

```yaml
operator: BashOperator          # wrong: what shall it run?

operator: BashOperator          # right
bash_command: echo hi
```
""",
)
MISTYPED_ARGUMENT = Rule(
    "DG605",
    "mistyped-argument",
    "A value of a type that the argument cannot take.",
    """Airflow itself notices few of these, and those late: the task fails when it runs.

```yaml
retries: three            # wrong
retries: 3                # right
bash_command: 5           # wrong
bash_command: exit 5      # right
```

A string with runtime Jinja (`{{ }}`) may stand for any type where the argument is a template field.
""",
)
ILLEGAL_VALUE = Rule(
    "DG606",
    "illegal-value",
    "A value outside what the argument allows.",
    """The argument takes one of a few values, or a number that must not be below a smallest one.

```yaml
trigger_rule: all_succes      # wrong
trigger_rule: all_success     # right
retries: -1                   # wrong
retries: 0                    # right
```

Some constructors compare values with each other, and refuse to be built: the `defaults` of a
`HITLOperator` are among its `options`, an `ExternalTaskSensor` without a task waits for states
that runs of DAGs have.
""",
)
CONFLICTING_ARGUMENTS = Rule(
    "DG607",
    "conflicting-arguments",
    "Arguments that exclude each other, or of which one is needed.",
    """The operator's constructor refuses both together (or none of them).

```yaml
operator: ExternalTaskSensor
external_dag_id: upstream
external_task_id: load            # wrong: one or the other
external_task_ids: [load, check]
```
""",
)
UNRENDERED_TEMPLATE = Rule(
    "DG608",
    "unrendered-template",
    "Runtime Jinja or another task's output in an argument that is no template field.",
    """Airflow renders `{{ }}`, and resolves the output of another task, only in an operator's
template fields. Anywhere else the text arrives as it is written.

```yaml
operator: BashOperator
output_encoding: "{{ params.encoding }}"     # wrong: not a template field
bash_command: "echo {{ params.encoding }}"   # right
```

`daggen catalog show BashOperator` marks the template fields.
""",
    Severity.WARNING,
)
DEPRECATED_OPERATOR = Rule(
    "DG609",
    "deprecated-operator",
    "An operator that its provider has deprecated.",
    """The class still works and will be removed; the message says what its provider recommends.

```yaml
operator: TimeDeltaSensorAsync                        # wrong

operator: TimeDeltaSensor                             # right
deferrable: true
```
""",
    Severity.WARNING,
)
UNUSED_DEFAULT = Rule(
    "DG610",
    "unused-default-argument",
    "A key of default_args that no task of the DAG takes.",
    """Airflow drops such a key in silence, so a misspelt one has no effect.

```yaml
default_args: {retires: 2}      # wrong
default_args: {retries: 2}      # right
```
""",
)
WITHOUT_EFFECT = Rule(
    "DG611",
    "argument-without-effect",
    "An argument that the targeted Airflow takes and ignores.",
    """The argument did something in an earlier version of Airflow.

```yaml
sla: 1h                                   # wrong on Airflow 3

deadline: {__type__: airflow.sdk.DeadlineAlert, ...}   # right, on the DAG
```
""",
    Severity.WARNING,
)
SHORT_RESCHEDULE = Rule(
    "DG612",
    "short-reschedule",
    "A rescheduled sensor that looks too often.",
    """With `mode: reschedule` each look is a task instance of its own: below a minute that costs
the scheduler more than it saves, and Airflow 3.3 loses some of the very short ones.

```yaml
mode: reschedule
poke_interval: 5s      # wrong
poke_interval: 1m      # right
```
""",
    Severity.WARNING,
)
UNREADABLE_CATALOG = Rule(
    "DG613",
    "unreadable-catalog",
    "The project's own catalog cannot be read.",
    """`.daggen/catalog.json.gz` is damaged, or was made by another version of daggen. Make it anew:

```console
$ daggen catalog build --output .daggen/catalog.json.gz
```
""",
)

NO_TEXT = Rule(
    "DG614",
    "no-text",
    "A mapping of texts has a value that is none.",
    """\
The values of an `env`, and of HTTP `headers`, are texts, and nobody makes texts of them: every run
of the task fails. It is a warning in files of dag-factory, which builds such tasks.

Wrong: `env: {PORT: 8080}`

Right: `env: {PORT: "8080"}`
""",
)
