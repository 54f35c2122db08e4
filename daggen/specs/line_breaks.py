"""The characters that end a line in YAML 1.1, and are text like any other in YAML 1.2.

PyYAML would fold them to spaces and count lines by them, as no editor does. They are hidden from
it behind characters of the private use area, one for one, so that columns stay as they are.
"""

from __future__ import annotations

_BREAKS = "\x85\u2028\u2029"
_PRIVATE = range(0xE000, 0xF900)


class OldBreaks:
    """Hides the old line breaks of one text, and shows them again in what was read from it."""

    def __init__(self, text: str) -> None:
        found = [ord(character) for character in _BREAKS if character in text]
        unused = (code for code in _PRIVATE if chr(code) not in text)
        self._hidden = {code: next(unused, code) for code in found}
        self._shown = {stand_in: code for code, stand_in in self._hidden.items()}

    def hide(self, text: str) -> str:
        """Put the stand-ins into the text that a parser is given."""
        return text.translate(self._hidden) if self._hidden else text

    def show(self, text: str) -> str:
        """Put the characters back into a scalar that the parser gave."""
        return text.translate(self._shown) if self._shown else text
