"""Released findings as everybody reads them: the figures on the front page, and the list with its search."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from trygghetsvandring.domain.announcements import Outing
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.open311 import BASE
from trygghetsvandring.domain.open311_told import Shown
from trygghetsvandring.domain.promises import Mark
from trygghetsvandring.domain.protocols import Edition
from trygghetsvandring.domain.shown_findings import LAMPS, LONGEST_SOUGHT, Figures, mark
from trygghetsvandring.domain.surveys import Shown as ShownSurvey
from trygghetsvandring.sync.pairs import ShownPair
from trygghetsvandring.web import folj_pairs
from trygghetsvandring.web.folj_frame import PAGE, back, call, draw, foot, whole
from trygghetsvandring.web.folj_promises import Pairs
from trygghetsvandring.web.plain import text
from trygghetsvandring.web.tongues import ASKED, Html, Tongue

FINDINGS = "/fynd"
A_PAGE = 30
_OF_ONE = ("sspf", "orosanm", "orosamtal", "våld", "misshand", "lvu", "lvm")
"""How the words begin by which somebody looks for a person's own matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is shown of one look. `sought` "": everything there is. `page` begins at 1, `pages` is at least 1.

    `looked_at`: so many of the latest, where the year has more than one look can reach; None when it has not.
    """

    sought: str
    promises: Pairs
    walks: Sequence[Edition]
    coming: Sequence[Outing]
    dialogues: Sequence[tuple[UUID, ShownSurvey]]
    findings: Sequence[Shown]
    pairs: Mapping[UUID, ShownPair]
    n: int
    page: int
    pages: int
    looked_at: int | None = None


def section(t: Tongue, here: Municipality, it: Figures) -> str:
    """Counts of things, each of them in the list; never of people."""
    if not it.n:
        return f'<section class="now">{search(t, here, "")}</section>'
    key = "now.what" if it.is_all else "now.latest"
    what = t(key, first=t.day(it.first), last=t.day(it.last), n=it.n)
    rows = "".join(f"<li>{draw(f'l-{each}')}<b>{it.counts[each]}</b> {_says(t, each)}</li>" for each in LAMPS)
    share = t("now.few") if it.share is None else t("now.share", share=it.share, n=it.n)
    read = f'<a href="{t.to(_path(here))}">{t("now.read")}</a>'
    return (
        f'<section class="now"><h2>{t("now")}</h2><p>{what}</p><ul>{rows}</ul><p>{share}</p>'
        f'<p class="feed">{read}</p>{search(t, here, "")}</section>'
    )


def _says(t: Tongue, it: Mark) -> Html:
    return t("now.open") if it is Mark.PLAN else t(f"mark.{it}")


def _path(here: Municipality) -> str:
    return f"{PAGE}/{here.id}{FINDINGS}"


def search(t: Tongue, here: Municipality, typed: str) -> str:
    kept = "" if t.is_swedish else f'<input type="hidden" name="{ASKED}" value="{t.id}">'
    return (
        f'<form class="search" role="search" method="get" action="{text(_path(here))}"><label for="sok">{t("search")}'
        f'</label><div>{kept}<input id="sok" type="search" name="q" maxlength="{LONGEST_SOUGHT}" value="{text(typed)}" '
        f'autocomplete="off"><button type="submit">{t("search.do")}</button></div></form>'
    )


def page(t: Tongue, here: Municipality, it: Found) -> str:
    others = _others(t, here, it) if it.sought else ""
    rows = "".join(_finding(t, here, each, it.pairs.get(each.id)) for each in it.findings)
    listed = f'<ul class="findings">{rows}</ul>' if rows else ""
    head = f"<section><h2>{t('findings')}</h2><p>{t('findings.n', n=it.n)}</p>{listed}{_more(t, here, it)}</section>"
    told = f'<p role="status">{t("search.for", words=it.sought)}</p>{_turn(t, here, it.sought)}' if it.sought else ""
    if not rows and not others:
        head = f"<p>{t('search.none') if it.sought else t('findings.none')}</p>"
    path = _path(here)
    main = (
        f"<h1>{t('search.title')}</h1>{search(t, here, it.sought)}{told}{others}{head}"
        f'{_reach(t, it)}<p class="help">{t("findings.older")}</p>{back(t, here)}{foot(t, here)}'
    )
    return whole(t, path, here.name, main, called=t.words["search.title"])


def _turn(t: Tongue, here: Municipality, sought: str) -> str:
    """A matter of one person's is nowhere with us: whoever looks for one is told where to turn instead."""
    if not any(word.startswith(_OF_ONE) for word in sought.lower().split()):
        return ""
    rows = "".join(
        f"<li>{t.own(each.when)} {t.own(each.who)} {call(each.phone) if each.phone else ''}</li>"
        for each in here.turn_to
    )
    return f'<section class="note"><h2>{t("search.turn")}</h2><p>{t("search.turn.means")}</p><ul>{rows}</ul></section>'


def _reach(t: Tongue, it: Found) -> str:
    """It is never said that there is nothing, where somebody has not looked."""
    return "" if it.looked_at is None else f"<p>{t('search.reach', n=it.looked_at)}</p>"


def _others(t: Tongue, here: Municipality, it: Found) -> str:
    at = f"{PAGE}/{here.id}"
    promised = ((f"{t.to(at)}#{promise.id}", shown.heading or shown.text) for promise, shown in it.promises)
    coming = ((f"{t.to(at)}#ga-med", each.name) for each in it.coming)
    walked = ((f"/protokoll/{each.walk}", each.minutes.name) for each in it.walks)
    told = ((f"{t.to(f'{at}/dialog')}#{id}", each.title) for id, each in it.dialogues)
    groups = (("promises", promised), ("walk.join", coming), ("walks", walked), ("dialog", told))
    return "".join(_links(t, key, found) for key, found in groups)


def _links(t: Tongue, key: str, found: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f'<li><a href="{to}"{t.typed}>{text(words)}</a></li>' for to, words in found)
    return f'<section><h2>{t(key)}</h2><ul class="plainlist">{rows}</ul></section>' if rows else ""


def _finding(t: Tongue, here: Municipality, it: Shown, pair: ShownPair | None) -> str:
    """Where it was is said in words: the list comes before any map."""
    where = f"<br>{t.own(it.place_words)}" if it.place_words else ""
    photo = folj_pairs.drawn(t, here.id, pair) if pair else ""
    if it.photo and not pair:
        named = f"{t.plain('findings.photo')} {text(it.place_words)}".strip()
        photo = f'<img src="{BASE}/photos/{it.id}/{it.photo}.jpg" alt="{named}" loading="lazy">'
    facts = f"{t('findings.came', at=t.day(it.requested_at))} {t('findings.unit', who=it.agency)}"
    standing = mark(it)
    return (
        f'<li id="{it.id}">{draw(f"l-{standing}")}<div><p{t.typed}><b>{text(it.text)}</b></p><p>{_says(t, standing)}'
        f'{where}</p><p{t.typed}>{text(it.notes)}</p><p class="help">{facts}</p>{photo}</div></li>'
    )


def _more(t: Tongue, here: Municipality, it: Found) -> str:
    if it.page >= it.pages:
        return ""
    asked = {"sida": str(it.page + 1)} | ({"q": quote(it.sought, safe="")} if it.sought else {})
    return f'<p class="feed"><a href="{t.to(_path(here), **asked)}">{t("findings.more")}</a></p>'
