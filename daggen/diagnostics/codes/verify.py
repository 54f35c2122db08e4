"""DG8xx: what real Airflow says of the fleet."""

from daggen.diagnostics.model import Rule, Severity

NO_AIRFLOW = Rule(
    "DG801",
    "no-airflow",
    "The interpreter that should load the fleet has no Airflow, or cannot be started.",
    """\
`verify` loads the files in real Airflow. Name an interpreter that has it, with the providers that
the DAGs use: `daggen verify --python /path/to/venv/bin/python`.
""",
)
IMPORT_ERROR = Rule(
    "DG802",
    "import-error",
    "Airflow cannot load a generated file.",
    """\
The message is Airflow's own. Frequent causes: a provider that is not installed there, an argument
that the installed provider does not know, a callable whose module fails when it is imported.
""",
)
IMPORT_WARNING = Rule(
    "DG803",
    "import-warning",
    "Airflow, or a provider, warns when it loads a generated file.",
    """\
Most often something is deprecated and will be gone in a later release.
""",
    Severity.WARNING,
)
DIFFERENT = Rule(
    "DG804",
    "different-in-airflow",
    "Airflow's DAG is not what the file says.",
    """\
The file was read without running it, and Airflow's serialized DAG differs: in tasks, operators,
dependencies, groups, trigger rules, pools, retries or the schedule. Something changes the DAG
while it is loaded, such as a cluster policy or an operator that overrides its arguments.
""",
)
SLOW = Rule(
    "DG805",
    "slow-to-parse",
    "A file takes much longer to parse than the others.",
    """\
Airflow parses every file again and again, and once more at the start of each task. Most often a
heavy import is the reason: `import pandas` belongs into the function that uses it.
""",
    Severity.WARNING,
)
NOT_LOADED = Rule(
    "DG806",
    "not-loaded",
    "Airflow loads the file but does not find its DAG.",
    """\
The file has no import error, and yet the DAG is not there: a cluster policy may refuse it, or
another file has a DAG of the same id.
""",
)
NOT_COMPARED = Rule(
    "DG807",
    "not-compared",
    "Airflow loads a DAG that cannot be read without running its file.",
    """\
Only hand-written files are meant: the id of a DAG is computed when the file runs, DAGs are made in
a loop over something that is not in the file, or the file uses syntax of a newer Python than the
one that daggen runs on. Airflow loads the file; whether the DAG is what the file says stays open.
""",
    Severity.WARNING,
)
