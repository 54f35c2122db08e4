"""A lexer of Python that can stop and go on at any character.

A template is Python with holes. The lexer walks the text between the holes and knows, at each
hole, whether it stands in code, in which kind of string, or in a comment, and what it touches.
It follows Python's own lexical rules (docs.python.org/3/reference/lexical_analysis.html).
"""

from __future__ import annotations

import re
from dataclasses import replace

from daggen.templates.python_state import UNKNOWN_WORD, Following, Mode, Refused, State

_NAME_FOLLOWS = frozenset({"as", "class", "def", "for", "global", "import", "lambda", "nonlocal"})
_STRING_PREFIXES = frozenset(
    {"", "r", "u", "b", "br", "rb", "f", "fr", "rf", "t", "tr", "rt"},
)
_CODE = re.compile(
    r"""(?P<word>[A-Za-z0-9_\x80-\U0010ffff]+)
    |(?P<quote>\"{3}|'{3}|\"|')
    |(?P<comment>\#)
    |(?P<newline>\n)
    |(?P<continuation>\\\n)
    |(?P<space>[ \t\f]+)
    |(?P<shift>>>|<<)
    |(?P<power>\*\*)
    |(?P<equal>=)(?!=)
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<other>[=!<>]=|.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[0-7]{1,3}|.)", re.DOTALL
)
_CUT_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|N(?:\{[^}]*)?|[0-7]{1,2})?\Z"
)

_BODIES = {
    quote: re.compile(rf"[^\\{quote[0]}]+" if len(quote) == 3 else rf"[^\\{quote}\n]+")
    for quote in ("'", '"', "'''", '"""')
}


def settle(state: State) -> State:
    """Decide what a cut text is, because a hole or a tag comes next.

    Raises Refused where whatever comes next would change what the text before it means.
    """
    cut = state.cut
    if state.mode is Mode.STRING:
        if cut.startswith("\\"):
            raise Refused(
                f"the escape {cut} is cut short by what follows it",
                "write a backslash that stands for itself as \\\\",
            )
        return replace(state, cut="", run=len(cut) or state.run)
    if cut == "\\":
        raise Refused("a backslash stands before a hole", "end the line after the backslash")
    if len(cut) == 1:
        return _open_string(replace(state, cut=""), cut)
    if cut:
        return replace(state, cut="", word="", after_quote=cut[0], line_start=False)
    return state


def feed(state: State, text: str) -> tuple[State, Following]:
    """Walk over template text. Also tells what the text means for the holes just before it."""
    following = Following()
    before = len(state.cut)
    text, state = state.cut + text, replace(state, cut="")
    position = 0
    while position < len(text):
        try:
            state, position, found = _STEPS[state.mode](state, text, position)
        except Refused as refused:
            refused.offset = max(position - before, 0)
            raise
        following = Following(*(a | b for a, b in zip(following, found, strict=True)))
    return state, following


def _code(state: State, text: str, position: int) -> tuple[State, int, Following]:
    match = _CODE.match(text, position)
    kind = (match.lastgroup or "") if match else ""
    lexeme = match[0] if match else ""
    end = position + len(lexeme)
    if (kind == "quote" and end == len(text) and len(lexeme) < 3) or (
        kind == "other" and lexeme == "\\" and end == len(text)
    ):
        return _cut_in_code(state, text, position)
    if kind == "quote":
        return *_quote(state, text, position, lexeme), Following()
    following = Following()
    if kind == "word":
        following = Following(named=state.touching)
    elif kind == "equal":
        following = Following(named=state.near)
    elif kind == "shift":
        following = Following(shifted=state.near)
    elif kind == "power" or lexeme == ".":
        following = Following(bound=state.near)
    return _after_token(state, kind, lexeme), end, following


def _cut_in_code(state: State, text: str, position: int) -> tuple[State, int, Following]:
    if state.touching and text[position] in "\"'":
        raise _touches_string()
    return replace(state, cut=text[position:]), len(text), Following()


def _quote(state: State, text: str, position: int, lexeme: str) -> tuple[State, int]:
    """Open the string at `position`, or leave it cut when its kind cannot be known yet."""
    if state.touching:
        raise _touches_string()
    if state.after_quote == lexeme[0]:
        raise Refused("two strings stand side by side", "put a space between them")
    if len(lexeme) == 1 and text.startswith(lexeme * 2, position):
        if position + 2 == len(text):
            return replace(state, cut=lexeme * 2), len(text)
        return _after_token(state, "string", lexeme * 2), position + 2
    return _open_string(state, lexeme), position + len(lexeme)


def _open_string(state: State, quote: str) -> State:
    prefix = state.word.lower()
    if prefix == UNKNOWN_WORD:
        raise Refused("what stands before this string depends on the branch taken")
    return replace(
        state,
        mode=Mode.STRING,
        quote=quote,
        prefix=prefix if prefix in _STRING_PREFIXES else "",
        docstring=state.statement_start and not state.depth,
        run=0,
        braces=0,
        word="",
        touching=frozenset(),
        near=frozenset(),
        line_start=False,
        after_quote="",
    )


def _after_token(state: State, kind: str, lexeme: str) -> State:
    """Give the state after a lexeme of code that is no string."""
    if kind in ("newline", "continuation"):
        return replace(
            state,
            word="",
            after_quote="",
            touching=frozenset(),
            near=frozenset(),
            indent="",
            line_start=True,
            wants_name=False,
            after_shift=state.after_shift and (kind == "continuation" or state.depth > 0),
            statement_start=kind == "newline" and not state.depth,
        )
    if kind == "space":
        indent = lexeme if state.line_start and state.indent == "" else state.indent
        return replace(
            state,
            indent=indent,
            word="",
            touching=frozenset(),
            after_quote="",
            wants_name=state.wants_name or state.word in _NAME_FOLLOWS,
            statement_start=state.statement_start and not state.word,
        )
    if kind == "comment":
        return replace(state, mode=Mode.COMMENT, word="", touching=frozenset(), near=frozenset())
    depth = state.depth + (kind == "open") - (kind == "close")
    is_prefix = (state.word + lexeme).lower() in _STRING_PREFIXES
    return replace(
        state,
        word=state.word + lexeme if kind == "word" else "",
        wants_name=lexeme == ".",
        after_quote=lexeme[-1] if kind == "string" else "",
        after_shift=kind == "shift" or (lexeme == "@" and state.statement_start),
        touching=frozenset(),
        near=frozenset(),
        line_start=False,
        statement_start=(lexeme in (":", ";") and not depth)
        or (kind == "word" and state.statement_start and is_prefix),
        depth=max(depth, 0),
    )


def _comment(state: State, text: str, position: int) -> tuple[State, int, Following]:
    end = text.find("\n", position)
    if end < 0:
        return state, len(text), Following()
    return replace(state, mode=Mode.CODE), end, Following()


def _string(state: State, text: str, position: int) -> tuple[State, int, Following]:
    char = text[position]
    if char == "\\":
        return *_escape(state, text, position), Following()
    if char == state.quote[0]:
        return *_quotes_in_string(state, text, position), Following()
    if char == "\n" and len(state.quote) == 1:
        raise Refused("a string does not end on its line", "close it, or use three quotes")
    body = _BODIES[state.quote].match(text, position)
    piece = body[0] if body else char
    braces = _braces(state, piece)
    return replace(state, run=0, braces=braces), position + len(piece), Following()


def _escape(state: State, text: str, position: int) -> tuple[State, int]:
    at_end = re.compile(r"\\\Z") if state.is_raw else _CUT_ESCAPE
    if at_end.match(text, position):
        return replace(state, cut=text[position:], run=0), len(text)
    match = None if state.is_raw else _ESCAPE.match(text, position)
    end = match.end() if match else position + 2
    is_name = text.startswith("\\N", position) and not state.is_raw
    braces = state.braces if is_name else _braces(state, text[position:end])
    return replace(state, run=0, braces=braces), end


def _braces(state: State, piece: str) -> int:
    """Count the braces that are open in an f-string; doubled ones stand for themselves."""
    depth = state.braces
    if state.prefix.strip("r") in ("f", "t"):
        for brace in re.findall(r"\{\{|\}\}|[{}]", piece):
            doubled = len(brace) == 2
            if not (doubled and (depth == 0 or brace == "{{")):
                depth = max(depth + (1 if brace[0] == "{" else -len(brace)), 0)
    return depth


def _quotes_in_string(state: State, text: str, position: int) -> tuple[State, int]:
    char, size = state.quote[0], len(state.quote)
    count = len(text[position:]) - len(text[position:].lstrip(char))
    if size == 1:
        return _close(state), position + 1
    if state.run and state.run + count >= 3:
        raise Refused(
            "whether the quotes around this hole end the string depends on its value",
            f"write them as \\{char}",
        )
    if count >= 3:
        return _close(state), position + 3
    if position + count == len(text):
        return replace(state, cut=char * count), len(text)
    return replace(state, run=0), position + count


def _close(state: State) -> State:
    if state.braces:
        raise Refused(
            "quotes stand inside the braces of an f-string",
            "use the other kind of quotes there: older Pythons cannot read this",
        )
    return replace(
        state,
        mode=Mode.CODE,
        quote="",
        prefix="",
        run=0,
        word="",
        wants_name=False,
        after_shift=False,
        after_quote=state.quote[0],
        statement_start=False,
    )


def _touches_string() -> Refused:
    return Refused(
        "a hole touches the quote of a string",
        "write the hole inside the string, or join the two with +",
    )


_STEPS = {Mode.CODE: _code, Mode.COMMENT: _comment, Mode.STRING: _string}
