"""Promises on the public page: each agreement, party by party, with the signed words whole."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from trygghetsvandring.domain.agreements import AgreementKind
from trygghetsvandring.domain.promises import Line, Mark, OfAgreement, Promise, Shown, has_run_out
from trygghetsvandring.domain.publications import Release
from trygghetsvandring.web import folj_stretches
from trygghetsvandring.web.folj_frame import draw
from trygghetsvandring.web.plain import text
from trygghetsvandring.web.tongues import Html, Tongue

_MOST_LAMPS = 11
_LAMPS: Final = {Mark.LIT: "l-lit", Mark.HALF: "l-half", Mark.PLAN: "l-plan", Mark.NO: "l-no"}
_ICONS: Final = {
    Mark.REPORTED: "i-file-check",
    Mark.COUNTED: "i-footprints",
    Mark.DROPPED: "i-circle-minus",
    Mark.MISSING: "i-circle-question-mark",
}
_ORDER: Final = (
    AgreementKind.MEDBORGARLOFTE,
    AgreementKind.SAMVERKANSOVERENSKOMMELSE,
    AgreementKind.TRYGGHETSOVERENSKOMMELSE,
)
Pairs = Sequence[tuple[Promise, Shown]]
Group = list[tuple[Promise, Shown]]
Photos = Mapping[str, str]
"""The pair of photos of each stretch, as markup."""


def released(found: Iterable[Promise]) -> list[tuple[Promise, Shown]]:
    return [(it, it.shown) for it in found if it.release is Release.PUBLIC and it.shown is not None]


def as_told_now(found: Iterable[Promise], lagesbilder: Collection[UUID]) -> list[Promise]:
    """What stands on a lägesbild that has been taken away since is told no more."""
    return [_as_told(it, lagesbilder) for it in found]


def _as_told(it: Promise, lagesbilder: Collection[UUID]) -> Promise:
    needs = it.shown.needs if it.shown is not None else None
    if it.shown is None or needs is None or needs.lagesbild is None or needs.lagesbild in lagesbilder:
        return it
    return replace(it, shown=replace(it.shown, needs=replace(needs, lagesbild=None, source="", rows=())))


def changed_at(found: Iterable[Promise]) -> datetime:
    return max((it.changed_at for it in found if it.changed_at), default=datetime.fromtimestamp(0, UTC))


def string(t: Tongue, shown: Pairs) -> str:
    """Lamps along a route; too many for a string are told in words by the promise itself."""
    for _, it in sorted(shown, key=lambda pair: _ORDER.index(pair[1].agreement.kind)):
        lamps = [line.mark for line in it.lines if line.mark in _LAMPS for _ in range(line.lamps)]
        if lamps:
            return _drawn(t, lamps, it) if len(lamps) <= _MOST_LAMPS else ""
    return ""


def _drawn(t: Tongue, lamps: list[Mark], it: Shown) -> str:
    said = ", ".join(f"{lamps.count(mark)} {t(f'mark.{mark}').lower()}" for mark in _LAMPS if mark in lamps)
    drawn = "".join(draw(_LAMPS[mark]) for mark in lamps)
    caption = t.own(it.heading or it.agreement.title)
    return (
        f'<figure><div class="five" role="img" aria-label="{said}">{drawn}</div>'
        f"<figcaption>{caption}, {_years(it.agreement)}</figcaption></figure>"
    )


def keepers(shown: Pairs) -> list[str]:
    """Functions, never persons."""
    return list(dict.fromkeys(_newest(group).agreement.keeper for group in _by_agreement(shown)))


def tells_of_stretches(shown: Pairs) -> bool:
    return any(it.stretches for _, it in shown)


def agreements(t: Tongue, shown: Pairs, today: date, photos: Photos) -> str:
    return "".join(_agreement(t, group, shown, today, photos) for group in _by_agreement(shown))


def _by_agreement(shown: Pairs) -> list[Group]:
    """The promises of each agreement: the citizens' first, and the newest of each kind.

    An agreement may have been corrected between two releases; it stands once, as it was released last.
    """
    groups: dict[UUID, Group] = {}
    for pair in shown:
        groups.setdefault(pair[1].agreement.id, []).append(pair)

    def place(group: Group) -> tuple[int, int, str]:
        of = _newest(group).agreement
        return _ORDER.index(of.kind), -(of.valid_from or date.min).toordinal(), str(of.id)

    return sorted(groups.values(), key=place)


def _newest(group: Group) -> Shown:
    return max(group, key=lambda pair: pair[0].changed_at or datetime.fromtimestamp(0, UTC))[1]


def _agreement(t: Tongue, group: Group, every: Pairs, today: date, photos: Photos) -> str:
    newest = _newest(group)
    of, over = newest.agreement, has_run_out(newest, today)
    parties = _joined(t, [t.own(party) for party in of.parties])
    head = f"<h2{t.typed}>{text(of.title)}</h2><p>{t('parties', who=parties)} {_period(t, of)}</p>"
    if of.purpose:
        quoted = f"<blockquote{t.typed}>{text(of.purpose)}</blockquote>"
        head += f"<details><summary>{t('purpose')}</summary>{quoted}</details>"
    ended = _over(t, of, every) if over else ""
    return f"<section>{head}{ended}{_owners(t, group, over, photos)}{_later(t, group, of)}</section>"


def _period(t: Tongue, of: OfAgreement) -> str:
    if of.valid_from and of.valid_to:
        return t("period.both", first=t.day(of.valid_from), last=t.day(of.valid_to))
    return t("period.from", first=t.day(of.valid_from)) if of.valid_from else t("period.none")


def _years(of: OfAgreement) -> Html:
    years = dict.fromkeys(str(each.year) for each in (of.valid_from, of.valid_to) if each)
    return Html(f'<span class="nowrap">{"–".join(years)}</span>')


def _over(t: Tongue, of: OfAgreement, every: Pairs) -> str:
    after = next((it.agreement.title for _, it in every if it.agreement.predecessor == of.id), "")
    kind = "promise" if of.kind is AgreementKind.MEDBORGARLOFTE else "agreement"
    then = t("over.next", title=after) if after else t(f"over.none.{kind}")
    return (
        f'<div class="gone">{draw("i-calendar-x")}<div><p><b>{t(f"over.{kind}", years=_years(of))}</b></p>'
        f"<p>{t('over.on', day=t.day(of.valid_to))} {then}</p></div></div>"
    )


def _owners(t: Tongue, group: Group, over: bool, photos: Photos) -> str:
    """Each party's own beside each other, and below them what they promised together."""
    tense = "over" if over else "now"
    alone = [pair for pair in group if len(pair[1].owners) == 1]
    together = [pair for pair in group if len(pair[1].owners) > 1]
    columns = ""
    for owner in dict.fromkeys(it.owners[0] for _, it in alone):
        own = [pair for pair in alone if pair[1].owners[0] == owner]
        promised = "".join(_promise(t, *pair, photos) for pair in own)
        columns += f"<div><h3>{t(f'by.one.{tense}', who=_upper(owner))}</h3>{promised}</div>"
    both = f'<div class="cols">{columns}</div>' if columns else ""
    if together:
        promised = "".join(_promise(t, *pair, photos) for pair in together)
        both += f'<h3>{t(f"by.all.{tense}")}</h3><div class="tri">{promised}</div>'
    return both


def _promise(t: Tongue, promise: Promise, it: Shown, photos: Photos) -> str:
    """The signed words, whole, whatever the heading says."""
    top = f"<h4{t.typed}>{text(it.text)}</h4>"
    if it.heading:
        top = f"<h4{t.typed}>{text(it.heading)}</h4><blockquote{t.typed}>{text(it.text)}</blockquote>"
    lamps = folj_stretches.section(t, promise.id, it, photos)
    more = f"{lamps}{_needs(t, it)}{_built_on(t, it)}"
    return f'<article class="promise" id="{promise.id}">{top}{_lines(t, it.lines)}{more}</article>'


def _needs(t: Tongue, it: Shown) -> str:
    """The page's own language says what it is; numbers and commitments stand as they were released."""
    if it.needs is None:
        return ""
    rows = "".join(f"<li{t.typed}>{text(row)}</li>" for row in it.needs.rows)
    source = f"<p{t.typed}>{text(it.needs.source)}.</p>" if it.needs.source else ""
    told = f"{source}<p>{t('needs.what')}</p><ul>{rows}</ul>" if rows else f"<p>{t('needs.none')}</p>"
    met = "".join(f"<li{t.typed}>{text(row)}</li>" for row in it.needs.met)
    return f"<details><summary>{t('needs')}</summary>{told}<p><b>{t('needs.met')}</b></p><ul>{met}</ul></details>"


def _built_on(t: Tongue, it: Shown) -> str:
    rows = "".join(f"<li{t.typed}>{text(words)}</li>" for words in it.built_on)
    return f"<details><summary>{t('built_on')}</summary><ul>{rows}</ul></details>" if rows else ""


def _lines(t: Tongue, lines: Iterable[Line]) -> str:
    return f'<ul class="out">{"".join(_line(t, line) for line in lines)}</ul>'


def _line(t: Tongue, line: Line) -> str:
    """One long list of places is folded: the page can be read at a glance, and everything is there.

    The line was written in Swedish and released so; in another language its mark is said first.
    """
    told = "".join(f"<li{t.typed}>{text(each)}</li>" for each in line.more)
    more = f"<details><summary>{t('line.more')}</summary><ul>{told}</ul></details>" if told else ""
    drawn = draw(_LAMPS.get(line.mark) or _ICONS[line.mark])
    said = "" if t.is_swedish else f"<p><b>{t(f'mark.{line.mark}')}</b></p>"
    return f"<li>{drawn}<div>{said}<p{t.typed}><b>{text(line.lead)}</b> {text(line.text)}</p>{more}</div></li>"


def _later(t: Tongue, group: Group, of: OfAgreement) -> str:
    rows = "".join(
        f"<h4{t.typed}>{text(it.heading or it.text)}</h4>{_lines(t, it.later)}" for _, it in group if it.later
    )
    if not rows:
        return ""
    why = t("later.why", day=t.day(of.valid_to))
    return f'<div class="after"><h3>{t("later")}</h3><p>{why}</p>{rows}</div>'


def key(t: Tongue, shown: Pairs) -> str:
    used = {line.mark for _, it in shown for line in (*it.lines, *it.later)}
    marks = [mark for mark in Mark if mark in used]
    rows = "".join(f"<li>{draw(_LAMPS.get(mark) or _ICONS[mark])}{t(f'mark.{mark}')}</li>" for mark in marks)
    return f'<section class="key"><h2>{t("key")}</h2><ul>{rows}</ul><p class="help">{t("key.note")}</p></section>'


def _joined(t: Tongue, words: Sequence[Html]) -> Html:
    """Each of them is markup already."""
    if len(words) < 2:
        return Html("".join(words))
    return t("joined", first=Html(", ".join(words[:-1])), last=words[-1])


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
