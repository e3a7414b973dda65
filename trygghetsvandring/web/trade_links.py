"""Trade links: the page behind one, a shop's four numbers, and the confirmation of a card.

`GET /butik/<secret>` only shows: mail scanners open every link. An answer is a POST that carries the secret in its
body, with a form of its own that is taken once. No cookie, no script; the answer is the next page itself.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import answer_links, trade
from trygghetsvandring.domain import trade_links as links
from trygghetsvandring.domain.answer_links import Standing
from trygghetsvandring.domain.departments import Organisation
from trygghetsvandring.domain.errors import Malformed, Refused
from trygghetsvandring.domain.ids import trade_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.trade_links import TradeLink
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import municipalities
from trygghetsvandring.storage import trade as stored
from trygghetsvandring.web import answers, plain, routing, trade_pages
from trygghetsvandring.web.answer_links import FormUnknown, must_be_applied
from trygghetsvandring.web.routing import House
from trygghetsvandring.web.trade_pages import CARD, WEEK

_MOST_BODY = 4096
Behind = tuple[Municipality, TradeLink, Organisation]


async def show(request: Request) -> Response:
    secret = request.path_params["secret"]
    found = await _found(routing.house(request), secret)
    return answers.unknown_page() if found is None else await _page(request, secret, *found)


async def _found(house: House, secret: str) -> Behind | None:
    async with house.store.read() as db:
        found = await stored.by_secret(db, digest(secret))
        here = await municipalities.municipality(db, found[0]) if found is not None else None
    party = here.organisation(found[1].party) if found is not None and here is not None else None
    return None if found is None or here is None or party is None else (here, found[1], party)


async def _page(
    request: Request,
    secret: str,
    here: Municipality,
    link: TradeLink,
    party: Organisation,
    *,
    status: int = 200,
    **said: Any,
) -> Response:
    house, now = routing.house(request), routing.now(request)
    today = day_of(now)
    async with house.store.read() as db:
        every = await stored.every_card(db, here.id)
        weeks = await stored.weeks(db, here.id, trade.last_weeks(today, trade.WEEKS_BY_LINK))
    how = links.standing(link, next((it for it in every if it.party == party.id), None), now)
    if how is not Standing.OPEN:
        return trade_pages.over_page(how, here)
    shown = trade_pages.Shown(
        key=house.engine.key,
        secret=secret,
        link=link,
        party=party,
        here=here,
        cards=[it for it in every if it.is_in],
        weeks={it.id: it for it in weeks if it.shop == party.id},
        today=today,
        **said,
    )
    return trade_pages.party_page(shown, status=status)


async def answer(request: Request) -> Response:
    form, house = await plain.filled_in(request, _MOST_BODY), routing.house(request)
    secret = form.get("secret", "")
    found = await _found(house, secret) if secret else None
    if found is None:
        return answers.unknown_page()
    wrong = await _refusal(request, *found, form)
    if not wrong:
        return await _page(request, secret, *found, notice=trade_pages.DONE.get(form.get("act", ""), ""))
    words = trade_pages.WRONG.get(wrong, trade_pages.OTHERWISE)
    if wrong == "answered_already":  # a double tap: what was said stands, and the page says so
        return await _page(request, secret, *found, notice=words)
    typed = {name.removeprefix("n-"): value for name, value in form.items()}
    return await _page(request, secret, *found, status=422, wrong=words, typed=typed)


async def _refusal(
    request: Request, here: Municipality, link: TradeLink, party: Organisation, form: Mapping[str, str]
) -> str:
    """ "" when the answer is kept, else the code of why not."""
    try:
        await _do(request, here, link, party, form)
    except (Refused, ValueError) as error:
        return error.code if isinstance(error, Refused) else "malformed"
    return ""


async def _do(
    request: Request, here: Municipality, link: TradeLink, party: Organisation, form: Mapping[str, str]
) -> None:
    house, now, given = routing.house(request), routing.now(request), form.get("form", "")
    act, week = form.get("act", ""), form.get("week", "")
    seen = form.get("seen", "")
    named = trade_pages.named(f"{WEEK} {week}" if act == WEEK else CARD, seen)
    if not answer_links.is_form(house.engine.key, link.id, named, given):
        raise FormUnknown()
    links.answered(link, digest(given), now)  # before all else: who taps twice hears that the first one stands
    spent: dict[str, Any] = {"link": link.id, "form": digest(given), "seen": int(seen)}
    if act == WEEK:
        numbers = {kind.id: _number(form.get(f"n-{kind.id}", "")) for kind in here.crime_kinds}
        body = spent | {"shop": party.id, "week": week, "numbers": numbers}
        await _act(request, here, party, "trade.answer", trade_id(here.id, "week", party.id, week), body)
    else:
        await _act(request, here, party, "trade.confirm_by_link", trade_id(here.id, "card", party.id), spent)


def _number(text: str) -> int | None:
    """Nothing written is nothing told."""
    words = text.strip()
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and len(words) <= len(str(trade.MOST_COUNTED))):
        raise Malformed(field="numbers")
    return int(words)


async def _act(
    request: Request, here: Municipality, party: Organisation, type: str, id: UUID, body: dict[str, Any]
) -> None:
    house, now = routing.house(request), routing.now(request)
    actor = Principal(
        municipality=here.id,
        role=Role.ANSWERING_PARTY,
        organisation=party.id,
        function=f"{party.name}, genom länk",
    )
    must_be_applied(await house.engine.act(here.id, type, id, body, now, actor=actor))


routes = [
    routing.route(trade_pages.ANSWER, answer, methods=["POST"], act=Act.PUBLIC),
    routing.route("/butik/{secret}", show, methods=["GET"], act=Act.PUBLIC),
]
