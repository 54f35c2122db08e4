"""The lexer that can stop anywhere agrees with Python's own tokenizer."""

import io
import random
import tokenize
from pathlib import Path

import pytest

import daggen
from daggen.templates.python_lexer import feed
from daggen.templates.python_state import Mode, State

SOURCES = sorted(Path(daggen.__file__).parent.rglob("*.py"))
TRICKY = r'''
x = "a" 'b' """c""" "" '' """"""
y = r"\"" + rb'\'' + Rb"""\"""" + u"é" + "\N{DIGIT ONE}\x41\101"
z = """ "" ' \""" """ + '\
' + "a\
b"
# comment "with 'quotes' \
f(a)[b]{'c': 1} ; d = 1.5e3 ; e = a if b else"x"
f"{x!r:>{w}} {y['a']}" rf'\{x}'
'''


def kinds(source: str) -> list[Mode]:
    """Give for each character what Python's tokenizer says it is inside of."""
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found = [Mode.CODE] * (len(source) + 1)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        mode = {tokenize.STRING: Mode.STRING, tokenize.COMMENT: Mode.COMMENT}.get(token.type)
        if mode is None:
            continue
        begin = starts[token.start[0] - 1] + token.start[1]
        end = starts[token.end[0] - 1] + token.end[1]
        prefix = len(token.string) - len(token.string.lstrip("rRbBfFuU"))
        size = 3 if token.string[prefix : prefix + 3] in ('"""', "'''") else 1
        inner = begin + (prefix + size if mode is Mode.STRING else 1)
        last = end - size if mode is Mode.STRING else end
        found[inner : last + 1] = [mode] * (last + 1 - inner)
    return found


def check(source: str, cuts: list[int]) -> int:
    """Cut a source at offsets, walk over the pieces, and compare at each cut."""
    expected, state, position, checked = kinds(source), State(), 0, 0
    cuts = [cut for cut in cuts if source[cut - 1 : cut + 1] not in ("{{", "}}")]
    for cut in [*sorted(cuts), len(source)]:
        state, _ = feed(state, source[position:cut])
        position = cut
        if state.cut:
            continue
        assert state.mode is expected[cut], (source[max(0, cut - 40) : cut], cut)
        checked += 1
    return checked


@pytest.mark.skipif("not hasattr(__import__('tokenize'), 'STRING')")
def test_every_place_of_tricky_python() -> None:
    for cut in range(len(TRICKY)):
        check(TRICKY, [cut])
    assert check(TRICKY, list(range(len(TRICKY)))) > 150


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_places_of_real_python(path: Path) -> None:
    source = path.read_text("utf-8")
    chance = random.Random(len(source))  # noqa: S311
    cuts = [chance.randrange(len(source)) for _ in range(min(len(source), 300))] if source else []
    assert check(source, cuts) > 0
