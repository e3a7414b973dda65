"""What the demo loads on its first start. A second start finds it there and changes nothing."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from importlib.resources import files
from uuid import UUID

import msgspec

from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Duty, Municipality
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.places import Place
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.storage import municipalities, people
from trygghetsvandring.storage.people import User
from trygghetsvandring.sync.engine import Engine
from trygghetsvandring.sync.municipalities import settle

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
        can="ser nästan ingenting, och det är meningen",
    ),
)


def lidkoping() -> Municipality:
    return read((files(__package__) / "lidkoping.json").read_bytes())


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
        small_areas=(),
        presence_release=None,
        departments=tuple(replace(it, name=_ANYWHERE.get(it.id, it.name)) for it in like.departments),
    )


async def load(engine: Engine, password_hash: str, now: datetime) -> bool:
    """True when something was loaded."""
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
    await _walk(engine, place, now)
    return True


async def _walk(engine: Engine, place: Municipality, now: datetime) -> UUID:
    """A walk this evening through Margretelund, with an invite."""
    actor = Principal(
        municipality=place.id, role=Role.COORDINATOR, organisation="samordning", function="Trygghetssamordnare"
    )
    day = now.astimezone(STOCKHOLM).date()
    starts = datetime.combine(day, time(19), STOCKHOLM)
    if now > starts + timedelta(hours=3):
        starts += timedelta(days=1)
    walk = uuid7()
    templates = {template.place_type: template.id for template in place.templates}
    body = {
        "name": "Margretelund, kvällsvandring",
        "place": "Margretelund",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=2)).isoformat(),
        "leader": "Maria",
        "meeting_point": "MG Fritidsgård",
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
            for number, spot in enumerate(_route(place), start=1)
        ],
    }
    for type, payload in (("walk.plan", body), ("walk.invite", {"cap": 25})):
        outcome = await engine.act(place.id, type, walk, payload, now, actor=actor)
        if outcome.outcome != "applied":
            raise RuntimeError(f"the demo's {type} was {outcome.outcome}: {outcome.code} {outcome.facts}")
    return walk


_ROUTE = (
    "mg-fritidsgard",
    "gangtunneln-osbyskolan",
    "osbyskolans-gard",
    "lekplatsen",
    "hallplatsen",
    "vagen-mellan-husen",
)


def _route(place: Municipality) -> list[Place]:
    by_id = {spot.id: spot for spot in place.places}
    return [by_id[id] for id in _ROUTE]
