"""The demo with an evening in it, so that every screen has something to show: findings, tasks, a logged entry."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from trygghetsvandring.demo import seed
from trygghetsvandring.domain.connections import partner_id
from trygghetsvandring.domain.ids import uuid7


@dataclass
class Sender:
    """A phone or a desk that sends operations to the running server."""

    url: str
    device: str
    headers: dict[str, str]
    numbered: bool
    seq: int = 0

    def does(self, type: str, entity: str, body: dict[str, Any], base: int | None = None) -> None:
        self.seq += 1
        now, session = datetime.now(UTC).isoformat(), str(uuid7())
        operation = {
            "id": str(uuid7()),
            "seq": self.seq if self.numbered else None,
            "type": type,
            "entity": entity,
            "base": base,
            "at": now,
            "mono_ms": 1,
            "session": session,
            "body": body,
        }
        push = {"protocol": 1, "device": self.device, "sent_at": now, "session": session, "mono_ms": 2}
        answer = httpx.post(
            f"{self.url}/sync/push", json={**push, "operations": [operation]}, headers=self.headers, timeout=30
        )
        assert answer.status_code == 200, answer.text
        outcome = answer.json()["outcomes"][0]
        assert outcome["outcome"] == "applied", f"{type}: {outcome}"


@dataclass
class World:
    url: str
    link: str
    walk: str = ""
    finding: str = ""
    task: str = ""
    tablet: str = ""  # where a tablet opens the survey
    ids: dict[str, str] = field(default_factory=dict)


def settle(url: str) -> World:
    link: str = httpx.get(f"{url}/api/start").json()["walk"]["link"]
    world = World(url, link)
    phone = _phone(world)
    world.finding = _observed(phone, world.walk, "bel.trasig", 2, "Lampan vid gångvägen är släckt.")
    second = _observed(phone, world.walk, "skrap", 1, "Glas och papper vid bänken.")
    _observed(phone, world.walk, "ljud.musik", None, "")
    _observed(phone, world.walk, "el", 3, "Öppet elskåp.")
    coordinator, handler = desk(url, "samordnare@lidkoping"), desk(url, "handlaggare@lidkoping")
    world.task = _task(coordinator, world.finding, "Släckt lampa vid gångvägen")
    handler.does("task.accept", world.task, {"person": "Handläggaren"})
    planned = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    handler.does("task.plan", world.task, {"planned_on": planned})
    linked = {"link": str(uuid7()), "to": "drift@example.org", "recipient": "Driftledningen"}
    coordinator.does("answer_link.send", world.task, linked)
    _task(coordinator, second, "Glas vid bänken")
    _mended(coordinator, handler, _observed(phone, world.walk, "bel.trasig", 1, "Lampan vid porten blinkar."))
    _two_leaders(url, coordinator, world.walk)
    _connected(coordinator, world.finding)
    _asked_to_erase(url, second)
    world.tablet = _survey(url, coordinator)
    world.ids = {"walk": world.walk, "task": world.task, "promise": _promise(url, coordinator)}
    return world


def _phone(world: World) -> Sender:
    secret, device = world.link.partition("#g=")[2], str(uuid7())
    joined = httpx.post(f"{world.url}/api/join", json={"secret": secret, "device": device, "alias": "Kim"}).json()
    world.walk = joined["walk"]
    return Sender(world.url, device, {"Authorization": f"Bearer {joined['token']}"}, numbered=True)


def desk(url: str, login: str) -> Sender:
    answer = httpx.post(f"{url}/api/session", json={"login": login, "password": seed.PASSWORD})
    cookie = answer.headers["set-cookie"].partition(";")[0]
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
    return Sender(url, answer.json()["device"], headers, numbered=False)


def _observed(phone: Sender, walk: str, category: str, severity: int | None, text: str) -> str:
    id = str(uuid7())
    body: dict[str, Any] = {
        "walk": walk,
        "stop": None,
        "category": category,
        "severity": severity,
        "text": text,
        "position": {"lat": 58.49503, "lon": 13.17665, "accuracy_m": 9.0, "age_s": 1.0, "source": "gps"},
        "place_words": "",
        "seen_at": datetime.now(UTC).isoformat(),
        "photos": [],
        "called": None,
        "checklist_item": None,
        "sent_alone": False,
    }
    phone.does("observation.record", id, body)
    return id


def _task(coordinator: Sender, finding: str, title: str) -> str:
    id = str(uuid7())
    due = (datetime.now(UTC) + timedelta(days=14)).date().isoformat()
    coordinator.does("observation.review", finding, {"category": "bel.trasig", "severity": 2, "note": ""})
    coordinator.does("task.create", id, {"title": title, "observations": [finding], "priority": 2})
    assigned = {"department": "gata-park", "explanation": "Belysning på gångväg.", "due_on": due}
    coordinator.does("task.assign", id, assigned)
    return id


def _mended(coordinator: Sender, handler: Sender, finding: str) -> None:
    """In part, so that somebody has to go there and look."""
    task = _task(coordinator, finding, "Lampan vid porten")
    handler.does("task.accept", task, {"person": "Handläggaren"})
    handler.does("task.finish", task, {"extent": "partly", "public_text": "Vi har bytt en av två.", "photos": []})


def _connected(coordinator: Sender, finding: str) -> None:
    """A key, a party with a system of its own that is not reached, an address that is told, and a public finding."""
    coordinator.does("api_key.create", str(uuid7()), {"name": "Grannkommunens system", "secret_hash": "0" * 64})
    closed = {"organisation": "vasttrafik", "endpoint": "https://open311.invalid/v2", "services": {"": "hallplats"}}
    coordinator.does("partner.set", str(partner_id(seed.MUNICIPALITY, "vasttrafik")), {**closed, "is_open": False})
    coordinator.does("webhook.create", str(uuid7()), {"name": "Öppna data", "url": "https://data.invalid/in"})
    shown = {"text": "Lampan vid gångvägen är släckt.", "place_words": "Margretelund", "photos": []}
    coordinator.does("publication.publish", finding, shown)


def _two_leaders(url: str, coordinator: Sender, walk: str) -> None:
    """Two desks that gave the walk each its leader without having seen each other."""
    for leader, at in (("Amina", coordinator), ("Bo", desk(url, "samordnare@lidkoping"))):
        at.does("walk.change", walk, {"leader": leader}, base=1)


def _survey(url: str, coordinator: Sender) -> str:
    """Two places, so that every question is asked."""
    asked = {"title": "Hur är kvällarna?", "source": "citizens", "helps": ["Bättre ljus", "Fler vuxna ute"]}
    where = {"places": ["nya-stadens-torg", "stadstradgarden"], "hours": ["fre–lör 20–22", "fre–lör 22–00"]}
    coordinator.does("survey.make", str(uuid7()), asked | where)
    rows = httpx.get(f"{url}/api/surveys", headers=coordinator.headers).json()["rows"]
    links = [str(it["link"]["tablet"]) for it in rows if it["link"]]
    return links[0][links[0].index("/platta/") :]


def _promise(url: str, coordinator: Sender) -> str:
    """The municipality's own, with something to read: the one about lamps, reported on."""
    agreements = httpx.get(f"{url}/api/agreements", headers=coordinator.headers).json()["agreements"]
    id: str = next(it["id"] for each in agreements for it in each["promises"] if it["evidence"] == "street")
    told = {"party": "kommunen", "told_by": "Gatuchef", "told_on": "2026-01-14", "first": "2024-01-01"}
    more = {"last": "2025-12-31", "result": "done", "text": "Nya lampor på tre stråk.", "may_publish": True}
    coordinator.does("promise.report", id, told | more)
    return id


def _asked_to_erase(url: str, finding: str) -> None:
    about = [{"kind": "observation", "id": finding}]
    body = {"about": about, "received_on": datetime.now(UTC).date().isoformat(), "reference": "KS 2026:114"}
    desk(url, "registrator@lidkoping").does("erasure.request", str(uuid7()), body)
