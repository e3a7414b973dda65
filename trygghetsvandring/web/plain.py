"""Pages without a script: for those who came by a link in a letter. The design's own tokens, nothing from elsewhere.

Text is escaped where it is put in (`text`), and nothing else makes markup of it.
"""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.people import Act
from trygghetsvandring.web import routing

SHEET: Final = "/besked/stil.css"
ICON: Final = '<link rel="icon" href="/icon.svg" type="image/svg+xml">\n'
_CSS: Final = (Path(__file__).parent / "plain.css").read_text()
ACCESS: Final = "/tillganglighet"
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class Html(str):
    """Text that is escaped already."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The language of a page: `lang` and `dir` of it all, `typed` for what the municipality has typed in Swedish.

    `access` leads to the accessibility statement, by its name in the language. `choice` is the way to the others.
    """

    lang: str = "sv"
    dir: str = "ltr"
    typed: str = ""
    access: tuple[str, str] = (ACCESS, "Tillgänglighet")
    choice: str = ""


_SWEDISH: Final = Spoken()


def text(words: object) -> str:
    """Words as they stand, wherever in the page."""
    return words if isinstance(words, Html) else escape(str(words), quote=True)


def page(
    title: str,
    *parts: str,
    municipality: str,
    status: int = 200,
    spoken: Spoken = _SWEDISH,
    is_typed: bool = False,
) -> Response:
    """`is_typed`: the title is the municipality's own words."""
    body, to_access = "\n".join(parts), spoken.access
    html = (
        f'<!doctype html>\n<html lang="{spoken.lang}" dir="{spoken.dir}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex, nofollow">\n<meta name="referrer" content="no-referrer">\n'
        f'<title>{text(title)}</title>\n<link rel="stylesheet" href="{SHEET}">\n{ICON}</head>\n<body>\n'
        f'<header><p class="from"{spoken.typed}>{text(municipality)}<span>Trygghetsvandring</span></p>'
        f"{spoken.choice}</header>\n"
        f"<main>\n<h1{spoken.typed if is_typed else ''}>{text(title)}</h1>\n{body}\n</main>\n"
        f'<footer><a class="way" href="{text(to_access[0])}">{text(to_access[1])}</a></footer>\n</body>\n</html>\n'
    )
    headers = {**_HEADERS, "Content-Language": spoken.lang}
    return Response(html, status, media_type="text/html; charset=utf-8", headers=headers)


def paragraph(words: str, kind: str = "") -> str:
    return f"<p{_class(kind)}>{text(words)}</p>"


def heading(words: str) -> str:
    return f"<h2>{text(words)}</h2>"


def notice(words: str, *, kind: str = "said") -> str:
    """What just happened, or why not; read out at once."""
    role = "alert" if kind == "need" else "status"
    return f'<p class="box {kind}" role="{role}">{text(words)}</p>'


def facts(pairs: list[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{text(name)}</dt><dd>{text(value)}</dd>" for name, value in pairs if value)
    return f"<dl>{rows}</dl>" if rows else ""


def way(lat: float, lon: float) -> str:
    """A point that a phone's own map opens, a page for phones that open none, and its figures for everything else.

    Nobody else's map is asked until somebody presses, and then it is not told where they came from.
    """
    here, north, east = f"{lat:.5f},{lon:.5f}", f"{lat:.5f}", f"{lon:.5f}"
    page = f"https://www.openstreetmap.org/?mlat={north}&amp;mlon={east}#map=18/{north}/{east}"
    return (
        f'<p><a class="way" href="geo:{here}">Visa vägen dit i telefonens karta</a><br>'
        f'<a class="way" href="{page}" rel="noreferrer">Öppna platsen i webbläsaren</a><br>'
        f"{north}, {east} (WGS 84)</p>"
    )


def form(
    action: str,
    hidden: dict[str, str],
    *parts: str,
    heading: str = "",
    files: bool = False,
    remembers: bool = True,
) -> str:
    """`remembers` False: many answer on the same telephone, and its browser fills in nothing."""
    kept = "".join(f'<input type="hidden" name="{text(name)}" value="{text(value)}">' for name, value in hidden.items())
    encoding = ' enctype="multipart/form-data"' if files else ""
    top = f"<h2>{text(heading)}</h2>" if heading else ""
    encoding += "" if remembers else ' autocomplete="off"'
    return f'<form class="card" method="post" action="{text(action)}"{encoding}>{top}{kept}{"".join(parts)}</form>'


def field(
    name: str,
    label: str,
    help: str,
    *,
    type: str = "text",
    longest: int = 40,
    value: str = "",
    required: bool = True,
) -> str:
    """One line. A code is neither spelt nor remembered by the browser."""
    told = (
        'autocomplete="email"'
        if type == "email"
        else 'autocomplete="off" autocapitalize="characters" spellcheck="false"'
    )
    return (
        f'<label for="{text(name)}">{text(label)}</label><p class="help" id="{text(name)}-h">{text(help)}</p>'
        f'<input id="{text(name)}" type="{text(type)}" name="{text(name)}" maxlength="{longest}" '
        f'value="{text(value)}" aria-describedby="{text(name)}-h" {told}{" required" if required else ""}>'
    )


def button(words: str, *, kind: str = "main") -> str:
    return f'<button class="{kind}" type="submit">{text(words)}</button>'


def area(name: str, label: str, help: str, *, value: str = "", required: bool = False, longest: int = 1000) -> str:
    """Two forms of a page may ask for the same; the label tells their ids apart."""
    id = text(name + "-" + "".join(sign for sign in label[:3].lower() if sign.isalnum()))
    must = " required" if required else ""
    return (
        f'<label for="{id}">{text(label)}</label><p class="help" id="{id}-h">{text(help)}</p>'
        f'<textarea id="{id}" name="{text(name)}" rows="4" maxlength="{longest}" '
        f'aria-describedby="{id}-h"{must}>{text(value)}</textarea>'
    )


def day(name: str, label: str, *, first: str, value: str = "") -> str:
    return (
        f'<label for="{text(name)}">{text(label)}</label>'
        f'<input id="{text(name)}" type="date" name="{text(name)}" min="{first}" value="{text(value)}" required>'
    )


def number(name: str, label: str, *, about: str, most: int, value: str = "") -> str:
    """A whole number that may be left out. `about` tells the ids of several forms apart."""
    id = text(f"{name}-{about}")
    return (
        f'<label for="{id}">{text(label)}</label>'
        f'<input id="{id}" type="number" inputmode="numeric" name="{text(name)}" min="0" max="{most}" step="1" '
        f'value="{text(value)}" autocomplete="off">'
    )


def choices(
    name: str,
    legend: str,
    options: list[tuple[str, str]],
    *,
    chosen: str = "",
    required: bool = True,
) -> str:
    """None is chosen before somebody does, and they all look the same."""
    rows = "".join(
        f'<label class="choice"><input type="radio" name="{text(name)}" value="{text(value)}"'
        f"{' required' if required else ''}{' checked' if value == chosen else ''}> {text(words)}</label>"
        for value, words in options
    )
    return f"<fieldset><legend>{text(legend)}</legend>{rows}</fieldset>"


def file(name: str, label: str, help: str) -> str:
    return (
        f'<label for="{text(name)}">{text(label)}</label><p class="help" id="{text(name)}-h">{text(help)}</p>'
        f'<input id="{text(name)}" type="file" name="{text(name)}" accept="image/*" aria-describedby="{text(name)}-h">'
    )


async def filled_in(request: Request, most: int = 4096) -> dict[str, str]:
    """The fields of one of these pages' forms, without files; `most` bytes of it."""
    raw = await routing.body(request, most)

    async def once() -> dict[str, object]:
        return {"type": "http.request", "body": raw, "more_body": False}

    form = await Request(request.scope, once).form(max_files=0, max_fields=10)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _class(kind: str) -> str:
    return f' class="{text(kind)}"' if kind else ""


async def sheet(_request: Request) -> Response:
    return Response(_CSS, media_type="text/css; charset=utf-8", headers={"Cache-Control": "no-cache"})


routes = [routing.route(SHEET, sheet, methods=["GET"], act=Act.PUBLIC)]
