"""What the operations of the matrix are tried on, in one town: nobody who is asked owns any of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.house.towns import BYTES, WALKERS, Town
from tests.makers import FRIDAY, Phone, sha256
from trygghetsvandring.domain.ids import pass_id, uuid7

APPLIED, DENIED = "applied", "not_allowed"
OWNER = "fastighet"  # has every task
TEAM = "nattvandrarna"  # has every pass
LOG = pass_id(TEAM, "2026-11-20", "field_shift")
DUE = "2026-12-04"
A, B = WALKERS
COORDINATOR, HANDLER, HEAD, OTHER_UNIT = "coordinator", "handler", "department_head", "handler of another department"
FIELD = "field_secretary"
OFFICER = "records_officer"
KEEPERS = ("registrator", OFFICER)
UNITS = (HANDLER, HEAD, OTHER_UNIT)


@dataclass
class Things:
    """What one operation of the table is tried on, in one town. Nobody who is asked owns any of it."""

    town: Town
    phone: Phone
    other: UUID  # a phone that hands in nothing
    invite: UUID
    walk: UUID = field(default_factory=uuid7)  # a walk of its own, to change and end
    answer: UUID = field(default_factory=uuid7)
    feeling: UUID = field(default_factory=uuid7)
    raw: UUID = field(default_factory=uuid7)  # a finding nobody has sorted
    ready: UUID = field(default_factory=uuid7)  # sorted
    linked: UUID = field(default_factory=uuid7)  # in the task
    task: UUID = field(default_factory=uuid7)
    photo: UUID = field(default_factory=uuid7)
    entry: UUID = field(default_factory=uuid7)
    log: UUID = LOG
    evening: UUID = field(default_factory=uuid7)  # these three for rows of the rota only
    rota_link: UUID = field(default_factory=uuid7)
    attestation: UUID = field(default_factory=uuid7)


Body = Callable[[Things], dict[str, Any]]
Codes = dict[str | tuple[str, ...], str]


@dataclass(frozen=True)
class Row:
    """`home` and `abroad`: code by who asks, `applied` when it is let through; the rest get `not_allowed`."""

    entity: Callable[[Things], UUID]
    body: Body
    home: Codes = field(default_factory=dict)
    abroad: Codes = field(default_factory=dict)

    def code(self, who: str, *, at_home: bool) -> str:
        for asked, code in (self.home if at_home else self.abroad).items():
            if who == asked or who in asked:
                return code
        return DENIED


def nothing(_it: Things) -> dict[str, Any]:
    return {}


def same(**body: Any) -> Body:
    return lambda _it: body


def raw(it: Things) -> UUID:
    return it.raw


def task(it: Things) -> UUID:
    return it.task


def photo(it: Things) -> UUID:
    return it.photo


def declared(kind: str, role: str) -> Body:
    def made(it: Things) -> dict[str, Any]:
        of = {"kind": kind, "id": it.task if kind == "task" else it.raw}
        facts = {"sha256": sha256(BYTES), "bytes": len(BYTES), "media_type": "image/jpeg", "taken_at": FRIDAY}
        return {"of": of, "role": role, **facts, "width": 640, "height": 480, "masks": 0}

    return made


def answered(it: Things) -> dict[str, Any]:
    at = {"walk": it.town.walk, "stop": uuid7(), "template": "gangtunnel", "template_version": 1}
    return at | {"item": "ingang", "answer": "yes", "answered_at": FRIDAY}


def felt(it: Things) -> dict[str, Any]:
    return {"walk": it.town.walk, "stop": uuid7(), "felt_at": FRIDAY, "own": "safe"}


def recorded(it: Things) -> dict[str, Any]:
    return {"walk": it.town.walk, "category": "bel.trasig", "severity": 1, "seen_at": FRIDAY}


def planned(_it: Things) -> dict[str, Any]:
    times = {"starts_at": FRIDAY, "ends_at": FRIDAY + timedelta(hours=2)}
    stop = {"id": uuid7(), "number": 1, "name": "Torget", "place_type": "torg", "lat": 58.5, "lon": 13.1}
    words = {"name": "Kvällen", "place": "Torget", "leader": "Kim", "meeting_point": "Torget"}
    return words | times | {"recording": "own_phones", "stops": [stop | {"template": "torg"}]}


def joined(it: Things) -> dict[str, Any]:
    body = {"device": it.phone.device, "invite": it.invite, "token_hash": "0" * 64, "alias": "", "language": "sv"}
    return body | {"key_hash": "1" * 64}


def logged(it: Things) -> dict[str, Any]:
    seen = {"band": "1-5", "mood": "calm", "action": "talk"}
    return {"pass": it.log, "place": None, "area": "Centrum", "at": FRIDAY} | seen


def here(code: str, who: str | tuple[str, ...] = COORDINATOR, *, abroad: str = "missing") -> dict[str, Codes]:
    return {"home": {who: code}, "abroad": {who: abroad}}


def of_the_unit(arrow: str) -> dict[str, Codes]:
    """Another unit's task; the coordinator stands in for nobody who signs in."""
    return here(arrow, (*UNITS, COORDINATOR))


def about(it: Things) -> dict[str, Any]:
    return {"about": [{"kind": "observation", "id": it.raw}]}


def decided(_it: Things) -> dict[str, Any]:
    return {"granted": True, "name": "Kim T", "ground": "Artikel 17", "reason": "Visar en person."}


def gallred(it: Things) -> dict[str, Any]:
    items = [{"kind": "rejected", "id": it.raw}]
    return {"series": "rejected", "items": items, "until": "2026-01-01", "name": "Kim T"}


SIGNED = {
    "kind": "medborgarlofte",
    "title": "Medborgarlöfte",
    "parties": [{"id": "kommunen", "name": "kommunen", "called": "Kommunen"}],
    "keeper": "kommunstyrelsens verksamheter",
}
PROMISED = {"agreement": str(uuid7()), "number": 1, "by": ["kommunen"], "text": "Ljus.", "evidence": "reported"}
SHOWN = {
    "agreement": {
        "id": str(uuid7()),
        "kind": "medborgarlofte",
        "title": "Medborgarlöfte",
        "purpose": "",
        "parties": ["Kommunen"],
        "valid_from": None,
        "valid_to": None,
        "keeper": "kommunstyrelsens verksamheter",
        "part_of": None,
        "predecessor": None,
    },
    "number": 1,
    "owners": ["kommunen"],
    "text": "Ljus.",
    "heading": "",
    "standing": "verified",
    "lines": [{"mark": "lit", "lead": "Åtgärdat", "text": "99 platser.", "lamps": 99}],
    "later": [],
}
REPORTED = {
    "party": "kommunen",
    "told_by": "Säkerhetschef",
    "told_on": "2026-11-20",
    "first": "2026-01-01",
    "last": "2026-11-20",
    "result": "going_on",
    "text": "Vi går varje fredag.",
}
SEEN = {"seen": "Alla lyser.", "seen_on": "2026-11-20"}
NOT_MINE = "not_your_task"
KEY = {"name": "Grannkommunen", "secret_hash": "0" * 64}
PARTY = "vasttrafik"
SENT_TO = {"organisation": PARTY, "endpoint": "https://open311.example/v2", "services": {"": "lampa"}}
TOLD = {"turn": 1, "organisation": PARTY, "to": "pending"}
