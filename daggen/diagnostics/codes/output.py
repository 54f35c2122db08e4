"""DG4xx: the rendered Python and the fleet on disk."""

from daggen.diagnostics.model import Rule

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
