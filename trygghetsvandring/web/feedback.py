"""Feedback: the form behind the public page's question, and the list of what came, at the desk.

The form is sent once, carries no cookie and no script, and is the next page itself: taken in, with a number, or why
not, with everything that was written still in its fields. Opening it changes nothing. What the guard refuses is refused
before the door, so that no log keeps it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Final
from uuid import UUID, uuid5

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import answer_links
from trygghetsvandring.domain import feedback as rules
from trygghetsvandring.domain.answer_links import NotAnAddress, is_public_address
from trygghetsvandring.domain.erasures import board_of_asker, coordination
from trygghetsvandring.domain.errors import Malformed, Refused
from trygghetsvandring.domain.feedback import Feedback, FeedbackState, Helped
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act, Principal, Role, may
from trygghetsvandring.storage import feedback, municipalities, records
from trygghetsvandring.sync import contacting
from trygghetsvandring.web import feedback_pages, folj_frame, plain, routing, sessions, tongues
from trygghetsvandring.web.answer_links import FormUnknown, must_be_about_the_place, must_be_applied, sure_of
from trygghetsvandring.web.errors import BadParameter, NotFound, TooManyTries

_FORMS: Final = UUID("6d8f3a52-07b9-5c1c-9a86-0f4f0f5f7a31")
_MOST_BODY: Final = 16 * 1024  # a thousand letters, each written as six
_MOST_SHOWN: Final = 100
_OF_ONE = RateLimitItemPerHour(30)  # from one network: a library's readers share it. In memory for that hour only
_OF_SITE = RateLimitItemPerHour(60)  # who has an IPv6 /48 has 65,536 networks, and is one
_OF_ALL = RateLimitItemPerHour(200)  # to one municipality: more than anybody reads, and no more than a disk stands
_tries = MovingWindowRateLimiter(MemoryStorage())


class FilledByAMachine(Refused):
    """The field that nobody sees was filled in."""

    code = "hidden_field_filled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    helped: Helped
    text: str
    address: str
    id: UUID


# ---------------------------------------------------------------- the form


async def show(request: Request) -> Response:
    """`svar` is what was pressed on the page before: chosen beforehand, and sent by nobody yet."""
    here = await folj_frame.here(request)
    chosen = request.query_params.get("svar", "")
    return _form(request, here, {"helped": chosen if chosen in set(Helped) else ""})


async def give(request: Request) -> Response:
    here, house, now = await folj_frame.here(request), routing.house(request), routing.now(request)
    form = await plain.filled_in(request, _MOST_BODY)
    form["text"] = rules.lines_as_typed(form.get("text", ""))
    try:
        given = _read(house.engine.key, here, form)
        before = await _before(request, here, given)
        if before is not None and not _says(given, *before):
            return _form(request, here, _typed(form), stands=before[0].number)
        if before is None:
            _must_not_flood(request, here)
            if given.address:
                await contacting.keep(house.engine, here.id, given.id, given.address, now)
            body = {"helped": given.helped, "text": given.text}
            actor = Principal(municipality=here.id, role=Role.RESIDENT, function="Någon på den öppna sidan")
            outcome = await house.engine.act(here.id, "feedback.give", given.id, body, now, actor=actor)
            must_be_applied(outcome)
            before = await _before(request, here, given)
    except Refused as error:
        typed = _typed(form)
        if error.code == "perhaps_a_person":
            typed["sure"] = sure_of(typed["text"])
        return _form(request, here, typed, wrong=error.code)
    assert before is not None
    it, contact = before
    return feedback_pages.thanks(tongues.of(request), here, it.number, left_address=contact != "")


def _typed(form: dict[str, str]) -> dict[str, str]:
    return {name: form.get(name, "") for name in ("helped", "text", "mail")}


def _says(given: Given, it: Feedback, contact: str) -> bool:
    """Whether what is sent again is what is stored. An address that is gone since was stored when it was sent."""
    is_same_address = given.address == contact or (contact == "" and it.state is FeedbackState.CLOSED)
    return given.helped is it.helped and rules.sound(given.text) == it.text and is_same_address


def _form(
    request: Request, here: Municipality, typed: dict[str, str], *, wrong: str = "", stands: str = ""
) -> Response:
    key = routing.house(request).engine.key
    once = answer_links.form(key, uuid5(_FORMS, here.id), "feedback", token_hex(8))
    return feedback_pages.form(tongues.of(request), here, once, typed, wrong=wrong, stands=stands)


def _read(key: bytes, here: Municipality, form: dict[str, str]) -> Given:
    once, text, address = form.get("form", ""), form.get("text", "").strip(), form.get("mail", "").strip()
    if form.get(feedback_pages.TRAP):
        raise FilledByAMachine()
    if not answer_links.is_form(key, uuid5(_FORMS, here.id), "feedback", once):
        raise FormUnknown()
    if form.get("helped") not in set(Helped):
        raise Malformed(field="helped")
    must_be_about_the_place(rules.sound(text), form.get("sure", ""))
    if address and (len(address) > rules.LONGEST_ADDRESS or not is_public_address(address)):
        raise NotAnAddress()
    return Given(helped=Helped(form["helped"]), text=text, address=address, id=uuid5(_FORMS, f"{here.id} {once}"))


async def _before(request: Request, here: Municipality, given: Given) -> tuple[Feedback, str] | None:
    """What the same form has said before, and the address with it ("" = none): a form that is sent twice is one."""
    async with routing.house(request).store.read() as db:
        it = await records.one(db, here.id, Feedback, given.id)
        contacts = await feedback.contacts(db, here.id, [given.id])
    return None if it is None else (it, contacts.get(given.id, ""))


def _must_not_flood(request: Request, here: Municipality) -> None:
    counted = ((_OF_ONE, sessions.network(request)), (_OF_SITE, sessions.site(request)), (_OF_ALL, here.id))
    if not all(_tries.hit(limit, "feedback", who) for limit, who in counted):
        raise TooManyTries(retry_after=3600)


def forget_tries() -> None:
    """For tests."""
    _tries.storage.reset()


# ---------------------------------------------------------------- at the desk


async def listed(request: Request) -> Response:
    """A registrator reads those of their own nämnd; an address is for who may ask, the coordinator."""
    asker = routing.principal(request)
    skip = routing.query_int(request, "skip", 0, least=0, most=1_000_000)
    try:
        state = FeedbackState(request.query_params.get("state", "open"))
    except ValueError:
        raise BadParameter(name="state") from None
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
        assert here is not None
        may_close = may(asker, Act.KEEP_FEEDBACK)
        if not may_close and board_of_asker(asker, here) != coordination(here):
            raise NotFound()
        found = await feedback.listed(db, here.id, state, skip=skip, limit=_MOST_SHOWN + 1)
        counts = await feedback.counts(db, here.id)
        contacts = await feedback.contacts(db, here.id, [it.id for it in found]) if may_close else {}
        made = await records.load(db, here.id, Observation, {it.finding for it in found if it.finding})
    return routing.json(
        {
            "rows": [_row(it, contacts.get(it.id), made) for it in found[:_MOST_SHOWN]],
            "counts": counts,
            "more": len(found) > _MOST_SHOWN,
            "may_close": may_close,
            "tell_on_url": here.tell_on_url,
        }
    )


def _row(it: Feedback, contact: str | None, made: Mapping[UUID, Observation]) -> dict[str, Any]:
    finding = made.get(it.finding) if it.finding else None
    return {
        "id": it.id,
        "version": it.version,
        "number": it.number,
        "helped": it.helped,
        "text": it.text,
        "received_at": it.received_at,
        "state": it.state,
        "closed_at": it.closed_at,
        "closed_by": it.closed_by,
        "receipt": it.receipt,
        "contact": contact,
        "finding": {"id": it.finding, "number": finding.number if finding else ""} if it.finding else None,
    }


routes = [
    routing.route(feedback_pages.FORM, show, methods=["GET"], act=Act.PUBLIC),
    routing.route(feedback_pages.FORM, give, methods=["POST"], act=Act.PUBLIC),
    routing.route("/api/feedback", listed, methods=["GET"], act=Act.READ_FEEDBACK),
]
