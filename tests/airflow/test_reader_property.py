"""The reader against Airflow on programs nobody thought of: random ways to connect random tasks."""

from __future__ import annotations

import runpy
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from daggen.code.reader import read_file

HEADER = """\
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Label, TaskGroup, chain, task, task_group
from airflow.sdk.bases.operator import chain_linear, cross_downstream

@task
def flow(*args, **kwargs):
    return args

@task_group
def group_function(value):
    inner = flow(value)
    return inner if value is None else None

class Box:
    def __init__(self):
        self.held = []

    def put(self, node):
        self.held.append(node)
        return node

    def join(self, node):
        node << self.held

shared, box, rules = [], Box(), {"rule": "all_success"}

with DAG("random", schedule=None) as dag:
"""


class Program:
    """A program under construction; `nodes` are the names that dependencies may join."""

    def __init__(self, draw: st.DrawFn, *, unknowns: bool = False) -> None:
        self.unknowns = unknowns
        self.draw = draw
        self.lines: list[str] = []
        self.nodes: list[str] = []
        self.tasks: list[str] = []
        self.outputs: list[str] = []
        self.indent = 1
        self.count = 0

    def write(self, line: str) -> None:
        self.lines.append("    " * self.indent + line)

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def pick(self, names: list[str]) -> str:
        return self.draw(st.sampled_from(names))

    def several(self, names: list[str]) -> str:
        chosen = self.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        return f"[{', '.join(chosen)}]"

    def side(self) -> str:
        return self.pick(self.nodes) if self.draw(st.booleans()) else self.several(self.nodes)

    def new_task(self) -> None:
        name = self.name("t")
        self.write(f'{name} = EmptyOperator(task_id="{name}")')
        self.nodes.append(name)
        self.tasks.append(name)

    def new_flow(self) -> None:
        name = self.name("f")
        given_args = self.several(self.outputs)[1:-1] if self.outputs else "1"
        form = self.draw(st.sampled_from(["({a})", "([{a}], k={{1: {a}}})", ".expand(x={m})"]))
        mapped = self.pick(self.outputs) if self.outputs else "[1, 2]"
        self.write(f"{name} = flow" + form.format(a=given_args, m=mapped))
        self.nodes.append(name)
        self.outputs.append(name)

    def new_group_call(self) -> None:
        name = self.name("c")
        value = self.pick([*self.outputs, "None", "1"])
        form = self.draw(st.sampled_from(["({})", ".override(group_id='other')({})"]))
        self.write(f"{name} = group_function{form.format(value)}")
        self.nodes.append(name)

    def new_group(self, depth: int) -> None:
        name = self.name("g")
        prefix = self.draw(st.sampled_from(["", ", prefix_group_id=False"]))
        self.write(f'with TaskGroup("{name}"{prefix}) as {name}:')
        self.block(depth + 1)
        self.nodes.append(name)

    def setup_block(self, depth: int) -> None:
        up, down = self.name("u"), self.name("d")
        self.write(f'{up} = EmptyOperator(task_id="{up}").as_setup()')
        self.write(f'{down} = EmptyOperator(task_id="{down}").as_teardown(setups={up})')
        self.nodes += [up, down]
        self.write(f"with {self.pick([up, down])}:")
        self.block(depth + 1)

    def connect(self) -> None:
        if not self.nodes:
            return
        one, other = self.pick(self.nodes), self.pick(self.nodes)
        form = self.draw(st.sampled_from(FORMS))
        self.write(
            form.format(a=one, b=other, s=self.side(), l=self.several(self.nodes), m=self.side())
        )

    def unknown_block(self, depth: int) -> None:
        """Something whose outcome reading cannot know: what is made inside is not named outside."""
        kept = (list(self.nodes), list(self.tasks), list(self.outputs))
        line = self.draw(st.sampled_from(UNKNOWN_BLOCKS))
        self.write(line.format(i="    " * self.indent))
        self.block(depth + 1)
        self.nodes, self.tasks, self.outputs = kept

    def unknown_line(self) -> None:
        if self.nodes:
            form = self.draw(st.sampled_from(UNKNOWN_LINES))
            self.write(form.format(a=self.pick(self.nodes), l=self.several(self.nodes)))

    def block(self, depth: int) -> None:
        self.indent += 1 if depth else 0
        self.write("pass")
        for _ in range(self.draw(st.integers(0, 4 if depth else 12))):
            kinds = ["task", "task", "flow", "call", "connect", "connect"]
            kinds += ["unknown_line"] if self.unknowns else []
            if depth < 3:
                kinds += ["group", "setup", *(["unknown_block"] if self.unknowns else [])]
            kind = self.draw(st.sampled_from(kinds))
            if kind == "group":
                self.new_group(depth)
            elif kind == "unknown_block":
                self.unknown_block(depth)
            elif kind == "unknown_line":
                self.unknown_line()
            elif kind == "setup":
                self.setup_block(depth)
            else:
                make = {"task": self.new_task, "flow": self.new_flow, "call": self.new_group_call}
                make.get(kind, self.connect)()
        self.indent -= 1 if depth else 0


FORMS = (
    "{a} >> {s}",
    "{a} << {s}",
    "{l} >> {a}",
    "{l} << {a}",
    "{a} >> {s} if isinstance({s}, list) else {a} << {b}",
    "{a}.set_downstream({s})",
    "{a}.set_upstream({s})",
    "chain({s}, {a}, {m})",
    "chain_linear({s}, {m}, {a})",
    "cross_downstream({l}, {s})",
    "{a} >> Label('x') >> {b}",
    "{a} << Label('y') << {l}",
    "{l} >> Label('z') >> {a}",
    "shared.append({a})",
    "shared += {l}",
    "{a} >> shared",
    "box.put({a}) >> {s}",
    "box.join({a})",
    "{a}.trigger_rule = rules['rule']",
    "rules['rule'] = 'none_failed'",
)


UNKNOWN_BLOCKS = (
    "if YES:",
    "if NO:",
    "for _ in NAMES:",
    "for _ in []:",
    "while NO:",
    "if YES and not NO:",
    "try:\n{i}    1 / int(NAMES[0] == 'a')\n{i}    raise KeyError\n{i}except KeyError:",
)
UNKNOWN_LINES = (
    "{a} >> ({l} if NO else {a})",
    "NO and {a} >> {l}",
    "YES and {a} >> {l}",
    "connect({a}, {l})",
    "made = make('extra', {a})",
    "{a} >> [n for n in {l} if NO]",
    "flow({a}) if NO else None",
    "nodes = {l}; shorten(nodes); {a} >> nodes",
    "getattr({a}, WORD)({l})",
    "{l}[INDEX] >> {a}",
    "[flow(n) for n in NAMES]",
    "flow(*NAMES)",
    "EmptyOperator(**OPTIONS)",
    "group_function.override(group_id=NAMES[0])(1)",
    "shared.clear() if NO else shared.append({a})",
    "YES and box.put({a})",
    "setattr(box, 'held', {l})",
    "box.held = {l} if NO else []",
    "rules.update({{'rule': 'all_done'}} if YES else {{}})",
    "YES and rules.update(rule='all_done')",
    "setattr({a}, 'trigger_rule', 'one_failed')",
    "shared[INDEX:] = {l}",
    "WORD == 'set_downstream' and shared.extend({l})",
)
HELPERS = """\
from airflow.providers.standard.operators.empty import EmptyOperator

YES, NO, NAMES, WORD, INDEX = True, False, ["b", "c"], "set_downstream", 0
OPTIONS = {"task_id": "from_options"}


def connect(one, others):
    for other in others:
        if other is not one:
            one >> other


def make(task_id, before):
    made = EmptyOperator(task_id=task_id)
    before >> made
    return made


def shorten(nodes):
    nodes[1:] = []
"""


@st.composite
def programs(draw: st.DrawFn, *, unknowns: bool = False) -> str:
    program = Program(draw, unknowns=unknowns)
    program.block(0)
    imports = "from reader_helpers import *\n" if unknowns else ""
    return imports.replace("*", HELPER_NAMES) + HEADER + "\n".join(program.lines) + "\n"


HELPER_NAMES = "INDEX, NAMES, NO, OPTIONS, WORD, YES, connect, make, shorten"


@pytest.fixture(scope="module")
def directory(airflow_home: Path) -> Path:
    found = airflow_home / "random"
    found.mkdir(exist_ok=True)
    (found / "reader_helpers.py").write_text(HELPERS, encoding="utf-8")
    sys.path.insert(0, str(found))
    return found


def run(source: str, directory: Path) -> Any:
    """Give Airflow's own DAG, None when Airflow refuses the program."""
    path = directory / "program.py"
    path.write_text(source, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dag = runpy.run_path(str(path))["dag"]
            dag.check_cycle()
        except Exception:  # whatever Airflow has against it
            reset()
            return None
    return dag


def rule_of(task: Any) -> str:
    """Give a trigger rule as text, whether it was set as a member of the enum or not."""
    return str(getattr(task.trigger_rule, "value", task.trigger_rule))


def reset() -> None:
    """Close the blocks that a program left open when it failed."""
    from airflow.sdk.definitions._internal.contextmanager import DagContext, TaskGroupContext
    from airflow.sdk.definitions._internal.setup_teardown import SetupTeardownContext

    DagContext._context.clear()
    TaskGroupContext._context.clear()
    for stack in ("_context_managed_setup_task", "_context_managed_teardown_task"):
        setattr(SetupTeardownContext, stack, [])
    for stack in ("_teardown_downstream_of_setup", "_setup_upstream_of_teardown"):
        setattr(SetupTeardownContext, stack, [])
        setattr(SetupTeardownContext, f"_previous{stack}", [])
    SetupTeardownContext._previous_context_managed_setup_task = []
    SetupTeardownContext._previous_context_managed_teardown_task = []
    SetupTeardownContext.context_map = {}
    SetupTeardownContext.active = False


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(source=programs())
def test_random_programs_are_read_as_airflow_builds_them(source: str, directory: Path) -> None:
    reset()
    dag = run(source, directory)
    assume(dag is not None)
    read = read_file(source, "program.py")
    assert read.doubts == ()
    (graph,) = read.dags
    assert graph.doubts == ()
    assert set(graph.tasks) == set(dag.task_dict)
    real = {(t.task_id, d) for t in dag.tasks for d in t.downstream_task_ids}
    assert {(edge.upstream, edge.downstream) for edge in graph.edges} == real
    groups = {k for k in dag.task_group.get_task_group_dict() if k}
    assert set(graph.groups) == groups
    for task_id, task in graph.tasks.items():
        rule = task.arguments.get("trigger_rule", "all_success")
        assert rule == rule_of(dag.task_dict[task_id])
    for task_id, task in graph.tasks.items():
        home = dag.task_dict[task_id].task_group
        assert task.group_id == (home.group_id if home else None)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(source=programs(unknowns=True))
def test_what_cannot_be_known_is_never_told_wrong(source: str, directory: Path) -> None:
    reset()
    dag = run(source, directory)
    assume(dag is not None)
    (graph,) = read_file(source, "program.py").dags
    parts = {doubt.part for doubt in graph.doubts}
    assert set(graph.tasks) <= set(dag.task_dict)
    if "tasks" not in parts:
        assert set(graph.tasks) == set(dag.task_dict)
    if not parts & {"tasks", "edges"}:
        real = {(t.task_id, d) for t in dag.tasks for d in t.downstream_task_ids}
        assert {(edge.upstream, edge.downstream) for edge in graph.edges} == real
    for task_id, task in graph.tasks.items():
        home = dag.task_dict[task_id].task_group
        assert task.group_id == (home.group_id if home else None)
        if f"task {task_id}" not in parts:
            assert task.operator.rpartition(".")[2] == dag.task_dict[task_id].task_type
            assert task.is_mapped == dag.task_dict[task_id].is_mapped
            rule = task.arguments.get("trigger_rule", "all_success")
            if isinstance(rule, str) and not parts & {"arguments", "tasks"}:
                assert rule == rule_of(dag.task_dict[task_id])
