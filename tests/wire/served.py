"""The real server, `trygg serve …`, with short pages, so that pulls have several; when asked, with a fault of ours.

`python -m tests.wire.served serve --demo …`; TRYGG_BENCH_PLANT names the fault. The faults live here, and the checker
must find each of them.
"""

import os
from collections.abc import Callable
from typing import Any

import msgspec

from trygghetsvandring import cli
from trygghetsvandring.storage import operations
from trygghetsvandring.sync import repeats
from trygghetsvandring.sync.cursors import Behind, Cursor
from trygghetsvandring.web import pull

PAGE = 7


def forgets_what_it_answered() -> None:
    """Every repetition is done anew."""
    log = operations.log

    async def log_the_new(db: Any, municipality: str, done: Any) -> None:
        known = await operations.answered(db, municipality, [it.id for it in done])
        await log(db, municipality, [it for it in done if it.id not in known])

    repeats.recall = lambda *_: None
    operations.log = log_the_new


def skips_a_row() -> None:
    """Where there is more, the cursor has passed one row that was not sent."""
    facts = pull._facts

    def skipping(request: Any, cursor: Cursor, more: bool) -> dict[str, Any]:
        first = cursor.behind[:1]
        if more and first:
            passed = Behind(first[0].scope, first[0].seq + 1, first[0].leaves)
            cursor = msgspec.structs.replace(cursor, behind=(passed, *cursor.behind[1:]))
        elif more:
            cursor = msgspec.structs.replace(cursor, seq=cursor.seq + 1)
        return facts(request, cursor, more)

    pull._facts = skipping


PLANTS: dict[str, Callable[[], None]] = {
    "forgets_what_it_answered": forgets_what_it_answered,
    "skips_a_row": skips_a_row,
}

if __name__ == "__main__":
    assert isinstance(pull._PAGE, int)
    pull._PAGE = PAGE
    plant = os.environ.get("TRYGG_BENCH_PLANT")
    if plant:
        PLANTS[plant]()
    cli.main()
