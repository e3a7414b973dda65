"""What the holder of an answer link sees: one task, what can be answered, and why not when it cannot. No script."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from secrets import token_hex

from starlette.responses import Response

from trygghetsvandring.domain import answer_links as links
from trygghetsvandring.domain.answer_links import AnswerAct, AnswerLink, NoReason, Standing
from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.tasks import Task, TaskState, WaitReason
from trygghetsvandring.integrations.letters import date_words, day_words
from trygghetsvandring.web import plain

ANSWER = "/besked/svar"
_STATE: Mapping[TaskState, str] = {
    TaskState.ASSIGNED: "Väntar på ert svar",
    TaskState.ACCEPTED: "Ni har tagit emot den",
    TaskState.PLANNED: "Planerad {day}",
    TaskState.IN_PROGRESS: "Arbetet pågår",
    TaskState.WAITING: "Väntar",
    TaskState.REFERRED: "Lämnad vidare",
}
_OVER: Mapping[Standing, tuple[str, str]] = {
    Standing.CLOSED: ("Åtgärden är avslutad", "Tack. Ni behöver inte svara mer."),
    Standing.EXPIRED: ("Länken har gått ut", "Länken gällde i 90 dagar. Be om en ny."),
    Standing.REVOKED: ("Länken är avstängd", "Kommunen har stängt länken. Be om en ny om ni ska svara."),
    Standing.MOVED: ("Åtgärden ligger inte hos er", "Någon annan har den nu. Ni behöver inte svara."),
}
_REASONS: Mapping[NoReason, str] = {
    NoReason.WRONG_OWNER: "Det är inte vårt",
    NoReason.UNCLEAR: "Vi förstår inte vad eller var",
    NoReason.CANNOT: "Vi gör det inte",
}
_WAITS: Mapping[WaitReason, str] = {
    WaitReason.PARTS: "En reservdel",
    WaitReason.PERMIT: "Ett tillstånd",
    WaitReason.SEASON: "Årstiden",
    WaitReason.BUDGET: "Pengar",
    WaitReason.EXTERNAL: "Någon annan",
    WaitReason.INVESTIGATION: "En undersökning",
}
DONE: Mapping[AnswerAct, str] = {
    AnswerAct.ACCEPT: "Tack. Ni har tagit emot åtgärden.",
    AnswerAct.PLAN: "Tack. Dagen är sparad.",
    AnswerAct.WAIT: "Tack. Vi vet att det väntar.",
    AnswerAct.FINISH: "Tack. Ni har sagt att det är åtgärdat.",
    AnswerAct.DECLINE: "Tack. Ert svar är sparat.",
}
WRONG: Mapping[str, str] = {
    "answered_already": "Vi har redan fått det svaret. Det är sparat en gång.",
    "no_such_arrow": "Åtgärden har ändrats. Läs vad som gäller nu och svara igen.",
    "public_text_not_safe": "Texten ser ut att handla om en person. Skriv om platsen och ta bort namn och nummer.",
    "personal_data": "Texten ser ut att handla om en person. Skriv om platsen och ta bort namn och nummer.",
    "perhaps_a_person": "Handlar texten om en person? Ändra den då. Annars skickar du den en gång till.",
    "field_missing": "Något fattas. Fyll i texten och svara igen.",
    "nothing_changed": "Det är samma dag som förut. Välj en annan.",
    "date_not_possible": "Den dagen går inte. Välj en dag framåt, högst tre månader bort.",
    "text_too_long": "Texten är för lång. Skriv högst 1 000 tecken.",
    "not_a_photo": "Filen är inget foto. Välj ett foto, eller svara utan.",
    "photo_too_large": "Fotot är för stort. Välj ett mindre, eller svara utan.",
    "too_many_pixels": "Fotot är för stort. Välj ett mindre, eller svara utan.",
    "truncated": "En del av fotot saknas. Välj ett annat, eller svara utan.",
    "form_unknown": "Sidan var för gammal. Läs och svara igen.",
}
OTHERWISE = "Det gick inte att spara. Kontrollera svaret och försök igen."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page is made of. `typed` is what somebody had written when it was refused."""

    key: bytes
    secret: str
    link: AnswerLink
    task: Task
    here: Municipality
    pictures: Sequence[bytes]
    seen: Sequence[tuple[str, str]]  # a finding's number, and what was seen
    point: tuple[float, float] | None  # degrees, WGS 84
    today: date
    notice: str = ""
    wrong: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def party(self) -> Organisation | None:
        return self.here.organisation(self.link.party)

    @property
    def is_asked(self) -> bool:
        """A private owner is asked, never ordered."""
        return self.party is not None and self.party.kind is OrganisationKind.PRIVATE


def task_page(it: Shown, *, status: int = 200) -> Response:
    task, link = it.task, it.link
    who = link.recipient or (it.party.name if it.party else "")
    return plain.page(
        task.title,
        plain.notice(it.wrong, kind="need") if it.wrong else "",
        plain.notice(it.notice) if it.notice else "",
        plain.paragraph(f"Till {who}. {_lead(it)}"),
        *(_picture(content) for content in it.pictures),
        plain.facts(
            [
                ("Var", task.place),
                ("Varför ni", "" if link.helps else task.explanation),
                *it.seen,
                ("Läge", _state(it)),
                ("Svara senast", day_words(link.answer_by) if task.state is TaskState.ASSIGNED else ""),
                ("Klart helst", day_words(task.due_on) if task.due_on else ""),
                ("Nummer", task.number),
                ("Kvitto", link.number),
            ]
        ),
        plain.way(*it.point) if it.point else "",
        plain.paragraph("Det ni skriver blir allmän handling och kan läsas av andra. Inga namn på personer.", "help"),
        *(_form(act, it) for act in links.acts(link, task)),
        plain.paragraph(f"Frågor? Svara på mejlet, eller kontakta {it.here.read_by.lower()}.", "help"),
        municipality=it.here.name,
        status=status,
    )


def _lead(it: Shown) -> str:
    if it.link.helps and it.party:
        return f"{it.party.name} ber er om hjälp med något som sågs på en trygghetsvandring."
    if it.is_asked:
        return "Kommunen frågar om ni kan hjälpa till. Ni bestämmer själva."
    return "De som gick en trygghetsvandring såg något som ni ansvarar för."


def _state(it: Shown) -> str:
    """Whoever helps hears what they have said themselves; how it stands with the unit is the unit's."""
    if it.link.helps:
        day = it.task.next_look_on if it.task.state is TaskState.REFERRED else None
        return f"{it.party.name if it.party else ''} ser efter {_day(day)}" if day else "Väntar på ert svar"
    return _STATE.get(it.task.state, "").format(day=_day(it.task.planned_on))


def _day(day: date | None) -> str:
    return date_words(day) if day else ""


def _picture(content: bytes) -> str:
    """In the page itself: a picture with an address of its own would carry the secret once more."""
    data = b64encode(content).decode()
    return (
        f'<figure><img src="data:image/jpeg;base64,{data}" alt="Foto från platsen, taget på vandringen">'
        "<figcaption>Från vandringen</figcaption></figure>"
    )


def _form(act: AnswerAct, it: Shown) -> str:
    hidden = {"secret": it.secret, "act": act.value, "form": links.form(it.key, it.link.id, act.value, token_hex(8))}
    typed = it.typed if it.typed.get("act") == act.value else {}
    if typed.get("sure"):
        hidden["sure"] = typed["sure"]
    match act:
        case AnswerAct.ACCEPT:
            words = "Ja, vi tar hand om det" if it.is_asked else "Ta emot"
            return plain.form(ANSWER, hidden, plain.button(words), heading="Ta emot")
        case AnswerAct.PLAN:
            return _day_form(it, hidden, typed)
        case AnswerAct.WAIT:
            return _wait_form(it, hidden, typed)
        case AnswerAct.FINISH:
            return plain.form(
                ANSWER,
                hidden,
                plain.choices(
                    "extent",
                    "Hur mycket är åtgärdat?",
                    [("full", "Allt"), ("partly", "En del")],
                    chosen=typed.get("extent", ""),
                ),
                plain.area(
                    "public_text",
                    "Vad har ni gjort?",
                    "Läses av dem som gick. Inga namn eller nummer.",
                    value=typed.get("public_text", ""),
                ),
                plain.file("photo", "Foto efteråt", "Om ni har ett. Inga personer eller bilnummer."),
                plain.button("Det är åtgärdat", kind="side"),
                heading="Säg att det är klart",
                files=True,
            )
        case _:
            return plain.form(
                ANSWER,
                hidden,
                plain.choices(
                    "reason",
                    "Varför inte?",
                    [(reason.value, _REASONS[reason]) for reason in links.reasons(it.link, it.task)],
                    chosen=typed.get("reason", ""),
                ),
                plain.area(
                    "public_text",
                    "Skriv skälet",
                    f"Läses av {_reader_of_no(it)}. Inga namn eller nummer.",
                    value=typed.get("public_text", ""),
                    required=True,
                ),
                plain.button("Skicka svaret", kind="side"),
                heading="Säg nej",
            )


def _day_form(it: Shown, hidden: dict[str, str], typed: Mapping[str, str]) -> str:
    """Of what has a day already, another one and why."""
    day = plain.day("planned_on", "Dag", first=it.today.isoformat(), value=typed.get("planned_on", ""))
    if it.link.helps or it.task.state is not TaskState.PLANNED:
        return plain.form(ANSWER, hidden, day, plain.button("Spara dagen", kind="side"), heading="Säg en dag")
    why = _why("Varför en annan dag?", typed)
    return plain.form(ANSWER, hidden, day, why, plain.button("Flytta dagen", kind="side"), heading="Säg en ny dag")


def _wait_form(it: Shown, hidden: dict[str, str], typed: Mapping[str, str]) -> str:
    return plain.form(
        ANSWER,
        hidden,
        plain.choices(
            "reason",
            "Vad väntar ni på?",
            [(reason.value, words) for reason, words in _WAITS.items()],
            chosen=typed.get("reason", ""),
        ),
        plain.day("next_look_on", "Vi ser efter", first=it.today.isoformat(), value=typed.get("next_look_on", "")),
        _why("Skriv vad ni väntar på", typed),
        plain.button("Spara att det väntar", kind="side"),
        heading="Säg att det väntar",
    )


def _why(label: str, typed: Mapping[str, str]) -> str:
    said = "Läses av dem som gick. Inga namn eller nummer."
    return plain.area("public_text", label, said, value=typed.get("public_text", ""), required=True)


def _reader_of_no(it: Shown) -> str:
    """Those who walked hear what the owner decides, and nothing of who was asked on the way."""
    return it.party.name if it.link.helps and it.party else "dem som gick"


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


def unknown_page() -> Response:
    return plain.page(
        "Länken stämmer inte",
        plain.paragraph("Öppna länken direkt från mejlet. Ibland kapas den när den kopieras."),
        plain.paragraph("Hjälper det inte? Svara på mejlet, så får ni en ny."),
        municipality="",
        status=404,
    )
