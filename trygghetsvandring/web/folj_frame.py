"""What every page of "Följ hur det går!" has: its head, the choice of language, and its foot.

Text is escaped where it is put in (`text`, `Tongue`).
"""

import re
from pathlib import Path
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.storage import municipalities
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound
from trygghetsvandring.web.plain import ICON, Spoken, text
from trygghetsvandring.web.tongues import SWEDISH, TONGUES, Html, Tongue

PAGE, SHEET = "/folj", "/folj/stil.css"
ACCESS, SUPPORT = "/tillganglighet", "/mer"  # the second is read in a browser's history by others than who was there
TITLE: Final = "Följ hur det går!"
_HERE: Final = Path(__file__).parent
CSS: Final = (_HERE / "plain.css").read_text() + (_HERE / "folj.css").read_text()
_DRAWN: Final = {
    name: drawn for drawn, name in re.findall(r'(<symbol id="([a-z-]+)".*?</symbol>)', (_HERE / "folj.svg").read_text())
}
_CHOSEN: Final = ' aria-current="true"'
CALM: Final = {"Cache-Control": "no-cache"}  # what is withdrawn is gone at the next look


def whole(t: Tongue, path: str, municipality: str, main: str, *, feed: str = "", called: str | None = None) -> str:
    """`path` is this page's own, for the other languages. `called` is text, and no markup."""
    title = text(called) if called is not None else t.plain("title")
    named = f"{title} {text(municipality)}" if municipality else title
    used = {"l-lit", *re.findall(r'href="#([a-z-]+)"', main)}
    drawings = "".join(drawn for name, drawn in _DRAWN.items() if name in used)
    alternate = f'<link rel="alternate" type="application/atom+xml" title="{TITLE}" href="{feed_path(feed)}">\n'
    return (
        f'<!doctype html>\n<html lang="{t.tag}" dir="{t.dir}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{named}</title>\n<link rel="stylesheet" href="{SHEET}">\n{ICON}{alternate if feed else ""}'
        f"{_alternates(path)}</head>\n<body>\n"
        f'<svg width="0" height="0" aria-hidden="true"><defs>{drawings}</defs></svg>\n'
        f'<header><div class="from">{draw("l-lit")}<p{t.typed}>{text(municipality or "Trygghetsvandring")}</p>'
        f"{_choice(t, path)}</div></header>\n<main>\n{main}\n</main>\n</body>\n</html>\n"
    )


def _alternates(path: str) -> str:
    """Each language is an address of its own, so that no cache gives one reader another's."""
    links = [f'<link rel="alternate" hreflang="{it.tag}" href="{_in(it, path)}">\n' for it in TONGUES]
    return "".join([*links, f'<link rel="alternate" hreflang="x-default" href="{_in(SWEDISH, path)}">\n'])


def _choice(t: Tongue, path: str) -> str:
    """Every language in its own words: who looks for theirs cannot read the others."""
    rows = "".join(
        f'<li><a href="{_in(it, path)}" lang="{it.tag}" dir="{it.dir}" hreflang="{it.tag}"'
        f"{_CHOSEN if it is t else ''}>{text(it.name)}</a></li>"
        for it in TONGUES
    )
    return f'<nav class="tongues" aria-label="{t.plain("language")}"><ul>{rows}</ul></nav>'


def _in(it: Tongue, path: str) -> Html:
    return it.to(quote(path))


def feed_path(municipality: str) -> str:
    return f"{PAGE}/{text(municipality)}/flode.xml"


def draw(name: str) -> str:
    kind = "lamp" if name.startswith("l-") else "i"
    return f'<svg class="{kind}" aria-hidden="true"><use href="#{name}"/></svg>'


def meta(t: Tongue, published: Html, changed: Html, keepers: str) -> str:
    """What the municipality does not say of a page is said to be missing."""
    facts = (
        t("meta.published", at=published),
        t("meta.changed", at=changed),
        t("meta.keeper", who=keepers or t("missing")),
    )
    return '<p class="meta">' + "".join(f"<span>{fact}</span>" for fact in facts) + "</p>"


def spoken(t: Tongue, here: Municipality | None, path: str = "") -> Spoken:
    """Of a page that is a paper of its own, in the reader's language. `path`: where it is read in the others too."""
    choice = _choice(t, path) if path else ""
    if t.is_swedish:
        return Spoken(choice=choice)
    access = t.to(f"{PAGE}/{here.id}{ACCESS}" if here else ACCESS), t("foot.access")
    return Spoken(lang=t.tag, dir=t.dir, typed=t.typed, access=access, choice=choice)


def way_back(t: Tongue, here: Municipality) -> str:
    return f'<p><a class="way" href="{t.to(f"{PAGE}/{here.id}")}">{t("form.back")}</a></p>'


def back(t: Tongue, here: Municipality) -> str:
    return f'<p class="feed"><a href="{t.to(f"{PAGE}/{here.id}")}">{t("back")}</a></p>'


async def here(request: Request, of: str | None = None) -> Municipality:
    """The municipality in the address, or the one that is meant where there is none."""
    id = of if of is not None else str(request.path_params["municipality"])
    if "\x00" in id:  # no text to PostgreSQL, and nobody's name
        raise NotFound()
    async with routing.house(request).store.read() as db:
        found = await municipalities.municipality(db, id)
    if found is None:
        raise NotFound()
    return found


def way_on(municipality: str) -> str:
    """From a page that is a paper of its own."""
    at = f"{PAGE}/{text(municipality)}"
    return f'<footer><p><a href="{at}">{TITLE}</a> · <a href="{at}{ACCESS}">Tillgänglighet</a></p></footer>'


def foot(t: Tongue, here: Municipality) -> str:
    tell = f'<p>{t("foot.tell")} <a href="{text(here.tell_on_url)}"{t.typed}>Tyck till om kommunen</a></p>'
    danger = t("foot.danger", now=call("112"), later=call("114 14"))
    links = "".join(
        f'<li><a href="{t.to(f"{PAGE}/{here.id}{path}")}">{t(key)}</a></li>'
        for key, path in (("foot.support", SUPPORT), ("foot.access", ACCESS))
    )
    return f"<footer>{tell if here.tell_on_url else ''}<p>{danger}</p><ul>{links}</ul></footer>"


def call(number: str) -> Html:
    """A number to ring. Its groups stand in their order in a text that runs from the right, too."""
    to = re.sub(r"[^0-9+]", "", number)
    return Html(f'<a class="call" href="tel:{to}" dir="ltr">{text(number)}</a>')


def answer(t: Tongue, content: str, headers: dict[str, str] | None = None) -> Response:
    said = {**CALM, **(headers or {}), "Content-Language": t.tag}
    return Response(content, media_type="text/html; charset=utf-8", headers=said)
