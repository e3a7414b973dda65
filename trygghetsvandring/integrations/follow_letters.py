"""The words of the letters to those who follow the public page: asked, and told what is new there.

In the language of the page where somebody asked; what the municipality has typed stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from trygghetsvandring.domain.followers import SWEDISH, Kind, News
from trygghetsvandring.domain.protocol_words import day


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """`kinds` have {name}, and {day} where there is one."""

    confirm_subject: str
    asked: str
    was_it_you: str
    was_it_not: str
    news_subject: str
    new: str
    read: str
    stop: str
    sender: str
    kinds: Mapping[Kind, str]


_IN: Final[Mapping[str, _Words]] = {
    SWEDISH: _Words(
        confirm_subject="Bekräfta: mejl om Följ hur det går i {place}",
        asked="Någon har bett om mejl till den här adressen när det finns nytt om tryggheten i {place}.",
        was_it_you="Var det du? Öppna länken och tryck på knappen:",
        was_it_not="Var det inte du? Gör ingenting. Då kommer inga fler mejl, och adressen tas bort efter sju dagar.",
        news_subject="Nytt på Följ hur det går i {place}",
        new="Det här är nytt eller ändrat:",
        read="Läs mer:",
        stop="Sluta få mejl:",
        sender="Trygghetsvandring i {place}",
        kinds={
            Kind.PROMISE: "Löfte: {name}",
            Kind.WALK: "Vandring att gå med på: {name}",
            Kind.OFF: "Inställd: {name}, {day}",
            Kind.CHANGED: "Ändrad: {name}, {day}",
            Kind.PROTOCOL: "Så blev det efter {name}",
            Kind.DIALOGUE: "Dialog: {name}",
        },
    ),
    "latt": _Words(
        confirm_subject="Vill du ha mejl? Följ hur det går i {place}",
        asked="Någon vill ha mejl till den här adressen. Mejlen handlar om tryggheten i {place}.",
        was_it_you="Var det du? Öppna länken. Tryck på knappen:",
        was_it_not="Var det inte du? Gör ingenting. Då kommer inga fler mejl. Adressen tas bort efter sju dagar.",
        news_subject="Nytt på Följ hur det går i {place}",
        new="Det här är nytt:",
        read="Läs mer:",
        stop="Vill du sluta få mejl?",
        sender="Trygghetsvandring i {place}",
        kinds={
            Kind.PROMISE: "Ett löfte: {name}",
            Kind.WALK: "En vandring som du kan gå med på: {name}",
            Kind.OFF: "Den här vandringen blir inte av: {name}, {day}",
            Kind.CHANGED: "Den här vandringen är ändrad: {name}, {day}",
            Kind.PROTOCOL: "Så blev det efter {name}",
            Kind.DIALOGUE: "Så svarade folk: {name}",
        },
    ),
    "en": _Words(
        confirm_subject="Confirm: letters from Följ hur det går in {place}",
        asked="Somebody has asked for letters to this address when there is news about safety in {place}.",
        was_it_you="Was it you? Open the link and press the button:",
        was_it_not="Was it not you? Do nothing. No more letters come, and the address is removed after seven days.",
        news_subject="News at Följ hur det går in {place}",
        new="This is new or changed:",
        read="Read more:",
        stop="Stop the letters:",
        sender="Trygghetsvandring in {place}",
        kinds={
            Kind.PROMISE: "Promise: {name}",
            Kind.WALK: "A walk to join: {name}",
            Kind.OFF: "Called off: {name}, {day}",
            Kind.CHANGED: "Changed: {name}, {day}",
            Kind.PROTOCOL: "What became of {name}",
            Kind.DIALOGUE: "What people answered: {name}",
        },
    ),
    "ar": _Words(
        confirm_subject="تأكيد: رسائل من Följ hur det går في {place}",
        asked="طلب شخص رسائل إلى هذا العنوان عندما يستجدّ شيء عن الأمان في {place}.",
        was_it_you="هل كنت أنت؟ افتح الرابط واضغط الزر:",
        was_it_not="لم تكن أنت؟ لا تفعل شيئًا. لن تصل رسائل أخرى ويُحذف العنوان بعد سبعة أيام.",
        news_subject="جديد في Följ hur det går في {place}",
        new="هذا جديد أو تغيّر:",
        read="اقرأ المزيد:",
        stop="لإيقاف الرسائل:",
        sender="Trygghetsvandring في {place}",
        kinds={
            Kind.PROMISE: "وعد: {name}",
            Kind.WALK: "جولة يمكنك المشاركة فيها: {name}",
            Kind.OFF: "أُلغيت: {name}، {day}",
            Kind.CHANGED: "تغيّرت: {name}، {day}",
            Kind.PROTOCOL: "ما نتج عن {name}",
            Kind.DIALOGUE: "ماذا أجاب الناس: {name}",
        },
    ),
}


def confirm_subject(municipality: str, language: str) -> str:
    return _in(language).confirm_subject.format(place=municipality)


def confirm_text(municipality: str, link: str, language: str) -> str:
    it = _in(language)
    lines = [it.asked.format(place=municipality), "", it.was_it_you, link, "", it.was_it_not, ""]
    return "\n".join([*lines, it.sender.format(place=municipality)]) + "\n"


def news_subject(municipality: str, language: str) -> str:
    return _in(language).news_subject.format(place=municipality)


def news_text(municipality: str, news: Sequence[News], page: str, stop: str, language: str) -> str:
    it = _in(language)
    told = [f"– {line(each, language)}" for each in news]
    lines = [it.new, "", *told, "", it.read, page, "", f"{it.stop} {stop}", ""]
    return "\n".join([*lines, it.sender.format(place=municipality)]) + "\n"


def line(news: News, language: str) -> str:
    """The day is in the words of the Swedish, and in figures for everybody else."""
    on = "" if news.on is None else day(news.on) if language in {SWEDISH, "latt"} else news.on.isoformat()
    return _in(language).kinds[news.kind].format(name=news.name, day=on)


def _in(language: str) -> _Words:
    return _IN.get(language, _IN[SWEDISH])
