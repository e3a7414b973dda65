"""The inbox in pages: danger first, then newest first, over several states as over one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count, product
from uuid import UUID

from tests.domain.finding_makers import FRIDAY_EVENING, a_finding
from tests.makers import LIDKOPING
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.storage import observations, records
from trygghetsvandring.storage.observations import Wanted
from trygghetsvandring.storage.unit import Store

OPEN = (ObservationState.RECEIVED, ObservationState.REVIEWED)


async def some_findings(store: Store) -> list[Observation]:
    """Of three states, dangerous and not, two at a time at the same moment."""
    number = count(1)
    kinds = product((*OPEN, ObservationState.LINKED), (True, False), range(4))
    made = [
        replace(
            a_finding(state, id=UUID(int=(n := next(number))), number=f"LK-{n}"),
            danger=danger,
            received_at=FRIDAY_EVENING + timedelta(hours=at // 2),
        )
        for state, danger, at in kinds
    ]
    async with store.write() as db:
        await records.save(db, LIDKOPING, made, FRIDAY_EVENING)
    return made


async def in_pages(store: Store, states: Sequence[ObservationState], limit: int) -> list[UUID]:
    seen: list[UUID] = []
    after = None
    while True:
        async with store.read() as db:
            found, after = await observations.page(db, LIDKOPING, Wanted(states=tuple(states)), after, limit)
        assert len(found) <= limit
        seen += [each.id for each in found]
        if after is None:
            return seen


async def test_every_page_goes_on_where_the_last_one_ended(store: Store) -> None:
    made = await some_findings(store)

    for states, limit in product(((), OPEN[:1], OPEN), (1, 3, 50)):
        wanted = [each for each in made if not states or each.state in states]
        ordered = sorted(wanted, key=lambda it: (it.danger, it.received_at, it.id), reverse=True)
        assert await in_pages(store, states, limit) == [each.id for each in ordered], (states, limit)
