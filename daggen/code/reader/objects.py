"""What the names of a DAG file stand for while it is read: DAGs, groups, tasks and their makers.

Plain Python values stand for themselves: numbers, strings, lists, dicts, tuples, sets, ranges.
`Ref` of `daggen.code.graph` stands for an imported thing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from daggen.code.graph import Doubt, Ref

if TYPE_CHECKING:
    from daggen.code.reader.scope import Scope


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that reading cannot know.

    `tame` says that it cannot add to a DAG by itself: text from the environment is tame,
    a builder object of somebody's package is not.
    """

    source: str
    tame: bool = True


class EnumText(str):
    """A member of a string enum of Airflow: equal to its text, but not always shown as it."""

    __slots__ = ()

    @property
    def plain(self) -> str:
        """The text alone."""
        return "".join(self)


@dataclass(frozen=True, slots=True)
class FilePath:
    """`__file__`, or a path made of it: only the file's own name is known."""

    name: str


@dataclass(eq=False, slots=True)
class Built:
    """An object made by an imported class, or by an operator on such objects."""

    function: str
    args: tuple[object, ...] = ()
    kwargs: dict[str, object] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Function:
    """A function or lambda of the file, with the scope it closes over."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    defaults: dict[str, object] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class LocalClass:
    """A class of the file; `bases` are the values of its base classes."""

    name: str
    node: ast.ClassDef
    bases: tuple[object, ...]
    scope: Scope


@dataclass(eq=False, slots=True)
class Instance:
    """An object of a class of the file, with the attributes that are known."""

    kind: LocalClass
    attributes: dict[str, object] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Bound:
    """A method that is about to be called on a value."""

    owner: object
    name: str


@dataclass(frozen=True, slots=True)
class Builtin:
    """One of Python's own functions, under its name."""

    name: str


@dataclass(eq=False, slots=True)
class Partial:
    """`functools.partial` of something, for when the result is called in the file itself."""

    function: object
    args: tuple[object, ...]
    kwargs: dict[str, object]


@dataclass(eq=False, slots=True)
class DagObject:
    """A DAG under construction; `dag_id` is None when it cannot be known."""

    dag_id: str | None
    arguments: dict[str, object]
    line: int
    end_line: int
    root: GroupObject = field(init=False)
    tasks: dict[str, TaskObject] = field(default_factory=dict)
    groups: dict[str, GroupObject] = field(default_factory=dict)
    used_ids: set[str] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)
    hazy_names: set[str] = field(default_factory=set)
    registered: bool = False
    auto_register: bool = True
    airflow: tuple[int, int] = (3, 3)

    def __post_init__(self) -> None:
        self.root = GroupObject("", None, self, {})

    def doubt(self, part: str, reason: str, line: int) -> None:
        """Note once what cannot be told about this DAG."""
        doubt = Doubt(part, reason, line)
        if doubt not in self.doubts:
            self.doubts.append(doubt)


@dataclass(eq=False, slots=True)
class GroupObject:
    """A task group under construction; the root of a DAG has the label ""."""

    label: str | None
    parent: GroupObject | None
    dag: DagObject
    arguments: dict[str, object]
    prefix: bool = True
    expand: dict[str, object] = field(default_factory=dict)
    children: list[TaskObject | GroupObject] = field(default_factory=list)
    upstream: dict[TaskObject, None] = field(default_factory=dict)
    line: int = 0
    end_line: int = 0

    @property
    def group_id(self) -> str | None:
        """The id with the prefixes of the groups around it; None when it cannot be known."""
        if not self.label or self.parent is None:
            return self.label
        return self.parent.child_id(self.label)

    def child_id(self, label: str) -> str | None:
        """Name a child of this group as Airflow does."""
        if not self.prefix or self.label == "":
            return label
        own = self.group_id
        return None if own is None else f"{own}.{label}"

    def walk(self) -> Iterator[TaskObject]:
        """Go through the tasks of this group and the groups in it."""
        for child in self.children:
            if isinstance(child, TaskObject):
                yield child
            else:
                yield from child.walk()


@dataclass(eq=False, slots=True)
class TaskObject:
    """A task under construction; `task_id` is None when it cannot be known."""

    task_id: str | None
    operator: str
    arguments: dict[str, object]
    template_fields: frozenset[str] | None
    group: GroupObject | None = None
    dag: DagObject | None = None
    expand: dict[str, object] = field(default_factory=dict)
    upstream: dict[TaskObject, str] = field(default_factory=dict)
    downstream: dict[TaskObject, str] = field(default_factory=dict)
    is_setup: bool = False
    is_teardown: bool = False
    lines: dict[str, int] = field(default_factory=dict)
    line: int = 0
    end_line: int = 0


@dataclass(eq=False, slots=True)
class XCom:
    """What tasks return: one output, or several joined by `map`, `zip` and `concat`."""

    references: tuple[tuple[TaskObject, str], ...]
    method: str = ""
    parts: tuple[object, ...] = ()

    @property
    def task(self) -> TaskObject:
        """The task a plain output belongs to (the first one of a joined output)."""
        return self.references[0][0]

    @property
    def is_plain(self) -> bool:
        """Tell whether this is the output of one task, untransformed."""
        return not self.method


@dataclass(eq=False, slots=True)
class Label:
    """An edge modifier, waiting until both of its sides are known."""

    text: str
    upstream: list[object] = field(default_factory=list)
    downstream: list[object] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class TaskMaker:
    """A `@task` function: calling it makes a task. `kind` is `python`, `branch`, ..."""

    kind: str
    function: object
    name: str | None
    kwargs: dict[str, object]
    lines: dict[str, int]
    is_setup: bool = False
    is_teardown: bool = False
    unsure: bool = False


@dataclass(eq=False, slots=True)
class TaskDecorator:
    """`task.branch(...)` before it meets its function."""

    kind: str
    kwargs: dict[str, object]
    lines: dict[str, int]
    unsure: bool = False


@dataclass(eq=False, slots=True)
class FlagDecorator:
    """`teardown(...)`, `task.run_if(...)`: leaves the task as it is, perhaps flagged."""

    flag: str = ""


@dataclass(eq=False, slots=True)
class OperatorPartial:
    """`SomeOperator.partial(...)` before it is expanded."""

    operator: object
    kwargs: dict[str, object]
    lines: dict[str, int]
    line: int
    unsure: bool = False


@dataclass(eq=False, slots=True)
class GroupMaker:
    """A `@task_group` function, or the decorator before it meets its function."""

    function: Function | None
    kwargs: dict[str, object]
    partial: dict[str, object] = field(default_factory=dict)
    unsure: bool = False


@dataclass(eq=False, slots=True)
class DagMaker:
    """A `@dag` function, or the decorator before it meets its function."""

    function: Function | None
    dag_id: object
    kwargs: dict[str, object]
    unsure: bool = False


@dataclass(eq=False, slots=True)
class AssetMaker:
    """The `@asset` decorator before it meets its function."""

    kwargs: dict[str, object]
    unsure: bool = False


@dataclass(eq=False, slots=True)
class Setups:
    """A list of setup or teardown tasks used as a context manager."""

    tasks: list[TaskObject]


@dataclass(frozen=True, slots=True)
class SetupScope:
    """What `with setup_task as scope:` binds: tasks can be added to the block."""


Node = TaskObject | GroupObject | XCom | Label
NODES = (TaskObject, GroupObject, XCom, Label)
ABSTRACT = (
    *NODES,
    Opaque,
    EnumText,
    FilePath,
    Ref,
    Built,
    Function,
    LocalClass,
    Instance,
    Bound,
    Builtin,
    Partial,
    DagObject,
    TaskMaker,
    TaskDecorator,
    FlagDecorator,
    OperatorPartial,
    GroupMaker,
    DagMaker,
    AssetMaker,
    Setups,
    SetupScope,
)
