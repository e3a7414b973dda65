"""What the holder of a rota link sees: evenings to come to, those it has said yes to, and who walked. No script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_hex

from starlette.responses import Response

from trygghetsvandring.domain import answer_links, rota
from trygghetsvandring.domain.answer_links import Standing
from trygghetsvandring.domain.departments import Organisation
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.rota import RotaEvening
from trygghetsvandring.domain.rota_links import RotaLink
from trygghetsvandring.integrations.rota_letters import KINDS, clock, day_words
from trygghetsvandring.web import plain

ANSWER = "/kvallar/svar"
SIGN, LEAVE, WALKED = "sign", "leave", "walked"
_OVER: Mapping[Standing, tuple[str, str]] = {
    Standing.EXPIRED: ("Länken har gått ut", "Be om en ny."),
    Standing.MOVED: ("Länken gäller inte längre", "Er adress har ändrats eller tagits bort. Be om en ny länk."),
    Standing.REVOKED: ("Länken är avstängd", "Kommunen har stängt länken. Be om en ny om ni ska svara."),
}
DONE: Mapping[str, str] = {
    SIGN: "Tack. Ni är anmälda.",
    LEAVE: "Tack för att ni sa till. Ni är inte anmälda längre.",
    WALKED: "Tack. Vi har sparat hur många som gick.",
}
WRONG: Mapping[str, str] = {
    "answered_already": "Vi har redan fått det svaret. Det är sparat en gång.",
    "seen_has_moved": "Kvällen har ändrats sedan sidan öppnades. Läs det nya och svara igen.",
    "form_unknown": "Sidan var för gammal. Läs och svara igen.",
    "rota_not_possible": "Det gick inte. Kvällen har börjat, är inställd, eller så är antalet fel.",
    "malformed": "Skriv ett helt tal, högst 30.",
}
OTHERWISE = "Det gick inte att spara. Kontrollera svaret och försök igen."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`ahead` and `been`: the first first. `left_out`: how many later ones do not fit.

    `typed`: what was refused, with the evening it was about.
    """

    key: bytes
    secret: str
    link: RotaLink
    party: Organisation
    here: Municipality
    ahead: Sequence[RotaEvening]
    been: Sequence[RotaEvening]
    left_out: int = 0
    notice: str = ""
    wrong: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


def party_page(it: Shown, *, status: int = 200) -> Response:
    return plain.page(
        "Kvällar att gå",
        plain.notice(it.wrong, kind="need") if it.wrong else "",
        plain.notice(it.notice) if it.notice else "",
        plain.paragraph(f"Till {it.party.name}."),
        plain.paragraph("Säg hur många vuxna som kommer. Skriv inga namn."),
        *[_been(it, each) for each in it.been],
        *[_ahead(it, each) for each in it.ahead],
        plain.paragraph("Inga kvällar är planerade just nu.") if not it.ahead else "",
        plain.paragraph(f"Det finns {it.left_out} kvällar till. De visas här senare.", "help") if it.left_out else "",
        plain.paragraph(f"Frågor? Svara på mejlet, eller kontakta {it.here.read_by.lower()}.", "help"),
        municipality=it.here.name,
        status=status,
    )


def named(act: str, evening: object, seen: str) -> str:
    """What a form is for, and what its page showed."""
    return f"{act} {evening} {seen}"


def _hidden(it: Shown, act: str, of: RotaEvening) -> dict[str, str]:
    seen = rota.as_seen(of, it.party.id)
    form = answer_links.form(it.key, it.link.id, named(act, of.id, seen), token_hex(8))
    return {"secret": it.secret, "act": act, "evening": str(of.id), "seen": seen, "form": form}


def _ahead(it: Shown, of: RotaEvening) -> str:
    coming = of.coming(it.party.id)
    if of.called_off is not None:
        return plain.notice(f"Inställt: {_heading(of)}. {of.called_off.reason}", kind="need")
    others = sum(told.adults for told in of.crew if told.party != it.party.id)
    said = f"Det behövs {of.needed} vuxna. {others} andra är anmälda." if others else f"Det behövs {of.needed} vuxna."
    form = plain.form(
        ANSWER,
        _hidden(it, SIGN, of),
        plain.facts([("Tid", f"{clock(of.starts_at)}–{clock(of.ends_at)}"), ("Plats", f"{of.place}, {of.area}")]),
        plain.paragraph(said),
        plain.paragraph(f"Ni har sagt att {coming} kommer.") if coming else "",
        _adults(it, SIGN, of, "Hur många vuxna kommer?", str(coming) if coming else ""),
        plain.button("Ändra antalet" if coming else "Vi kommer"),
        heading=_heading(of),
    )
    if not coming:
        return form
    leave = plain.form(ANSWER, _hidden(it, LEAVE, of), plain.button(f"Vi kan inte {_short(of)}", kind="side"))
    return form + leave


def _been(it: Shown, of: RotaEvening) -> str:
    out = of.out(it.party.id)
    told = "" if out is None else plain.paragraph(f"Ni har sagt att {out} gick." if out else "Ni gick inte.", "help")
    return plain.form(
        ANSWER,
        _hidden(it, WALKED, of),
        told,
        _adults(it, WALKED, of, "Hur många vuxna gick? Skriv 0 om ni inte gick.", "" if out is None else str(out)),
        plain.button("Skicka"),
        heading=f"Gick ni? {_heading(of)}",
    )


def _adults(it: Shown, act: str, of: RotaEvening, label: str, value: str) -> str:
    mine = (it.typed.get("act"), it.typed.get("evening")) == (act, str(of.id))
    return plain.number(
        "adults",
        label,
        about=f"{act}-{of.id}",
        most=rota.MOST_ADULTS,
        value=it.typed.get("adults", "") if mine else value,
    )


def _heading(of: RotaEvening) -> str:
    return f"{KINDS[of.kind]} {day_words(of.evening)}"


def _short(of: RotaEvening) -> str:
    return day_words(of.evening)


def over_page(how: Standing, here: Municipality) -> Response:
    title, words = _OVER[how]
    return plain.page(
        title,
        plain.paragraph(words),
        plain.paragraph(f"Frågor? Svara på mejlet som länken kom i, eller kontakta {here.read_by.lower()}."),
        municipality=here.name,
        status=410,
    )
