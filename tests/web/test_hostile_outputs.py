"""One town where every field says what is meant to break out, and all that outsiders' programs and pages make of it.

`test_hostile_words.py` has one evening for each beginning and what the office reads. Here all beginnings lie side by
side, every output is read once, and each must show words of the fields that it is made of: otherwise it proves nothing.
"""

import json
import re
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import icalendar
import pytest

from tests.sync.desks import Desk, coordinator, handler
from tests.web.open311_houses import AT, KEY, a_key
from tests.web.phones import MUNICIPALITY, Evening, Phone
from tests.web.test_hostile_words import BEGINNINGS, Post, _is_one_letter, _is_whole, post
from tests.web.test_promises import PARTIES, REPORT
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.integrations import webhooks
from trygghetsvandring.integrations.outside import Answered
from trygghetsvandring.jobs.rounds import Pace
from trygghetsvandring.jobs.work import Lane

pytest_plugins = ["tests.web.evenings"]
__all__ = ["post"]  # a fixture
HERE = f"/folj/{MUNICIPALITY}"
OGC = f"/ogc/{MUNICIPALITY}/collections"
OPEN, UPDATES = "/open311/v2", "/open311/v2/servicerequestupdates"
# What is written carries its field's name, and each output shows these fields.
OUTPUTS: dict[str, tuple[str, ...]] = {
    HERE: ("löfte", "rubrik", "part", "berättat"),
    f"{HERE}/fynd": ("öppet", "plats", "skäl"),
    f"{HERE}/fynd?sprak=ar": ("öppet", "plats", "skäl"),
    f"{HERE}/flode.xml": ("rubrik",),
    f"{HERE}/kalender.ics": ("namn", "samling"),
    f"/oppna-data/{MUNICIPALITY}": (),
    f"/oppna-data/{MUNICIPALITY}/katalog.jsonld": (),
    f"/oppna-data/{MUNICIPALITY}/fynd.csv": ("öppet", "plats", "skäl"),
    f"/oppna-data/{MUNICIPALITY}/fynd.geojson": ("öppet", "plats", "skäl"),
    OGC: (),
    f"{OGC}/fynd": (),
    f"{OGC}/fynd/items?limit=100": ("öppet", "plats", "skäl"),
    f"{OPEN}/requests.xml?extensions=true": ("öppet", "plats", "skäl"),
    f"{OPEN}/requests.json": ("öppet", "plats", "skäl"),
    f"{UPDATES}.xml": ("skäl", "väntar"),
    f"{UPDATES}.json": ("skäl", "väntar"),
}
DESK: dict[str, tuple[str, ...]] = {
    "/api/feedback": ("synpunkt",),
    "/api/connections": ("adress", "nyckel"),
    "/api/activities": ("tillsammans",),
    "/api/tasks": ("titel",),
}


class Town:
    """Fills fields with every beginning. `taken` counts, by operation, how often the words got through."""

    def __init__(self, evening: Evening) -> None:
        self.evening, self.taken, self.refused = evening, Counter[str](), dict[str, set[str]]()

    async def by(self, who: Desk | Phone, type: str, entity: UUID, **body: Any) -> bool:
        outcome = await who.push(type, entity, body)
        is_taken = bool(outcome["outcome"] == "applied")
        if is_taken:
            self.taken[type] += 1
        else:
            self.refused.setdefault(type, set()).add(str(outcome["code"]))
        return is_taken

    async def plainly(self, who: Desk | Phone, type: str, entity: UUID, plain: Any, **body: Any) -> None:
        """With the words where they are let through, and otherwise with others: what follows needs it."""
        if not await self.by(who, type, entity, **body):
            await who.push(type, entity, {**body, **plain})


async def _a_finding(town: Town, triage: Desk, unit: Desk, phone: Phone, w: Any) -> None:
    """Seen, shown to everybody, given to a unit, waiting, and refused with a reason."""
    found, task = uuid7(), uuid7()
    seen = {"walk": str(town.evening.walk), "stop": str(town.evening.stop), "severity": 2, "position": AT}
    seen |= {"seen_at": town.evening.now.isoformat(), "called": None, "checklist_item": None, "sent_alone": False}
    seen |= {"category": "bel.trasig", "photos": [], "text": w("ord"), "place_words": w("var")}
    await town.by(phone, "observation.record", found, **seen)
    await town.by(triage, "observation.review", found, category="bel.trasig", severity=2, note="")
    await town.by(triage, "publication.publish", found, text=w("öppet"), place_words=w("plats"), photos=[])
    made = {"observations": [found], "priority": 1}
    await town.plainly(triage, "task.create", task, {"title": "Lampa"}, title=w("titel"), **made)
    given = {"department": "gata-park", "due_on": "2026-12-18"}
    await town.plainly(triage, "task.assign", task, {"explanation": "Lampor."}, explanation=w("därför"), **given)
    await town.plainly(unit, "task.accept", task, {"person": "Laget"}, person=w("person"))
    waits = {"reason": "parts", "next_look_on": "2026-12-18"}
    await town.plainly(unit, "task.wait", task, {"public_text": "Vi väntar."}, public_text=w("väntar"), **waits)
    await town.plainly(unit, "task.start", task, {"note": ""}, note=w("åter"))
    head = {"extent": "full", "photos": []}
    await town.plainly(unit, "task.finish", task, {"public_text": "Bytt."}, public_text=w("skäl"), **head)


async def _a_promise(town: Town, triage: Desk, w: Any) -> None:
    agreement, promise = uuid7(), uuid7()
    parties = [{"id": "kommunen", "name": w("part"), "called": w("part")}]
    signed = {"kind": "medborgarlofte", "valid_from": "2026-01-01", "valid_to": "2027-12-31"}
    words = {"title": w("avtal"), "purpose": w("syfte"), "keeper": w("ansvarig"), "parties": parties}
    plain = {"title": "Löfte", "purpose": "", "keeper": "kansliet", "parties": PARTIES[:1]}
    await town.plainly(triage, "agreement.enter", agreement, plain, **signed, **words)
    said = {"agreement": agreement, "number": 1, "by": ["kommunen"], "evidence": "reported", "tiles": []}
    plain = {"text": "Ljus.", "heading": ""}
    await town.plainly(triage, "promise.enter", promise, plain, **said, text=w("löfte"), heading=w("rubrik"))
    await town.by(triage, "promise.report", promise, **REPORT | {"told_by": w("av"), "text": w("berättat")})
    done = {"promise": promise, "kind": "skolinformation", "first": "2026-11-10", "last": "2026-11-10"}
    done |= {"party": "kommunen", "told_on": "2026-11-20", "may_publish": True, "told_by": w("av")}
    counts = [{"n": 12, "of": 12, "unit": "klasser", "are_people": False}]
    await town.by(triage, "activity.enter", uuid7(), **done, partners=[w("tillsammans")], counts=counts)
    read = (await triage.get(f"/api/promises/{promise}"))["digest"]
    for name in (w("visat av"), "Anna Ek"):
        body = {"digest": read, "name": name}
        await town.evening.http.post(f"/api/promises/{promise}/publish", json=body, headers=triage.headers)


async def _a_walk(town: Town, triage: Desk, w: Any) -> None:
    walk, starts = uuid7(), town.evening.now + timedelta(days=7)
    stop = {"id": uuid7(), "number": 1, "name": "Torget", "place_type": "torg", "lat": 58.5, "lon": 13.1}
    times = {
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=2)).isoformat(),
        "stops": [{**stop, "template": "torg"}],
    }
    words = {"name": w("namn"), "place": w("ort"), "leader": w("ledare"), "meeting_point": w("samling")}
    if not await town.by(triage, "walk.plan", walk, **times, **words, recording="own_phones"):
        return
    version = (await triage.get(f"/api/walks/{walk}"))["version"]
    await town.by(triage, "walk.announce", walk, seen=version, name="Anna Ek", sure=True)


async def _addresses(town: Town, triage: Desk) -> None:
    """After all else: every address is told of every change."""
    for number, beginning in enumerate(BEGINNINGS):
        body = {"name": f"{beginning} f-adress", "url": f"https://ut.example/{number}"}
        await town.by(triage, "webhook.create", uuid7(), **body)


async def _everywhere(town: Town, triage: Desk, unit: Desk, phone: Phone) -> None:
    for number, beginning in enumerate(BEGINNINGS):

        def w(name: str, beginning: str = beginning) -> str:
            return f"{beginning} f-{name}"

        await _a_finding(town, triage, unit, phone, w)
        await _a_promise(town, triage, w)
        await _a_walk(town, triage, w)
        await town.by(triage, "api_key.create", uuid7(), name=w("nyckel"), secret_hash=f"{number:064x}")


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What went to those who asked to be told."""
    bodies: list[bytes] = []

    async def tell(url: str, whsec: str, id: str, at: Any, body: bytes, **more: Any) -> Answered:
        headers = webhooks.signed(whsec, id, at, body)
        assert all(value.isascii() and value.isprintable() for value in headers.values())
        bodies.append(body)
        return Answered(200, "", b"")

    monkeypatch.setattr(webhooks, "tell", tell)
    return bodies


async def test_nothing_breaks_out_of_anything_that_outsiders_read(
    evening: Evening, post: Post, called: list[bytes]
) -> None:
    town, triage = Town(evening), await coordinator(evening)
    unit, phone = await handler(evening), await evening.phone()
    for told in ({"unit": "gata-park"}, {}):
        await triage.done("webhook.create", uuid7(), name="Deras", url="https://ut.example/in", **told)
    await _everywhere(town, triage, unit, phone)
    await _all_is_sent(evening, post, called)
    await _addresses(town, triage)
    few = {type: n for type, n in town.taken.items() if n < len(BEGINNINGS) // 2}
    assert not few and len(town.taken) >= 17, (few, town.refused)

    await _from_outside(evening, triage)
    for path, fields in OUTPUTS.items():
        _reads(path, await evening.http.get(path), fields)
    for path, fields in DESK.items():
        _reads(path, await evening.http.get(path, headers=triage.headers), fields)
    code = (await evening.http.get("/api/card", headers=phone.headers)).json()["code"]
    _reads("/kort", await evening.http.post("/kort", data={"code": code}), ("skäl",))


def _reads(path: str, answer: httpx.Response, fields: tuple[str, ...]) -> None:
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff", path
    kind = answer.headers["Content-Type"].partition(";")[0]
    if kind == "text/calendar":
        _is_one_calendar(answer.content)
    elif kind.endswith("+json"):
        answer.json()
    else:
        same = answer if not kind.endswith("+xml") else _as_xml(answer)
        _is_whole(path, same)
    text = answer.content.replace(b"\r\n ", b"").decode()
    for field in fields:
        assert f"f-{field}" in text or f"f-{field}" in json.dumps(text, ensure_ascii=False), f"{path} shows no {field}"


def _as_xml(answer: httpx.Response) -> httpx.Response:
    headers = {"X-Content-Type-Options": "nosniff", "Content-Type": "text/xml"}
    return httpx.Response(200, content=answer.content, headers=headers)


def _is_one_calendar(content: bytes) -> None:
    """Each line of it is a property of ours, however long the words are."""
    read = icalendar.Calendar.from_ical(content)
    events = read.walk("VEVENT")
    assert events and not read.errors
    names = {str(name) for it in (read, *events) for name in it}
    assert not {name for name in names if "EVIL" in name or name in {"BCC", "ATTACH", "ATTENDEE"}}, names


async def _from_outside(evening: Evening, triage: Desk) -> None:
    """What a system and a reader without an account write, and what they get back."""
    await a_key(triage)
    rows = (await evening.http.get(f"{OPEN}/requests.json")).json()
    for number, beginning in enumerate(BEGINNINGS):
        request = {"service_code": "bel.trasig", "lat": "58.495", "long": "13.176", "description": f"{beginning} f-in"}
        update = {"update_id": str(number), "service_request_id": rows[0]["service_request_id"], "status": "OPEN"}
        for name, body in (
            (f"{OPEN}/requests.xml", request),
            (f"{UPDATES}.xml", update | {"description": f"{beginning} f-svar"}),
            (f"{OPEN}/requests.json", request | {"service_code": f"{beginning}"}),
        ):
            answer = await evening.http.post(name, data=body | {"api_key": KEY})
            assert answer.status_code in {200, 400, 404, 429}, answer.text
            if answer.status_code != 429:
                _is_whole(name, httpx.Response(200, content=answer.content, headers=answer.headers))
    page = await evening.http.get(f"{HERE}/synpunkt")
    hidden = _hidden(page)
    words = {"text": f"{BEGINNINGS[0]} {BEGINNINGS[1]} f-synpunkt", "helped": "yes"}
    _is_whole("synpunkt", await evening.http.post(f"{HERE}/synpunkt", data=hidden | words))


def _hidden(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))


async def _all_is_sent(evening: Evening, post: Post, called: list[bytes]) -> None:
    runner = evening.app.state.runner
    for _ in range(2):
        for lane in (Lane.OUTSIDE, Lane.LETTERS):
            while await runner.round(lane):
                pass
        evening.now += Pace.ROUND.value + timedelta(hours=1)
    assert post.sent
    for raw in post.sent:
        _is_one_letter(raw)
    told = [json.loads(body) for body in called]
    text = json.dumps(told, ensure_ascii=False)
    assert {row["type"] for row in told} >= {"request.published", "task.updated"}
    assert all(f"f-{field}" in text for field in ("öppet", "plats", "titel", "skäl")), text[:400]
