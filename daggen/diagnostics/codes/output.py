"""DG4xx: the rendered Python and the fleet on disk."""

from daggen.diagnostics.model import Rule, Severity

NOT_WRITTEN = Rule(
    "DG410",
    "not-written",
    "The operating system refused to write the fleet.",
    """\
A full disk, a missing permission, or a directory that has the name of a file. Files are written
beside their targets first and then moved into place; what was moved is put back, so the fleet is
as it was.
""",
)
NOT_PYTHON = Rule(
    "DG411",
    "not-python",
    "What the template renders is not Python.",
    """\
The place named is the line of the template that the broken Python comes from. A hole in code
renders as a literal (`{{ name }}` becomes `"orders"`); where a name must stand, use
`{{ name | identifier }}`, and for an imported function or class `{{ ref("package.module.name") }}`.
""",
)
PATH_CLASH = Rule(
    "DG412",
    "path-clash",
    "Two DAGs render to the same file.",
    """\
Paths that differ only in upper and lower case are one file on some machines. Give the DAGs ids
that differ in more than case, or keep their specs in different directories.
""",
)
NAME_TOO_LONG = Rule(
    "DG413",
    "name-too-long",
    "The dag_id is too long for a file name.",
    """\
File systems allow 255 bytes for a name; a letter beyond ASCII takes two to four of them.
""",
)
WRONG_DAGS = Rule(
    "DG414",
    "wrong-dags",
    "The rendered file does not define the DAG that its spec asks for.",
    """\
A template renders exactly one DAG, with the `dag_id` of its spec. A template that extends
`dag.py.j2` gets it right by itself; one that is a whole file of its own writes
`dag_id={{ dag.dag_id }}`.
""",
)
ILLEGAL_NODE_ID = Rule(
    "DG440",
    "illegal-node-id",
    "The id of a task or a task group is not legal in Airflow.",
    """\
A task id has letters, digits, `_`, `-` and `.`, at most 250 characters with the prefixes of its
groups. A group id has no `.`, and at most 200 characters.

Wrong: `task_id: load customers`

Right: `task_id: load_customers`
""",
)
DUPLICATE_NODE_ID = Rule(
    "DG441",
    "duplicate-node-id",
    "Two tasks or groups of one DAG have the same id.",
    """\
Ids of tasks and of task groups share one space in a DAG; inside a group they carry the group's id
as a prefix. Rename one of the two, or put them into different groups.
""",
)
UNDEFINED_NAME = Rule(
    "DG442",
    "undefined-name",
    "The rendered Python uses a name that nothing defines.",
    """\
Airflow could not load the file. Most often it is a dependency on a task that is not there, or an
import that a template forgot: in a template, write `{{ ref("package.module.name") }}`.
""",
)
CYCLE = Rule(
    "DG443",
    "cycle",
    "The dependencies of a DAG run in a circle.",
    """\
Airflow refuses such a DAG when it loads it. The message names the tasks of the circle in order;
take one of the dependencies away.

Wrong: `a` depends on `c`, `b` on `a`, `c` on `b`.
""",
)
UNKNOWN_TRIGGER_RULE = Rule(
    "DG444",
    "unknown-trigger-rule",
    "Airflow has no trigger rule of this name.",
    """\
Airflow refuses the task when it loads the DAG. `none_failed_or_skipped` of Airflow 2 is
`none_failed_min_one_success`, `dummy` is `always`.
""",
)
NOT_CERTAIN = Rule(
    "DG445",
    "not-certain",
    "What a rendered file means cannot be told by reading it.",
    """\
Reviews, pictures and checks of a DAG come from reading its Python, so they cannot see this part.
Write it plainly: literal ids, dependencies between names of tasks, no calls that decide what the
DAG contains.
""",
    severity=Severity.WARNING,
)
UNSAFE_SPEC_NAME = Rule(
    "DG415",
    "unsafe-spec-name",
    "The path of a spec cannot be named in a Python comment.",
    """\
The first line of a generated file names its spec. A path with a line break or another unprintable
character, or with `coding:` or `coding=` in it (which Python reads as the file's encoding), would
mean something else there. Rename the spec.
""",
)
