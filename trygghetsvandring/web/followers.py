"""Mail about the public page: asked for by a form, confirmed and stopped by a link in a letter. No script, no cookie.

`GET` only shows, as behind every link in a letter. `POST /foljare/sluta/<secret>` is also the mail program's own button
(RFC 8058), which sends no page of ours along.
"""

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.answer_links import is_public_address
from trygghetsvandring.domain.followers import Follower
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import followers, municipalities
from trygghetsvandring.sync import following
from trygghetsvandring.web import folj_frame, plain, routing, sessions

ASK = "/folj/{municipality}/mejl"
CONFIRM = "/foljare/bekrafta"
STOP = "/foljare/sluta/"
_LONGEST = 254
_OF_ONE = RateLimitItemPerHour(30)  # from one network: a library's readers share it. In memory for that hour only
_OF_SITE = RateLimitItemPerHour(60)  # who has an IPv6 /48 has 65,536 networks, and is one
_OF_ALL = RateLimitItemPerHour(200)
_tries = MovingWindowRateLimiter(MemoryStorage())
Found = tuple[Municipality, Follower]
_WHAT = "Du får ett mejl när det finns något nytt. Högst ett i veckan, och ett till om en vandring ställs in."


async def show(request: Request) -> Response:
    return _form(await folj_frame.here(request))


async def ask(request: Request) -> Response:
    """The same answer whoever has asked before: it says nothing about who follows."""
    here, form = await folj_frame.here(request), await plain.filled_in(request)
    address = form.get("mail", "").strip()
    if len(address) > _LONGEST or not is_public_address(address):
        return _form(here, address, "E-postadressen stämmer inte. Rätta den och försök igen.", 422)
    if not _may(request, here):
        return _form(here, address, "Många har bett om mejl nyss. Försök igen om en timme.", 429)
    if not await following.ask(routing.house(request).engine, here.id, address, routing.now(request)):
        return _form(here, address, "Just nu får så många mejl att det inte går att ta emot fler.", 429)
    return plain.page(
        "Titta i din mejl",
        plain.notice("Vi mejlar dig om adressen är ny här. Tryck på länken i mejlet, så är det klart."),
        plain.paragraph("Kommer det inget? Titta bland skräpposten. Adressen tas bort om du inte trycker på länken."),
        _back(here),
        municipality=here.name,
    )


def _may(request: Request, here: Municipality) -> bool:
    counted = ((_OF_ONE, sessions.network(request)), (_OF_SITE, sessions.site(request)), (_OF_ALL, here.id))
    return all(_tries.hit(limit, "follow", who) for limit, who in counted)


def _form(here: Municipality, address: str = "", wrong: str = "", status: int = 200) -> Response:
    return plain.page(
        "Få mejl när något är nytt",
        plain.notice(f"Inget är skickat. {wrong}", kind="need") if wrong else "",
        plain.paragraph(f"{_WHAT} Du kan sluta när du vill."),
        plain.form(
            ASK.format(municipality=here.id),
            {},
            plain.field(
                "mail",
                "Din e-postadress",
                "Vi mejlar först och frågar om det är du. Adressen används bara till det här.",
                type="email",
                longest=_LONGEST,
                value=address,
            ),
            plain.button("Skicka"),
        ),
        _back(here),
        municipality=here.name,
        status=status,
    )


def _back(here: Municipality) -> str:
    return f'<p><a class="way" href="/folj/{plain.text(here.id)}">Tillbaka till sidan</a></p>'


# ---------------------------------------------------------------- behind a link


async def _found(request: Request, secret: str) -> Found | None:
    async with routing.house(request).store.read() as db:
        found = await followers.by_secret(db, digest(secret)) if secret else None
        here = await municipalities.municipality(db, found[0]) if found is not None else None
    return None if found is None or here is None else (here, found[1])


async def behind(request: Request) -> Response:
    secret = request.path_params["secret"]
    found = await _found(request, secret)
    if found is None:
        return _gone()
    here, mine = found
    if mine.confirmed_at is not None:
        return _follows(here, secret)
    return plain.page(
        "Vill du ha mejl?",
        plain.paragraph(_WHAT),
        plain.form(CONFIRM, {"secret": secret}, plain.button("Ja, skicka mejl")),
        plain.form(STOP + secret, {}, plain.button("Nej, ta bort min adress", kind="side")),
        municipality=here.name,
    )


def _follows(here: Municipality, secret: str, notice: str = "") -> Response:
    return plain.page(
        "Du får mejl",
        plain.notice(notice) if notice else "",
        plain.paragraph(_WHAT),
        plain.form(STOP + secret, {}, plain.button("Sluta få mejl", kind="side")),
        _back(here),
        municipality=here.name,
    )


async def confirm(request: Request) -> Response:
    form = await plain.filled_in(request)
    found = await _found(request, form.get("secret", ""))
    if found is None:
        return _gone()
    here, mine = found
    await following.confirm(routing.house(request).engine, here.id, mine.id, routing.now(request))
    return _follows(here, form["secret"], "Tack. Nu är det klart.")


async def ask_to_stop(request: Request) -> Response:
    secret = request.path_params["secret"]
    found = await _found(request, secret)
    if found is None:
        return _gone()
    return plain.page(
        "Sluta få mejl?",
        plain.paragraph("Din adress tas bort helt."),
        plain.form(STOP + secret, {}, plain.button("Sluta få mejl")),
        municipality=found[0].name,
    )


async def stop(request: Request) -> Response:
    """Also the mail program's button. Pressed twice it says the same."""
    found = await _found(request, request.path_params["secret"])
    if found is not None:
        await following.stop(routing.house(request).engine, found[0].id, found[1].address)
    return plain.page(
        "Det kommer inga fler mejl",
        plain.paragraph("Din adress är borttagen."),
        municipality=found[0].name if found else "",
    )


def _gone() -> Response:
    return plain.page(
        "Länken gäller inte",
        plain.paragraph("Adressen finns inte kvar hos oss, eller så är länken kapad. Det kommer inga fler mejl."),
        municipality="",
        status=404,
    )


def forget_tries() -> None:
    """For tests."""
    _tries.storage.reset()


routes = [
    routing.route(ASK, show, methods=["GET"], act=Act.PUBLIC),
    routing.route(ASK, ask, methods=["POST"], act=Act.PUBLIC),
    routing.route(CONFIRM, confirm, methods=["POST"], act=Act.PUBLIC),
    routing.route("/foljare/sluta/{secret}", ask_to_stop, methods=["GET"], act=Act.PUBLIC),
    routing.route("/foljare/sluta/{secret}", stop, methods=["POST"], act=Act.PUBLIC),
    routing.route("/foljare/{secret}", behind, methods=["GET"], act=Act.PUBLIC),
]
