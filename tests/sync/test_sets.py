"""Sets: phones that push at once are stored in one transaction, and none of them notices the others."""

import asyncio
from typing import Any

import pytest

from tests import makers
from tests.makers import Evening
from tests.sync.doors import kept_aside, numbers
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.storage import records
from trygghetsvandring.storage.unit import NotStorable
from trygghetsvandring.sync import replies

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last


@pytest.fixture
def transactions(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one for each that begins."""
    begun: list[int] = []
    honest = evening.engine.store.done_at_once

    async def done_at_once(work: Any) -> Any:
        begun.append(len(begun))
        return await honest(work)

    monkeypatch.setattr(evening.engine.store, "done_at_once", done_at_once)
    return begun


async def test_phones_that_come_home_at_once_are_stored_together(evening: Evening, transactions: list[int]) -> None:
    phones = [await evening.phone() for _ in range(8)]
    transactions.clear()

    answers = await asyncio.gather(*(phone.push(phone.observation(), phone.observation()) for phone in phones))

    assert [outcome.outcome for outcomes in answers for outcome in outcomes] == ["applied"] * 16
    assert len(transactions) == 2  # the first alone, the others behind it
    assert await numbers(evening) == [f"LK-{number}" for number in range(1, 17)]


async def test_a_row_the_database_refuses_is_its_phones_own(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    phones, bad = [await evening.phone() for _ in range(4)], uuid7()
    honest = records.save

    async def save(db: Any, municipality: str, entities: Any, now: Any, *docs: Any) -> None:
        if any(entity.id == bad for entity in entities):
            raise NotStorable("a row the database refuses")
        await honest(db, municipality, entities, now, *docs)

    monkeypatch.setattr(records, "save", save)
    pushes = [(phone.observation(bad if phone is phones[2] else None), phone.observation()) for phone in phones]

    answers = await asyncio.gather(*(phone.push(*ops) for phone, ops in zip(phones, pushes, strict=True)))

    said = [[(outcome.outcome, outcome.code) for outcome in outcomes] for outcomes in answers]
    fine = ("applied", None)
    assert said == [[fine, fine], [fine, fine], [("rejected", "not_storable"), fine], [fine, fine]]
    assert await numbers(evening) == [f"LK-{number}" for number in range(1, 8)]
    assert await kept_aside(evening) == ["not_storable"]


async def test_a_fault_of_ours_is_one_phones_and_the_others_are_stored(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones, bad = [await evening.phone() for _ in range(4)], uuid7()
    honest = replies.rows

    async def rows(db: Any, known: Any, changed: Any) -> Any:
        if any(entity.id == bad for entity in changed):
            raise LookupError("a mistake in our own code")
        return await honest(db, known, changed)

    monkeypatch.setattr(replies, "rows", rows)
    pushes = [phone.observation(bad if phone is phones[2] else None) for phone in phones]

    answers = await asyncio.gather(
        *(phone.push(op) for phone, op in zip(phones, pushes, strict=True)), return_exceptions=True
    )

    assert isinstance(answers[2], LookupError)
    others = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert [outcomes[0].outcome for outcomes in others] == ["applied"] * 3


async def test_one_operation_from_two_phones_in_a_set_belongs_to_the_first(evening: Evening) -> None:
    before, mine, theirs = [await evening.phone() for _ in range(3)]
    op = mine.observation()

    _, first, again, other = await asyncio.gather(
        before.push(before.observation()), mine.push(op), mine.push(op), theirs.push(op)
    )

    assert [first[0].outcome, again[0].outcome] == ["applied", "repeated"]
    assert (other[0].outcome, other[0].code) == ("rejected", "id_reuse")
    assert again[0].receipt == first[0].receipt
