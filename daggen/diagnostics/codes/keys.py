"""DG22x and DG24x: the keys and values of a spec."""

from daggen.diagnostics.model import Rule, Severity

UNKNOWN_KEY = Rule(
    "DG220",
    "unknown-key",
    "A spec has a key that daggen does not know.",
    """\
Every argument of Airflow's DAG is a key under Airflow's own name. Anything else is most often a
typing mistake, which Airflow or dag-factory would have dropped in silence.

Wrong:

```yaml
catchupp: false
```

Right:

```yaml
catchup: false
```
""",
)

RENAMED_KEY = Rule(
    "DG221",
    "gone-key",
    "A key that the targeted Airflow no longer has.",
    """\
Airflow 3 renamed or removed arguments of DAGs and tasks. The message says what to write instead.

Wrong:

```yaml
schedule_interval: "@daily"
concurrency: 4
```

Right:

```yaml
schedule: "@daily"
max_active_tasks: 4
```
""",
)

KEY_TOO_NEW = Rule(
    "DG222",
    "key-too-new",
    "A key that the targeted Airflow does not have yet.",
    """\
`airflow` in the configuration names the version that the output targets. The key came later:
remove it, or raise the target.

```toml
[tool.daggen]
airflow = "3.3"
```
""",
)

WRONG_TYPE = Rule(
    "DG223",
    "wrong-type",
    "A value is not of the type that its key takes.",
    """\
YAML is read by version 1.2: only `true` and `false` are booleans, and a number in quotes is text.

Wrong:

```yaml
catchup: no
max_active_runs: "3"
```

Right:

```yaml
catchup: false
max_active_runs: 3
```
""",
)

ILLEGAL_ID = Rule(
    "DG224",
    "illegal-id",
    "An id has characters that Airflow refuses, or is too long.",
    """\
A `dag_id` and a `task_id` are made of letters, digits, `_`, `-` and `.`; the id of a task group
has no `.`. None is longer than 250 characters, counted with the names of the groups around it.

Wrong: `dag_id: "daily report"`

Right: `dag_id: daily_report`
""",
)

BAD_SCHEDULE = Rule(
    "DG225",
    "bad-schedule",
    "A schedule is none of the forms that Airflow takes.",
    """\
A schedule is a cron expression, a preset, a duration, a list of assets, a condition of assets, or
a timetable:

```yaml
schedule: "30 6 * * 1-5"
schedule: "@daily"
schedule: {hours: 6}
schedule: [s3://raw/customers, s3://raw/orders]
schedule: {any: [s3://raw/customers, {all: [s3://raw/a, s3://raw/b]}]}
schedule: {cron: "0 6 * * *", timezone: Europe/Berlin}
schedule: {__type__: datetime.timedelta, hours: 6}
schedule: null
```
""",
)

BAD_TIMEZONE = Rule(
    "DG226",
    "bad-timezone",
    "A timezone that the timezone database does not have.",
    """\
Timezones are named as in the IANA database. Abbreviations such as `CEST` are none.

Wrong: `timezone: Europe/Berln`

Right: `timezone: Europe/Berlin`
""",
)

BAD_DATE = Rule(
    "DG227",
    "bad-date",
    "A date is not written as ISO 8601.",
    """\
`start_date` and `end_date` are fixed points in time. Relative dates ("2 days") move with each
parse and are refused, as Airflow advises.

Wrong: `start_date: 01/02/2026`, `start_date: 2 days`

Right: `start_date: 2026-02-01`, `start_date: "2026-02-01T06:00:00+01:00"`
""",
)

BAD_DURATION = Rule(
    "DG228",
    "bad-duration",
    "A value is not a duration.",
    """\
A duration is `5m`, `2h30m`, `1d`, an ISO 8601 duration (`PT5M`), a number of seconds, or a mapping
of `timedelta`'s arguments.

Wrong: `retry_delay: five minutes`

Right: `retry_delay: 5m`
""",
)

UNKNOWN_CHOICE = Rule(
    "DG229",
    "unknown-choice",
    "A value is none of those that the argument takes.",
    """\
Arguments such as `trigger_rule` and `weight_rule` take one of a few words. Airflow finds a wrong
one only when it loads the file, or not at all.

Wrong: `trigger_rule: all_sucess`

Right: `trigger_rule: all_success`
""",
)

OUT_OF_RANGE = Rule(
    "DG230",
    "out-of-range",
    "A number is below what makes sense.",
    """\
Airflow takes `retries: -1` without a word, and the task then behaves as nobody meant.

Wrong: `retries: -1`

Right: `retries: 0`
""",
)

UNREADABLE_FILE = Rule(
    "DG239",
    "unreadable-file",
    "A file that a spec names cannot be read.",
    """\
`doc_md: {file: docs/customers.md}` is read when daggen renders, relative to the file it is written
in. It must lie inside the project and be UTF-8 text.
""",
)

BAD_DOTTED_PATH = Rule(
    "DG240",
    "bad-dotted-path",
    "A value is not the dotted path of a Python object.",
    """\
Operators, callables, callbacks and `__type__` are dotted paths: a module, a dot, a name in it.

Wrong: `python_callable: extract_data()`

Right: `python_callable: techcorp.etl.extract_data`
""",
)

PARSE_TIME_CALL = Rule(
    "DG241",
    "parse-time-call",
    "`__type__` would run something each time Airflow parses the file.",
    """\
What `__type__` names is called whenever the DAG file is parsed, in the dag processor and again for
each task. It may build an object; it may not read files, start processes or talk to a network.

Wrong:

```yaml
description: {__type__: subprocess.getoutput, __args__: ["git rev-parse HEAD"]}
```

Right: write the value, or read it in a task.
""",
)

NO_EFFECT = Rule(
    "DG242",
    "no-effect",
    "A key does nothing where it stands.",
    """\
Airflow would take it and ignore it: for example a `timezone` in a spec without any `start_date`,
or a key in `default_args` that no task takes.
""",
    Severity.WARNING,
)

LEGACY_PATH = Rule(
    "DG243",
    "legacy-path",
    "An import path of an older Airflow.",
    """\
The rendered file uses the path of the targeted Airflow; nothing needs to be done. Writing today's
path in the spec spares the next reader the question.
""",
    Severity.INFO,
)

BAD_OBJECT = Rule(
    "DG244",
    "bad-object",
    "An object in a spec is not written in a known form.",
    """\
`__type__` names a class (or a function that makes an object), `__args__` a list of its positional
arguments, every other key is a keyword argument; they nest. `__ref__` names an object without
calling it. `__join__` makes one text of a list; `__and__` and `__or__` combine objects.

```yaml
execution_timeout: {__type__: datetime.timedelta, minutes: 30}
success: {__ref__: techcorp.checks.is_complete}
```
""",
)

BAD_PARAM = Rule(
    "DG252",
    "bad-param",
    "A param's schema is no JSON Schema, or refuses the param's own default.",
    """\
A mapping with a `type`, or with a `default` and other words of JSON Schema, makes an Airflow
`Param`. Airflow holds every value against the schema before a run begins, the default too.

Wrong:

```yaml
params:
  rows: {default: many, type: integer}
```

Right:

```yaml
params:
  rows: {default: 100, type: integer, minimum: 1}
```
""",
)

DATES_REVERSED = Rule(
    "DG248",
    "end-before-start",
    "The end_date lies before the start_date.",
    """\
Such a DAG never runs.
""",
)

UNKNOWN_DEFAULT_ARG = Rule(
    "DG249",
    "unknown-default-arg",
    "A key of `default_args` that no task takes.",
    """\
Airflow hands each key of `default_args` to the operators that have it and drops it otherwise, so a
typing mistake goes unnoticed.

Wrong: `default_args: {retires: 3}`

Right: `default_args: {retries: 3}`
""",
)

PARSE_TIME_FILE = Rule(
    "DG250",
    "parse-time-file",
    "Airflow would read a file each time it parses the DAG.",
    """\
A `doc_md` that ends in `.md` is taken for a path, which the dag processor opens at each parse. Let
daggen read it when it renders.

Wrong: `doc_md: docs/customers.md`

Right: `doc_md: {file: docs/customers.md}`
""",
    Severity.WARNING,
)
