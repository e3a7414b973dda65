"""Refusals as application/problem+json: the only table of status codes, and the plain words for each code.

A person reads `detail`: what it is, and what to do next. Facts never carry what somebody typed.
"""

import msgspec
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.errors import Fact, Refused
from trygghetsvandring.web import middleware

log = structlog.get_logger()


class NotSignedIn(Refused):
    code = "not_signed_in"


class NotFound(Refused):
    """Also the answer to everything one may not know about."""

    code = "not_found"


class WrongPassword(Refused):
    code = "wrong_password"


class TooManyTries(Refused):
    code = "too_many_tries"


class DeviceUnknown(Refused):
    code = "device_unknown"


class MustRefetch(Refused):
    code = "must_refetch"


class WrongOrigin(Refused):
    code = "wrong_origin"


class BadParameter(Refused):
    code = "bad_parameter"


class BodyTooLarge(Refused):
    code = "body_too_large"


STATUS: dict[str, int] = {
    "not_signed_in": 401,
    "device_unknown": 401,
    "wrong_password": 401,
    "not_found": 404,
    "invite_unknown": 404,
    "no_invite": 404,
    "photo_not_declared": 404,
    "method_not_allowed": 405,
    "connection_silent": 408,
    "offset_differs": 409,
    "tus_version": 412,
    "wrong_media_type": 415,
    "not_a_photo": 422,
    "truncated": 422,
    "too_many_pixels": 422,
    "too_slow_to_decode": 422,
    "upload_busy": 423,
    "digest_differs": 460,
    "invite_full": 409,
    "must_refetch": 409,
    "photo_differs": 409,
    "invite_ended": 410,
    "batch_too_large": 413,
    "body_too_large": 413,
    "photo_too_large": 413,
    "too_many_tries": 429,
    "wrong_origin": 403,
    "not_this_phone": 403,
    "server_fault": 500,
    "server_busy": 503,
    "storage_failed": 507,
    "storage_stopped": 503,
    "storage_full": 507,
}

WORDS: dict[str, tuple[str, str]] = {
    "not_signed_in": ("Du är inte inloggad", "Logga in igen. Det du har skrivit finns kvar."),
    "device_unknown": ("Telefonen är inte med", "Gå med i vandringen igen med koden. Det du har sparat finns kvar."),
    "wrong_password": (
        "Fel namn eller lösenord",
        "Kontrollera och försök igen. Har du glömt det? Den som sköter servern kan ge dig ett nytt.",
    ),
    "not_found": ("Sidan finns inte", "Gå tillbaka och försök en annan väg."),
    "invite_unknown": ("Koden stämmer inte", "Läs koden en gång till. Fråga den som leder om det inte går."),
    "invite_ended": ("Inbjudan har gått ut", "Fråga den som leder efter en ny kod."),
    "invite_full": ("Alla platser är tagna", "Fråga den som leder efter en ny kod."),
    "not_this_phone": ("Telefonen känns inte igen", "Rensa appens data i telefonen och gå med igen med koden."),
    "no_invite": ("Det finns ingen inbjudan", "Skapa en inbjudan till vandringen först."),
    "too_many_tries": ("För många försök", "Vänta en stund. Försök sedan igen."),
    "must_refetch": ("Hämta allt igen", "Appen hämtar allt från början. Det du har sparat finns kvar."),
    "wrong_origin": ("Anropet kom från fel sida", "Öppna sidan på nytt och försök igen."),
    "batch_malformed": ("Det gick inte att läsa", "Uppdatera appen. Det du har sparat finns kvar."),
    "batch_too_large": ("För mycket på en gång", "Appen delar upp det och försöker igen."),
    "body_too_large": ("För stort", "Skicka mindre åt gången."),
    "bad_parameter": ("Något i adressen stämmer inte", "Gå tillbaka och försök igen."),
    "photo_not_declared": ("Fotot är inte anmält", "Appen skickar uppgifterna först. Vänta lite."),
    "photo_differs": ("Fotot är ett annat", "Det finns redan ett foto med samma nummer. Ta ett nytt foto."),
    "photo_too_large": ("Fotot är för stort", "Välj ett mindre foto, eller ta om det i appen."),
    "connection_silent": ("Det kom inget mer", "Appen fortsätter där det tog slut."),
    "offset_differs": ("En del har redan kommit", "Appen fortsätter där det tog slut."),
    "tus_version": ("Appen är för gammal", "Uppdatera appen. Det du har sparat finns kvar."),
    "wrong_media_type": ("Det gick inte att läsa", "Uppdatera appen. Det du har sparat finns kvar."),
    "not_a_photo": ("Filen är inget foto", "Välj ett foto, eller ta ett nytt i appen."),
    "truncated": ("Fotot är inte helt", "En del av fotot saknas. Ta ett nytt."),
    "too_many_pixels": ("Fotot är för stort", "Välj ett mindre foto, eller ta om det i appen."),
    "too_slow_to_decode": ("Fotot går inte att visa", "Ta ett nytt foto i appen."),
    "upload_busy": ("Fotot är redan på väg", "Vänta lite. Appen försöker igen."),
    "digest_differs": ("Fotot blev skadat på vägen", "Appen skickar det igen från början."),
    "storage_stopped": ("Servern kan inte spara", "Det du har finns kvar hos dig. Vi försöker igen."),
    "storage_full": ("Servern är full", "Det du har finns kvar hos dig. Vi försöker igen."),
    "server_busy": ("Servern hinner inte", "Vänta lite. Appen försöker igen."),
    "storage_failed": ("Servern kan inte spara", "Det du har finns kvar hos dig. Vi försöker igen."),
    "server_fault": ("Något gick fel hos oss", "Det du har skrivit finns kvar. Försök igen om en stund."),
}
_OTHERWISE = ("Det gick inte", "Kontrollera uppgifterna och försök igen.")


def problem(code: str, facts: dict[str, Fact], headers: dict[str, str] | None = None) -> Response:
    title, detail = WORDS.get(code, _OTHERWISE)
    status = STATUS.get(code, 400)
    body = {"code": code, "title": title, "detail": detail, "status": status, "facts": facts}
    return Response(
        msgspec.json.encode(body),
        status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        media_type="application/problem+json",
    )


async def on_refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    wait = error.facts.get("retry_after")
    return problem(error.code, error.facts, {"Retry-After": str(wait)} if wait is not None else None)


async def on_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}.get(error.status_code, "bad_request")
    return problem(code, {}, dict(error.headers or {}))


async def on_fault(request: Request, error: Exception) -> Response:
    log.error("server_fault", path=request.scope["path"], error=type(error).__name__, exc_info=error)
    return problem("server_fault", {}, middleware.HEADERS)  # answered outside of every middleware
