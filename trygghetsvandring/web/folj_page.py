""" "Följ hur det går!" as it is drawn, in the reader's language. Works nothing out.

Lanterns stand for street things only; promises about people have words. Text is escaped where it is put in (`text`,
`Tongue`); what the municipality has typed stays in Swedish and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from trygghetsvandring.domain.announcements import Outing
from trygghetsvandring.domain.feedback import Helped
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.domain.protocols import Edition
from trygghetsvandring.domain.shown_findings import Figures
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.sync.pairs import ShownPair
from trygghetsvandring.web import feedback_pages, findings_page, folj_pairs, folj_promises
from trygghetsvandring.web.folj_frame import PAGE, feed_path, foot, meta, whole
from trygghetsvandring.web.folj_promises import Pairs
from trygghetsvandring.web.plain import text
from trygghetsvandring.web.tongues import Html, Tongue


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """All that the page is made of. `found`: every promise that is or was public, since one taken away changes it."""

    here: Municipality
    found: Sequence[Promise]
    walks: Sequence[Edition]
    coming: Sequence[Outing]
    has_lagesbild: bool
    figures: Figures
    has_dialog: bool
    pairs: Sequence[ShownPair]
    today: date


def choose(t: Tongue, known: Sequence[tuple[str, str]]) -> str:
    """(id, name) of those who show anything."""
    links = "".join(f'<li><a href="{t.to(f"{PAGE}/{id}")}">{t.own(name)}</a></li>' for id, name in known)
    rest = f'<ul class="plainlist">{links}</ul>' if links else _empty(t)
    return whole(t, PAGE, "", f"<h1>{t('title')}</h1>{rest}")


def _empty(t: Tongue) -> str:
    return f'<p class="ing">{t("empty")}</p><p>{t("empty.later")}</p>'


def page(t: Tongue, it: Released) -> str:
    here, shown = it.here, folj_promises.released(it.found)
    pages = [name for name, there in (("lagesbild", it.has_lagesbild), ("dialog", it.has_dialog)) if there]
    ends = [*(_other(t, here, name) for name in pages), _coming(t, here, it.coming), _walks(t, it.walks)]
    last = [_ask(t, here), foot(t, here)]
    if not shown:
        now = findings_page.section(t, here, it.figures) if it.figures.n else ""
        parts = [f"<h1>{t('title')}</h1>{_empty(t)}", now, _pairs(t, it, {}), *ends, _follow(t, here), *last]
        return whole(t, f"{PAGE}/{here.id}", here.name, "".join(parts))
    now = findings_page.section(t, here, it.figures)
    lit = folj_pairs.on_stretches(it.pairs) if folj_promises.tells_of_stretches(shown) else {}
    told = folj_promises.agreements(t, shown, it.today, {id: folj_pairs.drawn(t, here.id, lit[id]) for id in lit})
    parts = [_hero(t, shown), _meta(t, it.found, shown), now, _pairs(t, it, lit), told]
    parts += [*ends, _follow(t, here), folj_promises.key(t, shown), *last]
    return whole(t, f"{PAGE}/{here.id}", here.name, "".join(parts), feed=here.id)


def _pairs(t: Tongue, it: Released, elsewhere: Mapping[str, ShownPair]) -> str:
    """Those that stand under their stretch are not there twice."""
    there = {each.finding for each in elsewhere.values()}
    return folj_pairs.section(t, it.here.id, [each for each in it.pairs if each.finding not in there])


def _hero(t: Tongue, shown: Pairs) -> str:
    top = f'<h1>{t("title")}</h1><p class="ing">{t("lead")}</p>'
    lamps = folj_promises.string(t, shown)
    return f'<div class="hero"><div>{top}</div>{lamps}</div>' if lamps else top


def _meta(t: Tongue, found: Sequence[Promise], shown: Pairs) -> str:
    published = min(it.published_at for it in found if it.published_at)
    keepers = ", ".join(folj_promises.keepers(shown))
    return meta(t, t.day(published), t.day(folj_promises.changed_at(found)), keepers)


def _other(t: Tongue, here: Municipality, name: str) -> str:
    """A page of its own; `name` ends its address."""
    link = f'<a href="{t.to(f"{PAGE}/{here.id}/{name}")}">{t(f"{name}.read")}</a>'
    told = f"<h2>{t(name)}</h2><p>{t(f'{name}.what')}</p>"
    return f'<section>{told}<ul class="plainlist"><li>{link}</li></ul></section>'


def _coming(t: Tongue, here: Municipality, coming: Sequence[Outing]) -> str:
    rows = "".join(f"<li><b>{t.own(each.name)}</b><br>{_when(t, each)} {_where(t, each)}</li>" for each in coming)
    calendar = _link(f"{PAGE}/{here.id}/kalender.ics", t("calendar"))
    told = f"<p>{t('walk.how')}</p><ul>{rows}</ul>" if rows else f"<p>{t('walk.none')}</p>"
    return (
        f'<section class="coming" id="ga-med"><h2>{t("walk.join")}</h2>{told}'
        f'<p class="feed">{t("calendar.what", calendar=calendar)}</p></section>'
    )


def _when(t: Tongue, it: Outing) -> Html:
    first, last = it.starts_at.astimezone(STOCKHOLM), it.ends_at.astimezone(STOCKHOLM)
    hours = f"{first:%H.%M}–{last:%H.%M}"
    times = Html(hours if t.dir == "ltr" else f'<bdi dir="ltr">{hours}</bdi>')
    return t("walk.when", weekday=t.weekday(first), day=t.day(first), times=times)


def _where(t: Tongue, it: Outing) -> Html:
    return t("walk.meet", place=it.meeting_point or it.place)


def _walks(t: Tongue, walks: Sequence[Edition]) -> str:
    if not walks:
        return ""
    rows = "".join(
        f'<li><a href="/protokoll/{each.walk}"{t.typed}>{text(each.minutes.name)}</a>,'
        f" {t.day(each.minutes.starts_at)}</li>"
        for each in walks
    )
    return f'<section><h2>{t("walks")}</h2><p>{t("walks.what")}</p><ul class="plainlist">{rows}</ul></section>'


def _follow(t: Tongue, here: Municipality) -> str:
    ways = (("mail", t.to(f"{PAGE}/{here.id}/mejl")), ("feed", feed_path(here.id)), ("data", f"/oppna-data/{here.id}"))
    rows = "".join(f"<p>{t(f'follow.{way}', link=_link(path, t(f'follow.{way}.link')))}</p>" for way, path in ways)
    return f'<section class="feed"><h2>{t("follow")}</h2>{rows}</section>'


def _link(path: str, words: Html) -> Html:
    return Html(f'<a href="{text(path)}">{words}</a>')


def _ask(t: Tongue, here: Municipality) -> str:
    """What is pressed is chosen on the next page, and sent from there: opening a link says nothing to anybody."""
    form = feedback_pages.path(here.id)
    answers = "".join(f'<a href="{t.to(form, svar=it.value)}">{t(f"helped.{it}")}</a>' for it in Helped)
    return (
        f'<section class="ask"><h2 id="hjalpte">{t("helped")}</h2>'
        f'<p class="row" role="group" aria-labelledby="hjalpte">{answers}</p>'
        f'<p class="help">{t("helped.next")}</p></section>'
    )
