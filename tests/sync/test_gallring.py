"""Gallring, series by series: what is due and decided goes, and nothing else; without a decision nothing does."""

import os
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select

from tests import makers
from tests.makers import COORDINATOR, LIDKOPING, Evening
from tests.sync.registers import OFFICER, REGISTRATOR, WORD, Finding, about, carried_out, hands
from trygghetsvandring.domain.erasures import Erasing, Reason, Ref, Series, coordination
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Principal, Role, system
from trygghetsvandring.storage import erasures, gallring, municipalities, scrub
from trygghetsvandring.storage.tables import metadata
from trygghetsvandring.sync.wire import Outcome

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last
KEEP_DAYS = 30
Made = Callable[[Evening], Awaitable[UUID]]


# ---------------------------------------------------------------- one thing of each series


async def a_finding(evening: Evening) -> UUID:
    finding = await Finding.handed_in(evening, with_photo=False)
    await finding.phone.push(finding.phone.operation("observation.withdraw", finding.id, {"reason": "dubblett"}))
    return finding.id


async def a_quarantined_one(evening: Evening) -> UUID:
    before = await ids(evening, "quarantine")
    await (await evening.phone()).push(msgspec.json.encode({"id": "none", "text": WORD}))
    (new,) = await ids(evening, "quarantine") - before
    return new


async def a_rejected_one(evening: Evening) -> UUID:
    phone = await evening.phone()
    op = phone.feeling(own=None)
    (outcome,) = await phone.push(op)
    assert outcome.outcome == "rejected", outcome
    id: UUID = op["id"]
    return id


async def a_half_photo(evening: Evening) -> UUID:
    finding = await Finding.handed_in(evening, with_photo=False)
    phone = finding.phone
    await phone.push(phone.operation("photo.declare", finding.photo, finding.declaration()))
    assert await finding.upload(evening, content=b"half") == 204
    return finding.photo


async def ids(evening: Evening, table: str, without: str = "-") -> set[UUID]:
    """Of the rows that do not say `without`."""
    said = metadata.tables[table].c
    text = said.doc if "doc" in said else said.wire
    async with evening.store.read() as db:
        return {id for id, it in await db.execute(select(said.id, text)) if without == "-" or without not in it}


async def a_later_walk(evening: Evening) -> None:
    ends = evening.now + timedelta(hours=2)
    evening.walk = await evening.plan(walk=uuid7(), starts_at=evening.now, ends_at=ends)


async def is_there(evening: Evening, series: Series, id: UUID, folder: Path) -> bool:
    if series is Series.PARTIAL:
        return (folder / "partial" / LIDKOPING / f"{id}.part").exists()
    if series is Series.REJECTED:
        return id in await ids(evening, "operations", without='"erased":')
    return id in await ids(evening, TABLES[series])


async def a_closed_feedback(evening: Evening) -> UUID:
    id, reader = uuid7(), Principal(municipality=LIDKOPING, role=Role.RESIDENT)
    for type, body, who in (("give", {"helped": "no", "text": WORD}, reader), ("close", {}, COORDINATOR)):
        outcome = await evening.act(f"feedback.{type}", id, body, who)
        assert outcome.outcome == "applied", outcome
    return id


async def an_answer_to_a_closed_survey(evening: Evening) -> UUID:
    _, id = await a_closed_survey(evening, answers=1)
    return id


async def a_closed_survey(evening: Evening, *, answers: int) -> list[UUID]:
    """It, and each answer to it."""
    survey, ids = uuid7(), [uuid4() for _ in range(answers)]
    asked = {"title": "Kvällen", "source": "citizens", "places": ["nya-stadens-torg"], "hours": ["fre–lör 22–00"]}
    said = {"survey": survey, "place": "nya-stadens-torg", "hours": "fre–lör 22–00", "felt": "safe", "text": WORD}
    for type, entity, body in (
        ("make", survey, asked | {"helps": ["Ljus", "Folk"], "free_text": True}),
        *(("answer", id, said) for id in ids),
        ("close", survey, {}),
    ):
        outcome = await evening.act(f"survey.{type}", entity, body, COORDINATOR)
        assert outcome.outcome == "applied", outcome
    return [survey, *ids]


async def a_settled_mail(evening: Evening) -> UUID:
    id = uuid7()
    for type, body, who in (
        ("take", {"kind": "stray", "why": "no_letter"}, system(LIDKOPING)),
        ("put_aside", {"why": "junk"}, COORDINATOR),
    ):
        outcome = await evening.act(f"incoming_mail.{type}", id, body, who)
        assert outcome.outcome == "applied", outcome
    return id


MADE: dict[Series, Made] = {
    Series.FINDINGS: a_finding,
    Series.QUARANTINE: a_quarantined_one,
    Series.REJECTED: a_rejected_one,
    Series.PARTIAL: a_half_photo,
    Series.FEEDBACK: a_closed_feedback,
    Series.SURVEY_ANSWER: an_answer_to_a_closed_survey,
    Series.INCOMING_MAIL: a_settled_mail,
}
TABLES = {
    Series.FINDINGS: "observations",
    Series.QUARANTINE: "quarantine",
    Series.FEEDBACK: "feedback",
    Series.SURVEY_ANSWER: "survey_answers",
    Series.INCOMING_MAIL: "incoming_mail",
}
KIND = {Series.FINDINGS: "observation"}


# ---------------------------------------------------------------- the acts


async def retained(evening: Evening, series: Series) -> None:
    body = {"series": series, "keep_days": KEEP_DAYS, "reference": "KS 2026:114 § 7", "name": "Kim Testsson"}
    outcome = await evening.act("retention.decide", uuid7(), body, OFFICER)
    assert outcome.outcome == "applied", outcome


async def purged(evening: Evening, series: Series, *things: UUID) -> Outcome:
    until = evening.now.date() - timedelta(days=KEEP_DAYS)
    items = [{"kind": KIND.get(series, series.value), "id": id} for id in things]
    body: dict[str, Any] = {"series": series, "items": items, "until": until, "name": "Kim Testsson"}
    outcome = await evening.act("gallring.decide", uuid7(), body, OFFICER)
    await carried_out(evening)
    return outcome


async def due(evening: Evening, series: Series, folder: Path, until: date) -> set[Ref]:
    async with evening.store.read() as db:
        place = await municipalities.municipality(db, LIDKOPING)
        assert place is not None
        partial = hands(evening).uploads.file(LIDKOPING, uuid7()).parent
        board = coordination(place)
        found = await gallring.due(db, place, board, series, until, 100, partial=partial)
    return {it.ref for it in found}


@pytest.mark.law(5)
@pytest.mark.parametrize("series", [it for it in MADE if it is not Series.PARTIAL])
async def test_exactly_what_is_due_and_decided_goes(evening: Evening, tmp_path: Path, series: Series) -> None:
    old, spared = await MADE[series](evening), await MADE[series](evening)
    evening.passes(days=20)
    await a_later_walk(evening)
    young = await MADE[series](evening)
    evening.passes(days=15)
    until = evening.now.date() - timedelta(days=KEEP_DAYS)
    proposed = {ref.id for ref in await due(evening, series, tmp_path, until)}
    await retained(evening, series)

    outcome = await purged(evening, series, old, young)  # more than was proposed

    assert outcome.outcome == "applied", outcome
    assert proposed == {old, spared}
    assert [await is_there(evening, series, id, tmp_path) for id in (old, spared, young)] == [False, True, True]


@pytest.mark.law(5)
@pytest.mark.parametrize("series", list(MADE))
async def test_without_a_decision_about_the_series_nothing_goes(
    evening: Evening, tmp_path: Path, series: Series
) -> None:
    old = await MADE[series](evening)
    evening.passes(days=900)
    await retained(evening, Series.PRESENCE)

    outcome = await purged(evening, series, old)

    assert (outcome.outcome, outcome.code) == ("rejected", "nothing_decided")
    assert await is_there(evening, series, old, tmp_path)


@pytest.mark.law(5)
async def test_what_is_held_stays_though_its_time_is_over(evening: Evening, tmp_path: Path) -> None:
    kept, free = await a_finding(evening), await a_finding(evening)
    body = {"about": about(("observation", kept)), "reason": "Begärd av domstol."}
    assert (await evening.act("hold.place", uuid7(), body, REGISTRATOR)).outcome == "applied"
    evening.passes(days=KEEP_DAYS + 2)
    await retained(evening, Series.FINDINGS)

    both = await purged(evening, Series.FINDINGS, kept, free)
    one = await purged(evening, Series.FINDINGS, free)

    assert (both.code, one.outcome) == ("under_hold", "applied")
    assert await ids(evening, "observations") == {kept}


async def test_answers_that_wait_to_be_counted_are_not_due(evening: Evening, tmp_path: Path) -> None:
    few, (survey, *five) = await an_answer_to_a_closed_survey(evening), await a_closed_survey(evening, answers=5)
    evening.passes(days=KEEP_DAYS + 2)
    until = evening.now.date() - timedelta(days=KEEP_DAYS)

    before = await due(evening, Series.SURVEY_ANSWER, tmp_path, until)
    counted = await evening.act("survey.count", survey, {"seen": 2, "answers": 5, "cells": []}, COORDINATOR)
    after = await due(evening, Series.SURVEY_ANSWER, tmp_path, until)

    assert {ref.id for ref in before} == {few}  # fewer than five are never counted
    assert counted.outcome == "applied", counted
    assert {ref.id for ref in after} == {few, *five}


@pytest.mark.law(5)
async def test_a_half_photo_that_comes_again_and_expires_again_goes_by_its_own_decision(
    evening: Evening, tmp_path: Path
) -> None:
    photo = await a_half_photo(evening)
    await retained(evening, Series.PARTIAL)
    for _ in range(2):
        file = hands(evening).uploads.file(LIDKOPING, photo)
        file.write_bytes(b"half")
        aged = (evening.now - timedelta(days=KEEP_DAYS + 2)).timestamp()
        os.utime(file, (aged, aged))

        assert (await purged(evening, Series.PARTIAL, photo)).outcome == "applied"

        assert not await is_there(evening, Series.PARTIAL, photo, tmp_path)
        evening.passes(days=KEEP_DAYS + 3)
    ref = Ref(Series.PARTIAL.value, photo)
    async with evening.store.read() as db:
        decided = await erasures.journaled(db, LIDKOPING)
        assert await erasures.undone(db) == []
        assert await erasures.refs_of(db, LIDKOPING, decided[-1].id) == [ref]
    assert [line.erasing.refs for line in await hands(evening).journal.read()] == [(ref,), (ref,)]


async def test_an_older_decision_about_a_half_photo_said_again_takes_nothing_from_the_later(evening: Evening) -> None:
    ref = Ref(Series.PARTIAL.value, uuid7())
    first, second = (Erasing(decision=uuid7(), reason=Reason.GALLRING, refs=(ref,)) for _ in range(2))
    late = evening.now + timedelta(days=40)
    async with evening.store.write() as db:
        for it, at in ((first, evening.now), (second, late), (second, late), (first, evening.now)):
            await erasures.bar(db, LIDKOPING, it, board="ks", at=at)
            await scrub.done(db, LIDKOPING, it.decision, [ref], at)
        assert await erasures.refs_of(db, LIDKOPING, second.decision) == [ref]
        assert await erasures.undone(db) == []
