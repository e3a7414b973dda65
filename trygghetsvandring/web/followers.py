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
from trygghetsvandring.web import folj_frame, plain, routing, sessions, tongues
from trygghetsvandring.web.tongues import Html, Tongue

ASK = "/folj/{municipality}/mejl"
CONFIRM = "/foljare/bekrafta"
STOP = "/foljare/sluta/"
_LONGEST = 254
_OF_ONE = RateLimitItemPerHour(30)  # from one network: a library's readers share it. In memory for that hour only
_OF_SITE = RateLimitItemPerHour(60)  # who has an IPv6 /48 has 65,536 networks, and is one
_OF_ALL = RateLimitItemPerHour(200)
_tries = MovingWindowRateLimiter(MemoryStorage())
Found = tuple[Municipality, Follower]


async def show(request: Request) -> Response:
    return _form(tongues.of(request), await folj_frame.here(request))


async def ask(request: Request) -> Response:
    """The same answer whoever has asked before: it says nothing about who follows."""
    here, t, form = await folj_frame.here(request), tongues.of(request), await plain.filled_in(request)
    address = form.get("mail", "").strip()
    if len(address) > _LONGEST or not is_public_address(address):
        return _form(t, here, address, "mail.wrong.address", 422)
    if not _may(request, here):
        return _form(t, here, address, "mail.wrong.many", 429)
    if not await following.ask(routing.house(request).engine, here.id, address, routing.now(request), language=t.id):
        return _form(t, here, address, "mail.wrong.full", 429)
    return plain.page(
        t("mail.look"),
        plain.notice(t("mail.look.new")),
        plain.paragraph(t("mail.look.none")),
        folj_frame.way_back(t, here),
        municipality=here.name,
        spoken=folj_frame.spoken(t, here),
    )


def _may(request: Request, here: Municipality) -> bool:
    counted = ((_OF_ONE, sessions.network(request)), (_OF_SITE, sessions.site(request)), (_OF_ALL, here.id))
    return all(_tries.hit(limit, "follow", who) for limit, who in counted)


def _form(t: Tongue, here: Municipality, address: str = "", wrong: str = "", status: int = 200) -> Response:
    at = ASK.format(municipality=here.id)
    return plain.page(
        t("mail.title"),
        plain.notice(t(wrong), kind="need") if wrong else "",
        plain.paragraph(Html(f"{t('mail.what')} {t('mail.any_time')}")),
        plain.form(
            t.to(at),
            {},
            plain.field("mail", t("mail.address"), t("mail.help"), type="email", longest=_LONGEST, value=address),
            plain.button(t("form.send")),
        ),
        folj_frame.way_back(t, here),
        municipality=here.name,
        status=status,
        spoken=folj_frame.spoken(t, here, at),
    )


# ---------------------------------------------------------------- behind a link


async def _found(request: Request, secret: str) -> Found | None:
    async with routing.house(request).store.read() as db:
        found = await followers.by_secret(db, digest(secret)) if secret else None
        here = await municipalities.municipality(db, found[0]) if found is not None else None
    return None if found is None or here is None else (here, found[1])


async def behind(request: Request) -> Response:
    secret, t = request.path_params["secret"], tongues.of(request)
    found = await _found(request, secret)
    if found is None:
        return _gone(t)
    here, mine = found
    if mine.confirmed_at is not None:
        return _follows(t, here, secret)
    return plain.page(
        t("mail.want"),
        plain.paragraph(t("mail.what")),
        plain.form(t.to(CONFIRM), {"secret": secret}, plain.button(t("mail.yes"))),
        plain.form(t.to(STOP + secret), {}, plain.button(t("mail.no"), kind="side")),
        municipality=here.name,
        spoken=folj_frame.spoken(t, here),
    )


def _follows(t: Tongue, here: Municipality, secret: str, notice: str = "") -> Response:
    return plain.page(
        t("mail.on"),
        plain.notice(t(notice)) if notice else "",
        plain.paragraph(t("mail.what")),
        plain.form(t.to(STOP + secret), {}, plain.button(t("mail.stop"), kind="side")),
        folj_frame.way_back(t, here),
        municipality=here.name,
        spoken=folj_frame.spoken(t, here),
    )


async def confirm(request: Request) -> Response:
    form, t = await plain.filled_in(request), tongues.of(request)
    found = await _found(request, form.get("secret", ""))
    if found is None:
        return _gone(t)
    here, mine = found
    await following.confirm(routing.house(request).engine, here.id, mine.id, routing.now(request))
    return _follows(t, here, form["secret"], "mail.done")


async def ask_to_stop(request: Request) -> Response:
    secret, t = request.path_params["secret"], tongues.of(request)
    found = await _found(request, secret)
    if found is None:
        return _gone(t)
    return plain.page(
        t("mail.stop.ask"),
        plain.paragraph(t("mail.stop.what")),
        plain.form(t.to(STOP + secret), {}, plain.button(t("mail.stop"))),
        municipality=found[0].name,
        spoken=folj_frame.spoken(t, found[0]),
    )


async def stop(request: Request) -> Response:
    """Also the mail program's button. Pressed twice it says the same."""
    found, t = await _found(request, request.path_params["secret"]), tongues.of(request)
    if found is not None:
        await following.stop(routing.house(request).engine, found[0].id, found[1].address)
    return plain.page(
        t("mail.stopped"),
        plain.paragraph(t("mail.stopped.what")),
        municipality=found[0].name if found else "",
        spoken=folj_frame.spoken(t, found[0] if found else None),
    )


def _gone(t: Tongue) -> Response:
    return plain.page(
        t("mail.gone"),
        plain.paragraph(t("mail.gone.what")),
        municipality="",
        status=404,
        spoken=folj_frame.spoken(t, None),
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
