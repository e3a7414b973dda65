"""The words of the letters to those who walked: asked, told how it goes, and the one message back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from trygghetsvandring.domain.replies import ReplyWord
from trygghetsvandring.integrations.letters import date_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that was seen, as everybody who walked may read it: released words only."""

    title: str
    outcome: str
    text: str
    is_new: bool
    asks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    municipality: str
    walk: str
    items: Sequence[Item]
    others: int  # what was seen and has no task: counted only
    page: str
    stop: str
    is_last: bool


_OUTCOME: Mapping[ReplyWord, str] = {
    ReplyWord.REOPENED: "Öppnat igen, hos {unit}",
    ReplyWord.WITH_DEPARTMENT: "Hos {unit}",
    ReplyWord.REFERRED: "Lämnat vidare av {unit}",
    ReplyWord.WAITING: "Väntar, hos {unit}",
    ReplyWord.PLANNED: "Planerat {day}",
    ReplyWord.IN_PROGRESS: "Arbetet pågår, {unit}",
    ReplyWord.WONT_DO: "Görs inte",
    ReplyWord.PARTLY: "Delvis åtgärdat enligt {unit} {day}",
    ReplyWord.PARTLY_VERIFIED: "Delvis åtgärdat, bekräftat på plats",
    ReplyWord.DONE: "Åtgärdat enligt {unit} {day}",
    ReplyWord.VERIFIED: "Åtgärdat, bekräftat på plats",
    ReplyWord.NO_ACTION: "Ingen åtgärd",
}


def outcome_words(word: ReplyWord, unit: str, day: date | None) -> str:
    words = _OUTCOME.get(word, "Mottaget")
    return words.format(unit=unit or "kommunen", day=date_words(day) if day else "").strip()


def confirm_subject(walk: str) -> str:
    return f"Bekräfta: mejl om {walk}"


def confirm_text(municipality: str, walk: str, link: str) -> str:
    lines = [
        f"Någon har bett om mejl till den här adressen när något händer efter {walk}.",
        "",
        "Var det du? Öppna länken och tryck på knappen:",
        link,
        "",
        "Var det inte du? Gör ingenting. Då kommer inga fler mejl, och adressen tas bort.",
        "",
        f"Trygghetsvandring i {municipality}",
    ]
    return "\n".join(lines) + "\n"


def digest_subject(it: Digest) -> str:
    fixed = sum(item.outcome.startswith("Åtgärdat") for item in it.items)
    return f"Så går det efter {it.walk}: {fixed} av {len(it.items)} åtgärdade"


def digest_text(it: Digest) -> str:
    new = [item for item in it.items if item.is_new]
    rest = [item for item in it.items if not item.is_new]
    lines = [f"Så går det med det ni såg: {it.walk}.", ""]
    for heading, items in (("Nytt:", new), ("Som förut:", rest)):
        if items:
            lines += [heading, *(line for item in items for line in _item(item)), ""]
    if it.others:
        lines += [f"Dessutom {it.others} som inte blev en åtgärd.", ""]
    if any(item.asks for item in it.items):
        lines += ["Stämmer det? Har du varit där? Svara på sidan:", it.page, ""]
    else:
        lines += ["Läs mer:", it.page, ""]
    if it.is_last:
        lines += ["Allt har fått sitt svar. Det här är det sista mejlet, och din adress tas bort.", ""]
    return "\n".join([*lines, f"Sluta få mejl: {it.stop}", "", f"Trygghetsvandring i {it.municipality}"]) + "\n"


def _item(item: Item) -> list[str]:
    return [f"– {item.title}. {item.outcome}.", *([f"  {item.text}"] if item.text else [])]


def group_subject(walk: str) -> str:
    return f"Till dig som gick: {walk}"


def group_text(municipality: str, text: str, by: str, page: str, stop: str) -> str:
    lines = [
        text,
        "",
        by,
        "",
        "Så går det:",
        page,
        "",
        f"Sluta få mejl: {stop}",
        "",
        f"Trygghetsvandring i {municipality}",
    ]
    return "\n".join(lines) + "\n"
