"""What became of it: the answers that follow from a change, for the phones of those who saw it.

A reply depends on a finding and all its tasks, so it is worked out after the batch is decided.
"""

from collections.abc import Sequence
from typing import Any

from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.known import Known


async def rows(db: Db, known: Known, changed: Sequence[Any]) -> list[feed.Row]:
    """Feed rows of kind `reply` for every finding touched by the change."""
    return []
