"""Rota links: the page behind one, a party that comes or does not, and how many walked.

`GET /kvallar/<secret>` only shows: mail scanners open every link. An answer is a POST that carries the secret in its
body, with a form of its own that is taken once. No cookie, no script; the answer is the next page itself.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import answer_links, rota
from trygghetsvandring.domain import rota_links as links
from trygghetsvandring.domain.answer_links import LinkOver, Standing
from trygghetsvandring.domain.departments import Organisation
from trygghetsvandring.domain.errors import Malformed, Refused
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.rota_links import RotaLink
from trygghetsvandring.domain.times import evening_of
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import municipalities
from trygghetsvandring.storage import rota as stored
from trygghetsvandring.sync import crewing
from trygghetsvandring.web import answers, plain, rota_pages, routing
from trygghetsvandring.web.answer_links import FormUnknown, must_be_applied
from trygghetsvandring.web.rota_pages import LEAVE, SIGN, WALKED
from trygghetsvandring.web.routing import House

_MOST_BODY = 4096
_AHEAD, _BACK = timedelta(days=60), timedelta(days=30)
_MOST_SHOWN = 25
Behind = tuple[Municipality, RotaLink, Organisation]


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


async def _standing(request: Request, here: Municipality, link: RotaLink) -> Standing:
    async with routing.house(request).store.read() as db:
        contacts = await stored.contacts(db, here.id)
    return links.standing(link, contacts.get(link.party), routing.now(request))


async def _page(
    request: Request,
    secret: str,
    here: Municipality,
    link: RotaLink,
    party: Organisation,
    *,
    status: int = 200,
    **said: Any,
) -> Response:
    house, now = routing.house(request), routing.now(request)
    how = await _standing(request, here, link)
    if how is not Standing.OPEN:
        return rota_pages.over_page(how, here)
    tonight = evening_of(now)
    async with house.store.read() as db:
        every = await stored.evenings(db, here.id, tonight - _BACK, tonight + _AHEAD)
    mine = [it for it in every if rota.may_join(it, party)]
    ahead = [it for it in mine if it.starts_at > now and (it.called_off is None or it.coming(party.id))]
    been = [it for it in mine if it.ends_at <= now and it.called_off is None and it.coming(party.id)]
    offered, left_out = rota.offered(ahead, party.id, _MOST_SHOWN)
    shown = rota_pages.Shown(
        key=house.engine.key,
        secret=secret,
        link=link,
        party=party,
        here=here,
        ahead=offered,
        left_out=left_out,
        been=been,
        **said,
    )
    return rota_pages.party_page(shown, status=status)


async def answer(request: Request) -> Response:
    form, house = await plain.filled_in(request, _MOST_BODY), routing.house(request)
    secret = form.get("secret", "")
    found = await _found(house, secret) if secret else None
    if found is None:
        return answers.unknown_page()
    wrong = await _refusal(request, *found, form)
    if not wrong:
        return await _page(request, secret, *found, notice=rota_pages.DONE.get(form.get("act", ""), ""))
    words = rota_pages.WRONG.get(wrong, rota_pages.OTHERWISE)
    if wrong == "answered_already":  # a double tap: what was said stands, and the page says so
        return await _page(request, secret, *found, notice=words)
    return await _page(request, secret, *found, status=422, wrong=words, typed=form)


async def _refusal(
    request: Request, here: Municipality, link: RotaLink, party: Organisation, form: Mapping[str, str]
) -> str:
    """ "" when the answer is kept, else the code of why not."""
    try:
        await _do(request, here, link, party, form)
    except (Refused, ValueError) as error:
        return error.code if isinstance(error, Refused) else "malformed"
    return ""


async def _do(
    request: Request, here: Municipality, link: RotaLink, party: Organisation, form: Mapping[str, str]
) -> None:
    house, now, given = routing.house(request), routing.now(request), form.get("form", "")
    act, seen = form.get("act", ""), form.get("seen", "")
    evening = UUID(form.get("evening", ""))
    named = rota_pages.named(act, evening, seen)
    if act not in (SIGN, LEAVE, WALKED) or not answer_links.is_form(house.engine.key, link.id, named, given):
        raise FormUnknown()
    links.answered(link, digest(given), now)  # before all else: who taps twice hears that the first one stands
    how = await _standing(request, here, link)
    if how is not Standing.OPEN:
        raise LinkOver(standing=how.value)
    adults = 0 if act == LEAVE else _number(form.get("adults", ""), least=0 if act == WALKED else 1)
    body = {"link": link.id, "form": digest(given), "seen": seen, "adults": adults}
    type = "rota.walked_by_link" if act == WALKED else "rota.sign_by_link"
    actor = Principal(
        municipality=here.id,
        role=Role.ANSWERING_PARTY,
        organisation=party.id,
        function=f"{party.name}, genom länk",
    )
    must_be_applied(await house.engine.act(here.id, type, evening, body, now, actor=actor))
    await crewing.use(house.engine, here.id, party.id, now)


def _number(text: str, *, least: int) -> int:
    words = text.strip()
    if not (words.isascii() and words.isdigit() and len(words) <= 2 and least <= int(words) <= rota.MOST_ADULTS):
        raise Malformed(field="adults")
    return int(words)


routes = [
    routing.route(rota_pages.ANSWER, answer, methods=["POST"], act=Act.PUBLIC),
    routing.route("/kvallar/{secret}", show, methods=["GET"], act=Act.PUBLIC),
]
