"""Self-contained HTML pages: data, styles and scripts in one file that needs no network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from typing import Any


def render_page(
    title: str, body: str, data: Mapping[str, Any], scripts: Sequence[str], styles: Sequence[str]
) -> str:
    """Give a page. `body` is trusted markup; `data` is anything, read by the scripts as JSON.

    The page's security policy allows these very scripts and styles and nothing else, so that
    even a value that slipped through could neither run nor load anything.
    """
    script = "\n".join(_asset(name) for name in scripts)
    style = "\n".join(_asset(name) for name in styles)
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src '{_digest(script)}'",
            f"style-src '{_digest(style)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
{body}
<script type="application/json" id="data">{embedded_json(data)}</script>
<script>{script}</script>
</body>
</html>
"""


def embedded_json(data: Mapping[str, Any]) -> str:
    """Write JSON that no value can end: `<`, `>` and `&` are escaped as JSON allows."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _asset(name: str) -> str:
    return resources.files("daggen.review.web").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
