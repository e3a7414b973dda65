"""Where to turn when somebody close is violent: numbers of the municipality's own, and a quick way out.

No script, no cookie, nothing kept of the visit (`middleware`), and neither the address nor the page's title says what
it is about: both stand in the browser's history, which no page can wipe. It says so.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.municipalities import Municipality, TurnTo
from trygghetsvandring.domain.people import Act
from trygghetsvandring.web import folj_frame, routing, tongues
from trygghetsvandring.web.folj_frame import PAGE, SUPPORT, call
from trygghetsvandring.web.plain import text
from trygghetsvandring.web.tongues import Tongue

_ALWAYS: Final = "112"


async def show(request: Request) -> Response:
    here, t = await folj_frame.here(request), tongues.of(request)
    path = f"{PAGE}/{here.id}{SUPPORT}"
    page = folj_frame.whole(t, path, here.name, _main(t, here), called=t.words["support.tab"])
    return folj_frame.answer(t, page, {"Cache-Control": "no-store"})


def _main(t: Tongue, here: Municipality) -> str:
    rows = "".join(_line(t, each) for each in here.support_lines)
    lines = f'<ul class="lines">{rows}</ul>' if rows else f"<p>{t('support.none')}</p>"
    traces = "".join(f"<p>{t(f'support.traces.{part}')}</p>" for part in ("us", "device", "how"))
    return (
        f'<p class="leave"><a href="{text(here.leave_to)}" rel="noreferrer">{t("support.leave")}</a></p>'
        f'<h1>{t("support.title")}</h1><p class="ing">{t("support.lead")}</p>'
        f"<p><b>{t('support.now', now=call(_ALWAYS))}</b></p>"
        f"<section><h2>{t('support.lines')}</h2>{lines}<p>{t('support.forms')}</p></section>"
        f"<section><h2>{t('support.traces')}</h2>{traces}</section>{folj_frame.back(t, here)}"
    )


def _line(t: Tongue, it: TurnTo) -> str:
    number = f"<br>{call(it.phone)}" if it.phone else ""
    more = f'<br><a class="way" href="{text(it.url)}" rel="noreferrer" dir="ltr">{text(it.url)}</a>' if it.url else ""
    said = it.other.get(t.id)
    who = text(said.who) if said and said.who else t.own(it.who)
    when = text(said.when) if said else t.own(it.when)
    return f"<li><b>{who}</b><br>{when}{number}{more}</li>"


routes = [routing.route(f"{PAGE}/{{municipality}}{SUPPORT}", show, methods=["GET"], act=Act.PUBLIC)]
