"""Coming walks as iCalendar (RFC 5545). Works nothing out: what is shown or called off is told by the rules."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from trygghetsvandring.domain.announcements import Announced, Announcement
from trygghetsvandring.domain.municipalities import Municipality

JOIN: Final = (
    "Kom till mötesplatsen. Du behöver inte anmäla dig. Den som leder visar hur du är med, med eller utan telefon."
)
CALLED_OFF: Final = "Inställd eller ändrad"
_LONGEST: Final = 75  # octets of a line, its end not counted
# Some readers take no calendar without a component, and a calendar may well have no walks in it.
_ZONE: Final = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Stockholm",
    "BEGIN:STANDARD",
    "DTSTART:19961027T030000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:19960331T020000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
)


def calendar(here: Municipality, coming: Sequence[tuple[Announcement, Announced]], page: str) -> bytes:
    """`page` is the address where the same is read. What is called off says so, and no more."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Trygghetsvandring//SV",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(f'Trygghetsvandringar i {here.name}')}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        *_ZONE,
    ]
    for it, how in coming:
        lines += _event(it, how, page)
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR")).encode()


def _event(it: Announcement, how: Announced, page: str) -> Iterable[str]:
    shown = it.shown
    yield "BEGIN:VEVENT"
    yield f"UID:{it.id}@trygghetsvandring"
    yield f"DTSTAMP:{_moment(it.changed_at)}"
    yield f"DTSTART:{_moment(shown.starts_at)}"
    yield f"DTEND:{_moment(shown.ends_at)}"
    if how is Announced.SHOWN:
        yield f"SEQUENCE:{it.version * 2}"
        yield f"SUMMARY:{_text(shown.name)}"
        yield f"LOCATION:{_text(shown.meeting_point or shown.place)}"
        yield f"DESCRIPTION:{_text(JOIN)}"
        yield "STATUS:CONFIRMED"
    else:
        yield f"SEQUENCE:{it.version * 2 + 1}"  # a walk that moved has no new version of what was shown
        yield f"SUMMARY:{CALLED_OFF}"
        yield "STATUS:CANCELLED"
    yield f"URL:{page}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    kept = "".join(letter for letter in words if letter == "\n" or letter >= " ")
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """No letter is cut in two: what comes after the first line begins with a blank."""
    parts, size = [""], 0
    for letter in line:
        long = len(letter.encode())
        if size + long > _LONGEST:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += long
    return "\r\n".join(parts)
