"""What the holder of a trade link sees: the weeks to tell of, the own card, and who to reach. No script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from secrets import token_hex
from uuid import UUID

from starlette.responses import Response

from trygghetsvandring.domain import answer_links, trade
from trygghetsvandring.domain.answer_links import Standing
from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.ids import trade_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.trade import ShopWeek, TradeCard
from trygghetsvandring.domain.trade_links import TradeLink
from trygghetsvandring.domain.weeks import Week
from trygghetsvandring.integrations.letters import date_words
from trygghetsvandring.web import plain

ANSWER = "/butik/svar"
_OVER: Mapping[Standing, tuple[str, str]] = {
    Standing.EXPIRED: ("Länken har gått ut", "Be om en ny."),
    Standing.MOVED: ("Länken gäller inte längre", "Er adress i gruppen har ändrats. Be om en ny länk."),
    Standing.REVOKED: ("Länken är avstängd", "Kommunen har stängt länken. Be om en ny om ni ska svara."),
}
WEEK, CARD = "week", "card"
DONE: Mapping[str, str] = {WEEK: "Tack. Era tal är sparade.", CARD: "Tack. Kortet är bekräftat."}
WRONG: Mapping[str, str] = {
    "answered_already": "Vi har redan fått det svaret. Det är sparat en gång.",
    "seen_has_moved": "Uppgifterna har ändrats sedan sidan öppnades. Läs det nya och svara igen.",
    "form_unknown": "Sidan var för gammal. Läs och svara igen.",
    "trade_not_possible": "Skriv minst ett tal, från 0 till 999. Lämna tomt om ni inte vet.",
    "malformed": "Skriv bara hela tal, från 0 till 999. Lämna tomt om ni inte vet.",
}
OTHERWISE = "Det gick inte att spara. Kontrollera svaret och försök igen."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page is made of. `cards`: every party's. `weeks`: the own ones by id. `typed`: what was refused."""

    key: bytes
    secret: str
    link: TradeLink
    party: Organisation
    here: Municipality
    cards: Sequence[TradeCard]
    weeks: Mapping[UUID, ShopWeek]
    today: date
    notice: str = ""
    wrong: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


def party_page(it: Shown, *, status: int = 200) -> Response:
    is_shop = it.party.kind is OrganisationKind.SHOP
    own = next((card for card in it.cards if card.party == it.party.id), None)
    return plain.page(
        "Trygghetsgruppen",
        plain.notice(it.wrong, kind="need") if it.wrong else "",
        plain.notice(it.notice) if it.notice else "",
        plain.paragraph(f"Till {it.party.name}."),
        plain.paragraph(_LEAD) if is_shop else "",
        *([_week(it, week) for week in trade.last_weeks(it.today, trade.WEEKS_BY_LINK)] if is_shop else []),
        _own_card(it, own) if own is not None else "",
        _others(it),
        plain.paragraph(f"Frågor? Svara på mejlet, eller kontakta {it.here.read_by.lower()}.", "help"),
        municipality=it.here.name,
        status=status,
    )


_LEAD = (
    "Hur många brott har ni anmält till polisen? Skriv bara antal. Inga namn och inget om personer. "
    "Skriv 0 om ni inte har anmält något. Lämna tomt om ni inte vet."
)


def _week(it: Shown, week: Week) -> str:
    """What has been told stands in its fields: sending it again corrects it, and the first answer is kept."""
    told = it.weeks.get(trade_id(it.here.id, "week", it.party.id, str(week)))
    hidden = _hidden(it, f"{WEEK} {week}", told.version if told is not None else 0)
    hidden |= {"act": WEEK, "week": str(week)}
    mine = it.typed if it.typed.get("week") == str(week) else {}
    fields = []
    for kind in it.here.crime_kinds:
        n = told.n(kind.id) if told is not None else None
        value = mine.get(kind.id, "" if n is None else str(n))
        fields.append(plain.number(f"n-{kind.id}", kind.name, about=str(week), most=trade.MOST_COUNTED, value=value))
    said = plain.paragraph(_said(it, told, in_full=bool(mine)), "help") if told is not None else ""
    heading = f"Vecka {week.number} ({_day(week.monday)} till {_day(week.sunday)})"
    words = "Rätta talen" if told is not None else "Skicka talen"
    return plain.form(ANSWER, hidden, said, *fields, plain.button(words), heading=heading)


def _said(it: Shown, told: ShopWeek, *, in_full: bool) -> str:
    """In full where the fields show what was typed, and not what is kept."""
    on = f"Sagt {_day(day_of(told.told[-1].told_at))}"
    if not in_full:
        return f"{on}."
    kept = {kind.name: told.n(kind.id) for kind in it.here.crime_kinds}
    words = ", ".join(f"{name} {'–' if n is None else n}" for name, n in kept.items())
    return f"{on}: {words}."


def named(act: str, seen: object) -> str:
    """What a form is for, and the version that its page showed."""
    return f"{act} {seen}"


def _hidden(it: Shown, act: str, seen: int) -> dict[str, str]:
    chance = answer_links.form(it.key, it.link.id, named(act, seen), token_hex(8))
    return {"secret": it.secret, "seen": str(seen), "form": chance}


def _own_card(it: Shown, own: TradeCard) -> str:
    hidden = _hidden(it, CARD, own.version) | {"act": CARD}
    now = own.now
    return plain.form(
        ANSWER,
        hidden,
        plain.facts([("Funktion", now.function), ("Telefon", now.phone), ("E-post", now.mail), ("Tider", now.hours)]),
        plain.paragraph(f"Bekräftad {_day(own.confirmed_on)}. Är något fel? Svara på mejlet.", "help"),
        plain.button("Ja, kortet stämmer"),
        heading="Stämmer ert kontaktkort?",
    )


def _others(it: Shown) -> str:
    names = {known.id: known.name for known in it.here.departments}
    told = [
        plain.paragraph(f"{names[card.party]}: {_reached(card)}")
        for card in it.cards
        if card.party != it.party.id and card.party in names
    ]
    return f"<h2>Gruppens kontakter</h2>{''.join(told)}" if told else ""


def _reached(card: TradeCard) -> str:
    now = card.now
    return ", ".join(word for word in (now.function, now.phone, now.mail, now.hours) if word) + "."


def over_page(how: Standing, here: Municipality) -> Response:
    title, words = _OVER[how]
    return plain.page(
        title,
        plain.paragraph(words),
        plain.paragraph(f"Frågor? Svara på mejlet som länken kom i, eller kontakta {here.read_by.lower()}."),
        municipality=here.name,
        status=410,
    )


def _day(day: date) -> str:
    return f"{date_words(day)} {day.year}"
