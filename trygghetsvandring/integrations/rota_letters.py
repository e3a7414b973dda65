"""Letters of the rota: a link, evenings that lack people, a reminder, and what is moved or called off."""

from collections.abc import Sequence
from datetime import date, datetime

from trygghetsvandring.domain.rota import OutingKind, RotaEvening
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.integrations.letters import date_words

KINDS = {
    OutingKind.NIGHT_WALK: "Nattvandring",
    OutingKind.FIELD_SHIFT: "Fältpass",
    OutingKind.SAFETY_WALK: "Trygghetsvandring",
}
_DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")


def day_words(evening: date) -> str:
    """ "fredag 4 december"."""
    return f"{_DAYS[evening.weekday()]} {date_words(evening)}"


def clock(at: datetime) -> str:
    return f"{at.astimezone(STOCKHOLM):%H.%M}"


def what(it: RotaEvening) -> str:
    """ "Nattvandring fredag 4 december kl. 20.00–00.30, Torget i Centrum"."""
    times = f"{clock(it.starts_at)}–{clock(it.ends_at)}"
    return f"{KINDS[it.kind]} {day_words(it.evening)} kl. {times}, {it.place} i {it.area}"


def asked(municipality: str, lacking: Sequence[RotaEvening], link: str, ends_on: date) -> tuple[str, str]:
    """(subject, text). The link, and what lacks people now."""
    lines = ["Här säger ni vilka kvällar ni kommer, och hur många vuxna.", "Skriv inga namn.", ""]
    if lacking:
        lines += ["Här fattas vuxna:", *(f"- {what(it)}. {_lack(it)}" for it in lacking), ""]
    subject = "Kan ni gå någon av kvällarna?" if lacking else "Kvällar att gå"
    return subject, _closed(lines, municipality, link, ends_on)


def _lack(it: RotaEvening) -> str:
    return f"{it.missing} behövs till." if it.crew else "Ingen är anmäld."


def reminded(municipality: str, it: RotaEvening, adults: int, link: str, ends_on: date) -> tuple[str, str]:
    lines = [
        f"{what(it)}.",
        "",
        f"Ni har sagt att {_adults(adults)} kommer. Får ni förhinder? Säg till genom länken.",
        "",
    ]
    return f"Påminnelse: ni går {day_words(it.evening)}", _closed(lines, municipality, link, ends_on)


def moved(municipality: str, it: RotaEvening, adults: int, link: str, ends_on: date) -> tuple[str, str]:
    lines = [
        "Kvällen har ändrats. Så här är den nu:",
        f"{what(it)}.",
        "",
        f"Ni har sagt att {_adults(adults)} kommer. Kan ni inte längre? Säg till genom länken.",
        "",
    ]
    return f"Ändrat: {day_words(it.evening)}", _closed(lines, municipality, link, ends_on)


def called_off(municipality: str, it: RotaEvening) -> tuple[str, str]:
    reason = it.called_off.reason if it.called_off is not None else ""
    lines = [f"Inställt: {what(it)}.", "", reason, "", "Ni behöver inte komma. Tack för att ni ville gå."]
    return f"Inställt: {day_words(it.evening)}", "\n".join([*lines, "", f"Trygghetsvandring i {municipality}"]) + "\n"


def short(municipality: str, it: RotaEvening, desk: str) -> tuple[str, str]:
    """To the coordinator. Who has left is read at the desk."""
    lines = [
        "Färre kommer än som hade sagt det.",
        "",
        f"{what(it)}.",
        f"Nu saknas {_adults(it.missing)}.",
        "",
        f"Se kvällen här: {desk}",
        "",
        f"Trygghetsvandring i {municipality}",
    ]
    return f"Färre kommer: {day_words(it.evening)}", "\n".join(lines)


def _adults(n: int) -> str:
    return "1 vuxen" if n == 1 else f"{n} vuxna"


def _closed(lines: Sequence[str], municipality: str, link: str, ends_on: date) -> str:
    until = f"Länken gäller till {date_words(ends_on)} {ends_on.year}, och bara för er."
    return "\n".join([*lines, link, "", until, "", f"Trygghetsvandring i {municipality}"]) + "\n"
