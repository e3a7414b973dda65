"""What the holder of a report link sees: one commitment, what is asked, what has been told, and the rate. No script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from secrets import token_hex

from starlette.responses import Response

from trygghetsvandring.domain import answer_links
from trygghetsvandring.domain import plans as rules
from trygghetsvandring.domain.answer_links import Standing
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.plans import ActionPlan, Commitment, Kept, Other, Rate, ReportBack, Told
from trygghetsvandring.domain.report_links import ReportLink
from trygghetsvandring.integrations.letters import date_words
from trygghetsvandring.web import plain

ANSWER = "/redovisa/svar"
ACT = "report"
TOLD: Mapping[Told, str] = {
    Told.NOT_BEGUN: "Inte börjat",
    Told.GOING_ON: "Pågår",
    Told.DONE: "Klart",
    Told.NOT_DONE: "Blir inte av",
}
_KEPT: Mapping[Kept, str] = {
    Kept.ON_TIME: "i tid",
    Kept.LATE: "för sent",
    Kept.MISSING: "saknas",
    Kept.COMING: "kommer",
}
_OVER: Mapping[Standing, tuple[str, str]] = {
    Standing.CLOSED: ("Åtagandet är avslutat", "Tack. Ni behöver inte svara mer."),
    Standing.EXPIRED: ("Länken har gått ut", "Länken gällde i 90 dagar. Be om en ny."),
    Standing.REVOKED: ("Länken är avstängd", "Kommunen har stängt länken. Be om en ny om ni ska svara."),
}
DONE = "Tack. Er återrapportering är sparad."
WRONG: Mapping[str, str] = {
    "answered_already": "Vi har redan fått det svaret. Det är sparat en gång.",
    "public_text_not_safe": "Texten ser ut att handla om en person. Ta bort namn och nummer.",
    "perhaps_a_person": "Handlar texten om en person? Ändra den då. Annars skickar du den en gång till.",
    "field_missing": "Något fattas. Fyll i texten och svara igen.",
    "text_too_long": "Texten är för lång. Skriv högst 1 000 tecken.",
    "form_unknown": "Sidan var för gammal. Läs och svara igen.",
    "not_a_report_day": "Åtagandet har ändrats. Läs vad som gäller nu och svara igen.",
    "no_such_commitment_arrow": "Åtagandet har ändrats. Läs vad som gäller nu och svara igen.",
}
OTHERWISE = "Det gick inte att spara. Kontrollera svaret och försök igen."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page is made of. `rate` is the executor's over all its commitments. `typed`: what was refused.

    `others`: of the same agreement.
    """

    key: bytes
    secret: str
    link: ReportLink
    commitment: Commitment
    plan: ActionPlan
    agreement: str
    here: Municipality
    rate: Rate
    others: Sequence[Other]
    today: date
    notice: str = ""
    wrong: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


def commitment_page(it: Shown, *, status: int = 200) -> Response:
    known = it.here.organisation(it.link.executor)
    day = rules.asked_for(it.commitment, it.today)
    return plain.page(
        "Återrapportering",
        plain.notice(it.wrong, kind="need") if it.wrong else "",
        plain.notice(it.notice) if it.notice else "",
        plain.paragraph(f"Till {known.name if known else it.link.executor}. Ni har ett åtagande i en åtgärdsplan."),
        plain.facts(
            [
                ("Åtagande", it.commitment.text),
                ("Plan", it.plan.title),
                ("Fokusområde", it.plan.focus),
                ("Överenskommelse", it.agreement),
                ("Klart senast", _day(it.commitment.due_on)),
                ("Svara senast", _day(day) if day else ""),
                ("Era svar i tid", rate_words(it.rate)),
            ]
        ),
        _form(it, day) if day else plain.paragraph("Inget svar väntas just nu."),
        _history(it),
        _others(it),
        plain.paragraph(f"Frågor? Svara på mejlet, eller kontakta {it.here.read_by.lower()}.", "help"),
        municipality=it.here.name,
        status=status,
    )


def rate_words(it: Rate) -> str:
    return f"{it.on_time} av {it.of}" if it.of else "Inget att räkna än"


def _day(day: date) -> str:
    return f"{date_words(day)} {day.year}"


def _form(it: Shown, day: date) -> str:
    """About the first day without a report; the form names it, so that an old page tells of no other."""
    form = answer_links.form(it.key, it.link.id, f"{ACT} {day}", token_hex(8))
    hidden = {"secret": it.secret, "act": ACT, "due_on": day.isoformat(), "form": form}
    if it.typed.get("sure"):
        hidden["sure"] = it.typed["sure"]
    return plain.form(
        ANSWER,
        hidden,
        plain.choices(
            "told",
            "Hur går det?",
            [(told.value, TOLD[told]) for told in rules.may_tell(it.commitment.state)],
            chosen=it.typed.get("told", ""),
        ),
        plain.area(
            "text",
            "Vad har hänt?",
            "Om det inte blir av: skriv varför. Det blir allmän handling. Inga namn eller nummer.",
            value=it.typed.get("text", ""),
            required=True,
        ),
        plain.button("Skicka svaret"),
        heading=f"Svar för {_day(day)}",
    )


def _history(it: Shown) -> str:
    rows = [(_heading(it, report), report.text or report.reason) for report in reversed(it.commitment.reports)]
    return plain.facts(rows)


def _heading(it: Shown, report: ReportBack) -> str:
    first = next(each for each in it.commitment.reports if each.due_on == report.due_on)
    how = f" ({_KEPT[rules.kept(it.commitment, report.due_on, it.today)]})" if first is report else ""
    return f"{TOLD[report.told]}, sagt {_day(report.told_on)} för {_day(report.due_on)}{how}"


def _others(it: Shown) -> str:
    """How the other parties of the agreement stand: what they are late with, and how often they are in time."""
    rows = []
    for other in it.others:
        known = it.here.organisation(other.executor)
        late = [f"{each.text} Sent sedan {_day(rules.late_since(each, it.today))}." for each in other.late]
        words = " ".join(late) or "Inget är sent."
        rows.append((known.name if known else other.executor, f"Svar i tid: {rate_words(other.rate)}. {words}"))
    return plain.heading("Så går det för de andra i överenskommelsen") + plain.facts(rows) if rows else ""


def over_page(how: Standing, here: Municipality, notice: str = "") -> Response:
    title, words = _OVER[how]
    return plain.page(
        title,
        plain.notice(notice) if notice else "",
        plain.paragraph(words),
        plain.paragraph(f"Frågor? Svara på mejlet som länken kom i, eller kontakta {here.read_by.lower()}."),
        municipality=here.name,
        status=200 if notice else 410,
    )
