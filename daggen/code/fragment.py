"""Python text that the engine itself made, as a type that no value of a spec can have."""

from __future__ import annotations

from typing import Final, NoReturn, final


@final
class Code:
    """A fragment of Python. Only the engine makes one; it is no `str`, so nothing turns into it.

    `text` may span lines; its first line starts at column 0. Names that need an import stand
    in it as placeholders that `Scope` resolves once the whole file is known.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text: Final = text

    def __str__(self) -> NoReturn:
        """Refuse to become text: what joins a fragment to a string has mistaken it for data."""
        raise TypeError("a fragment of code is no text: give it a place of its own")

    def __repr__(self) -> str:
        """Show the fragment for debugging; deliberately not the bare Python text."""
        return f"<Code {self.text!r}>"
