"""A season's rota through a real mail server: gaps offered by link, taken, reminded of, called off, and attested."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
import pytest_asyncio

from tests.jobs.test_report_backs import done, mornings
from tests.makers import COORDINATOR, LIDKOPING, an_evening
from tests.web.mail_houses import MailHouse, a_mail_house, forms_in, links_in, text_of
from trygghetsvandring.domain.ids import pass_id, uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.rota import OutingKind, RotaEvening
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import records
from trygghetsvandring.sync import following
from trygghetsvandring.sync.clocks import Exchange
from trygghetsvandring.sync.turns import Request
from trygghetsvandring.web import followers

WALKERS, MAIL = "nattvandrarna", "pass@nattvandrarna.example"
FIELD_TEAM = Principal(municipality=LIDKOPING, role=Role.FIELD_SECRETARY, organisation=WALKERS, function="Passledare")
REMINDED = "Påminnelse: ni går fredag 4 december"


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    followers.forget_tries()
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def desk(house: MailHouse) -> dict[str, str]:
    return await house.signed_in(await house.user("coordinator", "samordning", f"sam-{uuid7()}@lk.example"))


async def seen(house: MailHouse, headers: dict[str, str]) -> Any:
    answer = await house.evening.http.get("/api/rota", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def asked(house: MailHouse, headers: dict[str, str], path: str, body: dict[str, Any]) -> Any:
    return await house.evening.http.post(path, json=body, headers=headers)


async def planned(house: MailHouse, evening: str, **changes: Any) -> UUID:
    id = uuid7()
    times = {"evening": evening, "starts": "20:00", "ends": "00:30"}
    what = {"kind": "night_walk", "area": "Lidköping", "place": "Torget", "needed": 4}
    await done(house, "rota.plan", id, times | what | changes)
    return id


async def linked(house: MailHouse, headers: dict[str, str]) -> str:
    """The path that the association's letter holds."""
    reach = {"party": WALKERS, "function": "Passledare", "mail": MAIL}
    assert (await asked(house, headers, "/api/rota/contact", reach)).status_code == 200
    party = next(it for it in (await seen(house, headers))["parties"] if it["id"] == WALKERS)
    await done(house, "rota.link", uuid7(), {"party": WALKERS, "contact": party["contact"]["id"]})
    await house.work()
    return links_in(house.inbox.to(MAIL)[-1], "/kvallar/")[0]


async def says(house: MailHouse, path: str, act: str, adults: str = "") -> Any:
    form = forms_in(await house.get(path))[act]
    return await house.evening.http.post("/kvallar/svar", data=form | {"adults": adults})


async def test_a_gap_is_offered_by_link_taken_without_an_account_and_the_desk_sees_it_close(house: MailHouse) -> None:
    headers = await desk(house)
    await planned(house, "2026-12-04")
    path = await linked(house, headers)
    assert "Nattvandring fredag 4 december kl. 20.00–00.30, Torget i Lidköping" in text_of(house.inbox.to(MAIL)[0])

    for _ in range(2):  # a mail scanner, and then the reader
        assert "Det behövs 4 vuxna." in (await house.get(path)).text
    assert "Tack. Ni är anmälda." in (await says(house, path, "sign", "3")).text
    (row,) = (await seen(house, headers))["evenings"]
    assert (row["missing"], row["crew"][0]["adults"], row["crew"][0]["by_link"]) == (1, 3, True)

    assert "Ni är inte anmälda längre" in (await says(house, path, "leave")).text
    (row,) = (await seen(house, headers))["evenings"]
    assert (row["missing"], row["crew"], [it["adults"] for it in row["history"]]) == (4, [], [0, 3])


async def test_who_leaves_an_evening_that_is_near_is_heard_of_at_once(house: MailHouse) -> None:
    headers = await desk(house)
    near, far = await planned(house, "2026-11-24"), await planned(house, "2026-12-11")
    path = await linked(house, headers)
    house.inbox.mails.clear()
    for evening in (near, far):
        await done(house, "rota.sign", evening, {"party": WALKERS, "adults": 4})
    for evening in (near, far):
        forms = re.findall(r"<form.*?</form>", (await house.get(path)).text, re.DOTALL)
        (form,) = (it for it in forms if str(evening) in it and "Vi kan inte" in it)
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
        assert (await house.evening.http.post("/kvallar/svar", data=fields)).status_code == 200
    await house.work()

    (letter,) = house.inbox.mails
    assert str(letter["Subject"]) == "Färre kommer: tisdag 24 november"
    assert "Nu saknas 4 vuxna." in text_of(letter)


async def test_a_form_is_taken_once_and_never_for_another_evening_or_after_a_change(house: MailHouse) -> None:
    headers = await desk(house)
    friday = await planned(house, "2026-12-04")
    path = await linked(house, headers)
    form = forms_in(await house.get(path))["sign"] | {"adults": "3"}
    saturday = await planned(house, "2026-12-05")

    for wrong in ({"evening": str(saturday)}, {"adults": "31"}, {"adults": "-1"}, {"adults": "Karin"}, {"form": "x"}):
        refused = await house.evening.http.post("/kvallar/svar", data=form | wrong)
        assert refused.status_code == 422, wrong
    await done(house, "rota.sign", friday, {"party": "socialtjansten", "adults": 2})  # another's answer changes nothing
    assert (await house.evening.http.post("/kvallar/svar", data=form)).status_code == 200
    assert "Vi har redan fått det svaret" in (await house.evening.http.post("/kvallar/svar", data=form)).text
    old = forms_in(await house.get(path))["sign"] | {"adults": "2"}  # of the last evening on the page
    await done(house, "rota.call_off", saturday, {"reason": "Storm väntas."})
    refused = await house.evening.http.post("/kvallar/svar", data=old)
    assert "Kvällen har ändrats sedan sidan öppnades" in refused.text
    rows = {it["evening"]: it for it in (await seen(house, headers))["evenings"]}
    assert [each["adults"] for each in rows["2026-12-04"]["crew"]] == [2, 3]
    assert rows["2026-12-05"]["crew"] == []


async def changed(house: MailHouse, id: UUID, **changes: Any) -> None:
    """The evening as a desk that has just read it changes it."""
    async with house.evening.store.read() as db:
        it = await records.one(db, LIDKOPING, RotaEvening, id)
    assert it is not None
    times = {"evening": it.evening, "starts": "20:00", "ends": "00:30"}
    body = {"kind": it.kind, "area": it.area, "place": it.place, "needed": it.needed} | times | changes
    now, sent = house.evening.now, {"id": uuid7(), "type": "rota.plan", "entity": id, "base": it.version}
    raw = msgspec.json.encode({**sent, "at": now, "body": body})
    asked = Request(COORDINATOR, Exchange(uuid7(), now, 0, now, is_phones=False), [raw])
    (outcome,) = await house.evening.engine._turns.outcomes(asked)
    assert outcome.outcome == "applied", outcome
    await house.work()


async def test_a_link_ends_with_its_address(house: MailHouse) -> None:
    headers = await desk(house)
    await planned(house, "2026-12-04")
    path = await linked(house, headers)
    form = forms_in(await house.get(path))["sign"] | {"adults": "3"}
    reach = {"party": WALKERS, "function": "Passledare", "mail": "ny@nattvandrarna.example"}
    await asked(house, headers, "/api/rota/contact", reach)
    assert (await house.get(path)).status_code == 410
    refused = await house.evening.http.post("/kvallar/svar", data=form)
    assert "Länken gäller inte längre" in refused.text
    await asked(house, headers, "/api/rota/contact", {"party": WALKERS, "function": "", "mail": ""})
    view = await seen(house, headers)
    assert MAIL not in str(view)
    assert view["evenings"][0]["crew"] == []
    for bad in ({"mail": "ingen adress"}, {"function": "Karin Andersson"}):
        assert not (await asked(house, headers, "/api/rota/contact", reach | bad)).is_success


async def test_who_said_yes_is_reminded_the_day_before_and_gaps_are_told_once_a_week(house: MailHouse) -> None:
    headers = await desk(house)
    friday = await planned(house, "2026-12-04")
    path = await linked(house, headers)
    await says(house, path, "sign", "3")
    await changed(house, friday, place="Parken")
    assert "Parken i Lidköping" in text_of(house.inbox.to(MAIL)[-1])
    assert str(house.inbox.to(MAIL)[-1]["Subject"]) == "Ändrat: fredag 4 december"
    await changed(house, friday, place="Parken", needed=5)  # nothing that those who come read
    assert len(house.inbox.to(MAIL)) == 2

    # The evening lacks one still, but not from them: nothing asks for more of who comes.
    assert await mornings(house, "2026-12-05") == [("12-03", MAIL, REMINDED)]
    await planned(house, "2026-12-12")
    assert await mornings(house, "2026-12-12") == [("12-07", MAIL, "Kan ni gå någon av kvällarna?")]


async def test_a_cancellation_reaches_those_who_come_the_phones_of_the_walk_and_the_followers(house: MailHouse) -> None:
    begins = house.evening.now + timedelta(days=14)
    times: dict[str, Any] = {"starts_at": begins, "ends_at": begins + timedelta(hours=2)}
    walk = await house.evening.plan(walk=uuid7(), name="Torgrundan", **times)
    phone = await house.evening.phone(walk)
    await announced_and_followed(house, walk)
    friday, headers = await planned(house, "2026-12-04", kind="safety_walk", walk=walk), await desk(house)
    thursday = {"evening": "2026-12-03", "starts": "20:00", "ends": "22:00", "place": "Torget", "needed": 4}
    of_another = {"kind": "safety_walk", "area": "Lidköping", "walk": walk} | thursday
    refused = await house.evening.act("rota.plan", uuid7(), of_another)
    assert (refused.code, refused.facts) == ("rota_not_possible", {"reason": "walk"})
    await says(house, await linked(house, headers), "sign", "3")
    house.inbox.mails.clear()

    await done(house, "rota.call_off", friday, {"reason": "Storm väntas."})
    for lane in (Lane.LETTERS, Lane.DAILY, Lane.FOLLOWERS):
        await house.work(lane)

    told = {str(mail["To"]): text_of(mail) for mail in house.inbox.mails}
    assert told.keys() == {MAIL, "en.lasare@post.example"}
    assert "Storm väntas." in told[MAIL]
    assert "Inställd: Torgrundan" in told["en.lasare@post.example"]
    (line,) = [each["state"] for each in (await phone.pull()).changes if each["kind"] == "called_off"]
    assert (line["id"], line["reason"]) == (str(walk), "Storm väntas.")
    assert "STATUS:CANCELLED" in (await house.get(f"/folj/{LIDKOPING}/kalender.ics")).text
    assert (await seen(house, headers))["evenings"][0]["called_off"]["reason"] == "Storm väntas."
    house.inbox.mails.clear()
    assert await mornings(house, "2026-12-05") == []


async def test_an_evening_goes_with_its_walk_and_those_who_come_are_told(house: MailHouse) -> None:
    begins = house.evening.now + timedelta(days=14)
    times: dict[str, Any] = {"starts_at": begins, "ends_at": begins + timedelta(hours=2)}
    walk = await house.evening.plan(walk=uuid7(), name="Torgrundan", **times)
    hours = {"starts": "18:00", "ends": "23:30"}  # who comes is there before and after the walk
    friday, headers = await planned(house, "2026-12-04", kind="safety_walk", walk=walk, **hours), await desk(house)
    await says(house, await linked(house, headers), "sign", "3")

    async def moved(**changes: Any) -> tuple[str, str, str]:
        """The evening after it, and the subject of the letter."""
        house.inbox.mails.clear()
        await done(house, "walk.change", walk, changes)
        await house.work()
        async with house.evening.store.read() as db:
            it = await records.one(db, LIDKOPING, RotaEvening, friday)
        assert it is not None
        clock = f"{it.starts_at.astimezone(STOCKHOLM):%m-%d %H:%M}", f"{it.ends_at.astimezone(STOCKHOLM):%H:%M}"
        return *clock, ", ".join(str(mail["Subject"]) for mail in house.inbox.to(MAIL))

    assert await moved(name="Torgrundan i advent") == ("12-04 18:00", "23:30", "")
    assert await moved(ends_at=begins + timedelta(hours=3)) == ("12-04 18:00", "23:30", "")  # still within
    times = {"starts_at": begins + timedelta(days=7), "ends_at": begins + timedelta(days=7, hours=2)}
    assert await moved(**times) == ("12-11 18:00", "23:30", "Ändrat: fredag 11 december")
    house.inbox.mails.clear()
    await done(house, "walk.end", walk, {})
    await house.work()
    (letter,) = house.inbox.to(MAIL)
    assert "Vandringen blir inte av." in text_of(letter)


async def announced_and_followed(house: MailHouse, walk: UUID) -> None:
    """Shown to everybody, and somebody who follows the page has been told of it."""
    async with house.evening.store.read() as db:
        it = await records.one(db, LIDKOPING, Walk, walk)
    assert it is not None
    await following.ask(house.evening.engine, LIDKOPING, "en.lasare@post.example", house.evening.now, language="sv")
    await house.work(Lane.FOLLOWERS)
    path = links_in(house.inbox.to("en.lasare@post.example")[-1], "/foljare/")[0]
    await house.evening.http.post("/foljare/bekrafta", data={"secret": path.rpartition("/")[2]})
    await mornings(house, "2026-11-21")  # the first look tells nothing
    await done(house, "walk.announce", walk, {"seen": it.version, "name": "Anna Ek"})
    await mornings(house, "2026-11-29")
    await house.work(Lane.FOLLOWERS)
    assert "Torgrundan" in text_of(house.inbox.to("en.lasare@post.example")[-1])


async def test_walked_evenings_are_attested_from_the_log_read_by_a_person_and_frozen(house: MailHouse) -> None:
    headers = await desk(house)
    await planned(house, "2026-11-21")
    path = await linked(house, headers)
    await says(house, path, "sign", "4")
    await a_logged_pass(house, "2026-11-20", adults=3, minutes=180)
    house.evening.passes(days=4)
    headers = await desk(house)
    assert "Vi har sparat hur många som gick" in (await says(house, path, "walked", "4")).text

    at, period = "/api/rota/attestations", {"party": WALKERS, "first": "2026-11-01", "last": "2026-11-23"}
    answer = await house.evening.http.get(at, params=period, headers=headers)
    assert answer.status_code == 200, answer.text
    view = answer.json()
    assert [(it["evening"], it["adults"], it["source"]) for it in view["rows"]] == [
        ("2026-11-20", 3, "log"),
        ("2026-11-21", 4, "link"),
    ]
    assert view["totals"] == {"evenings": 2, "weekends": 1, "logged": 1, "hours": 27, "unsaid": 0}

    body = period | {"digest": view["digest"], "name": "Anna Ek"}
    old = await asked(house, headers, at, body | {"digest": "x"})
    assert old.json()["code"] == "seen_has_moved"
    signed = (await asked(house, headers, at, body)).json()["id"]
    assert (await asked(house, headers, at, body)).json()["id"] == signed  # a double press, or an answer that was lost
    await a_logged_pass(house, "2026-11-22", adults=5, minutes=60)

    sheet = (await house.evening.http.get(f"{at}/{signed}/csv", headers=headers)).content.decode("utf-8-sig")
    assert sheet.splitlines()[1:] == [
        "2026-11-20;fredag;Kväll;Nattvandring;3;180;närvarologgen",
        "2026-11-21;lördag;Helg;Nattvandring;4;270;föreningen",
    ]
    page = await house.evening.http.get(f"{at}/{signed}/html", headers=headers)
    assert "Anna Ek, " in page.text
    again = (await house.evening.http.get(at, params=period, headers=headers)).json()
    assert (len(again["rows"]), [it["overlaps"] for it in again["attested"]]) == (3, [True])
    await done(house, "rota.unattest", UUID(signed), {"reason": "Fel dagar."})
    (gone,) = (await house.evening.http.get(at, params=period, headers=headers)).json()["attested"]
    assert (gone["overlaps"], gone["taken_back"]["reason"]) == (False, "Fel dagar.")
    assert "Fel dagar." in (await house.evening.http.get(f"{at}/{signed}/html", headers=headers)).text
    other = {"party": "socialtjansten", "first": "2026-11-01", "last": "2026-11-23"}
    refused = await house.evening.http.get(at, params=other, headers=headers)
    assert refused.json()["code"] == "attestation_not_possible"


async def a_logged_pass(house: MailHouse, evening: str, *, adults: int, minutes: int) -> None:
    id = pass_id(WALKERS, evening, "night_walk")
    await done(house, "presence.pass", id, {"evening": evening, "kind": "night_walk", "adults": adults}, FIELD_TEAM)
    entry = {"pass": id, "place": "nya-stadens-torg", "area": "Lidköping", "at": f"{evening}T19:30:00+00:00"}
    noticed = {"band": "6-15", "mood": "calm", "substances": "none", "action": "talk", "minutes": minutes}
    await done(house, "presence.log", uuid7(), entry | noticed, FIELD_TEAM)


async def test_a_field_shift_is_told_to_nobody_outside_the_municipality(house: MailHouse) -> None:
    headers = await desk(house)
    await planned(house, "2026-12-04", kind="field_shift", place="Bakgatan")
    path = await linked(house, headers)
    assert "Bakgatan" not in text_of(house.inbox.to(MAIL)[0])
    assert "Bakgatan" not in (await house.get(path)).text
    house.inbox.mails.clear()
    assert await mornings(house, "2026-12-01") == []


async def test_a_letter_about_an_evening_that_is_over_does_not_leave(house: MailHouse) -> None:
    headers = await desk(house)
    friday = await planned(house, "2026-12-04")
    await says(house, await linked(house, headers), "sign", "3")
    house.inbox.mails.clear()
    await done(house, "rota.call_off", friday, {"reason": "Storm väntas."})
    house.evening.passes(days=15)
    await house.work()
    assert house.inbox.mails == []


@pytest.mark.parametrize(("evening", "alarms"), [("2026-11-21", 1), ("2026-12-04", 0)])
async def test_a_cancellation_so_near_that_does_not_leave_is_told_to_the_coordinator_at_once(
    house: MailHouse, evening: str, alarms: int
) -> None:
    headers = await desk(house)
    id = await planned(house, evening)
    await says(house, await linked(house, headers), "sign", "3")
    house.inbox.mails.clear()
    house.inbox.refuses[MAIL] = "451 Later"
    await done(house, "rota.call_off", id, {"reason": "Storm väntas."})
    for _ in range(20):
        house.evening.passes(seconds=30)
        await house.work()

    told = [text_of(mail) for mail in house.inbox.mails if mail["Subject"] == "Ett mejl har inte kommit fram än"]
    assert len(told) == alarms
    assert all("Nattvandring" in text and "Kontrollera adressen, eller ring mottagaren." in text for text in told)
    house.inbox.refuses.clear()
    house.evening.passes(hours=1)
    await house.work()
    assert "Inställt" in house.inbox.to(MAIL)[-1]["Subject"]


async def test_who_was_let_in_before_an_evening_became_a_shift_reads_no_more_of_it(house: MailHouse) -> None:
    headers = await desk(house)
    friday = await planned(house, "2026-12-04")
    await says(house, await linked(house, headers), "sign", "3")
    async with house.evening.store.write() as db:
        it = await records.one(db, LIDKOPING, RotaEvening, friday)
        assert it is not None
        await records.save(db, LIDKOPING, [replace(it, kind=OutingKind.FIELD_SHIFT)], house.evening.now)
    house.inbox.mails.clear()
    assert await mornings(house, "2026-12-04") == []
