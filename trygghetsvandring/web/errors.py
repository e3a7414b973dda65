"""Refusals as application/problem+json: the only table of status codes, and the plain words for each code.

A person reads `detail`: what it is, and what to do next. Facts never carry what somebody typed.
"""

import msgspec
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from trygghetsvandring.domain.errors import Fact, Refused
from trygghetsvandring.storage.disk import refusal_of
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
    "device_revoked": 401,
    "token_expired": 401,
    "user_disabled": 401,
    "device_restarted": 409,
    "not_a_rescue": 422,
    "rescue_truncated": 422,
    "rescue_damaged": 422,
    "rescue_key_unknown": 422,
    "rescue_elsewhere": 422,
    "rescue_device_unknown": 422,
    "rescue_too_large": 413,
    "wrong_password": 401,
    "not_found": 404,
    "invite_unknown": 404,
    "no_invite": 404,
    "no_card": 404,
    "card_too_late": 404,
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
    "uploads_full": 429,
    "checksum_unknown": 400,
    "checksum_differs": 460,
    "photo_arrived": 403,
    "digest_differs": 460,
    "invite_full": 409,
    "must_refetch": 409,
    "photo_differs": 409,
    "invite_ended": 410,
    "erased": 410,
    "under_hold": 409,
    "delivery_stands": 409,
    "rulebook_not_a_draft": 409,
    "batch_too_large": 413,
    "body_too_large": 413,
    "photo_too_large": 413,
    "too_many_tries": 429,
    "wrong_origin": 403,
    "not_this_phone": 403,
    "not_an_address": 422,
    "feedback_closed": 409,
    "nothing_written": 409,
    "mail_settled": 409,
    "survey_closed": 409,
    "survey_not_shown": 409,
    "too_few_answered": 409,
    "not_announced": 409,
    "message_sent_already": 409,
    "server_fault": 500,
    "server_busy": 503,
    "storage_failed": 507,
    "storage_stopped": 503,
    "storage_full": 507,
    "store_away": 503,
}

WORDS: dict[str, tuple[str, str]] = {
    "not_signed_in": ("Du är inte inloggad", "Logga in igen. Det du har skrivit finns kvar."),
    "device_unknown": ("Telefonen är inte med", "Gå med i vandringen igen med koden. Det du har sparat finns kvar."),
    "device_revoked": ("Telefonen får inte se mer", "Det du själv har sparat finns kvar. Fråga samordnaren."),
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
    "card_too_late": ("Vandringen har inget kort", "Den är en återvandring, eller så är uppföljningen slut."),
    "no_card": ("Det finns inget kort", "Gör ett kort på vandringens sida. Då kan de som gick se hur det går."),
    "too_many_tries": ("För många försök", "Vänta en stund. Försök sedan igen."),
    "token_expired": ("Inloggningen har gått ut", "Gå med igen, eller logga in igen. Det du har sparat finns kvar."),
    "user_disabled": ("Inloggningen är avslutad", "Det du har sparat finns kvar. Fråga samordnaren."),
    "device_restarted": ("Telefonen har börjat om", "Appen tar ett nytt nummer. Det du har sparat finns kvar."),
    "not_a_rescue": ("Det är ingen räddningsfil", "Välj filen som telefonen sparade. Den slutar på .trygg."),
    "rescue_truncated": ("Filen är inte hel", "Slutet saknas. Be om filen en gång till. Inget är inläst."),
    "rescue_damaged": ("Filen är skadad", "Något i den är ändrat. Be om filen en gång till. Inget är inläst."),
    "rescue_key_unknown": ("Filen går inte att öppna", "Den är låst med en annan nyckel. Inget är inläst."),
    "rescue_elsewhere": ("Filen hör till en annan kommun", "Skicka den till den kommunen. Inget är inläst."),
    "rescue_device_unknown": ("Telefonen är okänd", "Ingen telefon med det numret har gått med. Inget är inläst."),
    "rescue_too_large": ("Filen är för stor", "Den kan inte komma från en vandring. Inget är inläst."),
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
    "uploads_full": ("För många foton på en gång", "Vänta lite. Appen skickar resten sedan."),
    "checksum_unknown": ("Det gick inte att läsa", "Uppdatera appen. Det du har sparat finns kvar."),
    "checksum_differs": ("En del blev skadad på vägen", "Appen skickar den delen igen."),
    "photo_arrived": ("Fotot har kommit fram", "Kommunen har det nu. Det går inte att avbryta."),
    "digest_differs": ("Fotot blev skadat på vägen", "Appen skickar det igen från början."),
    "erased": ("Borttaget enligt beslut", "Nämnden har beslutat att ta bort det. Det finns inte kvar hos kommunen."),
    "rulebook_not_a_draft": ("Det är inget utkast", "Reglerna är redan publicerade. Gör ett nytt utkast."),
    "delivery_stands": ("Det är redan skickat", "Titta på vad som hände sist. Inget skickas två gånger."),
    "not_publishable": ("Det kan inte visas för alla", "Granska det först. Sociala iakttagelser visas aldrig."),
    "seen_has_moved": ("Det har ändrats sedan du läste", "Läs det igen, och visa det sedan."),
    "not_published": ("Det visas inte för alla", "Det finns inget att ta bort."),
    "pair_not_done": ("Arbetet är inte klart", "Foton före och efter visas när åtgärden är klar."),
    "pair_not_looked_at": ("Titta på fotona först", "Säg att ingen går att känna igen på dem."),
    "photo_not_releasable": ("Fotot kan inte visas för alla", "Välj ett annat foto, eller inget."),
    "key_unsound": ("Nyckeln går inte att skapa", "Skriv vems nyckel det är, högst 80 tecken."),
    "key_revoked": ("Nyckeln är redan spärrad", "Skapa en ny om de behöver en."),
    "address_unsound": ("Adressen går inte att använda", "Skriv hela adressen. Den börjar med https://."),
    "partner_unknown": ("Dit går det inte att skicka", "Välj en part som tar emot åtgärder och inte loggar in här."),
    "update_repeated": ("Det har redan kommit", "Inget är ändrat."),
    "open311_faulty": ("Något i anropet stämmer inte", "Läs felen i svaret."),
    "under_hold": ("Det får inte tas bort", "Nämnden har stoppat all borttagning av det. Häv stoppet först."),
    "not_a_push_address": ("Det går inte att säga till", "Webbläsaren gav ingen adress. Du ser svaren här i appen."),
    "storage_stopped": ("Servern kan inte spara", "Det du har finns kvar hos dig. Vi försöker igen."),
    "storage_full": ("Servern är full", "Det du har finns kvar hos dig. Vi försöker igen."),
    "server_busy": ("Servern hinner inte", "Vänta lite. Appen försöker igen."),
    "store_away": ("Fotona kan inte hämtas eller sparas nu", "Inget är borta. Vi försöker igen om en stund."),
    "storage_failed": ("Servern kan inte spara", "Det du har finns kvar hos dig. Vi försöker igen."),
    "not_an_address": ("Adressen går inte att använda", "Skriv en enda e-postadress, utan namn."),
    "link_over": ("Länken gäller inte", "Be kommunen om en ny länk."),
    "answered_already": ("Svaret är redan sparat", "Du behöver inte göra något."),
    "perhaps_a_person": ("Handlar texten om en person?", "Ändra den då. Annars skickar du den en gång till."),
    "form_unknown": ("Sidan var för gammal", "Öppna länken igen och svara."),
    "hidden_field_filled": ("Ett fält ska vara tomt", "Lämna det dolda fältet tomt, och skicka igen."),
    "not_announced": ("Vandringen visas inte", "Läs om sidan. Inget är ändrat."),
    "announcement_asks": ("Handlar orden om en person?", "Ändra vandringen, eller säg att de inte gör det."),
    "survey_closed": ("Enkäten är stängd", "Den tar inte emot fler svar."),
    "need_not_possible": ("Behovet går inte att koppla så", "Kontrollera plats, tid och åtagande."),
    "survey_not_possible": ("Enkäten går inte att skapa", "Kontrollera platser, tider och val."),
    "survey_not_shown": ("Svaren visas inte", "Läs om sidan. Inget är ändrat."),
    "too_few_answered": ("För få har svarat", "Vänta tills minst fem nya har svarat."),
    "mail_settled": ("Mejlet är redan klart", "Läs om listan. Inget är ändrat."),
    "nothing_written": ("Här står ingen text", "Därför kan det inte bli ett fynd."),
    "feedback_closed": ("Synpunkten är redan klar", "Läs om listan. Inget är ändrat."),
    "message_sent_already": ("Meddelandet är redan skickat", "Gruppen får ett meddelande. Det går inte att ändra."),
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


async def on_system(request: Request, error: Exception) -> Response:
    """A full or broken disk, wherever it was met: a phone waits and tries again."""
    assert isinstance(error, OSError)
    refused = refusal_of(error)
    if refused is None:
        return await on_fault(request, error)
    log.error("storage_failed", path=middleware.loggable(request.scope["path"]), error=error.strerror)
    return await on_refused(request, refused)


async def on_gone(_request: Request, error: Exception) -> Response:
    """The asker hung up while it was still talking. Nobody hears this answer, and it is no fault of ours."""
    assert isinstance(error, ClientDisconnect)
    return problem("connection_silent", {})


async def on_fault(request: Request, error: Exception) -> Response:
    path = middleware.loggable(request.scope["path"])
    log.error("server_fault", path=path, error=type(error).__name__, exc_info=error)
    return problem("server_fault", {}, middleware.HEADERS)  # answered outside of every middleware
