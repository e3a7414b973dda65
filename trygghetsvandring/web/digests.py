"""Mail to those who walked: asked for on a phone or by a card, confirmed and stopped by a link, and a digest's page.

`GET` only shows, as behind every link in a letter. `POST /brev/sluta/<secret>` is also the mail program's own button
(RFC 8058), which sends no page of ours along.
"""

from uuid import UUID

import msgspec
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import digests as rules
from trygghetsvandring.domain.answer_links import NotAnAddress, is_public_address
from trygghetsvandring.domain.digests import GroupMessage, Subscription
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.walks import Walk, digest
from trygghetsvandring.storage import digests, municipalities, records
from trygghetsvandring.sync import subscribing, telling
from trygghetsvandring.web import follow_up, plain, routing
from trygghetsvandring.web.errors import NotFound, TooManyTries

SEEN = "/brev/svar"
CONFIRM = "/brev/bekrafta"
STOP = "/brev/sluta/"
_PER_PHONE = RateLimitItemPerHour(5)
_tries = MovingWindowRateLimiter(MemoryStorage())


class Subscribe(msgspec.Struct, kw_only=True):
    address: str
    walk: UUID | None = None


async def subscribe(request: Request) -> Response:
    """The same answer whoever has asked before: it says nothing about who else gave an address."""
    asker, now = routing.principal(request), routing.now(request)
    asked = await routing.read(request, Subscribe)
    walk = asked.walk or asker.walk
    if walk is None or not asker.has_walked(walk):
        raise NotFound()
    address = asked.address.strip()
    if len(address) > 254 or not is_public_address(address):
        raise NotAnAddress()
    if not _tries.hit(_PER_PHONE, "subscribe", str(asker.device)):
        raise TooManyTries(retry_after=3600)
    async with routing.house(request).store.read() as db:
        evening = await records.one(db, asker.municipality, Walk, walk)
    if evening is None:
        raise NotFound()
    await subscribing.ask(routing.house(request).engine, asker.municipality, evening, address, now, by_card=False)
    return routing.json({"sent": True}, 202)


async def group(request: Request) -> Response:
    """How many hear by mail, and the message that was sent; no address."""
    asker, id = routing.principal(request), routing.path_id(request)
    async with routing.house(request).store.read() as db:
        walk = await records.one(db, asker.municipality, Walk, id)
        if walk is None:
            raise NotFound()
        message = await records.one(db, asker.municipality, GroupMessage, id)
        hears = len(await digests.confirmed(db, asker.municipality, walk))
    told = None if message is None else {"text": message.text, "by": message.by, "at": message.at}
    return routing.json({"addresses": hears, "message": told})


# ---------------------------------------------------------------- the page


Found = tuple[Municipality, Subscription, Walk]


async def _found(request: Request, secret: str) -> Found | None:
    """None also when it came by a card that is shut."""
    found = await _kept(request, secret)
    return found if found is not None and found[1].holds(found[2]) else None


async def _kept(request: Request, secret: str) -> Found | None:
    async with routing.house(request).store.read() as db:
        found = await digests.by_secret(db, digest(secret)) if secret else None
        if found is None:
            return None
        here = await municipalities.municipality(db, found[0])
        walk = await records.one(db, found[0], Walk, found[1].walk)
    return None if here is None or walk is None else (here, found[1], walk)


async def show(request: Request) -> Response:
    secret = request.path_params["secret"]
    found = await _found(request, secret)
    if found is None:
        return _gone()
    return _ask_to_confirm(secret, found) if found[1].confirmed_at is None else await _page(request, secret, found)


def _ask_to_confirm(secret: str, found: Found) -> Response:
    here, _, walk = found
    return plain.page(
        "Vill du ha mejl?",
        plain.paragraph(f"Du får ett mejl när något händer efter {walk.name}. Högst ett i veckan."),
        plain.paragraph("Adressen tas bort när allt är uppföljt, eller när du säger stopp.", "help"),
        plain.form(CONFIRM, {"secret": secret}, plain.button("Ja, skicka mejl")),
        plain.form(STOP + secret, {}, plain.button("Nej, ta bort min adress", kind="side")),
        municipality=here.name,
    )


async def _page(request: Request, secret: str, found: Found, *, notice: str = "", status: int = 200) -> Response:
    here, _, walk = found
    async with routing.house(request).store.read() as db:
        told = await telling.replies_of(db, here, walk)
        message = await records.one(db, here.id, GroupMessage, walk.id)
    lines = telling.shown(told, here, walk, {})
    rest = sum(reply is not None and reply.task is None for _, reply in told)
    return plain.page(
        "Så går det",
        plain.notice(notice, kind="need" if status != 200 else "said") if notice else "",
        plain.paragraph(f"Det här såg ni: {walk.name}."),
        follow_up.to_all(message),
        *(follow_up.ask(SEEN, {"secret": secret}, line) for line in lines if line.item.asks),
        follow_up.rows([line.item for line in lines if not line.item.asks]),
        plain.paragraph(f"Dessutom {rest} som inte blev en åtgärd.", "help") if rest else "",
        plain.form(STOP + secret, {}, plain.button("Sluta få mejl", kind="side")),
        municipality=here.name,
        status=status,
    )


def _gone() -> Response:
    return plain.page(
        "Länken gäller inte",
        plain.paragraph("Adressen finns inte kvar hos oss, eller så är länken kapad. Det kommer inga fler mejl."),
        municipality="",
        status=404,
    )


# ---------------------------------------------------------------- what is pressed


async def confirm(request: Request) -> Response:
    form = await plain.filled_in(request)
    found = await _found(request, form.get("secret", ""))
    if found is None:
        return _gone()
    await subscribing.confirm(routing.house(request).engine, found[0].id, found[1].id, routing.now(request))
    return await _page(request, form["secret"], found, notice="Tack. Du får ett mejl när något händer.")


async def ask_to_stop(request: Request) -> Response:
    secret = request.path_params["secret"]
    found = await _kept(request, secret)
    if found is None:
        return _gone()
    return plain.page(
        "Sluta få mejl?",
        plain.paragraph(f"Det gäller mejl om {found[2].name}. Din adress tas bort helt."),
        plain.form(STOP + secret, {}, plain.button("Sluta få mejl")),
        municipality=found[0].name,
    )


async def stop(request: Request) -> Response:
    """Also the mail program's button. Pressed twice it says the same."""
    found = await _kept(request, request.path_params["secret"])
    if found is not None:
        await subscribing.stop(routing.house(request).engine, found[0].id, found[1].id)
    return plain.page(
        "Det kommer inga fler mejl",
        plain.paragraph("Din adress är borttagen."),
        municipality=found[0].name if found else "",
    )


async def answer(request: Request) -> Response:
    """Counts once for each task, and may be changed: as on a phone. Who came by a card speaks as it does."""
    form = await plain.filled_in(request)
    secret = form.get("secret", "")
    found = await _found(request, secret)
    if found is None or found[1].confirmed_at is None:
        return _gone()
    here, mine, walk = found
    said = follow_up.answered(form)
    if said is None:
        return await _page(request, secret, found, notice=follow_up.CHOOSE, status=422)
    id, seen = said
    by_card = mine.card is not None
    voice = None if by_card else rules.voice(routing.house(request).engine.key, mine.id, id)
    saved = await follow_up.say(request, here, walk, id, seen, voice=voice)
    words = follow_up.THANKS if saved else follow_up.NOT_SAVED
    return await _page(request, secret, found, notice=words, status=200 if saved else 422)


def forget_tries() -> None:
    """For tests."""
    _tries.storage.reset()


routes = [
    routing.route("/api/subscriptions", subscribe, methods=["POST"], act=Act.CAPTURE),
    routing.route("/api/walks/{id:uuid}/group", group, methods=["GET"], act=Act.READ_WALKS),
    routing.route(CONFIRM, confirm, methods=["POST"], act=Act.PUBLIC),
    routing.route(SEEN, answer, methods=["POST"], act=Act.PUBLIC),
    routing.route("/brev/sluta/{secret}", ask_to_stop, methods=["GET"], act=Act.PUBLIC),
    routing.route("/brev/sluta/{secret}", stop, methods=["POST"], act=Act.PUBLIC),
    routing.route("/brev/{secret}", show, methods=["GET"], act=Act.PUBLIC),
]
