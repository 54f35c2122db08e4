"""DG7xx: databases, APIs and snapshots."""

from daggen.diagnostics.model import Rule

SOURCE_OPTION = Rule(
    "DG701",
    "source-option",
    "A source is configured with an option that is unknown, missing or malformed",
    """
Each type of source has its own options, under Airflow-free, plain names. A misspelt option would
be ignored in silence and the wrong rows pulled, so it is an error.

    [tool.daggen.sources.pipelines]
    type = "sql"
    querry = "SELECT ..."      # wrong
    query = "SELECT ..."       # right
""",
)

SOURCE_TYPE = Rule(
    "DG702",
    "source-type",
    "A source has a type that neither daggen nor an installed plugin provides",
    """
`type` is `sql`, `http`, `file`, or a name that an installed package registers under the entry
point group `daggen.sources`.

    type = "postgres"   # wrong
    type = "sql"        # right: any database SQLAlchemy reaches, by its url
""",
)

SOURCE_EXTRA = Rule(
    "DG703",
    "source-extra",
    "What this type of source needs is not installed",
    """
Plain daggen stays light: databases and HTTP are extras, and a database needs its driver.

    pip install "daggen[sql]" psycopg
    pip install "daggen[http]"
""",
)

SECRET_UNSET = Rule(
    "DG704",
    "secret-unset",
    "A source names an environment variable that is not set",
    """
`${env:NAME}` in `url`, `headers`, `params` or `auth` is read from the environment when the source
is pulled. `${env:NAME:-text}` gives a default for what is no secret.

    url = "postgresql://app:${env:PIPELINES_PASSWORD}@db/registry"
""",
)

SECRET_WRITTEN = Rule(
    "DG705",
    "secret-written",
    "A secret is written in the configuration, where it must only be named",
    """
The configuration is committed; whoever reads the repository would read the password.

    url = "postgresql://app:hunter2@db/registry"                       # wrong
    url = "postgresql://app:${env:PIPELINES_PASSWORD}@db/registry"     # right

Secrets may be named in `url`, `headers`, `params` and `auth` only.
""",
)

SOURCE_UNREACHABLE = Rule(
    "DG706",
    "source-unreachable",
    "The source did not answer, or not in time",
    """
Nothing was changed: a snapshot is written only when every source that was asked for could be read.
Connection refused, unknown hosts, timeouts and TLS failures are reported here, after the retries
that the source's options allow (`retries`, `timeout`, `deadline`).
""",
)

SOURCE_DENIED = Rule(
    "DG707",
    "source-denied",
    "The source refused the credentials",
    """
The database or service answered and did not accept who asked. Check the environment variables
that the source names; their values are never printed.
""",
)

NOT_A_SELECT = Rule(
    "DG708",
    "not-a-select",
    "A source's query is something else than one SELECT",
    """
A pull only reads. The query is one `SELECT` or `WITH ... SELECT`; it also runs in a read-only
transaction where the database has them, and is always rolled back.

    query = "UPDATE pipelines SET seen = now() RETURNING *"   # wrong
    query = "SELECT * FROM pipelines"                         # right
""",
)

QUERY_FAILED = Rule(
    "DG709",
    "query-failed",
    "The database could not run the query",
    """
The database's own words are in the message: a missing table or column, a lack of privileges, a
statement that ran longer than `timeout`.
""",
)

BAD_ANSWER = Rule(
    "DG710",
    "bad-answer",
    "The source's answer cannot be read as rows",
    """
An HTTP source must answer with JSON, and `select` (JMESPath) must lead to a list of objects.

    select = "endpoints[].{name: name, url: url}"

Error statuses, truncated bodies, invalid JSON and endless pagination are reported here.
""",
)

SOURCE_TOO_LARGE = Rule(
    "DG711",
    "source-too-large",
    "The source has more rows or bytes than the bounds allow",
    """
`max_rows` (default 10000) and `max_bytes` (default 16 MiB) keep a runaway query or response from
filling the memory. Narrow the query, or raise the bound in the source's options.
""",
)

ROW_KEY = Rule(
    "DG712",
    "row-key",
    "A row cannot be told from the others by the source's key",
    """
`key` names the columns that identify a row; snapshots are sorted by it and drift is told by it.
Every row has these columns, with a value, and no two rows have the same.

    key = "pipeline_name"
    key = ["region", "name"]
""",
)

ROW_INVALID = Rule(
    "DG713",
    "row-invalid",
    "A row does not fit the source's row schema",
    """
`row_schema` is a JSON Schema for one row, written inline or in a YAML or JSON file. With
`on_invalid = "skip"` such rows are left out and reported as warnings; the default is an error.

    [tool.daggen.sources.pipelines.row_schema]
    required = ["pipeline_name", "schedule_interval"]
    properties.schedule_interval.type = "string"
""",
)

ROW_VALUE = Rule(
    "DG714",
    "row-value",
    "A row holds a value that is no plain data",
    """
A snapshot is YAML: text, numbers, booleans, null, lists and mappings. Dates, decimals, UUIDs and
bytes have a fixed spelling (see the documentation of sources); anything else must be cast in the
query. Columns in `json_columns` must hold valid JSON.
""",
)

SECRET_IN_ROWS = Rule(
    "DG715",
    "secret-in-rows",
    "The rows hold a secret, which must not reach a snapshot",
    """
Snapshots are committed. A pull is refused when a row holds the value of an environment variable
that the source uses, or a column listed in `secret_columns`.

    secret_columns = ["api_token"]
    columns = ["name", "url"]        # right: select what the fleet needs
""",
)

TOO_MANY_REMOVED = Rule(
    "DG716",
    "too-many-removed",
    "The pull would remove more rows than max_removed allows",
    """
A table that is empty for a moment must not delete a fleet. When more than `max_removed` (default
0.25, a quarter) of the snapshot's rows are gone, nothing is written. If the removal is meant, run

    daggen pull NAME --allow-removals
""",
)

SNAPSHOT_MISSING = Rule(
    "DG717",
    "snapshot-missing",
    "A spec loops over a source that has no snapshot",
    """
Rendering never asks a database: it reads `_sources/NAME.yaml` below the specs, which
`daggen pull NAME` writes and git keeps.

    foreach:
      entity: {source: pipelines}     # needs specs/_sources/pipelines.yaml
""",
)

SNAPSHOT_INVALID = Rule(
    "DG718",
    "snapshot-invalid",
    "A snapshot is not what daggen pull writes",
    """
A snapshot is a mapping with `source` (where the rows came from) and `rows` (a list of mappings).
After a merge conflict, resolve it or delete the file, and run `daggen pull NAME` again.
""",
)

UNKNOWN_SOURCE = Rule(
    "DG719",
    "unknown-source",
    "No source of this name is configured",
    """
Sources are declared under `[tool.daggen.sources.NAME]`; a name is made of letters, digits, `_`
and `-`.
""",
)

FILE_ROWS = Rule(
    "DG720",
    "file-rows",
    "A file cannot be read as a table of rows",
    """
Rows are read from `.csv`, `.tsv`, `.json`, `.yaml`, `.yml` and (with pyarrow) `.parquet`. CSV has a
header line and as many cells in each line; JSON and YAML hold a list of mappings.

    - {name: customers, schedule: "@daily"}
    - {name: orders, schedule: "@hourly"}
""",
)

SNAPSHOT_DRIFT = Rule(
    "DG721",
    "snapshot-drift",
    "A snapshot in git differs from what its source has now",
    """
`daggen pull --check` compares and writes nothing. Run `daggen pull NAME`, then `daggen render`, and
review the difference.
""",
)

ROW_SCHEMA = Rule(
    "DG722",
    "row-schema",
    "A source's row schema is no valid JSON Schema",
    """
`row_schema` is a JSON Schema (2020-12) for one row, inline or in a YAML or JSON file whose path is
relative to the configuration.
""",
)

SNAPSHOT_WRITE = Rule(
    "DG723",
    "snapshot-write",
    "The snapshots could not be written",
    """
All snapshots of a pull are written, or none: what was already replaced was put back. Check the
permissions and the free space below the specs directory.
""",
)

SOURCE_FAILED = Rule(
    "DG724",
    "source-failed",
    "A source stopped with an error that daggen does not know",
    """
The message holds the error's type and text, without secrets. If the source comes from a plugin,
tell its author; else please report it.
""",
)
