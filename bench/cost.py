"""CPU seconds of a process and everything it has started, the database's own processes among them."""

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_UTIME = 11  # utime, stime, and both of the children that have ended: fields of proc(5) behind the name


def cpu_s(*roots: int) -> float:
    """So far, of these processes, their children alive, and their children ended."""
    parents = {int(entry.name): _parent(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    family = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(_spent(pid) for pid in family)


def _fields(entry: Path) -> list[str]:
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has just ended; its parent has counted it
        return []


def _parent(entry: Path) -> int:
    fields = _fields(entry)
    return int(fields[1]) if fields else 0


def _spent(pid: int) -> float:
    fields = _fields(Path(f"/proc/{pid}"))
    return sum(map(int, fields[_UTIME : _UTIME + 4])) / _TICK
