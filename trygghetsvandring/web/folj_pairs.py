"""Before and after beside each other, for everybody: as a named person released them, and gone when taken away.

An address leads to a photo only while the pair that names it is read; nobody between may keep what came.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.publications import Side
from trygghetsvandring.imaging.derivatives import SMALL
from trygghetsvandring.sync import pairs
from trygghetsvandring.sync.pairs import ShownPair
from trygghetsvandring.web import folj_frame, photos, routing
from trygghetsvandring.web.errors import BadParameter, NotFound
from trygghetsvandring.web.folj_frame import PAGE
from trygghetsvandring.web.plain import text
from trygghetsvandring.web.tongues import Html, Tongue

_MOST: Final = 3
_SIZE: Final = "storlek"
# A search engine or another site that kept it would show it after it is taken away.
_ON_THIS_PAGE_ONLY: Final = {"Cross-Origin-Resource-Policy": "same-origin", "X-Robots-Tag": "noindex, noarchive"}


async def photo(request: Request) -> Response:
    """`storlek=320` is the small copy."""
    size = request.query_params.get(_SIZE, "")
    if size not in {"", str(SMALL)}:
        raise BadParameter(name=_SIZE)
    here, id = await folj_frame.here(request), routing.path_id(request)
    async with routing.house(request).store.read() as db:
        it = await pairs.of_finding(db, here, routing.path_id(request, "finding"))
    named = next((each for each in it.photos if each.id == id), None) if it is not None else None
    if named is None:
        raise NotFound()
    answer = await photos.public(routing.house(request).blobs, here.id, named, is_full=not size)
    answer.headers.update(_ON_THIS_PAGE_ONLY)
    return answer


def on_stretches(shown: Iterable[ShownPair]) -> Mapping[str, ShownPair]:
    """One for each stretch: the one that was released last."""
    found: dict[str, ShownPair] = {}
    for it in shown:
        if it.stretch is not None:
            found.setdefault(it.stretch, it)
    return found


def section(t: Tongue, municipality: str, shown: Sequence[ShownPair]) -> str:
    """The last few; each stands with its finding in the list."""
    rows = "".join(
        f"<li><p{t.typed}><b>{text(it.text)}</b></p>{drawn(t, municipality, it)}</li>" for it in shown[:_MOST]
    )
    return (
        f'<section class="pairs"><h2>{t("pair")}</h2><p>{t("pair.what")}</p><ul>{rows}</ul></section>' if rows else ""
    )


def drawn(t: Tongue, municipality: str, it: ShownPair) -> str:
    """Narrow screens too have them beside each other: it is the two together that say something."""
    sides = (("before", it.pair.before, it.photos[0]), ("after", it.pair.after, it.photos[1]))
    told = "".join(_side(t, municipality, it.finding, *side) for side in sides)
    return f'<div class="pair">{told}</div>'


def _side(t: Tongue, municipality: str, finding: UUID, which: str, side: Side, photo: Photo) -> str:
    at = f"{PAGE}/{text(municipality)}/par/{finding}/{side.photo}.jpg"
    small = f"{at}?{_SIZE}={SMALL}"
    wide = Html(
        f'srcset="{small} {SMALL}w, {at} {max(photo.width, SMALL + 1)}w" sizes="(min-width: 56rem) 22rem, 45vw"'
    )
    size = f'width="{photo.width}" height="{photo.height}"'
    return (
        f'<figure><img src="{small}" {wide} {size} loading="lazy"{t.typed} alt="{text(side.words)}">'
        f"<figcaption><b>{t(f'pair.{which}')}</b> {t.day(side.on)}</figcaption></figure>"
    )


routes = [
    routing.route(
        f"{PAGE}/{{municipality}}/par/{{finding:uuid}}/{{id:uuid}}.jpg", photo, methods=["GET"], act=Act.PUBLIC
    )
]
