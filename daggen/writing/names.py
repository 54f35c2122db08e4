"""Names of variables for tasks and groups: the task_id where it can be, the same on every run."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain, count

from daggen.code.names import is_identifier
from daggen.specs.model.spec import DagSpec

_DUNDER = re.compile(r"__\w+__")
_RESERVED = frozenset({"dag", "float"})
"""Names that the file itself uses: `with DAG(...) as dag`, and `float("inf")`."""


@dataclass(frozen=True)
class Variables:
    """The variables of a file, by the full id of a task or group."""

    by_id: dict[str, str]

    def __getitem__(self, full_id: str) -> str:
        """Give the variable of a task or group."""
        return self.by_id[full_id]


def choose_variables(
    spec: DagSpec, apart: Collection[str], given: Mapping[str, str], bound: Collection[str]
) -> Variables:
    """Choose a variable for each task and group.

    A task's is its task_id, which is what readers and linters expect. Tasks of the same name in
    different groups share it, as they do in files written by hand, unless their ids are in
    `apart`: these are told apart by the names of their groups. `given` are variables that are
    chosen already, by id, and `bound` are names that are taken. The choice does not depend on
    the order of the spec.
    """
    chosen = dict(given)
    tasks = {task.task_id: identifier(task.label) for task in spec.tasks}
    shared = {full_id: name for full_id, name in tasks.items() if full_id not in apart}
    taken = {*given.values(), *shared.values(), *bound}
    chosen |= shared
    for full_id in sorted(apart, key=lambda full_id: (_long(full_id) != full_id, full_id)):
        _choose(full_id, [_long(full_id), f"{_long(full_id)}_task"], chosen, taken)
    labels = {group.group_id: identifier(group.label) for group in spec.groups}
    times = Counter(labels.values())
    for full_id in sorted(set(labels) - set(chosen)):
        label, long = labels[full_id], _long(full_id)
        names = [long, f"{long}_group"]
        if times[label] == 1:
            names.insert(0, label)
        _choose(full_id, names, chosen, taken)
    return Variables(chosen)


def _choose(full_id: str, names: list[str], chosen: dict[str, str], taken: set[str]) -> None:
    """Take the first name that is free, at last a numbered one."""
    numbered = (f"{names[-1]}_{number}" for number in count(2))
    chosen[full_id] = next(name for name in chain(names, numbered) if name not in taken)
    taken.add(chosen[full_id])


def identifier(label: str) -> str:
    """Make a Python name of an id: `load-data` becomes `load_data`, `1st` becomes `_1st`."""
    name = unicodedata.normalize("NFKC", re.sub(r"\W", "_", label)) or "_"
    if not name[0].isidentifier():
        name = f"_{name}"
    if keyword.iskeyword(name) or name in _RESERVED or _DUNDER.fullmatch(name):
        name = f"{name}_"
    return name if is_identifier(name) else "_".join(f"{ord(char):x}" for char in label)


def _long(full_id: str) -> str:
    return identifier("_".join(full_id.split(".")))
