"""Read the state of a process from the operating system."""

import os
from contextlib import suppress
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie, which has ended but was not collected, does not."""
    # If the process is an ended child of ours, this removes it from the process table.
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    # In a container, nobody may collect a process whose parent is gone.
    fields = _stat_fields(pid)
    return not (fields and fields[0] == "Z")


def cpu_seconds(pid: int) -> int:
    """Return the CPU time that a process has used, in whole seconds; 0 where the system has no /proc."""
    fields = _stat_fields(pid)
    # User and system time are fields 14 and 15 of /proc/<pid>/stat; the state, our first field, is field 3.
    return sum(map(int, fields[11:13])) // os.sysconf("SC_CLK_TCK") if fields else 0


def _stat_fields(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat from the state on; empty if there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
