"""`python -m bench` runs every workload; `python -m bench first_load cold_start` just those."""

import sys
import time
from collections.abc import Callable

from bench import (
    board,
    cold_start,
    derivatives,
    dry_run,
    faces,
    findings,
    first_load,
    inbox,
    lagesbild,
    public_page,
    pull,
    push,
    shutter,
    uploads,
    work_list,
)
from bench.history import Figures, remember

WORKLOADS: dict[str, Callable[[], Figures]] = {
    "first_load": first_load.measure,
    "cold_start": cold_start.measure,
    "public_page": public_page.measure,
    "shutter": shutter.measure,
    "faces": faces.measure,
    "inbox": inbox.measure,
    "lagesbild": lagesbild.measure,
    "board": board.measure,
    "work_list_sqlite": work_list.on_sqlite,
    "work_list_postgresql": work_list.on_postgresql,
    "findings_sqlite": findings.on_sqlite,
    "findings_postgresql": findings.on_postgresql,
    "dry_run": dry_run.measure,
    "derivatives": derivatives.measure,
    "uploads": uploads.measure,
    "push_sqlite": push.on_sqlite,
    "push_postgresql": push.on_postgresql,
    "pull_sqlite": pull.on_sqlite,
    "pull_postgresql": pull.on_postgresql,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in WORKLOADS]
    if unknown:
        print(f"no workload called {', '.join(unknown)}; there are: {', '.join(WORKLOADS)}")
        return 2
    measured: dict[str, Figures] = {}
    for name in names or list(WORKLOADS):
        start = time.monotonic()
        print(f"\n{name}", flush=True)
        measured[name] = WORKLOADS[name]()
        for figure, value in measured[name].items():
            print(f"  {figure:<34} {value}")
        print(f"  ({time.monotonic() - start:.0f} s)", flush=True)
    print(f"\nadded to {remember(measured)}")
    return 0


sys.exit(main(sys.argv[1:]))
