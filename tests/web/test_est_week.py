"""The EST week at the desk: one picture of everything, signed off as it was read, and lines that say the same."""

import csv
import io
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.sync.desks import Desk, coordinator, desk
from tests.web.phones import MUNICIPALITY, Evening
from trygghetsvandring.domain.ids import est_week_id, pass_id, uuid7
from trygghetsvandring.domain.people import Role
from trygghetsvandring.storage import est_week

pytest_plugins = ["tests.web.evenings"]
WEEK = "2026-W47"
ID = est_week_id(MUNICIPALITY, WEEK)
CODES = ("bel.trasig", "ljud.musik", "motor", "skrap", "bel.bra")


async def forty_reports(evening: Evening, triage: Desk) -> list[UUID]:
    """Thirty-six from one walk, sorted, and four that a party has counted."""
    phone, made = await evening.phone(), []
    for n in range(36):
        code = CODES[n % len(CODES)]
        at = (evening.now + timedelta(minutes=4 * n)).isoformat()
        made.append(await phone.observe(category=code, stop=str(evening.stop), seen_at=at, text="HEMLIGT"))
        await triage.done("observation.review", made[-1], category=code, severity=1, note="")
    await triage.done("est.count", ID, **a_count())
    return made


def a_count(**changes: Any) -> dict[str, Any]:
    told = {"party": "polisen", "told_by": "Kommunpolis", "told_on": "2026-11-20", "area": "Lidköping"}
    what = {"place": "nya-stadens-torg", "evening": "2026-11-20", "hour": 23, "category": "motor", "n": 4}
    return {"week": WEEK, "count": uuid7(), **told, **what, **changes}


async def view(triage: Desk, week: str = WEEK) -> Any:
    return await triage.get(f"/api/est?week={week}")


async def exported(triage: Desk, kind: str, week: str = WEEK) -> Any:
    answer = await triage.evening.http.get(f"/api/est/export/{kind}?week={week}", headers=triage.headers)
    assert answer.status_code == 200, answer.text
    return answer


async def signed(triage: Desk, digest: str = "") -> Any:
    body = {"week": WEEK, "digest": digest or (await view(triage))["digest"]}
    return (await triage.evening.http.post("/api/est/compile", json=body, headers=triage.headers)).json()


def read_again(answer: Any) -> list[dict[str, str]]:
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


async def test_the_lines_read_again_are_the_picture_on_the_screen(evening: Evening) -> None:
    triage = await coordinator(evening)
    await forty_reports(evening, triage)
    drawn, lines = (await view(triage))["picture"], read_again(await exported(triage, "csv"))

    assert drawn["total"] == sum(int(line["antal"]) for line in lines) == 40
    by_place, by_category, by_hour = Counter[Any](), Counter[str](), Counter[Any]()
    for line in lines:
        n = int(line["antal"])
        by_place[line["omrade"], line["plats"], line["datum"]] += n
        by_place[line["omrade"], "", line["datum"]] += n
        by_category[line["kategorikod"]] += n
        by_hour[line["datum"], line["tid"][:2]] += n
    shown = {
        (row["area"], row["place"], day): cell["n"]
        for row in drawn["by_place"]
        for day, cell in zip(drawn["evenings"], row["cells"], strict=True)
        if cell["n"]
    }
    assert shown == dict(by_place)
    assert {row["category"]: row["n"] for row in drawn["by_category"] if row["n"]} == dict(by_category)
    hours = {
        (row["evening"], f"{block:02}"): cell["n"]
        for row in drawn["by_hour"]
        for block, cell in zip(drawn["blocks"], row["cells"], strict=True)
        if cell["n"]
    }
    assert hours == dict(by_hour)
    told = (await exported(triage, "json")).json()
    assert [{**line} for line in told["lines"]] == lines
    assert {each["evening"] for each in told["out"]} == {"2026-11-20"}
    assert "HEMLIGT" not in str(told) + str(lines) + str(drawn)


async def test_presence_is_the_released_sums_and_without_a_rule_there_is_none(evening: Evening) -> None:
    triage = await coordinator(evening)
    team = await desk(evening, Role.FIELD_SECRETARY, "socialtjansten")
    log = pass_id("socialtjansten", "2026-11-20", "field_shift")
    await team.done("presence.pass", log, evening="2026-11-20", kind="field_shift", adults=2)
    seen = {"pass": log, "place": "nya-stadens-torg", "area": "Lidköping", "at": evening.now.isoformat()}
    await team.done("presence.log", uuid7(), **seen, band="6-15", mood="threatening", action="talk")
    it, lines = await view(triage), read_again(await exported(triage, "csv"))

    (row,) = it["picture"]["by_place"]
    assert (row["area"], row["place"], row["cells"][4]) == (
        *("Lidköping", ""),
        {"n": 0, "evenings": 1, "people": "6–15"},
    )
    assert [(line["kategorikod"], line["omrade"], line["antal"]) for line in lines] == [
        ("narvaro", "Lidköping", "6–15")
    ]
    assert not [name for name in ("nya-stadens-torg", "Nya stadens torg") if name in str(it["picture"]) + str(lines)]
    assert "threatening" not in str(it) + str(lines)
    later = await triage.get(f"/api/est?week={it['after']}")
    assert later["picture"]["by_place"] == []


async def test_what_takes_the_place_of_anothers_words_was_written_to_what_stands_there_now(evening: Evening) -> None:
    triage = await coordinator(evening)
    place = {"place": "nya-stadens-torg", "evening": "2026-11-27", "from_hour": 20, "to_hour": 22}
    await triage.done("est.next", ID, week=WEEK, places=[{**place, "owner": "nattvandrarna", "why": "Mest där."}])
    read = (await view(triage))["version"]
    meeting = {"week": WEEK, "met_on": "2026-11-20"}
    met = await triage.push("est.meet", ID, {**meeting, "present": ["Kommunpolis"]}, base=read)
    assert met["outcome"] == "applied"

    late = await triage.push("est.next", ID, {"week": WEEK, "places": []}, base=read)
    again = await triage.push("est.meet", ID, {**meeting, "present": ["Samordnare"]}, base=read)

    assert [each["code"] for each in (late, again)] == ["seen_has_moved"] * 2
    it = await view(triage)
    assert (len(it["next_places"]), it["present"]) == (1, ["Kommunpolis"])
    now = await triage.push("est.next", ID, {"week": WEEK, "places": []}, base=it["version"])
    assert now["outcome"] == "applied"
    assert (await view(triage))["next_places"] == []


async def test_a_week_is_signed_off_as_it_was_read_when_all_is_sorted_and_says_when_it_has_changed(
    evening: Evening,
) -> None:
    triage = await coordinator(evening)
    await triage.done("est.review", ID, week=WEEK)
    read = (await view(triage))["digest"]
    found = await (await evening.phone()).observe(stop=str(evening.stop))
    assert (await signed(triage, read))["code"] == "seen_has_moved"
    assert (await signed(triage))["code"] == "est_week_goes_on"
    evening.now += timedelta(days=4)
    assert (await signed(triage))["code"] == "est_unsorted_left"
    await triage.done("observation.review", found, category="bel.trasig", severity=1, note="")
    assert (await signed(triage))["version"] == 2

    it = await view(triage)
    assert (it["step"], it["is_as_compiled"], it["compiled"]["events"]) == ("compiled", True, 1)
    work: dict[str, Any] = {"decision": uuid7(), "text": "Byt lampan", "owner": "gata-park", "due_on": "2026-12-04"}
    await triage.done("est.decide", ID, week=WEEK, **work, task=uuid7(), observations=[found])
    assert (await view(triage))["is_as_compiled"] is True  # what is done about it was not signed
    await triage.done("observation.review", found, category="skrap", severity=1, note="")
    assert (await view(triage))["is_as_compiled"] is False
    assert await triage.refused("est.count", ID, **a_count()) == "no_such_est_step"


async def test_the_meeting_stands_on_one_screen_with_what_was_decided_the_week_before(evening: Evening) -> None:
    triage = await coordinator(evening)
    (lamp, *_) = await forty_reports(evening, triage)
    ready = (await view(triage))["ready"]
    assert {each["category"] for each in ready} == {"bel.trasig", "skrap"}  # nothing social, nothing good
    task, stands = uuid7(), uuid7()
    decided: dict[str, Any] = {"week": WEEK, "due_on": "2026-12-04"}
    work = decided | {"decision": uuid7(), "text": "Byt lampan", "owner": "gata-park"}
    await triage.done("est.decide", ID, **work | {"task": task, "observations": [lamp]})
    alone = decided | {"decision": stands, "text": "Fler vuxna ute", "owner": "nattvandrarna"}
    await triage.done("est.decide", ID, **alone)
    await triage.done("est.settle", ID, week=WEEK, decision=stands, is_done=True, said="Två kvällar.")
    place = {"place": "nya-stadens-torg", "evening": "2026-11-27", "from_hour": 22, "to_hour": 1}
    await triage.done("est.next", ID, week=WEEK, places=[{**place, "owner": "nattvandrarna", "why": "Mest där."}])
    await triage.done("est.meet", ID, week=WEEK, met_on="2026-11-20", present=["Kommunpolis", "Bovärd"])

    it, told = await view(triage), (await exported(triage, "json")).json()
    first, second = it["decisions"]
    assert (first["task"]["id"], first["task"]["state"], second["task"]) == (str(task), "assigned", None)
    assert (second["is_done"], second["said"], it["present"]) == (True, "Två kvällar.", ["Kommunpolis", "Bovärd"])
    assert str(lamp) not in [each["id"] for each in it["ready"]]
    assert [(each["text"], each["owner"], each["is_task"]) for each in told["decisions"]] == [
        ("Byt lampan", "Gata och park", True),
        ("Fler vuxna ute", "Nattvandrarna i Lidköping", False),
    ]
    assert told["next_places"][0]["place"] == "Nya Stadens torg"
    after = await view(triage, it["after"])
    assert (after["before"], after["before_id"]) == (WEEK, str(ID))
    assert [each["text"] for each in after["last_decisions"]] == ["Byt lampan", "Fler vuxna ute"]


async def test_without_a_week_the_last_that_is_over_is_shown_and_nonsense_is_refused(evening: Evening) -> None:
    triage = await coordinator(evening)
    assert ((await triage.get("/api/est"))["week"], (await view(triage))["is_over"]) == ("2026-W46", False)
    for wrong in ("x", "2026-W54", "2026-W47%00"):
        await triage.get(f"/api/est?week={wrong}", status=400)
    await triage.get("/api/est/export/pdf", status=404)


async def test_nobody_outside_the_coordination_learns_that_there_is_such_a_week(evening: Evening) -> None:
    triage = await coordinator(evening)
    await triage.done("est.review", ID, week=WEEK)
    for role, organisation in (
        (Role.HANDLER, "gata-park"),
        (Role.FIELD_SECRETARY, "socialtjansten"),
        (Role.POLICE, "polisen"),
        (Role.SHOP, "butik-torget"),
    ):
        outside = await desk(evening, role, organisation)
        for path in ("/api/est", "/api/est/export/csv"):
            await outside.get(path, status=404)
        assert await outside.refused("est.review", ID, week=WEEK) == "not_allowed"


async def test_a_week_with_more_in_it_than_can_be_counted_says_so(evening: Evening, monkeypatch: Any) -> None:
    triage = await coordinator(evening)
    await forty_reports(evening, triage)
    assert (await view(triage))["is_whole"] is True
    monkeypatch.setattr(est_week, "MOST_FINDINGS", 35)
    it = await view(triage)
    assert (it["is_whole"], it["picture"]["total"]) == (False, 39)


async def test_vehicles_are_told_week_by_week_to_the_coordinator_only(evening: Evening) -> None:
    triage = await coordinator(evening)
    moped = {"vehicle": "moped", "band": "6-15"}
    await triage.done("est.count", ID, **a_count(vehicles=[moped], category="motor.samling"))
    weeks = (await triage.get(f"/api/est/vehicles?week={WEEK}"))["weeks"]

    assert [len(weeks), weeks[-1]["week"], weeks[-1]["total"], weeks[0]["total"]] == [8, WEEK, 4, 0]
    torget = next(it for it in weeks[-1]["spots"] if it["where"]["place"] == "Nya Stadens torg")
    assert [torget["n"], torget["evenings"], torget["trend"], torget["vehicles"]] == [4, 0, "not_looked", [moped]]
    page = await evening.http.get(f"/folj/{MUNICIPALITY}")
    assert "moped" not in page.text.lower()
