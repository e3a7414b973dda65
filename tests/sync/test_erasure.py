"""Law 5, erasure: what a nämnd decided to remove is nowhere, comes back from nowhere, and a hold stops it."""

from pathlib import Path

import msgspec
import pytest

from tests import makers
from tests.makers import Evening, count
from tests.sync import canary
from tests.sync.registers import (
    OFFICER,
    PHOTO,
    REGISTRATOR,
    SOCIAL_OFFICER,
    SOCIAL_REGISTRATOR,
    WORD,
    Finding,
    about,
    asked,
    carried_out,
    decided,
    erased,
    hands,
)
from trygghetsvandring.domain.erasures import Case
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import erasures, records
from trygghetsvandring.storage.disk import StorageStopped
from trygghetsvandring.storage.journal import read

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last
_PIECE = PHOTO[len(PHOTO) // 2 : len(PHOTO) // 2 + 40]  # of the photo's own bytes


async def everywhere(evening: Evening, folder: Path) -> list[str]:
    return [*await canary.tables_with(evening.store, WORD), *canary.files_with(folder, _PIECE)]


def unreadable(finding: Finding) -> bytes:
    return msgspec.json.encode({"id": "no id", "entity": finding.id, "text": WORD})


@pytest.mark.law(5)
async def test_a_request_deletes_nothing(evening: Evening, tmp_path: Path) -> None:
    finding = await Finding.handed_in(evening)
    before = await everywhere(evening, tmp_path)

    case = await asked(evening, ("observation", finding.id))
    await carried_out(evening)

    assert before and await everywhere(evening, tmp_path) == before
    async with evening.store.read() as db:
        found = await records.one(db, "lidkoping", Case, case)
    assert found is not None and (found.state, found.registered_by) == ("open", "Registrator")


@pytest.mark.law(5)
async def test_after_the_decision_the_word_is_in_no_table_and_the_bytes_in_no_file(
    evening: Evening, tmp_path: Path
) -> None:
    finding = await Finding.handed_in(evening)
    await finding.phone.push(unreadable(finding))
    await finding.phone.push(msgspec.json.encode(finding.sent[0] | {"body": {"text": WORD}}))  # an id used again
    planted = await everywhere(evening, tmp_path)

    await erased(evening, ("observation", finding.id))

    for where in ("observations.doc", "versions.doc", "operations.wire", "quarantine.wire"):
        assert where in planted
    assert any(where.startswith("blobs/") for where in planted)
    assert await everywhere(evening, tmp_path) == []
    async with evening.store.read() as db:
        assert await count(db, "quarantine") == 2
        assert await count(db, "erased", "done_at is not null") == 2


async def test_sqlites_own_file_does_not_hold_the_word_either(evening: Evening, tmp_path: Path) -> None:
    if not evening.store.is_sqlite:
        return
    finding = await Finding.handed_in(evening)
    needle = WORD.encode()
    assert canary.files_with(tmp_path, needle)

    await erased(evening, ("observation", finding.id))

    assert canary.files_with(tmp_path, needle) == []


async def test_a_task_that_grew_from_it_goes_on_without_its_words(evening: Evening, tmp_path: Path) -> None:
    finding, task = await Finding.handed_in(evening), uuid7()
    await evening.act("observation.review", finding.id, {"category": "bel.trasig", "severity": 1})
    body = {"title": "Laga lampan", "observations": [finding.id], "priority": 2}
    assert (await evening.act("task.create", task, body)).outcome == "applied"
    await finding.phone.push(finding.phone.operation("observation.withdraw", finding.id, {"reason": WORD}))
    assert "tasks.doc" in await everywhere(evening, tmp_path)

    await erased(evening, ("observation", finding.id))

    assert await everywhere(evening, tmp_path) == []
    async with evening.store.read() as db:
        left = await records.one(db, "lidkoping", Task, task)
    assert left is not None and (left.title, left.findings) == ("Laga lampan", ())


@pytest.mark.law(5)
@pytest.mark.parametrize("left", ["task.retract", "task.merge"])
async def test_a_task_that_it_has_left_forgets_its_words_too(evening: Evening, tmp_path: Path, left: str) -> None:
    finding, other = await Finding.handed_in(evening), uuid7()
    await finding.phone.push(finding.phone.observation(other))
    tasks = {finding.id: uuid7(), other: uuid7()}
    for id, task in tasks.items():
        await evening.act("observation.review", id, {"category": "bel.trasig", "severity": 1})
        body = {"title": "Laga lampan", "observations": [id], "priority": 2}
        assert (await evening.act("task.create", task, body)).outcome == "applied"
    await finding.phone.push(finding.phone.operation("observation.withdraw", finding.id, {"reason": WORD}))
    body = {"reason": "Av misstag."} if left == "task.retract" else {"into": str(tasks[other])}
    assert (await evening.act(left, tasks[finding.id], body)).outcome == "applied"
    assert "tasks.doc" in await everywhere(evening, tmp_path)

    await erased(evening, ("observation", finding.id))

    assert await everywhere(evening, tmp_path) == []


@pytest.mark.law(5)
async def test_an_old_phone_is_told_so_and_nothing_it_offers_is_kept(evening: Evening, tmp_path: Path) -> None:
    finding = await Finding.handed_in(evening)
    await erased(evening, ("observation", finding.id))
    phone = finding.phone

    repeats = await phone.push(*finding.sent)
    anew = await phone.push(
        phone.observation(finding.id, text=WORD, photos=[finding.photo]),
        phone.operation("observation.correct", finding.id, {"text": WORD}),
        phone.operation("photo.declare", finding.photo, finding.declaration()),
        phone.operation("photo.declare", uuid7(), finding.declaration()),
        phone.operation("observation.paint", finding.id, {"text": WORD}),
        phone.operation("observation.correct", finding.id, {"severity": WORD}),
    )

    assert [(o.outcome, o.first, o.code) for o in repeats] == [("repeated", "applied", "erased")] * 3
    assert [(o.outcome, o.code) for o in anew] == [("rejected", "erased")] * 6
    assert await finding.upload(evening) == 410
    assert await everywhere(evening, tmp_path) == []
    have = await evening.http.post(
        "/sync/have",
        content=msgspec.json.encode({"operations": [op["id"] for op in finding.sent]}),
        headers=phone.headers,
    )
    assert have.json() == {"missing": []}


@pytest.mark.law(5)
async def test_another_phone_and_an_unreadable_copy_bring_nothing_back(evening: Evening, tmp_path: Path) -> None:
    finding = await Finding.handed_in(evening)
    await erased(evening, ("observation", finding.id))
    other = await evening.phone()

    outcomes = await other.push(
        other.observation(finding.id, text=WORD),
        msgspec.json.encode(finding.sent[0] | {"body": {"text": WORD}}),  # the same id with other content
        unreadable(finding),
    )

    assert [o.code for o in outcomes] == ["erased", "id_reuse", "operation_malformed"]
    assert await everywhere(evening, tmp_path) == []


@pytest.mark.law(5)
async def test_what_waits_for_it_is_settled(evening: Evening, tmp_path: Path) -> None:
    finding, phone = uuid7(), await evening.phone()
    (waits,) = await phone.push(phone.operation("observation.correct", finding, {"text": WORD}))
    assert waits.outcome == "deferred"
    await phone.push(phone.observation(finding))
    (unknown,) = await phone.push(op := phone.operation("observation.paint", finding, {"text": WORD}))
    assert unknown.code == "type_unknown"

    await erased(evening, ("observation", finding))

    (again,) = await phone.push(op)
    assert (again.outcome, again.first, again.code) == ("repeated", "rejected", "erased")
    assert await everywhere(evening, tmp_path) == []
    async with evening.store.read() as db:
        assert await count(db, "operations", "outcome = 'deferred'") == 0


@pytest.mark.law(5)
async def test_every_phone_that_was_shown_it_is_told_that_it_is_gone_and_why(evening: Evening) -> None:
    finding = await Finding.handed_in(evening)
    read_before = await finding.phone.pull()

    await erased(evening, ("observation", finding.id))

    new = await finding.phone.pull(read_before.cursor)
    anew = await finding.phone.pull()
    for pulled in (new, anew):
        for kind, id in (("observation", finding.id), ("photo", finding.photo), ("reply", finding.id)):
            assert pulled.of(kind)[str(id)] is None
        stone = pulled.of("erased")[str(finding.id)]
        assert (stone["kind"], stone["reason"], stone["on"]) == ("observation", "erasure", "2026-11-20")
    assert WORD not in str(anew.changes)


async def test_kept_pages_of_the_feed_are_dropped(evening: Evening) -> None:
    finding = await Finding.handed_in(evening, with_photo=False)
    async with evening.store.read() as db:
        before = await feed.rewritten(db, "lidkoping")

    await erased(evening, ("observation", finding.id))

    async with evening.store.read() as db:
        assert await feed.rewritten(db, "lidkoping") > before


@pytest.mark.law(5)
async def test_a_hold_stops_it_and_says_so(evening: Evening) -> None:
    finding = await Finding.handed_in(evening)
    hold = uuid7()
    body = {"about": about(("photo", finding.photo)), "reason": "Begärd av domstol."}
    assert (await evening.act("hold.place", hold, body, REGISTRATOR)).outcome == "applied"
    case = await asked(evening, ("observation", finding.id))

    stopped = await decided(evening, case)
    await evening.act("hold.lift", hold, {"reason": "Målet är avgjort."}, OFFICER)
    let_go = await decided(evening, case)

    assert (stopped.outcome, stopped.code) == ("rejected", "under_hold")
    assert stopped.facts == {"held": [str(finding.photo)]}
    assert let_go.outcome == "applied"


async def test_who_registered_the_case_does_not_decide_it(evening: Evening) -> None:
    finding = await Finding.handed_in(evening, with_photo=False)
    own = await asked(evening, ("observation", finding.id), by=OFFICER)
    others = await asked(evening, ("observation", finding.id))

    assert (await decided(evening, own)).code == "four_eyes"
    assert (await decided(evening, others, by=REGISTRATOR)).code == "not_allowed"
    assert (await decided(evening, others)).outcome == "applied"


async def test_a_refusal_carries_how_to_appeal_and_removes_nothing(evening: Evening, tmp_path: Path) -> None:
    finding = await Finding.handed_in(evening)
    case = await asked(evening, ("observation", finding.id))
    before = await everywhere(evening, tmp_path)

    assert (await decided(evening, case, granted=False)).outcome == "applied"
    await carried_out(evening)

    async with evening.store.read() as db:
        found = await records.one(db, "lidkoping", Case, case)
    assert found is not None and "förvaltningsrätten" in found.appeal and found.decided_by.startswith("Kim Testsson")
    assert await everywhere(evening, tmp_path) == before


async def test_another_namnds_registrator_knows_of_nothing(evening: Evening) -> None:
    finding = await Finding.handed_in(evening, with_photo=False)
    case = await asked(evening, ("observation", finding.id))

    body = {"about": about(("observation", finding.id)), "received_on": evening.now.date()}
    foreign = await evening.act("erasure.request", uuid7(), body, SOCIAL_REGISTRATOR)
    refused = await decided(evening, case, by=SOCIAL_OFFICER)

    assert (foreign.code, refused.code) == ("missing", "missing")


async def test_the_journal_names_it_before_anybody_is_answered_and_says_nothing_of_what_it_was(
    evening: Evening, tmp_path: Path
) -> None:
    finding = await Finding.handed_in(evening)

    await decided(evening, await asked(evening, ("observation", finding.id)))

    (line,) = read(tmp_path / "erasures.journal")
    assert {ref.id for ref in line.erasing.refs} == {finding.id, finding.photo}
    assert WORD.encode() not in (tmp_path / "erasures.journal").read_bytes()


@pytest.mark.law(5)
async def test_when_the_journal_cannot_be_written_nothing_is_decided(evening: Evening, tmp_path: Path) -> None:
    finding = await Finding.handed_in(evening, with_photo=False)
    case = await asked(evening, ("observation", finding.id))
    hands(evening).journal._disk._stopped = "planted"
    with pytest.raises(StorageStopped):
        await decided(evening, case)
    async with evening.store.read() as db:
        found = await records.one(db, "lidkoping", Case, case)
        assert found is not None and found.state == "open"
        assert await erasures.decisions(db) == set()
