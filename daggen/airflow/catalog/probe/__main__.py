"""Write the catalog of this environment: `OUTPUT [PACKAGE ...]`."""

from __future__ import annotations

import argparse
import json
import warnings
from pathlib import Path

from .entries import survey


def main() -> None:
    """Read the command line, survey the environment, write JSON to the named file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("output", type=Path)
    parser.add_argument("packages", nargs="*")
    options = parser.parse_args()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = survey(options.packages)
    options.output.write_text(json.dumps(found, sort_keys=True), encoding="utf-8")


main()
