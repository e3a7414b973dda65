"""The accessibility statement (lag 2018:1937): how the public pages can be used, what is known not to work, whom to
tell. What the municipality has not said is missing, and never filled in for it.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from trygghetsvandring.domain.municipalities import Accessibility, Meets, Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.protocol_words import day
from trygghetsvandring.storage import municipalities, promises
from trygghetsvandring.web import feedback_pages, folj_frame, plain, routing, tongues
from trygghetsvandring.web.folj_frame import ACCESS, PAGE, call
from trygghetsvandring.web.plain import text

_TITLE: Final = "Tillgänglighet"
_KNOWN: Final = (
    "Lägesbilden, svaren i dialogen, protokollen och det som står bakom ett kort är bara på svenska.",
    "Texten som parterna har skrivit under står ord för ord. Den kan vara svår att läsa.",
    "Foton i protokoll har en kort text. Den säger vad fotot gäller, men inte allt som syns.",
    "Filerna för Word och Excel är inte prövade med skärmläsare.",
    "Vi har inte prövat sidorna tillsammans med människor som använder hjälpmedel.",
)
"""Of the product itself, wherever it is used."""
_PROVEN: Final = (
    "Varje ny version prövas av ett program som heter axe. Det går igenom sidorna i dag- och nattfärger. "
    "De prövas också 320 bildpunkter breda och med dubbelt så stor text. Sidorna går att läsa utan skript."
)
_MEETS: Final = {
    Meets.FULLY: "Sidorna följer lagen om digital tillgänglighet.",
    Meets.PARTLY: "Sidorna följer lagen om digital tillgänglighet till viss del.",
    Meets.NOT: "Sidorna följer inte lagen om digital tillgänglighet.",
}
_NOT_SAID: Final = "Uppgift saknas. Kommunen har inte bedömt sidorna än."
_AUTHORITY: Final = "https://www.digg.se/tdosanmalan"


async def show(request: Request) -> Response:
    here, t = await folj_frame.here(request), tongues.of(request)
    path = f"{PAGE}/{here.id}{ACCESS}"
    inside = f"<div{t.typed}>{_main(here)}</div>{folj_frame.back(t, here)}{folj_frame.foot(t, here)}"
    return folj_frame.answer(t, folj_frame.whole(t, path, here.name, inside, called=_TITLE))


async def of_all(request: Request) -> Response:
    """For pages that stand under no municipality: the one there is, or those that show anything."""
    async with routing.house(request).store.read() as db:
        ids, shown = await municipalities.all_ids(db), await promises.with_public(db)
    t = tongues.of(request)
    if len(ids) == 1:
        return RedirectResponse(t.to(f"{PAGE}/{ids[0]}{ACCESS}"), 307, headers=folj_frame.CALM)
    links = "".join(f'<li><a href="{t.to(f"{PAGE}/{id}{ACCESS}")}">{t.own(name)}</a></li>' for id, name in shown)
    main = f'<h1>{t("foot.access")}</h1><ul class="plainlist">{links}</ul>' if links else f"<h1>{t('empty')}</h1>"
    return folj_frame.answer(t, folj_frame.whole(t, plain.ACCESS, "", main))


def _main(here: Municipality) -> str:
    it = here.accessibility
    known = "".join(f"<li>{text(each)}</li>" for each in (*_KNOWN, *it.known))
    return (
        f'<h1>{_TITLE}</h1><p class="ing">{text(here.name)} står bakom Följ hur det går! och sidorna runt om. '
        "Alla ska kunna använda dem. Här står vad som inte fungerar än, och vad du kan göra då.</p>"
        f"<section><h2>Hur tillgängliga är sidorna?</h2><p>{_MEETS[it.meets] if it.meets else _NOT_SAID}</p></section>"
        f"<section><h2>Det här vet vi inte fungerar för alla</h2><ul>{known}</ul></section>"
        f"<section><h2>Säg till om något hindrar dig</h2>{_tell(here, it)}</section>"
        "<section><h2>Är du inte nöjd med svaret?</h2><p>Myndigheten för digital förvaltning, Digg, ser till att lagen "
        f'följs. Du kan anmäla till dem: <a href="{_AUTHORITY}">{_AUTHORITY}</a></p></section>'
        f"<section><h2>Så har sidorna prövats</h2>{_how(it)}<p>{_PROVEN}</p></section>"
    )


def _tell(here: Municipality, it: Accessibility) -> str:
    form = f'<a href="{feedback_pages.path(text(here.id))}">Vad tycker du om sidan?</a>'
    ways = [f"Skriv i {form} Du behöver inte säga vem du är."]
    if it.mail:
        ways.append(f'Mejla <a href="mailto:{text(it.mail)}">{text(it.mail)}</a>.')
    if it.phone:
        ways.append(f"Ring {call(it.phone)}.")
    return f"<ul>{''.join(f'<li>{way}</li>' for way in ways)}</ul>"


def _how(it: Accessibility) -> str:
    if it.assessed_on is None:
        return ""
    return f"<p>{text(it.how)} Bedömt {day(it.assessed_on)}.</p>"


routes = [
    routing.route(f"{PAGE}/{{municipality}}{ACCESS}", show, methods=["GET"], act=Act.PUBLIC),
    routing.route(plain.ACCESS, of_all, methods=["GET"], act=Act.PUBLIC),
]
