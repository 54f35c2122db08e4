"""DG0xx: the project, its configuration, the command line."""

from daggen.diagnostics.model import Rule

NO_PROJECT = Rule(
    "DG001",
    "no-project",
    "No configuration is found in this directory or above it.",
    """\
daggen reads `daggen.toml`, or the table `[tool.daggen]` of `pyproject.toml`, from the current
directory or the nearest one above it. `daggen init DIR` starts a project.
""",
)
TWO_CONFIGS = Rule(
    "DG002",
    "two-configs",
    "Both daggen.toml and [tool.daggen] in pyproject.toml configure this directory.",
    """\
Two configurations would have to be merged by a rule that nobody remembers. Keep one of them.
""",
)
BAD_CONFIG = Rule(
    "DG003",
    "bad-config",
    "The configuration file is no valid TOML, or a value in it has the wrong type.",
    """\
The message names the key and what it takes. All paths are relative to the configuration file.

    [tool.daggen]
    specs = "specs"
    templates = "templates"
    output = "generated_dags"
    airflow = "3.3"
    python_path = ["."]
    line-length = 88
""",
)
UNKNOWN_KEY = Rule(
    "DG004",
    "unknown-config-key",
    "The configuration has a key that daggen does not know.",
    """\
A mistyped key would be ignored in silence, so it is an error. The keys are `specs`, `templates`,
`output`, `airflow`, `python_path`, `external_packages`, `required-version`, `line-length`,
`environments.NAME` and `sources.NAME`.
""",
)
WRONG_VERSION = Rule(
    "DG005",
    "wrong-version",
    "This daggen is not the version that the project asks for.",
    """\
`required-version` is a version specifier such as `>=0.1,<0.2`: it keeps colleagues and CI from
rendering with different releases. Install a release that fits it.
""",
)
UNKNOWN_ENVIRONMENT = Rule(
    "DG006",
    "unknown-environment",
    "The environment named by --env is not configured.",
    """\
Environments are tables of the configuration:

    [tool.daggen.environments.prod]
    vars = {bucket = "techcorp-prod"}
    output = "dags/prod"
""",
)
UNSAFE_OUTPUT = Rule(
    "DG007",
    "unsafe-output",
    "The output directory holds the project's own files.",
    """\
daggen prunes stale files in its output directory, so it must be a directory of its own: not the
project's root, and not around or inside the specs or templates.
""",
)
NOT_FOUND = Rule(
    "DG008",
    "not-found",
    "A file, directory or DAG named on the command line or in the configuration is not there.",
    """\
Check the spelling. Paths on the command line are relative to the current directory, paths in
the configuration to the configuration file.
""",
)
INTERNAL = Rule(
    "DG009",
    "internal-error",
    "daggen itself failed.",
    """\
This is a defect in daggen, not in your files; nothing was written. Run the command again with
`-v` to see the traceback, and report it.
""",
)
MISSING_EXTRA = Rule(
    "DG010",
    "missing-extra",
    "The command needs a package that is not installed.",
    """\
daggen itself stays light; what only some commands need is an extra: `daggen[sql]`,
`daggen[http]`, `daggen[watch]`, … The hint names the one to install.
""",
)
