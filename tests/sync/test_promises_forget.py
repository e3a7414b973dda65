"""Law 5, erasure: what was erased stands in no promise that was released before, and no backup brings it back there."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests import makers
from tests.makers import HANDLER, LIDKOPING, Evening
from tests.sync import canary
from tests.sync.registers import WORD, Finding, erased, hands
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.storage import records
from trygghetsvandring.storage.tables import metadata
from trygghetsvandring.sync import restoring
from trygghetsvandring.sync.wire import Outcome
from trygghetsvandring.web.promises import read

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

TITLE = "Kanariefågelns lampa"
OTHER = "Solrosens grind"
GONE = "Borttaget enligt beslut."


@dataclass
class Released:
    promise: UUID
    finding: Finding
    task: UUID


async def does(
    evening: Evening, type: str, entity: UUID, body: dict[str, Any], actor: Any = makers.COORDINATOR
) -> None:
    outcome = await evening.act(type, entity, body, actor)
    assert outcome.outcome == "applied", outcome


async def a_done_task(evening: Evening, finding: UUID, title: str) -> UUID:
    task = uuid7()
    await does(evening, "observation.review", finding, {"category": "bel.trasig", "severity": 1})
    await does(evening, "task.create", task, {"title": title, "observations": [finding], "priority": 2})
    given = {"department": "gata-park", "explanation": "Deras lampa.", "due_on": "2026-12-18"}
    await does(evening, "task.assign", task, given)
    await does(evening, "task.accept", task, {"person": "Laget"}, HANDLER)
    await does(evening, "task.finish", task, {"extent": "full", "public_text": "Lagat."}, HANDLER)
    return task


async def release(evening: Evening, promise: UUID, **changes: Any) -> Outcome:
    async with evening.store.read() as db:
        it = await read(db, LIDKOPING, promise, evening.now.date())
    shown = msgspec.to_builtins(replace(it.shown, **changes))
    return await evening.act("promise.publish", promise, {"shown": shown, "seen": it.promise.version, "name": "Anna"})


async def released(evening: Evening) -> Released:
    """A promise with two lamps: one grew from the finding, the other from another's."""
    finding = await Finding.handed_in(evening, with_photo=False)
    other = uuid7()
    await finding.phone.push(finding.phone.observation(other))
    task = await a_done_task(evening, finding.id, TITLE)
    await a_done_task(evening, other, OTHER)
    agreement, promise = uuid7(), uuid7()
    party = {"id": "kommunen", "name": "kommunen", "called": "Kommunen"}
    signed = {"kind": "medborgarlofte", "title": "Löfte", "parties": [party], "keeper": "kansliet"}
    await does(evening, "agreement.enter", agreement, signed | {"valid_from": "2026-01-01"})
    said = {"number": 1, "by": ["kommunen"], "text": "Ljus.", "evidence": "street", "tiles": ["ljus"]}
    await does(evening, "promise.enter", promise, said | {"agreement": agreement})
    assert (await release(evening, promise)).outcome == "applied"
    return Released(promise, finding, task)


async def read_by_all(evening: Evening) -> str:
    answers = [await evening.http.get(f"/folj/{LIDKOPING}{path}") for path in ("", "/flode.xml")]
    assert {answer.status_code for answer in answers} == {200}
    return "".join(answer.text for answer in answers)


@pytest.mark.law(5)
@pytest.mark.parametrize("what", ["observation", "task"])
async def test_what_is_erased_goes_out_of_what_everybody_reads_and_of_every_version(
    evening: Evening, what: str
) -> None:
    it = await released(evening)
    evening.passes(days=1)
    assert (await release(evening, it.promise)).outcome == "applied"  # two editions
    before = await read_by_all(evening)
    assert TITLE in before and OTHER in before and "2 platser." in before

    evening.passes(days=1)
    await erased(evening, (what, it.finding.id if what == "observation" else it.task))

    after = await read_by_all(evening)
    assert TITLE not in after
    assert OTHER in after and "2 platser." in after
    assert after.count(GONE) == 1
    assert "Senast uppdaterad: 22 november 2026" in after
    held = await canary.tables_with(evening.store, f"{TITLE}. 20 november")
    assert held == []
    assert await canary.tables_with(evening.store, f"{OTHER}. 20 november") != []
    for id in (it.finding.id, it.task) if what == "task" else (it.finding.id,):
        async with evening.store.read() as db:
            known = await records.one(db, LIDKOPING, Promise, it.promise)
        assert known is not None
        assert (what == "task" and id == it.finding.id) or str(id) not in str(known)


@pytest.mark.law(5)
async def test_why_it_is_not_done_goes_too(evening: Evening) -> None:
    it = await released(evening)
    head = replace(HANDLER, role=Role.DEPARTMENT_HEAD)
    await does(evening, "task.reopen", it.task, {"department": "gata-park", "seen": "Släckt.", "due_on": "2026-12-18"})
    await does(evening, "task.accept", it.task, {"person": "Laget"}, HANDLER)
    no = {"reason": "cost", "public_text": "Stolpen flyttas inte."}
    await does(evening, "task.refuse", it.task, no, head)
    await release(evening, it.promise)
    assert "Stolpen flyttas inte." in await read_by_all(evening)

    await erased(evening, ("observation", it.finding.id))

    after = await read_by_all(evening)
    assert TITLE not in after and "Stolpen flyttas inte." not in after and GONE in after


@pytest.mark.law(5)
async def test_a_task_it_has_left_still_has_its_place_in_words_and_forgets_them_everywhere(evening: Evening) -> None:
    it = await released(evening)
    more = uuid7()
    await it.finding.phone.push(it.finding.phone.observation(more))
    await does(evening, "observation.review", more, {"category": "bel.trasig", "severity": 1})
    await does(evening, "task.reopen", it.task, {"department": "gata-park", "seen": "Släckt.", "due_on": "2026-12-18"})
    await does(evening, "observation.moderate", it.finding.id, {"place": f"{WORD} hos Olle"})  # and then in other words
    await does(evening, "observation.moderate", it.finding.id, {"place": f"{WORD} vid bron"})
    await does(evening, "task.link", it.task, {"observation": more})
    await does(evening, "task.unlink", it.task, {"observation": it.finding.id})
    await does(evening, "task.accept", it.task, {"person": "Laget"}, HANDLER)
    await does(evening, "task.finish", it.task, {"extent": "full", "public_text": "Lagat igen."}, HANDLER)
    await release(evening, it.promise)
    assert WORD in await read_by_all(evening)

    await erased(evening, ("observation", it.finding.id))

    after = await read_by_all(evening)
    assert WORD not in after and GONE in after
    assert await canary.tables_with(evening.store, WORD) == []


@pytest.mark.law(5)
async def test_a_release_that_names_nothing_is_known_by_the_titles(evening: Evening) -> None:
    """As releases were before their lines said what they stand on."""
    it = await released(evening)
    async with evening.store.read() as db:
        known = await records.one(db, LIDKOPING, Promise, it.promise)
    assert known is not None and known.shown is not None
    lines = tuple(replace(line, about=()) for line in known.shown.lines)
    await release(evening, it.promise, lines=lines)

    await erased(evening, ("observation", it.finding.id))

    after = await read_by_all(evening)
    assert TITLE not in after and OTHER in after and GONE in after


@pytest.mark.law(5)
async def test_a_restored_database_shows_it_to_nobody(evening: Evening) -> None:
    it = await released(evening)
    async with evening.store.read() as db:
        rows = {t.name: [dict(row._mapping) for row in await db.execute(t.select())] for t in metadata.sorted_tables}
    await erased(evening, ("observation", it.finding.id))
    async with evening.store.write() as db:
        for table in reversed(metadata.sorted_tables):
            await db.execute(table.delete())
        for table in metadata.sorted_tables:
            if rows[table.name]:
                await db.execute(table.insert(), rows[table.name])
    assert TITLE in await read_by_all(evening)

    report = await restoring.settle(hands(evening), evening.now)

    assert report.replayed == 1
    after = await read_by_all(evening)
    assert TITLE not in after and OTHER in after


@pytest.mark.law(5)
async def test_who_read_it_a_moment_before_it_was_removed_releases_nothing(evening: Evening) -> None:
    it = await released(evening)
    async with evening.store.read() as db:
        seen = await read(db, LIDKOPING, it.promise, evening.now.date())
    await erased(evening, ("observation", it.finding.id))
    async with evening.store.read() as db:
        now = await records.one(db, LIDKOPING, Promise, it.promise)
    assert now is not None and now.version == seen.promise.version + 1

    body = {"shown": msgspec.to_builtins(seen.shown), "seen": now.version, "name": "Anna"}
    outcome = await evening.act("promise.publish", it.promise, body)

    assert (outcome.outcome, outcome.code) == ("rejected", "preview_is_old")
    assert TITLE not in await read_by_all(evening)
