"""DG46x: the functions that a DAG names."""

from daggen.diagnostics.model import Rule, Severity

UNKNOWN_CALLABLE = Rule(
    "DG460",
    "unknown-callable",
    "A function that the DAG names does not exist.",
    """\
Callables are dotted paths, `package.module.function`. daggen looks for the source on the
project's `python_path`, without importing it:

    [tool.daggen]
    python_path = ["include"]

A package that is only installed beside Airflow is declared, and then not looked into:

    external_packages = ["acme_operators"]
""",
)
UNKNOWN_IMPORT = Rule(
    "DG461",
    "unknown-import",
    "The DAG imports a package that neither the project nor Airflow has.",
    """\
The package is not on the `python_path`, not in the standard library, and not Airflow's. If it is
installed beside Airflow, declare it: `external_packages = ["acme_operators"]`.
""",
    Severity.WARNING,
)
WRONG_ARGUMENTS = Rule(
    "DG462",
    "wrong-callable-arguments",
    "A function does not take the arguments that the task gives it.",
    """\
`op_kwargs` and `op_args` are compared with the function's own signature. Airflow adds the names
of the task's context (`ti`, `ds`, `params`, …) for parameters of these names. A parameter without
a default that neither gives would fail when the task runs.
""",
)
