"""What a DAG file says, as data: the form in which Python is read back, compared and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be known without running the file; `source` is its Python text."""

    source: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A name, resolved through the file's imports: `techcorp.etl.extract_data`.

    A function or class defined in the file itself is `.name` (a leading dot).
    """

    dotted: str


@dataclass(frozen=True, slots=True)
class Call:
    """An object being built: `timedelta(minutes=5)`, `Asset("s3://x")`, `task.output`.

    `function` is the dotted name as in `Ref`. Operators on objects are calls too, under the
    names of Python's `operator` module: `operator.or_` with two arguments for `a | b`.
    """

    function: str
    args: tuple[Value, ...] = ()
    kwargs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskOutput:
    """What a task returns, used as an argument: `extract.output`, `extract()["rows"]`."""

    task_id: str
    key: str = "return_value"


Value = (
    None
    | bool
    | int
    | float
    | complex
    | str
    | bytes
    | tuple["Value", ...]
    | list["Value"]
    | set["Value"]
    | dict["Value", "Value"]
    | Unknown
    | Ref
    | Call
    | TaskOutput
)


@dataclass(frozen=True, slots=True)
class Task:
    """A task as its constructor states it; inherited `default_args` are not folded in.

    `task_id` carries the prefixes of its groups, as Airflow names it. `operator` is the class's
    dotted path; for a decorated function, the operator that Airflow builds for it.
    `lines` gives the line (from 1) at which each argument stands.
    """

    task_id: str
    operator: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    expand: Mapping[str, Value] = field(default_factory=dict)
    group_id: str | None = None
    line: int = 0
    end_line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)
    is_setup: bool = False
    is_teardown: bool = False

    @property
    def is_mapped(self) -> bool:
        """Tell whether Airflow makes one instance for each element at run time."""
        return bool(self.expand)

    @property
    def is_decorated(self) -> bool:
        """Tell whether it is a decorated function, which is mapped over its own parameters."""
        return "Decorated" in self.operator.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Group:
    """A task group; `parent_id` is the group around it, None at the top of the DAG."""

    group_id: str
    parent_id: str | None = None
    arguments: Mapping[str, Value] = field(default_factory=dict)
    expand: Mapping[str, Value] = field(default_factory=dict)
    line: int = 0
    end_line: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """One task runs after another: both ends are task ids, groups are already resolved."""

    upstream: str
    downstream: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part of a DAG that reading alone cannot tell: what it is about, and the line of it.

    `part` is one of `tasks` (there may be others), `edges` (some may be missing or too many),
    `groups`, `arguments`, `dag_id`, `task ID` (its operator or arguments), `duplicate` (an id is
    used twice), `name` (something is not defined), and for a file `dags` (there may be others).
    What a graph lists is there all the same, except edges when edges or tasks are doubted.
    """

    part: str
    reason: str
    line: int


@dataclass(frozen=True, slots=True)
class DagGraph:
    """One DAG of a file. When `doubts` is empty, everything here is certain."""

    dag_id: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    edges: frozenset[Edge] = frozenset()
    doubts: tuple[Doubt, ...] = ()
    line: int = 0
    end_line: int = 0


@dataclass(frozen=True, slots=True)
class DagFile:
    """The DAGs of a file. When `doubts` is empty, the file has these DAGs and no others."""

    path: str
    dags: tuple[DagGraph, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def listed(value: Value) -> list[Value]:
    """Give the elements of a list, or another value as the only one: Airflow often takes both."""
    return list(value) if isinstance(value, list | tuple) else [value]
