"""GET /sync/live: a word when something has changed, so that a screen is fresh within a second.

The stream says only that there is something to fetch. What it is comes by the ordinary reads, with their own rights, so
nothing can leak here and nothing is lost when the stream is: every screen also looks by itself now and then.

A desk is told of every change in its municipality's feed, a phone only of what it may see.
"""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import StreamingResponse

from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.sync import changes
from trygghetsvandring.web import routing

_ON_PHONES = frozenset({Role.WALKER, Role.FIELD_SECRETARY})
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def scopes_of(asker: Principal) -> tuple[str, ...]:
    return tuple(changes.scopes(asker)) if asker.role in _ON_PHONES else ()


async def live(request: Request) -> StreamingResponse:
    asker, house = routing.principal(request), routing.house(request)
    words = house.live.words(asker.municipality, scopes_of(asker))
    first = await anext(words)  # refused before the answer has begun
    return StreamingResponse(_from(first, words), headers=_HEADERS, media_type="text/event-stream")


async def _from(first: bytes, words: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for word in words:
        yield word


routes = [routing.route("/sync/live", live, methods=["GET"], act=Act.SYNC)]
