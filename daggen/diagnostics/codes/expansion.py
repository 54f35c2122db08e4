"""DG20x: how one spec becomes many DAGs: defaults, foreach and expressions."""

from daggen.diagnostics.model import Rule, Severity

NOT_A_MAPPING = Rule(
    "DG200",
    "not-a-mapping",
    "A spec, or a file of defaults, is no mapping of keys to values.",
    """\
A spec is a mapping at its top level:

    dag_id: etl_customers
    template: etl

An empty file is no spec: delete it, or let its name begin with `_`.
""",
)
UNKNOWN_NAME = Rule(
    "DG201",
    "unknown-name",
    "An expression uses a name, or a key of one, that does not exist.",
    """\
`${{ … }}` knows the names of `foreach` and `vars` (the variables of the chosen environment), and
nothing else. For a key that only some rows have, write `${{ row.key | default("value") }}`.
""",
)
BAD_EXPRESSION = Rule(
    "DG202",
    "bad-expression",
    "An expression cannot be evaluated.",
    """\
`${{ … }}` holds a Jinja expression without function calls: names, keys (`row.table`), arithmetic,
comparisons, `a if x else b`, `~` to join texts, and filters such as `upper` or `default("x")`.
A string that is one expression keeps the type of the result; inside a longer text the result
must be text, a number or a boolean.
""",
)
BAD_FOREACH = Rule(
    "DG203",
    "bad-foreach",
    "`foreach` is not in one of its forms.",
    """\
Each key of `foreach` names the rows it loops over: a list, a snapshot, or a file beside the spec.

    foreach:
      entity:
        - {name: customers}
        - {name: orders}
      region: {file: regions.csv}
      pipeline: {source: pipelines}
      exclude:
        - {entity: {name: orders}, region: {name: eu}}

Several keys make a matrix; `exclude` lists combinations to leave out, each naming only what it
needs to.
""",
)
EMPTY_FOREACH = Rule(
    "DG204",
    "empty-foreach",
    "`foreach` yields no row, so the spec would make no DAG.",
    """\
A fleet that vanishes because a list is empty is almost always a mistake (an empty file, a
snapshot that was never pulled, an `exclude` that is too wide), so it is an error. To retire the
DAGs of a spec, delete the spec.
""",
)
UNUSED_EXCLUDE = Rule(
    "DG205",
    "unused-exclude",
    "An entry of `exclude` matches no combination.",
    """\
The entry has no effect, so it is probably mistyped or outdated. Its keys are the names of
`foreach`; a mapping matches a row that has the same values for the keys it names.
""",
    Severity.WARNING,
)
OUTSIDE_PROJECT = Rule(
    "DG206",
    "outside-project",
    "A path in a spec leaves the project.",
    """\
A spec may only name files of its own project: a fleet has to render the same on every machine.
""",
)
DUPLICATE_DAG_ID = Rule(
    "DG207",
    "duplicate-dag-id",
    "Two specs, or two rows of one, give the same dag_id.",
    """\
Airflow would let one of the two win in silence. A dag_id is unique across the fleet; put what
tells the rows apart into it: `dag_id: etl_${{ entity.name }}`.
""",
)
MISSING_FILE = Rule(
    "DG209",
    "missing-file",
    "A file that a spec names is not there.",
    """\
Files that a spec names (`foreach: {row: {file: rows.csv}}`) lie beside it: the path is relative
to the spec's own directory.
""",
)
NO_SPECS = Rule(
    "DG210",
    "no-specs",
    "The project has no spec at all.",
    """\
Rendering would delete every generated file, so an empty or missing directory of specs is an
error: most often the path in the configuration is wrong. Spec files end in `.yaml` or `.yml` and
have names that do not begin with `_`.
""",
)
