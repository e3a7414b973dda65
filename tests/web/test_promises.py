"""Promises: entered word for word, shown by a named person exactly as read, and to everybody without a script."""

import gzip
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import feedparser

from tests.quality.lix import lix, without
from tests.sync.desks import Desk, a_task, coordinator, desk, handler, the_task
from tests.web.phones import MUNICIPALITY, Evening
from tests.web.test_plain_pages import TOKEN, TOKENS
from trygghetsvandring.demo import agreements as demo
from trygghetsvandring.demo.seed import lidkoping
from trygghetsvandring.domain.ids import pass_id, uuid7
from trygghetsvandring.domain.people import Role
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.web import folj_feed, folj_page

pytest_plugins = ["tests.web.evenings"]
TITLE = "Nytt löfte"
SIGNED = "Att fortsätta arbetet med att belysa stråk och mötesplatser för en ökad trygghet i kommunen."
PARTIES = [
    {"id": "kommunen", "name": "kommunen", "called": "Lidköpings kommun"},
    {"id": "polisen", "name": "Polisen", "called": "Polisen i Västra Skaraborg"},
]
REPORT = {
    "party": "kommunen",
    "told_by": "Gatuchef",
    "told_on": "2026-11-20",
    "first": "2026-01-01",
    "last": "2026-11-20",
    "result": "done",
    "text": "Vi har bytt lampor.",
    "may_publish": True,
}


async def an_agreement(triage: Desk, **changes: Any) -> UUID:
    id = uuid7()
    given = {"kind": "medborgarlofte", "title": TITLE, "parties": PARTIES, "keeper": "kansliet"}
    period = {"valid_from": "2026-01-01", "valid_to": "2027-12-31"}
    await triage.done("agreement.enter", id, **given | period | changes)
    return id


async def a_promise(triage: Desk, agreement: UUID, **changes: Any) -> UUID:
    id = uuid7()
    given = {"number": 1, "by": ["kommunen"], "text": SIGNED, "heading": "Ljus", "report_by": "2027-01-15"}
    await triage.done(
        "promise.enter", id, **given | {"agreement": agreement, "evidence": "street", "tiles": ["ljus"]} | changes
    )
    return id


async def test_a_plan_and_a_commitment_are_changed_by_who_has_read_them_as_they_stand(evening: Evening) -> None:
    triage = await coordinator(evening)
    agreement, plan, it = await an_agreement(triage), uuid7(), uuid7()
    ours = {"agreement": agreement, "focus": "Trygghet i tätorten", "title": "Ljus 2026"}
    told = {"plan": plan, "executor": "gata-park", "text": "Byta lampor.", "due_on": "2026-12-15", "rhythm": "month"}
    for operation, id, body in (("plan.enter", plan, ours), ("commitment.enter", it, told)):
        await triage.done(operation, id, **body)
        moved = await triage.push(operation, id, body | _other(body), base=1)
        assert moved["outcome"] == "applied", moved
        late = await triage.push(operation, id, body, base=1)
        assert (late["outcome"], late["code"]) == ("rejected", "seen_has_moved")


def _other(body: dict[str, Any]) -> dict[str, Any]:
    return {"title": "Ljus och sikt"} if "title" in body else {"due_on": "2026-12-18"}


async def publish(triage: Desk, promise: UUID, digest: str = "", name: str = "Anna Ek") -> Any:
    read = digest or (await triage.get(f"/api/promises/{promise}"))["digest"]
    answer = await triage.evening.http.post(
        f"/api/promises/{promise}/publish", json={"digest": read, "name": name}, headers=triage.headers
    )
    return answer.json()


async def page(evening: Evening, path: str = f"/folj/{MUNICIPALITY}") -> str:
    answer = await evening.http.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def section(evening: Evening) -> str:
    """What everybody reads of the agreement that these tests have made; the demo's own stand beside it."""
    return (await page(evening)).partition(f"<h2>{TITLE}</h2>")[2].partition("</section>")[0]


async def a_lit_lamp(evening: Evening, triage: Desk) -> UUID:
    phone, unit = await evening.phone(), await handler(evening)
    task = await a_task(phone, triage)
    await unit.done("task.accept", task, person="Laget")
    await unit.done("task.finish", task, extent="full", public_text="Lampan är bytt.")
    await triage.done("task.verify", task, seen="Den lyser.", seen_on="2026-11-20")
    return task


async def test_everybody_reads_what_a_named_person_released_and_nothing_newer(evening: Evening) -> None:
    triage = await coordinator(evening)
    promise = await a_promise(triage, await an_agreement(triage))
    assert await section(evening) == ""
    task = await a_lit_lamp(evening, triage)

    assert "version" in await publish(triage, promise)
    shown, whole = await section(evening), await page(evening)
    await triage.done("promise.report", promise, **REPORT)
    await triage.done("task.reopen", task, department="gata-park", seen="Den är släckt igen.", due_on="2026-12-04")

    for said in (
        SIGNED,
        "<h3>Kommunen lovar</h3>",
        "Åtgärdat, bekräftat på plats:",
        "1 plats.",
    ):
        assert said in shown, said
    for said in ("Publicerad: 20 november 2026", "Senast uppdaterad: 20 november 2026", "kansliet", ">Tyck till om"):
        assert said in whole, said
    for kept in ("Anna Ek", "Laget", "Trygghetssamordnare", "<script", "Gatuchef", "Redovisat av"):
        assert kept not in whole, kept
    assert await page(evening) == await page(evening, "/folj") == whole  # the only municipality that shows anything
    read = await triage.get(f"/api/promises/{promise}")
    assert read["is_as_shown"] is False
    await publish(triage, promise)
    after = await section(evening)
    assert "Redovisat av kommunen, 20 november 2026." in after
    assert "bekräftat på plats:" not in after


async def test_nothing_is_told_of_what_is_held_back_nor_a_place_in_a_walkers_own_words(evening: Evening) -> None:
    triage = await coordinator(evening)
    promise = await a_promise(triage, await an_agreement(triage))
    phone, unit = await evening.phone(), await handler(evening)
    tasks = [await a_task(phone, triage, stop=None, place_words=words) for words in ("Olles garage", "Evas port")]
    for task in tasks:
        await unit.done("task.accept", task, person="Laget")
        await unit.done("task.finish", task, extent="full", public_text="Lampan är bytt.")
    held = (await the_task(evening, tasks[0])).findings[0]

    await triage.done("observation.withhold", held, reason="En person syns.")
    await publish(triage, promise)

    shown = await section(evening)
    assert "1 plats." in shown
    for kept in ("Olles garage", "Evas port"):
        assert kept not in shown, kept


async def test_what_has_changed_since_it_was_read_is_read_again(evening: Evening) -> None:
    triage = await coordinator(evening)
    promise = await a_promise(triage, await an_agreement(triage))
    digest = (await triage.get(f"/api/promises/{promise}"))["digest"]
    await triage.done("promise.report", promise, **REPORT)

    assert (await publish(triage, promise, digest))["code"] == "preview_is_old"
    assert (await publish(triage, promise, name=" "))["code"] == "field_missing"
    assert await section(evening) == ""


async def test_what_is_withdrawn_is_gone_at_the_next_look_and_the_page_says_that_it_changed(evening: Evening) -> None:
    triage = await coordinator(evening)
    agreement = await an_agreement(triage)
    promise, other = await a_promise(triage, agreement), await a_promise(triage, agreement, text="Annat.", number=2)
    await publish(triage, promise)
    await publish(triage, other)
    evening.now += timedelta(days=3)

    assert (
        await triage.refused("promise.enter", other, **_again(agreement, text="Skrivet om.")) == "promise_is_answered"
    )
    await triage.done("promise.withdraw", promise)

    after = await section(evening)
    assert SIGNED not in after
    assert "Annat." in after
    assert "Senast uppdaterad: 23 november 2026" in await page(evening)
    assert await triage.refused("promise.withdraw", promise) == "promise_not_public"


async def test_an_agreement_that_is_corrected_between_two_releases_stands_once_as_it_was_released_last(
    evening: Evening,
) -> None:
    triage = await coordinator(evening)
    agreement = await an_agreement(triage)
    first, second = await a_promise(triage, agreement), await a_promise(triage, agreement, text="Annat.", number=2)
    await publish(triage, first)
    evening.now += timedelta(days=1)
    corrected = {"kind": "trygghetsoverenskommelse", "title": TITLE, "parties": PARTIES, "keeper": "tekniska"}
    await triage.done("agreement.enter", agreement, **corrected, valid_from="2026-02-01", valid_to="2027-12-31")
    await publish(triage, second)

    whole, shown = await page(evening), await section(evening)

    assert whole.count(f"<h2>{TITLE}</h2>") == 1
    assert SIGNED in shown and "Annat." in shown
    assert "Gäller 1 februari 2026" in shown
    assert re.search(r"Sidansvarig: [^<]*tekniska", whole)
    assert "kansliet" not in whole


def _again(agreement: UUID, **changes: Any) -> dict[str, Any]:
    given = {"number": 2, "by": ["kommunen"], "text": SIGNED, "heading": "Ljus", "report_by": "2027-01-15"}
    return given | {"agreement": str(agreement), "evidence": "street", "tiles": ["ljus"]} | changes


async def test_only_what_all_have_been_to_is_confirmed(evening: Evening) -> None:
    triage = await coordinator(evening)
    promise = await a_promise(triage, await an_agreement(triage))
    verify = f"/api/promises/{promise}/verify"
    await triage.done("promise.report", promise, **REPORT)

    assert (await evening.http.post(verify, headers=triage.headers)).json()["code"] == "nothing_seen_there"
    await a_lit_lamp(evening, triage)
    assert (await triage.get(f"/api/promises/{promise}"))["may_verify"] is True
    assert (await evening.http.post(verify, headers=triage.headers)).status_code == 200
    assert (await triage.get(f"/api/promises/{promise}"))["preview"]["standing"] == "verified"


async def test_what_happened_after_the_last_day_stands_apart(evening: Evening) -> None:
    triage = await coordinator(evening)
    agreement = await an_agreement(triage, valid_from="2024-01-01", valid_to="2025-12-31")
    promise = await a_promise(triage, agreement)
    await a_lit_lamp(evening, triage)
    await publish(triage, promise)

    shown = await section(evening)

    inside, _, later = shown.partition("Efter löftets tid")
    assert "Uppgift saknas.</b> Redovisas senast 15 januari 2027." in inside
    assert "har gått ut" in inside
    assert "<h3>Kommunen lovade</h3>" in inside
    assert "bekräftat på plats:" not in inside
    assert "bekräftat på plats:" in later


async def test_a_reader_of_feeds_gets_the_same(evening: Evening) -> None:
    triage = await coordinator(evening)
    promise = await a_promise(triage, await an_agreement(triage))
    await publish(triage, promise)

    answer = await evening.http.get(f"/folj/{MUNICIPALITY}/flode.xml")

    atom = {"a": "http://www.w3.org/2005/Atom"}
    root = ET.fromstring(answer.content)  # what we have just made ourselves
    entry = root.findall("a:entry", atom)[0]
    assert answer.headers["content-type"].startswith("application/atom+xml")
    read = feedparser.parse(answer.content)
    assert (read.bozo, read.version, len(read.entries)) == (False, "atom10", len(root.findall("a:entry", atom)))
    assert entry.findtext("a:id", "", atom) == f"urn:uuid:{promise}"
    assert SIGNED in entry.findtext("a:content", "", atom)
    assert all(root.findtext(f"a:{name}", "", atom) for name in ("id", "title", "updated"))
    assert f'href="/folj/{MUNICIPALITY}/flode.xml"' in await page(evening)
    for nobody in ("ingenstans", "%00"):
        assert (await evening.http.get(f"/folj/{nobody}/flode.xml")).status_code == 404


def test_signs_that_no_feed_can_hold_are_left_out_of_it() -> None:
    root = ET.Element("a")

    folj_feed._add(root, "title", "Klippt ur en pdf:\x0b\x02 ljus")

    assert ET.fromstring(ET.tostring(root))[0].text == "Klippt ur en pdf: ljus"  # what we have just made ourselves


async def test_the_municipality_s_own_promises_are_there_one_by_one_in_plain_swedish(
    evening: Evening, capsys: Any
) -> None:
    html, sheet = await page(evening), await page(evening, "/folj/stil.css")

    words = unescape(re.sub(r"<[^>]+>", "\n", re.sub(r"(?s)<head>.*?</head>", "", html)))
    signed = [text for it in demo.signed() for text in (it.purpose, *(each["text"] for each in it.promises))]
    named = [name for it in demo.signed() for name in (it.title, *(party["called"] for party in it.parties))]
    assert len(signed) == 3 + 4 + 11 + 5
    assert all(text in words for text in (*signed, *named))
    assert html.count("<b>Uppgift saknas.</b>") == html.count('<article class="promise"') == 20
    # What stands under every promise is read once, and a heading that is there twice is one.
    own = "\n".join(dict.fromkeys(line.strip() for line in without(words, [*signed, *named]).splitlines()))
    size = len(gzip.compress(html.encode())) + len(gzip.compress(sheet.encode()))
    with capsys.disabled():
        print(f"\n/folj with 20 promises: {size} bytes gzipped, LIX {lix(own).value} without the signed text and names")
    assert size <= 100_000
    assert lix(own).value <= 30


async def test_neither_a_few_people_nor_a_single_pass_is_ever_read(evening: Evening) -> None:
    triage = await coordinator(evening)
    promise = await a_promise(triage, await an_agreement(triage), evidence="yearly", tiles=[], text="Samtal vid oro.")
    seen = []
    for n in (3, 4):
        counted = {"count": {"n": n, "unit": "samtal", "are_people": True}}
        await triage.done("promise.report", promise, **REPORT | counted | {"result": "going_on"})
        await publish(triage, promise)
        seen.append(re.findall(r"Färre än 5 samtal|\d+ samtal", await section(evening)))

    assert seen == [["Färre än 5 samtal"]] * 2
    exact = {"count": {"n": 4, "of": 9, "unit": "elever", "are_people": True}}
    assert await triage.refused("promise.report", promise, **REPORT | exact) == "count_not_possible"


async def test_adults_out_cross_the_field_team_s_wall_by_a_released_rule_only(evening: Evening) -> None:
    triage, team = await coordinator(evening), await desk(evening, Role.FIELD_SECRETARY, "socialtjansten")
    promise = await a_promise(triage, await an_agreement(triage), evidence="walks", tiles=[])
    here = lidkoping()
    log = pass_id("socialtjansten", "2026-11-20", "field_shift")
    await team.done("presence.pass", log, evening="2026-11-20", kind="field_shift", adults=2)
    seen = {"place": None, "area": here.areas[0], "at": evening.now.isoformat(), "band": "1-5"}
    await team.done("presence.log", uuid7(), **seen | {"pass": log, "mood": "calm", "action": "talk"})

    assert "Vuxna ute:" in str((await triage.get(f"/api/promises/{promise}"))["preview"])
    await settle(evening.house.store, replace(here, presence_release=None))
    assert "Vuxna ute:" not in str((await triage.get(f"/api/promises/{promise}"))["preview"])


def test_the_lanterns_and_their_colours_are_the_app_s_own() -> None:
    styles = TOKENS.parent
    ours = Path(folj_page.__file__).with_name("folj.svg").read_text()
    theirs = (styles / "lyktor.svg").read_text()
    for name in ("lit", "half", "plan", "no", "off"):
        drawn = [re.search(rf'<symbol id="l-{name}".*?</symbol>', each, re.DOTALL) for each in (ours, theirs)]
        paths = [re.findall(r' d="([^"]+)"', each[0]) if each else [] for each in drawn]
        assert paths[0] == paths[1] != []
    day, dark = TOKENS.read_text().split('[data-theme="dark"] {')[:2]
    lamps = TOKEN.findall(Path(folj_page.__file__).with_name("folj.css").read_text().split("@media print")[0])
    assert lamps == [
        (name, dict(TOKEN.findall(each))[name]) for each in (day, dark) for name in ("--lamp", "--lamp-edge")
    ]
