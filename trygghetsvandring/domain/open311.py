"""Open311 GeoReport v2: what another system may ask, hand in and be told. The contract is drawn in docs/open311.md.

    Refused
    └── Faulty            one or more faults in what was asked, each with a code and a sentence; one HTTP status

Times are aware. A request is a finding that has been published, its status what its tasks have come to.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.guard import Kind, Verdict, inspect
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.routing import BECOMES_TASK, Category

BASE = "/open311/v2"
LONGEST_DESCRIPTION = 4_000
LONGEST_SPAN = timedelta(days=90)
MOST_REQUESTS = 1_000
MOST_IDS = 200
_NEVER = frozenset({Kind.PERSONNUMMER, Kind.RESERVE_NUMBER, Kind.PHONE, Kind.EMAIL, Kind.HANDLE, Kind.PLATE})
_BETWEEN_TIME_AND_ZONE = re.compile(r"(\d) (\d\d:?\d\d)$")


@dataclass(frozen=True, slots=True)
class Fault:
    """`code` may be finer than the HTTP status."""

    code: int
    description: str


class Faulty(Refused):
    code = "open311_faulty"

    def __init__(self, status: int, *faults: Fault) -> None:
        super().__init__("; ".join(fault.description for fault in faults))
        self.status = status
        self.faults = faults


def faulty(status: int, description: str) -> Faulty:
    return Faulty(status, Fault(status, description))


# ---------------------------------------------------------------- services and their definitions


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One question of a service. `variable` False is information only, and is never asked back."""

    variable: bool = True
    code: str
    datatype: str
    required: bool = False
    datatype_description: str = ""
    order: int
    description: str
    values: tuple[tuple[str, str], ...] = ()


SEVERITY = Attribute(
    code="SEVERITY",
    datatype="singlevaluelist",
    order=1,
    description="Hur allvarligt är det?",
    values=(("1", "Mindre"), ("2", "Tydligt"), ("3", "Fara")),
)
SEEN_AT = Attribute(
    code="SEEN_AT",
    datatype="datetime",
    datatype_description="2026-11-20T19:41:00+01:00",
    order=2,
    description="När såg du det?",
)
CALLED = Attribute(
    code="CALLED",
    datatype="singlevaluelist",
    required=True,
    order=3,
    description="Har du ringt?",
    values=(("called", "Ja, jag har ringt"), ("not_called", "Nej")),
)


def services(here: Municipality) -> list[Category]:
    """What can be handed in: faults and maintenance. What is social, felt or good goes another way."""
    return [category for category in here.categories if category.kind in BECOMES_TASK]


def service(here: Municipality, code: str) -> Category:
    found = next((category for category in services(here) if category.code == code), None)
    if found is None:
        raise faulty(404, f"No service has the service_code {_shown(code)}.")
    return found


def definition(here: Municipality, category: Category) -> tuple[Attribute, ...]:
    """What is dangerous is first of all called in, and asks whether that was done."""
    if not category.urgent:
        return (SEVERITY, SEEN_AT)
    words = f"Är någon i fara? Ring 112. Annars: {here.duty.phone}, {here.duty.hours}. Ingen läser direkt."
    told = Attribute(variable=False, code="DANGER", datatype="string", order=4, description=words)
    return (SEVERITY, SEEN_AT, CALLED, told)


def _shown(raw: str) -> str:
    """Part of what was asked, so that its author sees what was meant."""
    return repr(raw[:60])


# ---------------------------------------------------------------- what is handed in


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is kept of a POST: where, what and when. Whoever sent it is not in it."""

    category: str
    text: str
    severity: int | None
    lat: float | None
    lon: float | None
    place_words: str
    seen_at: datetime | None
    called: str | None


def submission(here: Municipality, form: Mapping[str, Sequence[str]]) -> Submission:
    """All faults at once, but for the service: without one nothing else can be looked at."""
    code = said(form, "service_code")
    if code is None:
        raise faulty(400, "service_code was not provided.")
    category = service(here, code)
    faults: list[Fault] = []
    lat, lon = _point(form, faults)
    words = said(form, "address_string") or said(form, "address_id") or ""
    if lat is None and not words and not faults:
        faults.append(Fault(400, "A location is needed: lat and long, address_string or address_id."))
    text = said(form, "description") or ""
    faults += _texts(text, words)
    answers = answered(definition(here, category), form, faults)
    if faults:
        raise Faulty(400, *faults)
    seen = answers.get("SEEN_AT")
    severity = answers.get("SEVERITY")
    called = answers.get("CALLED")
    return Submission(
        category=category.code,
        text=text,
        severity=int(severity[0]) if severity else None,
        lat=lat,
        lon=lon,
        place_words=words[:120],
        seen_at=moment(seen[0]) if seen else None,
        called=called[0] if called else None,
    )


def said(form: Mapping[str, Sequence[str]], name: str) -> str | None:
    """The first value; an empty one is the same as none."""
    value = next((one.strip() for one in form.get(name, ()) if one.strip()), None)
    return None if value is None else value.replace("\x00", "\ufffd").replace("\r\n", "\n")


def _point(form: Mapping[str, Sequence[str]], faults: list[Fault]) -> tuple[float | None, float | None]:
    lat, lon = said(form, "lat"), said(form, "long")
    if (lat is None) != (lon is None):
        faults.append(Fault(400, "lat and long are given together."))
    if lat is None or lon is None:
        return None, None
    try:
        point = float(lat), float(lon)
    except ValueError:
        faults.append(Fault(400, "lat and long are decimal degrees."))
        return None, None
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):  # also what is no number at all
        faults.append(Fault(400, "lat or long is not on this earth."))
        return None, None
    return point


def _texts(text: str, words: str) -> list[Fault]:
    faults = []
    if len(text) > LONGEST_DESCRIPTION:
        faults.append(Fault(400, f"description is longer than {LONGEST_DESCRIPTION} characters."))
    for name, value in (("description", text), ("address_string", words)):
        if kinds := persons_in(value[:LONGEST_DESCRIPTION]):
            faults.append(Fault(400, f"{name} seems to point at a person ({kinds}). Describe the place instead."))
    return faults


def persons_in(text: str) -> str:
    """The kinds of personal data found. Nobody is there to be asked: numbers and addresses are refused."""
    found = inspect(text)
    kinds = {span.kind for span in found.spans if found.verdict is Verdict.BLOCK or span.kind in _NEVER}
    return ", ".join(sorted(kind.value for kind in kinds))


def answered(
    asked: Iterable[Attribute], form: Mapping[str, Sequence[str]], faults: list[Fault]
) -> dict[str, list[str]]:
    """The answers by code. `attribute[CODE]` for one value, `attribute[CODE][]` for many."""
    answers: dict[str, list[str]] = {}
    for it in asked:
        if not it.variable:
            continue
        given = [*form.get(f"attribute[{it.code}]", ()), *form.get(f"attribute[{it.code}][]", ())]
        values = [value.strip() for value in given if value.strip()]
        if not values:
            if it.required:
                faults.append(Fault(400, f"attribute[{it.code}] was not provided."))
            continue
        wrong = _wrong(it, values)
        if wrong:
            faults.append(Fault(400, f"attribute[{it.code}]: {wrong}"))
        else:
            answers[it.code] = values
    return answers


def _wrong(it: Attribute, values: Sequence[str]) -> str:
    if len(values) > 1 and it.datatype != "multivaluelist":
        return "one value only."
    match it.datatype:
        case "singlevaluelist" | "multivaluelist":
            keys = [key for key, _ in it.values]
            bad = [value for value in values if value not in keys]
            return f"{_shown(bad[0])} is not one of {', '.join(keys)}." if bad else ""
        case "number":
            return "" if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", values[0]) else "not a number."
        case "datetime":
            return _wrong_time(values[0])
        case _:
            return ""


def _wrong_time(raw: str) -> str:
    try:
        moment(raw)
    except Faulty as fault:
        return fault.faults[0].description
    return ""


# ---------------------------------------------------------------- times


def moment(raw: str, name: str = "datetime") -> datetime:
    """W3C date and time with a zone. A plus sign that a URL turned into a blank is one again."""
    try:
        at = datetime.fromisoformat(_BETWEEN_TIME_AND_ZONE.sub(r"\1+\2", raw.strip()))
        if at.tzinfo is not None and 1970 <= at.year <= 2200:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise faulty(400, f"{name} is a date and time with a zone, such as 2026-11-20T19:41:00+01:00.")


def written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def span(start: str | None, end: str | None, now: datetime) -> tuple[datetime, datetime]:
    """At most 90 days; without dates the last 90."""
    first = moment(start, "start_date") if start else None
    last = moment(end, "end_date") if end else None
    if first is None and last is None:
        return now - LONGEST_SPAN, now
    if first is None:
        assert last is not None
        return last - LONGEST_SPAN, last
    if last is None:
        return first, min(max(now, first), first + LONGEST_SPAN)
    if last < first:
        raise faulty(400, "end_date is before start_date.")
    if last - first > LONGEST_SPAN:
        raise faulty(400, "start_date and end_date are more than 90 days apart.")
    return first, last
