"""The lägesbild of a period: a draft that people write in, editions that both parties sign, and what is shown of them.

    Refused
    ├── LagesbildDiffers      the id is not that period's
    ├── LagesbildNotSignable  the period goes on, nobody signs for a party, or a later edition says nothing of why
    ├── FunctionNamesSomebody a function that reads like a name: it can be read by everybody
    ├── LagesbildTooSoon      shown before the days that people who were there can be lost in
    ├── LagesbildOverlaps     a period that overlaps it has been shown: one could be taken from the other
    └── LagesbildNotShown     there is nothing to take away

The draft holds only what a person adds. Every number is worked out anew (`period_picture`) until both parties sign;
then it stays as it was signed, and what comes later is another edition. Crime is the police's to tell: without their
words it says "Uppgift saknas". What is shown is made of a signed edition (`suppression`), by a person with a name.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from trygghetsvandring.domain.charts import Bar
from trygghetsvandring.domain.errors import Refused, SeenHasMoved, TextTooLong
from trygghetsvandring.domain.est_week import UnsortedLeft
from trygghetsvandring.domain.guard import Kind, inspect
from trygghetsvandring.domain.period_counts import Heading, People, PeriodPicture
from trygghetsvandring.domain.periods import Period
from trygghetsvandring.domain.suppression import FEW, FEWEST
from trygghetsvandring.domain.tasks import DateNotPossible, FieldMissing, day_of, public_safe
from trygghetsvandring.domain.times import evening_of

LONGEST_TEXT = 2000
LONGEST_LINE = 80
LONGEST_CHANGED = 300
MOST_FOCUS = 20
SHOWN_AFTER = timedelta(days=7)
POLICE = "Polisen"
_NAMESPACE = UUID("5b2d1b7e-6f60-5c1e-9a43-0c7d9be1f0a2")


class LagesbildDiffers(Refused):
    code = "lagesbild_differs"


class LagesbildNotSignable(Refused):
    code = "lagesbild_not_signable"


class FunctionNamesSomebody(Refused):
    code = "function_names_somebody"


class LagesbildTooSoon(Refused):
    code = "lagesbild_too_soon"


class LagesbildOverlaps(Refused):
    code = "lagesbild_overlaps"


class LagesbildNotShown(Refused):
    code = "lagesbild_not_shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingText:
    """What the parties say of one heading, in words that may stand in public."""

    heading: Heading
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrimeTold:
    """What the police told. `source`: what it is taken from. `told_by` and `entered_by` are functions."""

    text: str
    source: str
    told_by: str
    told_on: date
    entered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lagesbild:
    """The draft of one period. `focus`: action plans whose focus areas rest on it. `edition`: the last, 0 = none."""

    id: UUID
    version: int
    first: date
    last: date
    texts: tuple[HeadingText, ...] = ()
    crime: CrimeTold | None = None
    focus: tuple[UUID, ...] = ()
    edition: int = 0

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)

    def text(self, heading: Heading) -> str:
        return next((it.text for it in self.texts if it.heading is heading), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """`name` "" where only the function is told: the police's is entered by the coordinator."""

    party: str
    name: str
    function: str
    on: date
    entered_by: str


# ---------------------------------------------------------------- as everybody reads it


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """The first column names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPart:
    """One heading. `bars` say what a table says; `source` is where it comes from."""

    heading: Heading
    title: str
    text: str
    lines: tuple[str, ...]
    bars: tuple[Bar, ...]
    tables: tuple[ShownTable, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Words and nothing to work out: every cell is as it may be read."""

    municipality: str
    first: date
    last: date
    number: int
    parts: tuple[ShownPart, ...]
    focus: tuple[str, ...]
    signed: tuple[str, ...]
    keeper: str  # the function that answers for the page
    changed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LagesbildEdition:
    """Signed by both parties, and kept as it was signed. `shown`: what was released of it, None = nothing.

    `is_reduced`: something it counted was erased, and its tables with it (`reduced`).
    """

    id: UUID
    version: int
    of: UUID
    number: int
    picture: PeriodPicture
    texts: tuple[HeadingText, ...]
    crime: CrimeTold | None
    focus: tuple[str, ...]
    signatures: tuple[Signature, ...]
    changed: str
    signed_at: datetime
    shown: Shown | None = None
    is_reduced: bool = False

    @property
    def period(self) -> Period:
        return Period(self.picture.first, self.picture.last)

    def text(self, heading: Heading) -> str:
        return next((it.text for it in self.texts if it.heading is heading), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """`n`: what the cell tells, as `suppression.bases` gives it: never which number under five."""

    key: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPeriod:
    """A period that is or was shown. `showing`: the edition, 0 = taken away. `bases`: what its numbers are told by."""

    of: UUID
    first: date
    last: date
    showing: int
    bases: tuple[Basis, ...]
    published_at: datetime
    changed_at: datetime
    released_by: str

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class LagesbildShelf:
    """All a municipality has ever shown: what was read once is never forgotten here, and nothing is taken from it."""

    id: UUID
    version: int
    periods: tuple[ShownPeriod, ...] = ()

    def of(self, lagesbild: UUID) -> ShownPeriod | None:
        return next((it for it in self.periods if it.of == lagesbild), None)

    def bases(self, lagesbild: UUID) -> Mapping[str, int]:
        known = self.of(lagesbild)
        return {it.key: it.n for it in known.bases} if known is not None else {}


def lagesbild_id(municipality: str, period: Period) -> UUID:
    """One draft for one period, whoever begins it."""
    return _derived(f"lagesbild:{municipality}:{period.first}:{period.last}")


def edition_id(lagesbild: UUID, number: int) -> UUID:
    return _derived(f"edition:{lagesbild}:{number}")


def shelf_id(municipality: str) -> UUID:
    return _derived(f"shelf:{municipality}")


def _derived(text: str) -> UUID:
    made = hashlib.sha1(_NAMESPACE.bytes + text.encode(), usedforsecurity=False)
    return UUID(bytes=made.digest()[:16], version=5)


# ---------------------------------------------------------------- written and signed


def written(it: Lagesbild, today: date) -> Lagesbild:
    """The draft as it may be kept: every word of it may stand in public."""
    if len(it.focus) > MOST_FOCUS:
        raise TextTooLong(field="focus", longest=MOST_FOCUS)
    texts = [HeadingText(heading=each.heading, text=_safe(each.text, "text", LONGEST_TEXT)) for each in it.texts]
    crime = it.crime
    if crime is not None:
        lines = {"source": crime.source, "told_by": crime.told_by}
        if missing := [name for name, text in {**lines, "text": crime.text}.items() if not text.strip()]:
            raise FieldMissing(operation="lagesbild.write", fields=missing)
        if crime.told_on > today:
            raise DateNotPossible(field="told_on", day=crime.told_on.isoformat())
        crime = replace(
            crime,
            text=_safe(crime.text, "text", LONGEST_TEXT),
            source=_function(crime.source, "source"),
            told_by=_function(crime.told_by, "told_by"),
        )
    by_heading = {each.heading: each for each in texts if each.text}
    return replace(it, texts=tuple(by_heading.values()), crime=crime, focus=tuple(dict.fromkeys(it.focus)))


def _safe(text: str, field: str, longest: int) -> str:
    if len(text) > longest:
        raise TextTooLong(field=field, longest=longest)
    return public_safe(text)


def _function(text: str, field: str) -> str:
    """Of one line nobody can be asked whether it is a name: what reads like one is refused."""
    if any(span.kind is Kind.NAME for span in inspect(text[: LONGEST_LINE + 1]).spans):
        raise FunctionNamesSomebody(field=field)
    return _safe(text, field, LONGEST_LINE)


def sign(
    it: Lagesbild,
    picture: PeriodPicture,
    *,
    focus: Iterable[str],
    signatures: tuple[Signature, ...],
    changed: str,
    at: datetime,
) -> tuple[Lagesbild, LagesbildEdition]:
    """The draft goes on as it is: the next edition begins where this one ends."""
    today, number = day_of(at), it.edition + 1
    if evening_of(at) <= it.last:
        raise LagesbildNotSignable(reason="goes_on")
    if picture.unsorted:
        raise UnsortedLeft(left=picture.unsorted)
    for each in signatures:
        if not each.function.strip() or (each.party != POLICE and not each.name.strip()):
            raise LagesbildNotSignable(reason="signature")
        if not it.last < each.on <= today:
            raise DateNotPossible(field="on", day=each.on.isoformat())
    if number > 1 and not changed.strip():
        raise LagesbildNotSignable(reason="changed")
    edition = LagesbildEdition(
        id=edition_id(it.id, number),
        version=0,
        of=it.id,
        number=number,
        picture=picture,
        texts=it.texts,
        crime=it.crime,
        focus=tuple(focus),
        signatures=tuple(
            replace(
                each,
                name=_safe(each.name, "name", LONGEST_LINE),
                function=_function(each.function, "function"),
            )
            for each in signatures
        ),
        changed=_safe(changed, "changed", LONGEST_CHANGED),
        signed_at=at,
    )
    return replace(it, edition=number), edition


# ---------------------------------------------------------------- shown to everybody


def release(
    shelf: LagesbildShelf,
    edition: LagesbildEdition,
    shown: Shown,
    told_by: Mapping[str, int],
    *,
    name: str,
    function: str,
    at: datetime,
) -> tuple[LagesbildShelf, LagesbildEdition]:
    """`shown` is exactly what the person has read. `told_by`: what its numbers are told by, kept for the next one."""
    must_be_showable(shelf, edition, day_of(at))
    if not name.strip() or len(name) > LONGEST_LINE:
        raise FieldMissing(operation="lagesbild.release", fields=["name"])
    before = shelf.of(edition.of)
    now = ShownPeriod(
        of=edition.of,
        first=edition.period.first,
        last=edition.period.last,
        showing=edition.number,
        bases=tuple(Basis(key=key, n=n) for key, n in sorted(told_by.items())),
        published_at=before.published_at if before else at,
        changed_at=at,
        released_by=f"{public_safe(name)}, {function}",
    )
    others = tuple(it for it in shelf.periods if it.of != edition.of)
    return replace(shelf, periods=(*others, now)), replace(edition, shown=shown)


def must_be_showable(shelf: LagesbildShelf, edition: LagesbildEdition, today: date) -> None:
    earliest = edition.period.last + SHOWN_AFTER
    if today < earliest:
        raise LagesbildTooSoon(day=earliest.isoformat())
    before = shelf.of(edition.of)
    if before is not None and before.showing > edition.number:
        raise SeenHasMoved()
    for it in shelf.periods:
        if it.of != edition.of and it.period.overlaps(edition.period):
            raise LagesbildOverlaps(first=it.first.isoformat(), last=it.last.isoformat())


def withdraw(shelf: LagesbildShelf, lagesbild: UUID, number: int, *, by: str, at: datetime) -> LagesbildShelf:
    """Out of sight at once: the edition that the person saw there. What its numbers tell stays: it has been read."""
    known = shelf.of(lagesbild)
    if known is None or not known.showing:
        raise LagesbildNotShown()
    if known.showing != number:
        raise SeenHasMoved(seen=number, now=known.showing)
    gone = replace(known, showing=0, changed_at=at, released_by=by)
    return replace(shelf, periods=tuple(gone if it.of == lagesbild else it for it in shelf.periods))


# ---------------------------------------------------------------- when something it counted is erased


def reduced(it: LagesbildEdition) -> LagesbildEdition:
    """Words, signatures and the sums of the whole period stay; every table fine enough to find one event in goes."""
    picture = replace(
        it.picture,
        by_place=(),
        by_hour=(),
        by_category=(),
        needs=(),
        alike=(),
        felt=People(safe=0, neither=0, unsafe=0),
        coarse=tuple(cell if cell.n >= FEWEST else replace(cell, n=FEW) for cell in it.picture.coarse),
    )
    return replace(it, picture=picture, is_reduced=True)
