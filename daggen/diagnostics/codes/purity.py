"""DG5xx: what a DAG file may not do when it is parsed."""

from daggen.diagnostics.model import Rule, Severity

FILE_ACCESS = Rule(
    "DG501",
    "parse-time-file-access",
    "A DAG file reads or writes files when it is parsed.",
    """\
Airflow parses each DAG file every few seconds, and again in every task. A file read there is read
each time, and a DAG that depends on it changes without a commit.

Wrong: `config = json.loads(Path("config.json").read_text())`

Right: have the values in the DAG file (daggen renders them there from a spec), or read the file
inside a task.
""",
    severity=Severity.WARNING,
)
NETWORK_ACCESS = Rule(
    "DG502",
    "parse-time-network-access",
    "A DAG file talks to the network when it is parsed.",
    """\
A slow or absent service then delays every DAG of the installation, or makes this one vanish.

Wrong: `tables = requests.get("https://example.com/tables").json()`

Right: let `daggen pull` write what the service says to a snapshot in git, or ask inside a task.
""",
)
DATABASE_ACCESS = Rule(
    "DG503",
    "parse-time-database-access",
    "A DAG file talks to a database when it is parsed.",
    """\
Every parse, in the DAG processor and in every task, then opens a connection.

Wrong: `rows = PostgresHook("crm").get_records("select name from entities")` at the top of the file

Right: let `daggen pull` write the rows to a snapshot in git, or query inside a task.
""",
)
METADATA_ACCESS = Rule(
    "DG504",
    "parse-time-variable",
    "A DAG file reads Airflow Variables or Connections when it is parsed.",
    """\
Each `Variable.get` at parse time is a request to the API server, made on every parse.

Wrong: `bucket = Variable.get("bucket")` at the top of the file

Right: `{{ var.value.bucket }}` in a templated argument, or `Variable.get` inside a task.
""",
)
ENVIRONMENT_ACCESS = Rule(
    "DG505",
    "parse-time-environment",
    "A DAG file reads environment variables when it is parsed.",
    """\
The DAG then depends on the machine that parses it: the DAG processor and the workers may see
different DAGs.

Wrong: `schedule = os.environ["SCHEDULE"]`

Right: `vars` of a daggen environment, or reading the variable inside a task.
""",
    severity=Severity.WARNING,
)
DYNAMIC_CODE = Rule(
    "DG506",
    "dynamic-code",
    "A DAG file runs code that is not in it.",
    """\
`exec`, `eval`, `__import__` and `importlib` at parse time hide from reviewers and tools what the
DAG is.

Wrong: `exec(template.render(entity=entity))`

Right: plain Python, as daggen renders it.
""",
)
SUBPROCESS = Rule(
    "DG507",
    "parse-time-subprocess",
    "A DAG file starts a program when it is parsed.",
    """\
The program runs on every parse, in the DAG processor.

Wrong: `version = subprocess.check_output(["git", "describe"])`

Right: a `BashOperator`, or the call inside a task.
""",
)
SLOW_IMPORT = Rule(
    "DG508",
    "slow-import",
    "A DAG file imports a library that is slow to import.",
    """\
Each DAG file is parsed in a process of its own, so the import is paid for by every file: `import
pandas` at the top of 100 files can make a pass of the DAG processor three times as long.

Wrong: `import pandas as pd` at the top of the file

Right: the import inside of the function that needs it.
""",
    severity=Severity.WARNING,
)
CHANGING_VALUE = Rule(
    "DG509",
    "changing-value",
    "A DAG is made with a value that differs from parse to parse.",
    """\
Airflow 3 keeps a version of each DAG; arguments with `now()`, `today()`, `uuid4()` or a random
number make a new version on every parse, and a `start_date` that moves never comes.

Wrong: `DAG("report", start_date=datetime.now())`

Right: a fixed date; `{{ ts }}`, `{{ run_id }}`, `{{ dag_run.run_after }}` in a templated argument.
""",
)
SLEEP = Rule(
    "DG510",
    "parse-time-sleep",
    "A DAG file waits when it is parsed.",
    """\
The DAG processor waits with it, on every parse. A task waits with a sensor.

Wrong: `time.sleep(5)` at the top of the file

Right: `TimeDeltaSensor(task_id="wait", delta=timedelta(seconds=5))`
""",
)
UNKNOWN_LOOP = Rule(
    "DG511",
    "unknown-loop",
    "A DAG file makes tasks in a loop over something that is not in the file.",
    """\
How many tasks there are, and which, cannot be reviewed, and changes without a commit.

Wrong: `for table in load_tables(): ...`

Right: a loop over a literal; better, a daggen spec whose template writes the tasks out; or dynamic
task mapping with `expand()`, which decides at run time.
""",
    severity=Severity.WARNING,
)
UNKNOWN_CALL = Rule(
    "DG512",
    "unknown-call",
    "A rendered file calls a function that is not known to only build an object.",
    """\
At parse time a rendered file builds DAGs, groups, tasks and their arguments, nothing else. What an
imported function does there cannot be told: pass the function itself, or call a class.

Wrong: `on_failure_callback=make_callback("ops")`

Right: `on_failure_callback=partial(notify, channel="ops")`
""",
    severity=Severity.WARNING,
)
NOT_STATIC = Rule(
    "DG513",
    "not-static",
    "A rendered file does more than define its DAG.",
    """\
A rendered file has imports, literals, definitions of functions and classes, and the construction
of DAGs, groups, tasks and dependencies. Loops and conditions belong into the template, where they
are gone once it is rendered.

Wrong, in a template: `for name in names: EmptyOperator(task_id=name)`

Right: `{% for name in names %}EmptyOperator(task_id={{ name }}){% endfor %}`, each on its line.
""",
)
