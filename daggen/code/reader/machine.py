"""The state of reading one file: open DAGs and groups, doubts, and the budget of steps."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from daggen.code.graph import Doubt
from daggen.code.reader.flow import Flow
from daggen.code.reader.objects import DagObject, Function, GroupObject, Instance, Opaque
from daggen.code.reader.scope import Scope
from daggen.code.reader.setups import SetupContexts

MAX_STEPS = 400_000
MAX_DEPTH = 20


class Exhausted(Exception):
    """The file does more than a reader is ready to follow."""


class Raised(Exception):
    """The file raises an exception of its own here."""


@dataclass(eq=False, slots=True)
class Machine:
    """What is known at the current point of a file.

    `evaluate`, `run_block`, `run_function` and `invoke` are the ways back into the interpreter;
    they stand here because the rooms that need them are used by it.
    """

    source: str
    evaluate: Callable[[Machine, ast.expr, Scope], object]
    run_block: Callable[[Machine, Sequence[ast.stmt], Scope], Flow]
    run_function: Callable[[Machine, Function, Scope], object]
    invoke: Callable[[Machine, object, list[object]], object]
    airflow: tuple[int, int] = (3, 3)
    templated: Callable[[str], frozenset[str] | None] = lambda dotted: None
    """Gives the template fields of operators that the reader does not know itself."""
    module: Scope = field(default_factory=Scope)
    dags: list[DagObject] = field(default_factory=list)
    dag_stack: list[DagObject] = field(default_factory=list)
    group_stack: list[GroupObject] = field(default_factory=list)
    setups: SetupContexts = field(default_factory=SetupContexts)
    doubts: list[Doubt] = field(default_factory=list)
    tainted: dict[int, object] = field(default_factory=dict)
    depth: int = 0
    steps: int = 0

    def call(self, function: object, args: list[object]) -> object:
        """Call a value with positional arguments, as `map` and `sorted` do."""
        return self.invoke(self, function, args)

    @property
    def dag(self) -> DagObject | None:
        """The DAG whose `with` block is open."""
        return self.dag_stack[-1] if self.dag_stack else None

    def group(self, dag: DagObject | None) -> GroupObject | None:
        """The group that a new task of `dag` falls into."""
        if self.group_stack:
            return self.group_stack[-1]
        return dag.root if dag else None

    def step(self) -> None:
        """Count one step of reading."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Exhausted

    def text(self, node: ast.AST) -> str:
        """Give the Python text of a node, on one line and not too long."""
        try:
            text = ast.unparse(node)
        except (ValueError, RecursionError):
            text = type(node).__name__
        return text if len(text) <= 200 else f"{text[:197]}..."

    def opaque(self, node: ast.AST, *, tame: bool = True) -> Opaque:
        """Stand in for the value of a node that cannot be known."""
        return Opaque(self.text(node), tame)

    def doubt(self, part: str, reason: str, line: int) -> None:
        """Note what cannot be told about the open DAG, or about the file outside of DAGs."""
        if self.dag is not None:
            self.dag.doubt(part, reason, line)
            return
        doubt = Doubt("name" if part == "name" else "dags", reason, line)
        if doubt not in self.doubts:
            self.doubts.append(doubt)

    @contextmanager
    def inside_dag(self, dag: DagObject) -> Iterator[None]:
        """Open a DAG's `with` block; leaving it registers the DAG, as Airflow does."""
        self.dag_stack.append(dag)
        try:
            yield
        finally:
            self.dag_stack.pop()
            dag.registered = dag.registered or dag.auto_register

    @contextmanager
    def inside_group(self, group: GroupObject) -> Iterator[None]:
        """Open a group's `with` block."""
        self.group_stack.append(group)
        try:
            yield
        finally:
            self.group_stack.pop()

    def taint(self, value: object) -> None:
        """Give up knowing what a list, a dict, a set or an object of the file's own holds."""
        if isinstance(value, list | dict | set):
            self.tainted[id(value)] = value
        elif isinstance(value, Instance):
            for name in value.attributes:
                value.attributes[name] = Opaque(name, tame=False)

    def is_tainted(self, value: object) -> bool:
        """Tell whether the contents of a container are no longer known."""
        return bool(self.tainted) and id(value) in self.tainted
