"""What the demo loads on its first start. A second start finds it there and changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.demo import agreements, lagesbild, rota, trade, week
from trygghetsvandring.demo import walked as last_week
from trygghetsvandring.domain.darkness import SwitchOff
from trygghetsvandring.domain.deadlines import Limit
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Duty, Municipality
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.routing import Rule, Rules
from trygghetsvandring.domain.rules import came_with
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.storage import municipalities, people, walks
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.engine import Engine
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.sync.trials import try_draft

MUNICIPALITY = "lidkoping"
PASSWORD = "lykta-i-natten"  # noqa: S105  # works only while the server is started as a demo


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    name: str
    login: str
    function: str
    role: Role
    organisation: str
    opens: str
    can: str

    def wire(self) -> dict[str, str]:
        return {
            "name": self.name,
            "login": self.login,
            "password": PASSWORD,
            "opens": self.opens,
            "can": self.can,
        }


PERSONAS = (
    Persona(
        name="Samordnaren",
        login="samordnare@lidkoping",
        function="Trygghetssamordnare",
        role=Role.COORDINATOR,
        organisation="samordning",
        opens="/desk/",
        can="planerar vandringar och sorterar det som kommer in",
    ),
    Persona(
        name="Handläggaren på Gata och park",
        login="handlaggare@lidkoping",
        function="Handläggare, Gata och park",
        role=Role.HANDLER,
        organisation="gata-park",
        opens="/desk/",
        can="tar emot, planerar och åtgärdar",
    ),
    Persona(
        name="Arbetsledaren på Gata och park",
        login="arbetsledare@lidkoping",
        function="Arbetsledare, Gata och park",
        role=Role.DEPARTMENT_HEAD,
        organisation="gata-park",
        opens="/desk/",
        can="kan också säga nej, med skäl",
    ),
    Persona(
        name="Fältsekreteraren",
        login="falt@lidkoping",
        function="Fältsekreterare",
        role=Role.FIELD_SECRETARY,
        organisation="socialtjansten",
        opens="/falt/",
        can="för närvarologg, även utan nät",
    ),
    Persona(
        name="Butikschefen",
        login="butik@lidkoping",
        function="Butikschef",
        role=Role.SHOP,
        organisation="butik-torget",
        opens="/desk/",
        can="ser trygghetsgruppens kontakter och räknar sin egen vecka",
    ),
    Persona(
        name="Registratorn",
        login="registrator@lidkoping",
        function="Registrator",
        role=Role.REGISTRATOR,
        organisation="samordning",
        opens="/desk/",
        can="tar emot den som vill ta bort något",
    ),
    Persona(
        name="Arkivansvariga",
        login="arkiv@lidkoping",
        function="Arkivansvarig",
        role=Role.RECORDS_OFFICER,
        organisation="samordning",
        opens="/desk/",
        can="säger ja eller nej till att ta bort",
    ),
)


def lidkoping() -> Municipality:
    return read((files(__package__) / "lidkoping.json").read_bytes())


class _Extra(msgspec.Struct, kw_only=True):
    """What Lidköping has decided beyond what comes with the installation; `first` stands before the rest."""

    first: tuple[Rule, ...]
    limits: tuple[Limit, ...]
    switch_offs: tuple[SwitchOff, ...]


def rules_of(place: Municipality) -> Rules:
    """The demo's first rule book: a drawn area, a checklist's answer, an order to a private owner, its own times."""
    extra = msgspec.json.decode((files(__package__) / "lidkoping_rules.json").read_bytes(), type=_Extra)
    return Rules(rules=(*extra.first, *place.rules), limits=extra.limits, switch_offs=extra.switch_offs)


def read(raw: bytes) -> Municipality:
    return msgspec.json.decode(raw, type=Municipality)


def written(place: Municipality) -> str:
    return msgspec.json.format(msgspec.json.encode(place), indent=2).decode()


# What Lidköping calls its own, by what it is anywhere. Names are changed in the file that `municipality show` prints.
_ANYWHERE = {
    "ab-bostader": "Bostadsbolaget",
    "lidkoping-energi": "Elnätsägaren",
    "vasttrafik": "Kollektivtrafiken",
    "socialtjansten": "Fältgruppen",
    "polisen": "Polisen",
    "butik-torget": "Butiken",
    "butik-hamnen": "Den andra butiken",
    "nattvandrarna": "Nattvandrarna",
}


def blank(id: str, name: str, prefix: str, duty: Duty | None = None) -> Municipality:
    """A new municipality: the catalogue of categories, checklists and rules, and nothing that is Lidköping's own.

    Without a duty nobody could be rung or written to about a danger, so a real one must be given.
    """
    like = lidkoping()
    privacy = replace(
        like.privacy,
        controller=f"Kommunstyrelsen i {name} ansvarar för dina uppgifter.",
        dpo=f"Dataskyddsombudet i {name} svarar på frågor. Fråga kommunens växel.",
    )
    return replace(
        like,
        id=id,
        name=name,
        prefix=prefix,
        duty=duty or Duty(phone="112", hours="dygnet runt", mail=f"jour@{id}.example"),
        tell_on_url="",
        privacy=privacy,
        areas=(name,),
        places=(),
        stretches=(),
        small_areas=(),
        presence_release=None,
        population=(),
        departments=tuple(replace(it, name=_ANYWHERE.get(it.id, it.name)) for it in like.departments),
    )


async def load(engine: Engine, password_hash: str, now: datetime, *, walked: bool = False) -> bool:
    """True when something was loaded. `walked`: also a walk that has been, with what it found."""
    async with engine.store.read() as db:
        if await municipalities.municipality(db, MUNICIPALITY) is not None:
            return False
    place = lidkoping()
    await settle(engine.store, place)
    async with engine.store.write() as db:
        for persona in PERSONAS:
            await people.add_user(
                db,
                User(
                    municipality=place.id,
                    id=uuid7(),
                    login=persona.login,
                    function=persona.function,
                    role=persona.role,
                    organisation=persona.organisation,
                    password_hash=password_hash,
                    demo=True,
                    disabled_at=None,
                ),
            )
    await _rules(engine, place, now)
    await _agreements(engine, place, now)
    await _week(engine, place, now)
    await _lagesbild(engine, place, now)
    await _trade(engine, place, now)
    await _walk(engine, place, now)
    if walked:
        await _walked(engine, place, now)
    return True


async def _rules(engine: Engine, place: Municipality, now: datetime) -> None:
    """Tried on what there is, which is nothing yet, and published: the way every book goes."""
    actor, book, rules = _coordinator(place), uuid7(), rules_of(place)
    body = {"rules": msgspec.to_builtins(rules), "note": "De första reglerna."}
    await _done(engine, "rulebook.save", book, body, now, actor)
    await try_draft(engine, place, book, rules, live=came_with(place), by=actor.function, now=now)
    await _done(engine, "rulebook.publish", book, {}, now, actor)


async def _agreements(engine: Engine, place: Municipality, now: datetime) -> None:
    actor = _coordinator(place)

    async def do(type: str, id: UUID, body: dict[str, Any]) -> None:
        await _done(engine, type, id, body, now, actor)

    await agreements.load(engine.store, place.id, now.astimezone(STOCKHOLM).date(), do)


async def _week(engine: Engine, place: Municipality, now: datetime) -> None:
    actor = _coordinator(place)

    async def do(type: str, id: UUID, body: dict[str, Any]) -> None:
        await _done(engine, type, id, body, now, actor)

    await week.load(place, now, do)


async def _lagesbild(engine: Engine, place: Municipality, now: datetime) -> None:
    actor = _coordinator(place)

    async def do(type: str, id: UUID, body: dict[str, Any]) -> None:
        await _done(engine, type, id, body, now, actor)

    await lagesbild.load(engine.store, place, now, actor.function, agreements.NAME, do)


async def _trade(engine: Engine, place: Municipality, now: datetime) -> None:
    actor = _coordinator(place)

    async def do(type: str, id: UUID, body: dict[str, Any]) -> None:
        await _done(engine, type, id, body, now, actor)

    await trade.load(place, now, do)
    await rota.load(engine, place.id, now, do)


async def _done(engine: Engine, type: str, id: UUID, body: dict[str, Any], now: datetime, actor: Principal) -> None:
    outcome = await engine.act(actor.municipality, type, id, body, now, actor=actor)
    if outcome.outcome != "applied":
        raise RuntimeError(f"the demo's {type} was {outcome.outcome}: {outcome.code} {outcome.facts}")


def _coordinator(place: Municipality) -> Principal:
    return Principal(
        municipality=place.id, role=Role.COORDINATOR, organisation="samordning", function="Trygghetssamordnare"
    )


async def _walked(engine: Engine, place: Municipality, now: datetime) -> None:
    """A walk of last week, what was handed in, and what has become of it."""

    async def joining(walk: UUID) -> UUID:
        async with engine.store.read() as db:
            (invite,) = await walks.open_invites(db, place.id, walk)
        return invite.id

    async def do(type: str, id: UUID, body: dict[str, Any], at: datetime, actor: Principal) -> None:
        await _done(engine, type, id, body, at, actor)

    async with engine.store.read() as db:
        who = {persona.role: await _signed_in(db, persona) for persona in PERSONAS}
    at_work = last_week.People(
        coordinator=who[Role.COORDINATOR], handler=who[Role.HANDLER], head=who[Role.DEPARTMENT_HEAD]
    )
    plan = _plan(
        place, last_week.ROUTE, name="Centrum, kvällsvandring", place="Centrum", meeting_point="Nya Stadens torg"
    )
    await last_week.load(place, now, at_work, plan, joining, do)


async def _signed_in(db: Db, persona: Persona) -> Principal:
    user = await people.by_login(db, persona.login)
    assert user is not None
    return Principal(
        municipality=user.municipality,
        role=Role(user.role),
        user=user.id,
        organisation=user.organisation,
        function=user.function,
    )


def _plan(here: Municipality, route: Sequence[str], **names: str) -> dict[str, Any]:
    """A walk's plan but for its hours."""
    templates = {template.place_type: template.id for template in here.templates}
    by_id = {spot.id: spot for spot in here.places}
    return names | {
        "leader": "Maria",
        "recording": "own_phones",
        "night": False,
        "camera": True,
        "stops": [
            {
                "id": str(uuid7()),
                "number": number,
                "name": spot.name,
                "place": spot.id,
                "place_type": spot.place_type,
                "lat": spot.lat,
                "lon": spot.lon,
                "radius_m": 40,
                "template": templates[spot.place_type],
            }
            for number, spot in enumerate((by_id[id] for id in route), start=1)
        ],
    }


async def _walk(engine: Engine, place: Municipality, now: datetime) -> UUID:
    """A walk this evening through Margretelund, with an invite."""
    actor = _coordinator(place)
    day = now.astimezone(STOCKHOLM).date()
    starts = datetime.combine(day, time(19), STOCKHOLM)
    if now > starts + timedelta(hours=3):
        starts += timedelta(days=1)
    walk = uuid7()
    names = {"name": "Margretelund, kvällsvandring", "place": "Margretelund", "meeting_point": "MG Fritidsgård"}
    hours = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=2)).isoformat()}
    for type, payload in (("walk.plan", _plan(place, _ROUTE, **names) | hours), ("walk.invite", {"cap": 25})):
        await _done(engine, type, walk, payload, now, actor)
    return walk


_ROUTE = (
    "mg-fritidsgard",
    "gangtunneln-osbyskolan",
    "osbyskolans-gard",
    "lekplatsen",
    "hallplatsen",
    "vagen-mellan-husen",
)
