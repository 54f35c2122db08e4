"""DG08x: revisions to compare with, and pictures of DAGs."""

from daggen.diagnostics.model import Rule, Severity

NOT_A_REPOSITORY = Rule(
    "DG081",
    "not-a-repository",
    "A revision was named, but the project is in no git repository.",
    """\
`daggen plan --base REV` reads the generated files at a revision of the project's git repository.
The project is in none, or `git` is not installed.

    daggen plan --base main      # in a directory without .git

Without `--base`, the files on disk are what the fleet is compared with:

    daggen plan
""",
)

UNKNOWN_REVISION = Rule(
    "DG082",
    "unknown-revision",
    "The revision to compare with does not exist in this repository.",
    """\
`--base` takes whatever names a commit for git: a branch, a tag, a commit id, `HEAD~2`.

    daggen plan --base mian              # no such branch
    daggen plan --base origin/main       # right

In CI, a checkout often has one branch only; fetch the other one first:
`git fetch origin main`.
""",
)

NO_MERGE_BASE = Rule(
    "DG083",
    "no-merge-base",
    "The commit at which this branch left the default branch is not known.",
    """\
Without `--base`, a plan compares with the commit at which the current branch left the default
branch. A shallow clone lacks it. Fetch the whole history, in GitHub Actions with

    - uses: actions/checkout@v4
      with: {fetch-depth: 0}

or name a revision that is there: `daggen plan --base origin/main`.
""",
)

UNREADABLE_FILE = Rule(
    "DG084",
    "unreadable-file",
    "A generated file at the base is not valid Python, so its change cannot be told by meaning.",
    """\
The file was broken by hand in the revision that is compared with. The plan says that the file
changes and cannot say how.
""",
    Severity.WARNING,
)

UNKNOWN_DAG = Rule(
    "DG085",
    "unknown-dag",
    "No DAG of the fleet has this id, and no file this name.",
    """\
`daggen graph` takes the id of a DAG of the project's fleet, or a Python file with DAGs in it.

    daggen graph etl_custmers        # a slip of the pen
    daggen graph etl_customers       # right
    daggen graph dags/report.py      # a file; it need not be generated
""",
)

NO_LAYOUT = Rule(
    "DG086",
    "no-layout",
    "An SVG needs Graphviz, which is not installed.",
    """\
`--format svg` lays a DAG out with Graphviz, through the package `pygraphviz`, whose wheels
bring Graphviz along. It is an extra:

    pip install "daggen[graph]"

The formats `dot`, `mermaid` and `html` need nothing.
""",
)
