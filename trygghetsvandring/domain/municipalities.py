"""Municipalities: organisations, categories, checklists, deadlines and words are data, never code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from trygghetsvandring.domain.checklists import Template
from trygghetsvandring.domain.departments import Organisation
from trygghetsvandring.domain.places import Place
from trygghetsvandring.domain.routing import Category, Rule
from trygghetsvandring.domain.stretches import Stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Who to ring when nobody reads the app, and where the mail about a danger goes."""

    phone: str
    hours: str
    mail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The same in another language. `who` "": known by its Swedish name, which is what one asks for."""

    when: str
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTo:
    """Where a personal matter belongs, since it is not handled here: "Är någon i fara nu?", "Ring", "112".

    `other`: by the language's id in the address of a public page (`latt`, `en`, `ar`); Swedish stands where one is not.
    """

    when: str
    who: str
    phone: str = ""
    url: str = ""
    other: Mapping[str, Said] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        words = [self.when, f"{self.who} {self.phone}".strip() + "."]
        return " ".join([*words, *([f"Läs mer på {self.url}"] if self.url else [])])


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """The true words about personal data, shown offline in the app."""

    controller: str
    dpo: str
    basis: str
    retention: str
    rights: str
    disclosure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    id: str
    name: str
    icon: str
    default: str
    categories: tuple[str, ...]
    photo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The rule by which sums leave the field log, released by a named function at the responsible nämnd."""

    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyText:
    """Words to begin a public reply with. `tile` "" = whatever it is about; `step`: the operation it is said in."""

    id: str
    step: str
    tile: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityKind:
    """A kind of activity, and what is usually counted. `places`: kinds of place it is counted by, month by month."""

    id: str
    name: str
    unit: str
    places: tuple[str, ...] = ()


ACTIVITY_KINDS = (
    ActivityKind(id="utbildning", name="Utbildning för vuxna som möter unga", unit="tillfällen"),
    ActivityKind(id="foraldramote", name="Föräldramöte", unit="möten"),
    ActivityKind(id="skolinformation", name="Information i skolan", unit="klasser"),
    ActivityKind(id="ungdom", name="Aktivitet för unga", unit="tillfällen"),
    ActivityKind(id="skola-butik", name="Skola och butik möts", unit="tillfällen"),
    ActivityKind(id="projekt", name="Förebyggande projekt", unit="tillfällen"),
    ActivityKind(id="polisbesok", name="Besök av polisen", unit="besök", places=("skola", "fritidsgård")),
)
"""What a municipality begins with; its own stand in its file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrimeKind:
    """A type of crime that shops count each week; at most six fit the page behind a link."""

    id: str
    name: str


CRIME_KINDS = (
    CrimeKind(id="stold", name="Stöld"),
    CrimeKind(id="hot", name="Hot eller våld"),
    CrimeKind(id="skada", name="Skadegörelse"),
    CrimeKind(id="bedrageri", name="Bedrägeri"),
)


class Meets(StrEnum):
    """How far the municipality judges that its pages meet the law on digital accessibility (2018:1937)."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessibility:
    """What the municipality says in its accessibility statement. `meets`, `assessed_on`, `how`: what it has judged, and
    how; None and "" until it has. `known`: what hinders somebody, beside what the product knows of itself.
    """

    meets: Meets | None = None
    assessed_on: date | None = None
    how: str = ""
    mail: str = ""
    phone: str = ""
    known: tuple[str, ...] = ()


class Age(StrEnum):
    """Coarse, and told by whoever wants to: whose voice is missing, never who somebody is."""

    UNDER_18 = "0-17"
    TO_29 = "18-29"
    TO_64 = "30-64"
    OLDER = "65-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """How many of a hundred who live here are of an age."""

    age: Age
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    id: str
    name: str
    prefix: str  # of receipt numbers, "LK"
    duty: Duty
    read_by: str
    tell_on_url: str
    privacy: Privacy
    areas: tuple[str, ...]
    places: tuple[Place, ...]
    tiles: tuple[Tile, ...]
    categories: tuple[Category, ...]
    templates: tuple[Template, ...]
    departments: tuple[Organisation, ...]
    rules: tuple[Rule, ...]
    presence_release: Release | None = None
    # Areas under the population where a log of places becomes a log of persons: nothing but area and evening leaves it.
    small_areas: tuple[str, ...] = ()
    reply_texts: tuple[ReplyText, ...] = ()
    # Networks of the municipality's own that its connections may reach, as "10.1.0.0/16"; all others are public ones.
    own_networks: tuple[str, ...] = ()
    turn_to: tuple[TurnTo, ...] = ()
    activity_kinds: tuple[ActivityKind, ...] = ACTIVITY_KINDS
    crime_kinds: tuple[CrimeKind, ...] = CRIME_KINDS
    stretches: tuple[Stretch, ...] = ()
    feedback_notice: str = ""  # before what readers of the public page write; "" = `feedback.NOTICE`
    accessibility: Accessibility = Accessibility()
    # Where somebody can turn whom a person close to them hurts: told on a page of its own, and never asked about.
    support_lines: tuple[TurnTo, ...] = ()
    leave_to: str = "https://www.smhi.se/"  # where the quick way out of that page leads: anything that says nothing
    population: tuple[Population, ...] = ()
    version: int = 1

    def category(self, code: str) -> Category | None:
        for category in self.categories:
            if category.code == code:
                return category
        return None

    def organisation(self, id: str | None) -> Organisation | None:
        return next((organisation for organisation in self.departments if organisation.id == id), None)
