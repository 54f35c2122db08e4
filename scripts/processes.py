"""Starting a program with everything that it starts, and leaving nothing of it behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

Family = set[psutil.Process]

# How long, in seconds, a program may take to end when asked to, and when told to.
PATIENCE = 15.0
GRACE = 10.0


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a session of its own, its output appended to a file, until the block ends.

    Then it is interrupted, as by Ctrl-C, and what has not ended in time is ended for it.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _stop(process)


def family_of(pid: int) -> Family:
    """Return a process, all that descend from it, and all of the session that it leads."""
    found = {member for member in psutil.process_iter() if _session(member.pid) == pid}
    with suppress(psutil.NoSuchProcess):
        leader = psutil.Process(pid)
        found |= {leader, *leader.children(recursive=True)}
    return found


def alive(family: Family) -> Family:
    """Return the members that still run; a zombie does not."""
    return {member for member in family if _runs(member)}


def _stop(process: subprocess.Popen[bytes]) -> None:
    family = family_of(process.pid)
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        family = _left(process, family, PATIENCE)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.send_signal(number)
        family = _left(process, family, GRACE)


def _left(process: subprocess.Popen[bytes], family: Family, seconds: float) -> Family:
    """Wait until nobody is left of a family, or the time is up; return who is left."""
    end = time.monotonic() + seconds
    while True:
        process.poll()
        family = alive(family | family_of(process.pid))
        if not family or time.monotonic() > end:
            return family
        time.sleep(0.1)


def _runs(member: psutil.Process) -> bool:
    try:
        return bool(member.is_running() and member.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return 0
