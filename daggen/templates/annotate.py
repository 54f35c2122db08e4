"""Preparing a parsed template: places for its holes, marks in its text, findings about both."""

from __future__ import annotations

from jinja2 import nodes

from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import template as codes
from daggen.templates import marks
from daggen.templates.faults import TemplateFaults
from daggen.templates.flow import Flow
from daggen.templates.positions import Point, Positions

_FORBIDDEN: dict[type[nodes.Node], tuple[str, str]] = {
    nodes.FilterBlock: ("filter", "apply the filter to a value, inside a hole"),
    nodes.AssignBlock: ("set", "use a macro for text, and {% set x = … %} for values"),
    nodes.ScopedEvalContextModifier: ("autoescape", "daggen escapes every value for Python"),
}


def annotate(tree: nodes.Template, positions: Positions, path: str, number: int) -> None:
    """Give each hole of a template its place and each line its mark, in the tree itself.

    Raises TemplateFaults when the template uses what daggen refuses, or when the Python around a
    hole cannot be known. Imported macros get the context, since `ref` and its like stand there.
    """
    found = [*_private_characters(tree, path), *_forbidden(tree, positions, path)]
    if found:
        raise TemplateFaults(found)

    def report(point: Point, message: str, hint: str) -> None:
        found.append(codes.PYTHON_CONTEXT.at(Span(path, *point), message, hint=hint))

    flow = Flow(tree, positions, report)
    flow.follow(tree)
    found += _dropped_text(tree, path)
    if found:
        raise TemplateFaults(found)
    for output in list(tree.find_all(nodes.Output)):
        for child in output.nodes:
            if isinstance(child, nodes.TemplateData):
                child.data = marks.mark_lines(child.data, number, child.lineno)
            else:
                vars(child)["place"] = flow.place(child, path)
    for call in tree.find_all(nodes.CallBlock):
        vars(call)["place"] = flow.place(call, path)
    _mark_joints(tree)
    for imported in tree.find_all(nodes.Import):
        imported.with_context = True
    for names in tree.find_all(nodes.FromImport):
        names.with_context = True


def _mark_joints(tree: nodes.Node) -> None:
    """Put a joint before and after every block and include."""
    for node in [tree, *tree.find_all(nodes.Node)]:
        for field in ("body", "else_"):
            body = getattr(node, field, None)
            if isinstance(body, list) and any(_is_border(child) for child in body):
                pieces = [_with_joints(child) if _is_border(child) else [child] for child in body]
                setattr(node, field, [piece for some in pieces for piece in some])


def _is_border(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Block | nodes.Include)


def _with_joints(node: nodes.Node) -> list[nodes.Node]:
    def joint() -> nodes.Output:
        data = nodes.TemplateData(marks.JOINT, lineno=node.lineno)
        output = nodes.Output([data], lineno=node.lineno)
        return output.set_environment(node.environment)  # type: ignore[return-value,arg-type]

    return [joint(), node, joint()]


def _private_characters(tree: nodes.Template, path: str) -> list[Diagnostic]:
    for data in tree.find_all(nodes.TemplateData):
        if match := marks.PRIVATE.search(data.data):
            line = data.lineno + data.data.count("\n", 0, match.start())
            message = f"the private-use character U+{ord(match[0]):04X} stands in the template"
            hint = "write it as an escape in a string"
            return [codes.UNREADABLE_TEMPLATE.at(Span(path, line), message, hint=hint)]
    return []


def _forbidden(tree: nodes.Template, positions: Positions, path: str) -> list[Diagnostic]:
    found = [
        codes.FORBIDDEN_CONSTRUCT.at(
            Span(path, *tag.point), "{% print %} is not for templates of Python", hint="use a hole"
        )
        for tag in positions.tags_named("print")
    ]
    for kind, (name, hint) in _FORBIDDEN.items():
        for node in tree.find_all(kind):
            span = Span(path, *positions.first_on(node.lineno))
            message = f"{{% {name} %}} around text would make a value of code"
            found.append(codes.FORBIDDEN_CONSTRUCT.at(span, message, hint=hint))
    for loop in tree.find_all(nodes.For):
        if loop.recursive:
            span = Span(path, *positions.first_on(loop.lineno))
            message, hint = "a recursive loop", "write a macro that calls itself"
            found.append(codes.FORBIDDEN_CONSTRUCT.at(span, message, hint=hint))
    for name_node in tree.find_all(nodes.Name):
        if name_node.name == "self":
            span = Span(path, *positions.word("self", name_node.lineno))
            message, hint = "self renders blocks as text", "use a macro"
            found.append(codes.FORBIDDEN_CONSTRUCT.at(span, message, hint=hint))
    return found


def _dropped_text(tree: nodes.Template, path: str) -> list[Diagnostic]:
    if not any(isinstance(node, nodes.Extends) for node in tree.body):
        return []
    for node in tree.body:
        for child in node.nodes if isinstance(node, nodes.Output) else ():
            text = child.data if isinstance(child, nodes.TemplateData) else "{{"
            lines = [line for line in text.split("\n") if line.strip()]
            if lines and not all(line.lstrip().startswith("#") for line in lines):
                before = text[: len(text) - len(text.lstrip())]
                span = Span(path, child.lineno + before.count("\n"))
                message = "this text is outside of every block and is never rendered"
                hint = "move it into a block, such as {% block module %}"
                return [codes.DROPPED_TEXT.at(span, message, hint=hint)]
    return []
