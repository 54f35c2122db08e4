"""Setup and teardown tasks as context managers: what runs inside is put between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from daggen.code.reader.edges import relate
from daggen.code.reader.objects import TaskObject

Tasks = tuple[TaskObject, ...]


@dataclass(slots=True)
class Stack:
    """The tasks of the current context and those of the contexts around it."""

    current: Tasks = ()
    previous: list[Tasks] = field(default_factory=list)

    def push(self, tasks: Tasks) -> None:
        """Make `tasks` current; what was current comes back with `pop`."""
        if self.current and self.current != tasks:
            self.previous.append(self.current)
        self.current = tasks

    def pop(self) -> tuple[Tasks, Tasks]:
        """Leave the context; gives what was current and, if both are known, what is current now."""
        old = self.current
        self.current = self.previous.pop() if self.previous else ()
        return old, self.current


@dataclass(slots=True)
class SetupContexts:
    """The open `with setup_or_teardown:` blocks of a file."""

    active: bool = False
    setups: Stack = field(default_factory=Stack)
    teardowns: Stack = field(default_factory=Stack)
    later_teardowns: Stack = field(default_factory=Stack)
    earlier_setups: Stack = field(default_factory=Stack)
    members: dict[Tasks, list[TaskObject]] = field(default_factory=dict)

    def enter(self, tasks: Sequence[TaskObject]) -> None:
        """Open a block around `tasks`, which are all setups or all teardowns."""
        listed = tuple(tasks)
        if listed and listed[0].is_teardown:
            self.teardowns.push(listed)
            self.earlier_setups.push(_nearest(listed[0], setups=True))
        elif listed and listed[0].is_setup:
            self.setups.push(listed)
            self.later_teardowns.push(_nearest(listed[0], setups=False))
        self.active = True

    def add(self, task: TaskObject) -> None:
        """Note a task that is made inside the open blocks."""
        if not self.active or task.is_setup or task.is_teardown:
            return
        for stack in (self.setups, self.teardowns):
            if stack.current:
                self.members.setdefault(stack.current, []).append(task)

    def leave(self, line: int) -> None:
        """Close the innermost block: its tasks run after the setups and before the teardowns."""
        self._close_setup(line)
        self._close_teardown(line)
        keys = (self.setups.current, self.teardowns.current)
        _chain(self.setups, upstream=False, line=line)
        _chain(self.teardowns, upstream=True, line=line)
        _chain(self.later_teardowns, upstream=True, line=line)
        _chain(self.earlier_setups, upstream=False, line=line)
        for key in keys:
            self.members.pop(key, None)
        self.active = False

    def _inside(self, key: Tasks) -> list[TaskObject]:
        return [t for t in self.members.get(key, []) if not (t.is_setup or t.is_teardown)]

    def _close_setup(self, line: int) -> None:
        inside = self._inside(self.setups.current)
        if not self.setups.current or not inside:
            return
        roots = [task for task in inside if not task.upstream]
        join(self.setups.current, roots or inside[:1], line)
        leaves = [task for task in inside if not task.downstream] or inside[-1:]
        before = self.teardowns.current or leaves
        _join_receiving(before, self.later_teardowns.current, upstream=True, line=line)

    def _close_teardown(self, line: int) -> None:
        inside = self._inside(self.teardowns.current)
        if not self.teardowns.current or not inside:
            return
        leaves = [task for task in inside if not task.downstream]
        join(leaves or inside[-1:], self.teardowns.current, line)
        roots = [task for task in inside if not task.upstream] or inside[:1]
        after = self.setups.current or roots
        _join_receiving(after, self.earlier_setups.current, upstream=False, line=line)


def join(before: Sequence[TaskObject], after: Sequence[TaskObject], line: int) -> None:
    """Put each of `after` after each of `before`."""
    for task in before:
        relate(task, list(after), upstream=False, line=line)


def _join_receiving(
    receiving: Sequence[TaskObject], new: Sequence[TaskObject], *, upstream: bool, line: int
) -> None:
    for task in new:
        relate(task, list(receiving), upstream=upstream, line=line)


def _chain(stack: Stack, *, upstream: bool, line: int) -> None:
    """Order the tasks of a closed block against those of the block around it."""
    old, outer = stack.pop()
    if old and outer:
        _join_receiving(old, outer, upstream=upstream, line=line)


def _nearest(task: TaskObject, *, setups: bool) -> Tasks:
    """Find the teardowns after a setup, or the setups before a teardown, level by level."""
    level = list(task.upstream if setups else task.downstream)
    seen: set[TaskObject] = {task}
    while level:
        found = tuple(t for t in level if (t.is_setup if setups else t.is_teardown))
        if found:
            return found
        seen.update(level)
        nearby = [n for t in level for n in (*t.downstream, *t.upstream) if n is not task]
        level = [near for near in dict.fromkeys(nearby) if near not in seen]
    return ()
