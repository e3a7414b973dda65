"""Återrapportering through a real mail server: asked before, on and after the day, answered by link, kept for good."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest_asyncio

from tests.makers import COORDINATOR, HANDLER, LIDKOPING, an_evening
from tests.web.mail_houses import PARTY, PARTYS_MAIL, MailHouse, a_mail_house, forms_in, links_in, text_of
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.plans import Commitment
from trygghetsvandring.jobs import daily
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import queue, records

EXECUTORS_MAIL, COORDINATORS_MAIL = "drift@lidkoping.example", "samordning@lk.example"
LAMPS, ROAD = "Byta lampor längs stråket.", "Rensa sikten vid riksvägen."
PARTIES = [{"id": "kommunen", "name": "kommunen", "called": "Lidköpings kommun"}]


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def done(house: MailHouse, type: str, id: UUID, body: dict[str, Any], actor: Any = COORDINATOR) -> None:
    outcome = await house.evening.act(type, id, body, actor)
    assert outcome.outcome == "applied", outcome


async def an_agreement(house: MailHouse, **changes: Any) -> UUID:
    id = uuid7()
    given = {"kind": "samverkansoverenskommelse", "title": "Samverkan 2024-2027", "parties": PARTIES}
    period = {"keeper": "kansliet", "valid_from": "2024-01-01", "valid_to": "2027-12-31"}
    await done(house, "agreement.enter", id, given | period | changes)
    return id


async def a_plan(house: MailHouse) -> UUID:
    id, agreement = uuid7(), await an_agreement(house)
    await done(house, "plan.enter", id, {"agreement": agreement, "focus": "Trygghet i tätorten", "title": "Ljus 2027"})
    return id


async def a_commitment(house: MailHouse, plan: UUID, executor: str, text: str, **changes: Any) -> UUID:
    id = uuid7()
    given = {"plan": plan, "executor": executor, "text": text, "due_on": "2027-03-15", "rhythm": "month"}
    await done(house, "commitment.enter", id, given | changes)
    return id


async def mornings(house: MailHouse, until: str) -> list[tuple[str, str, str]]:
    """Every morning at seven until that day: (day, to, subject) of the letters that left."""
    told = []
    end = datetime.fromisoformat(f"{until}T06:30:00+00:00")
    while daily.next_time(house.evening.now).astimezone(UTC) <= end:
        await daily.plan(house.evening.app.state.runner._context)
        house.evening.times["now"] = daily.next_time(house.evening.now).astimezone(UTC)
        house.inbox.mails.clear()
        await house.work(Lane.DAILY)
        await house.work()
        told += [(f"{house.evening.now:%m-%d}", str(mail["To"]), str(mail["Subject"])) for mail in house.inbox.mails]
    return told


async def read(house: MailHouse, id: UUID) -> Commitment:
    async with house.evening.store.read() as db:
        found = await records.one(db, LIDKOPING, Commitment, id)
    assert found is not None
    return found


async def plans_of(house: MailHouse, headers: dict[str, str]) -> Any:
    answer = await house.evening.http.get("/api/plans", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def report(house: MailHouse, path: str, told: str, text: str) -> Any:
    page = await house.get(path)
    return await house.evening.http.post("/redovisa/svar", data=forms_in(page)["report"] | {"told": told, "text": text})


async def test_a_late_executor_is_reminded_answers_by_link_and_both_read_the_same_rate(house: MailHouse) -> None:
    """Bar 9: late executor reminded, answers by link, on-time rate shown to both parties, history kept."""
    coordinator = await house.user("coordinator", "samordning", COORDINATORS_MAIL)
    it = await a_commitment(house, await a_plan(house), PARTY, ROAD)

    told = await mornings(house, "2026-12-04")

    subject = "Återrapportering: Rensa sikten vid riksvägen."
    late = "Försenad återrapportering: Rensa sikten vid riksvägen."
    assert sorted(told) == sorted(
        [
            ("11-23", PARTYS_MAIL, subject),
            ("11-30", PARTYS_MAIL, subject),
            ("12-03", PARTYS_MAIL, late),
            ("12-03", COORDINATORS_MAIL, late),
        ]
    )

    house.inbox.mails.clear()
    assert {to for _, to, _ in await mornings(house, "2026-12-08")} == {PARTYS_MAIL, COORDINATORS_MAIL}
    (mail,) = house.inbox.to(PARTYS_MAIL)
    assert "skulle ha kommit 30 november 2026. Det här är sista påminnelsen." in text_of(mail)
    assert "/desk/planer" in text_of(house.inbox.to(COORDINATORS_MAIL)[0])
    (path,) = links_in(mail, "/redovisa/")

    await house.get(path)  # by a mail scanner
    page = await house.get(path)
    assert page.status_code == 200
    for said in (ROAD, "Ljus 2027", "Trygghet i tätorten", "Samverkan 2024-2027", "30 november 2026", "0 av 1"):
        assert said in page.text, said
    assert (await read(house, it)).reports == ()

    fields = forms_in(page)["report"] | {"told": "going_on", "text": "Halva sträckan är rensad."}
    first = await house.evening.http.post("/redovisa/svar", data=fields)
    again = await house.evening.http.post("/redovisa/svar", data=fields | {"text": "Något annat."})
    assert (first.status_code, again.status_code) == (200, 200)
    assert "Er återrapportering är sparad" in first.text
    assert "redan fått det svaret" in again.text
    assert "Pågår, sagt 8 december 2026 för 30 november 2026 (för sent)" in again.text

    assert await mornings(house, "2026-12-21") == []  # answered: nobody is asked before the next day comes near
    assert [(day, to) for day, to, _ in await mornings(house, "2026-12-22")] == [("12-22", PARTYS_MAIL)]
    assert links_in(house.inbox.mails[0], "/redovisa/") == [path]  # the same link, and none beside it
    ontime = await report(house, path, "done", "Sikten är fri.")
    assert "Tack. Er återrapportering är sparad." in ontime.text

    (kept,) = [await read(house, it)]
    assert [(r.due_on.isoformat(), r.told.value, r.text, r.told_by, r.by_link) for r in kept.reports] == [
        ("2026-11-30", "going_on", "Halva sträckan är rensad.", "Trafikverket, genom länk", True),
        ("2027-01-04", "done", "Sikten är fri.", "Trafikverket, genom länk", True),
    ]
    view = await plans_of(house, await house.signed_in(coordinator))
    assert [(rate["executor"], rate["on_time"], rate["of"]) for rate in view["rates"]] == [(PARTY, 1, 2)]
    assert (await house.get(path)).status_code == 410


async def test_both_parties_read_what_the_other_is_late_with_at_the_desk_and_by_link(house: MailHouse) -> None:
    """What only the department's own page or a stranger's would say stays there."""
    plan, other = await a_plan(house), await a_plan(house)
    await a_commitment(house, plan, PARTY, ROAD)
    await a_commitment(house, plan, "gata-park", LAMPS)
    await a_commitment(house, other, "ab-bostader", "Måla trapphuset.")
    await mornings(house, "2026-12-03")
    (path,) = links_in(house.inbox.to(PARTYS_MAIL)[0], "/redovisa/")

    page = (await house.get(path)).text
    assert f"Svar i tid: 0 av 1. {LAMPS} Sent sedan 30 november 2026." in page
    assert "Måla trapphuset" not in page
    handler = await house.signed_in(await house.user("handler", "gata-park", "hl@lk.example"))
    (agreement,) = (await plans_of(house, handler))["agreements"]
    late = {"text": ROAD, "since": "2026-11-30", "due_on": "2027-03-15"}
    named = {"executor": PARTY, "name": "Trafikverket", "on_time": 0, "of": 1, "late": [late]}
    assert agreement["others"] == [named]
    assert [each["text"] for it in agreement["plans"] for each in it["commitments"]] == [LAMPS]

    await report(house, path, "going_on", "Halva sträckan är rensad.")
    (agreement,) = (await plans_of(house, handler))["agreements"]
    assert agreement["others"] == [named | {"late": []}]
    assert "Halva sträckan" not in str(agreement)


async def test_who_never_answers_is_reminded_of_the_days_that_come_after_too(house: MailHouse) -> None:
    await house.user("coordinator", "samordning", COORDINATORS_MAIL)
    it = await a_commitment(house, await a_plan(house), PARTY, ROAD)
    await mornings(house, "2026-12-21")

    told = await mornings(house, "2027-01-15")

    assert [day for day, to, _ in told if to == PARTYS_MAIL] == ["12-22", "01-04", "01-08", "01-13"]
    assert [day for day, to, _ in told if to == COORDINATORS_MAIL] == ["01-08", "01-13"]
    assert (await read(house, it)).reports == ()


async def test_many_commitments_are_one_letter_and_a_department_reports_at_its_desk(house: MailHouse) -> None:
    handler = await house.user("handler", "gata-park", EXECUTORS_MAIL)
    triage = await house.user("coordinator", "samordning", COORDINATORS_MAIL)
    plan = await a_plan(house)
    own = [await a_commitment(house, plan, "gata-park", text) for text in (LAMPS, "Se över armaturerna.")]
    await a_commitment(house, plan, PARTY, ROAD)

    told = await mornings(house, "2026-11-23")

    assert sorted(told) == sorted(
        [
            ("11-23", EXECUTORS_MAIL, "2 påminnelser om åtgärdsplaner i Lidköping"),
            ("11-23", PARTYS_MAIL, "Återrapportering: Rensa sikten vid riksvägen."),
        ]
    )
    unit, coordinator = await house.signed_in(handler), await house.signed_in(triage)
    (row, _) = (await plans_of(house, unit))["agreements"][0]["plans"][0]["commitments"]
    assert (row["text"], row["asked_for"]) == (LAMPS, "2026-11-30")
    said = {"due_on": row["asked_for"], "told": "going_on", "text": "Tolv av trettio är bytta."}
    await done(house, "commitment.report", own[0], said, HANDLER)

    mine, all_of = await plans_of(house, unit), await plans_of(house, coordinator)
    assert [(rate["executor"], rate["on_time"], rate["of"]) for rate in mine["rates"]] == [("gata-park", 1, 1)]
    assert mine["rates"][0] in all_of["rates"]
    assert {each["executor"] for each in all_of["rates"]} == {"gata-park", PARTY}
    assert all_of["agreements"][0]["plans"][0]["commitments"][0]["reports"][0]["told_by"] == HANDLER.function


async def test_what_is_about_a_person_is_refused_and_a_revoked_link_opens_nothing(
    house: MailHouse,
) -> None:
    it = await a_commitment(house, await a_plan(house), PARTY, ROAD)
    link = uuid7()
    await done(house, "report_link.send", it, {"link": link})
    await house.work()
    (path,) = links_in(house.inbox.to(PARTYS_MAIL)[0], "/redovisa/")

    refused = await report(house, path, "going_on", "Ring 19811218-9876 om sikten.")
    assert refused.status_code == 422
    assert "handla om en person" in refused.text
    assert (await read(house, it)).reports == ()
    long = await report(house, path, "going_on", "å" * 1000)
    assert long.status_code == 200

    await done(house, "report_link.revoke", it, {"link": link})
    shut = await house.get(path)
    assert (shut.status_code, "Länken är avstängd" in shut.text) == (410, True)
    assert (await house.get("/redovisa/nobodys")).status_code == 404


async def test_a_last_day_told_to_go_on_can_be_ended_by_link_and_no_link_leaves_when_nothing_is_asked(
    house: MailHouse,
) -> None:
    once = {"due_on": "2026-12-15", "rhythm": "once"}
    it = await a_commitment(house, await a_plan(house), PARTY, ROAD, **once)
    told = {"told_by": "Projektledare", "told_on": "2026-11-20"}
    said = {"due_on": "2026-12-15", "told": "going_on", "text": "Halva sträckan."}
    await done(house, "commitment.report", it, said | told)

    early = await house.evening.act("report_link.send", it, {"link": uuid7()}, COORDINATOR)
    assert (early.outcome, early.code) == ("rejected", "nothing_asked")
    await house.work()
    assert house.inbox.mails == []

    house.evening.times["now"] = datetime(2026, 12, 15, 9, tzinfo=UTC)
    await done(house, "report_link.send", it, {"link": uuid7()})
    await house.work()
    (path,) = links_in(house.inbox.to(PARTYS_MAIL)[0], "/redovisa/")
    ended = await report(house, path, "done", "Sikten är fri.")
    assert "Tack. Er återrapportering är sparad." in ended.text
    assert (await read(house, it)).state.value == "done"


async def test_a_revoked_link_silences_no_other_of_the_same_address(house: MailHouse) -> None:
    plan = await a_plan(house)
    first, second = [await a_commitment(house, plan, PARTY, text) for text in (ROAD, LAMPS)]
    links = {first: uuid7(), second: uuid7()}
    for it, link in links.items():
        await done(house, "report_link.send", it, {"link": link})
    await house.work()

    for it, left in ((first, LAMPS), (second, ROAD)):
        lines = [{"commitment": str(each), "link": str(link)} for each, link in links.items()]
        shut = uuid7()
        await done(house, "report_link.send", it, {"link": shut})
        await done(house, "report_link.revoke", it, {"link": shut})
        mixed = [{**line, "link": str(shut)} if line["commitment"] == str(it) else line for line in lines]
        async with house.evening.store.write() as db:
            body = msgspec.json.encode({"link": mixed[0]["link"], "lines": mixed}).decode()
            await queue.plan(db, LIDKOPING, uuid7(), "mail.report_back", body, house.evening.now)
        house.inbox.mails.clear()
        await house.work()
        (mail,) = [mail for mail in house.inbox.to(PARTYS_MAIL) if left in text_of(mail)]
        assert str(mail["Subject"]) == f"Återrapportering: {left}"


async def test_nobody_reports_for_another_and_the_coordinator_says_who_told(house: MailHouse) -> None:
    plan = await a_plan(house)
    theirs = await a_commitment(house, plan, PARTY, ROAD)
    said = {"due_on": "2026-11-30", "told": "going_on", "text": "Halva sträckan."}

    refused = await house.evening.act("commitment.report", theirs, said, HANDLER)
    assert (refused.outcome, refused.code) == ("rejected", "not_allowed")
    nobody = await house.evening.act("commitment.report", theirs, said, COORDINATOR)
    assert nobody.code == "field_missing"
    await done(house, "commitment.report", theirs, said | {"told_by": "Projektledare", "told_on": "2026-11-19"})

    (kept,) = (await read(house, theirs)).reports
    assert (kept.told_by, kept.told_on.isoformat(), kept.entered_by, kept.by_link) == (
        "Projektledare",
        "2026-11-19",
        COORDINATOR.function,
        False,
    )


async def test_a_day_after_the_agreed_time_is_refused_with_its_code(house: MailHouse) -> None:
    body = {"plan": await a_plan(house), "executor": PARTY, "text": ROAD, "due_on": "2028-01-10", "rhythm": "once"}
    refused = await house.evening.act("commitment.enter", uuid7(), body, COORDINATOR)
    assert (refused.outcome, refused.code) == ("rejected", "due_outside_period")


async def test_an_annex_that_is_to_be_reviewed_reminds_the_coordinator_twice(house: MailHouse) -> None:
    await house.user("coordinator", "samordning", COORDINATORS_MAIL)
    await an_agreement(house, title="Medborgarlöfte 2025-2026", review_on="2026-12-18")

    told = await mornings(house, "2026-12-23")

    subject = "Dags att se över: Medborgarlöfte 2025-2026"
    assert told == [("11-23", COORDINATORS_MAIL, subject), ("12-18", COORDINATORS_MAIL, subject)]
    assert await mornings(house, "2027-01-08") == []


async def test_a_fixed_lamp_hangs_on_a_commitment_in_a_focus_area_of_an_agreement(house: MailHouse) -> None:
    triage = await house.user("coordinator", "samordning", COORDINATORS_MAIL)
    task, promise, plan = await house.task("gata-park"), uuid7(), await a_plan(house)
    coordinator = await house.signed_in(triage)
    (agreement,) = (await plans_of(house, coordinator))["agreements"]
    signed = {"number": 1, "by": ["kommunen"], "text": "Belysa stråk.", "heading": "Ljus", "evidence": "reported"}
    await done(house, "promise.enter", promise, signed | {"agreement": agreement["id"]})
    await a_commitment(house, plan, "gata-park", LAMPS, tasks=[task], promises=[promise])

    (agreement,) = (await plans_of(house, coordinator))["agreements"]
    (only,) = agreement["plans"]
    (row,) = only["commitments"]
    assert (agreement["title"], only["focus"]) == ("Samverkan 2024-2027", "Trygghet i tätorten")
    assert [it["id"] for it in row["tasks"]] == [str(task)]
    assert row["promises"] == [{"id": str(promise), "heading": "Ljus"}]

    await a_commitment(house, plan, PARTY, ROAD)
    up = (await house.evening.http.get(f"/api/plans?task={task}", headers=coordinator)).json()["agreements"]
    assert [(it["focus"], [each["text"] for each in it["commitments"]]) for it in up[0]["plans"]] == [
        ("Trygghet i tätorten", [LAMPS])
    ]
    assert (await house.evening.http.get(f"/api/plans?task={uuid7()}", headers=coordinator)).json()["agreements"] == []

    lost = {"plan": plan, "executor": PARTY, "text": ROAD, "due_on": "2027-03-15", "rhythm": "once"}
    waits = await house.evening.act("commitment.enter", uuid7(), lost | {"tasks": [uuid7()]}, COORDINATOR)
    assert waits.code == "missing"
