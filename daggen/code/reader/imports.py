"""What import statements bind."""

from __future__ import annotations

import ast

from daggen.code.graph import Ref
from daggen.code.reader import names
from daggen.code.reader.machine import Machine
from daggen.code.reader.scope import Scope


def run_import(machine: Machine, node: ast.Import, scope: Scope) -> None:
    """`import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`."""
    for alias in node.names:
        if alias.asname:
            scope.assign(alias.asname, Ref(alias.name))
        else:
            root = alias.name.partition(".")[0]
            scope.assign(root, Ref(root))


def run_import_from(machine: Machine, node: ast.ImportFrom, scope: Scope) -> None:
    """`from a import b as c` binds `c` to `a.b`; a relative module keeps its dots."""
    module = "." * (node.level + 1 if node.level else 0) + (node.module or "")
    for alias in node.names:
        if alias.name == "*":
            scope.module.stars.append(module)
        elif (module, alias.name) == ("typing", "TYPE_CHECKING"):
            scope.assign(alias.asname or alias.name, False)
        elif module != "__future__":
            joined = f"{module}{alias.name}" if module.endswith(".") else f"{module}.{alias.name}"
            scope.assign(alias.asname or alias.name, Ref(joined))


def same_meaning(one: object, other: object) -> bool:
    """Tell whether two imported names are the same thing at two places."""
    if not isinstance(one, Ref) or not isinstance(other, Ref):
        return False
    if one.dotted == other.dotted:
        return True
    both_airflow = names.is_airflow(one.dotted) and names.is_airflow(other.dotted)
    return both_airflow and names.last(one.dotted) == names.last(other.dotted)
