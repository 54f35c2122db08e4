"""Following a template through its branches and loops, to know where each hole stands.

Every way through the template must leave the same Python behind it: both branches of an `if` end
in the same string or both in code, a loop ends where it began, a block and a macro are code as a
whole. Where that holds, the Python around each hole is known before any value is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from jinja2 import nodes

from daggen.templates.places import Kind, Place
from daggen.templates.positions import Point, Positions
from daggen.templates.python_lexer import feed, settle
from daggen.templates.python_state import Following, Mode, Refused, State, merge

Report = Callable[[Point, str, str], None]
"""Takes a finding: its place in the template, what was found, and what to do."""


_MOST_PASSES = 5
"""What is known of a loop's start is complete after three; brackets never closed would go on."""


class _Lost(Exception):
    """The analysis cannot go on; what stops it has been reported."""


@dataclass
class _Hole:
    """What is known of a hole so far; more ways through the template can only add to it."""

    point: Point
    mode: Mode = Mode.CODE
    named: bool = False
    state: State | None = None
    object: bool = False
    binds: bool = False


class Flow:
    """The analysis of one template. After `follow`, `place` tells each hole's place."""

    def __init__(self, tree: nodes.Template, positions: Positions, report: Report) -> None:
        self._report = report
        self._points: dict[int, Point] = {}
        self._indents: dict[int, str | None] = {}
        self._holes: dict[int, _Hole] = {}
        self._number(tree, positions)

    def follow(self, tree: nodes.Template) -> None:
        """Walk through the whole template."""
        try:
            self._end_in_code(self._body(tree.body, State()), tree.lineno, "the template")
        except _Lost:
            return

    def place(self, node: nodes.Node, path: str) -> Place:
        """Give the place of a hole, or of a call block."""
        hole = self._holes.get(id(node)) or _Hole(self._points[id(node)])
        state = hole.state or State()
        kind = Kind(hole.mode.value)
        own_indent = None if state.indent else self._indents.get(id(node))
        if hole.named and kind is Kind.CODE:
            kind = Kind.NAME
        return Place(
            path,
            *hole.point,
            kind=kind.value,
            quote=state.quote,
            raw=state.is_raw and kind is Kind.STRING,
            docstring=state.docstring if kind is Kind.STRING else _may_be_docstring(state),
            indent=state.indent if own_indent is None else own_indent,
            object=hole.object,
            binds=hole.binds,
            own_line=own_indent is not None,
        )

    def _number(self, tree: nodes.Template, positions: Positions) -> None:
        """Give every piece of data and every hole its place: both stand in source order."""
        data, holes = iter(positions.data), iter(positions.holes)
        for output in tree.find_all(nodes.Output):
            for child in output.nodes:
                source = data if isinstance(child, nodes.TemplateData) else holes
                self._points[id(child)] = next(source, Point(child.lineno, 1))
        calls = tree.find_all(nodes.CallBlock)
        for call, tag in zip(calls, positions.tags_named("call"), strict=False):
            self._points[id(call)] = tag.point
            self._indents[id(call)] = tag.indent

    # The statements of a template

    def _body(self, body: Iterable[nodes.Node], state: State) -> State:
        for node in body:
            state = self._statement(node, state)
        return state

    def _statement(self, node: nodes.Node, state: State) -> State:
        match node:
            case nodes.Output():
                return self._output(node, state)
            case nodes.If():
                return self._if(node, state)
            case nodes.For():
                return self._for(node, state)
            case nodes.With():
                return self._body(node.body, self._settle(state, node))
            case nodes.Block():
                return self._block(node, state)
            case nodes.Include():
                return self._joint(state, node, "an include")
            case nodes.Macro():
                self._macro(node.body, node, "a macro")
                return self._settle(state, node)
            case nodes.CallBlock():
                self._macro(node.body, node, "a call block")
                return self._hole(node, self._settle(state, node))
            case _:
                return self._settle(state, node)

    def _output(self, node: nodes.Output, state: State) -> State:
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                state = self._data(child, state)
            else:
                state = self._hole(child, self._settle(state, child))
        return state

    def _data(self, node: nodes.TemplateData, state: State) -> State:
        try:
            state, following = feed(state, node.data)
        except Refused as refused:
            raise self._lost(
                _advance(self._points[id(node)], node.data, refused), refused
            ) from None
        self._note(following)
        return state

    def _hole(self, node: nodes.Node, state: State) -> State:
        point = self._points[id(node)]
        hole = self._holes.setdefault(id(node), _Hole(point))
        hole.mode = state.mode
        if state.mode is not Mode.CODE:
            hole.state = state
            if state.prefix.strip("r") not in ("", "u"):
                self._refuse_prefix(point, state.prefix)
            return state
        if state.after_quote:
            refused = Refused("a hole touches a string", "join the two with +, or put one inside")
            self._report(point, refused.message, refused.hint)
        hole.named = hole.named or bool(state.word or state.touching or state.wants_name)
        hole.object = hole.object or state.after_shift
        hole.state = merge(hole.state, state) if hole.state else state
        self._note(Following(named=state.touching))
        return replace(
            state,
            word="",
            wants_name=False,
            after_shift=False,
            after_quote="",
            touching=frozenset({id(node)}),
            near=frozenset({id(node)}),
            line_start=False,
            statement_start=False,
        )

    def _note(self, following: Following) -> None:
        for number in following.named:
            self._holes[number].named = True
        for number in following.shifted:
            self._holes[number].object = True
        for number in following.bound:
            self._holes[number].binds = True

    def _if(self, node: nodes.If, state: State) -> State:
        state = self._settle(state, node)
        ends = [self._settle(self._body(branch, state), node) for branch in _branches(node)]
        return self._merge(
            ends, node, "the branches of this if end in different places", "close every string"
        )

    def _for(self, node: nodes.For, state: State) -> State:
        start = self._settle(state, node)
        for _ in range(_MOST_PASSES):
            end = self._settle(self._body(node.body, start), node)
            both = self._merge(
                [start, end], node, "this loop does not end where it began", "close every string"
            )
            if both == start:
                break
            start = both
        if not node.else_:
            return start
        other = self._settle(self._body(node.else_, state), node)
        return self._merge([start, other], node, "the loop and its else end differently", "")

    def _block(self, node: nodes.Block, state: State) -> State:
        start = self._joint(state, node, "a block")
        end = self._body(node.body, start)
        self._end_in_code(end, node.lineno, f'the block "{node.name}"')
        return self._joint(end, node, "a block")

    def _macro(self, body: Sequence[nodes.Node], node: nodes.Node, what: str) -> None:
        self._end_in_code(self._body(body, State()), node.lineno, what)

    def _joint(self, state: State, node: nodes.Node, what: str) -> State:
        """Pass a border of templates: what stands behind it is only known when rendering."""
        state = self._settle(state, node)
        if state.mode is not Mode.CODE:
            raise self._lost(
                Point(node.lineno, 1),
                Refused(f"{what} stands in a {state.mode}", "it must be code as a whole"),
            )
        return State(
            indent=state.indent,
            line_start=state.line_start,
            statement_start=state.statement_start,
            depth=state.depth,
        )

    # What can go wrong

    def _settle(self, state: State, node: nodes.Node) -> State:
        try:
            return settle(state)
        except Refused as refused:
            point = self._points.get(id(node), Point(node.lineno, 1))
            raise self._lost(point, refused) from None

    def _merge(self, states: Sequence[State], node: nodes.Node, message: str, hint: str) -> State:
        result = states[0]
        for state in states[1:]:
            if state.lexical != result.lexical:
                raise self._lost(Point(node.lineno, 1), Refused(message, hint))
            result = merge(result, state)
        return result

    def _end_in_code(self, state: State, line: int, what: str) -> None:
        if state.mode is Mode.STRING or state.cut:
            raise self._lost(Point(line, 1), Refused(f"{what} ends inside a string", "close it"))
        if state.mode is Mode.COMMENT and what != "the template":
            raise self._lost(
                Point(line, 1),
                Refused(f"{what} ends inside a comment", "end the comment's line first"),
            )

    def _refuse_prefix(self, point: Point, prefix: str) -> None:
        kind = {"b": "a bytes literal", "f": "an f-string", "t": "a t-string"}[prefix.strip("r")]
        self._report(
            point,
            f"a hole stands in {kind}",
            "pass the value in code: {{ value }}, or use a plain string",
        )

    def _lost(self, point: Point, refused: Refused) -> _Lost:
        self._report(point, refused.message, refused.hint)
        return _Lost()


def _branches(node: nodes.If) -> Iterable[list[nodes.Node]]:
    yield node.body
    for other in node.elif_:
        yield other.body
    yield node.else_


def _may_be_docstring(state: State) -> bool:
    return state.statement_start and not state.depth


def _advance(point: Point, data: str, refused: Refused) -> Point:
    before = data[: refused.offset]
    lines = before.count("\n")
    column = len(before) - before.rfind("\n") if lines else point.column + len(before)
    return Point(point.line + lines, column)
