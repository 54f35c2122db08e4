"""How findings leave Jinja: as one exception that carries diagnostics."""

from __future__ import annotations

from collections.abc import Sequence

from daggen.diagnostics import Diagnostic


class TemplateFaults(Exception):
    """A template cannot be compiled or rendered; `diagnostics` says why and where."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("; ".join(found.message for found in diagnostics))
        self.diagnostics = list(diagnostics)
