"""Answer links: the page behind one, the answers it takes, and the list of them on a task's page.

`GET /besked/<secret>` only shows: mail scanners open every link. An answer is a POST that carries the secret in its
body, with a form of its own that is taken once. No cookie, no script; the answer is the next page itself.
"""

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from trygghetsvandring.domain import answer_links as links
from trygghetsvandring.domain import moderation, read_by_others
from trygghetsvandring.domain.answer_links import AnswerAct, AnswerLink, Standing
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.guard import Verdict, inspect
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.photos import MOST_BYTES, Photo, PhotoTooLarge
from trygghetsvandring.domain.tasks import Referral, Task, TaskState, day_of, public_safe
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.imaging.derivatives import SMALL
from trygghetsvandring.imaging.intake import look_at
from trygghetsvandring.integrations.letters import date_words
from trygghetsvandring.integrations.mail import is_address
from trygghetsvandring.storage import answer_links as stored
from trygghetsvandring.storage import letter_lines, letters, municipalities, photos, records
from trygghetsvandring.storage.buckets import StoreAway
from trygghetsvandring.storage.disk import to_the_end
from trygghetsvandring.sync import arrivals
from trygghetsvandring.sync.wire import Outcome
from trygghetsvandring.web import answers, routing
from trygghetsvandring.web.errors import BodyTooLarge, NotFound
from trygghetsvandring.web.routing import House
from trygghetsvandring.web.tasks import may_know_of
from trygghetsvandring.web.uploads import PhotoRefused

_MOST_BODY = MOST_BYTES + 64 * 1024
_MOST_PICTURES = 2
_MOST_SEEN = 20
_FIELDS: Mapping[AnswerAct, tuple[str, ...]] = {
    AnswerAct.ACCEPT: (),
    AnswerAct.PLAN: ("planned_on", "public_text"),
    AnswerAct.WAIT: ("reason", "next_look_on", "public_text"),
    AnswerAct.FINISH: ("extent", "public_text"),
    AnswerAct.DECLINE: ("reason", "public_text"),
}
_TYPED = ("act", "planned_on", "next_look_on", "extent", "reason", "public_text")


class FormUnknown(Refused):
    code = "form_unknown"


class PerhapsAPerson(Refused):
    code = "perhaps_a_person"


# ---------------------------------------------------------------- looking


async def show(request: Request) -> Response:
    secret = request.path_params["secret"]
    found = await _found(routing.house(request), secret)
    return answers.unknown_page() if found is None else await _page(request, secret, *found)


async def _found(house: House, secret: str) -> tuple[Municipality, AnswerLink, Task | None] | None:
    async with house.store.read() as db:
        found = await stored.by_secret(db, digest(secret))
        if found is None:
            return None
        here = await municipalities.municipality(db, found[0])
        task = await records.one(db, found[0], Task, found[1].task)
    if here is None:
        return None
    return here, links.as_held(found[1], here.organisation(found[1].party)), task


async def _page(
    request: Request,
    secret: str,
    here: Municipality,
    link: AnswerLink,
    task: Task | None,
    *,
    status: int = 200,
    **said: Any,
) -> Response:
    house, now = routing.house(request), routing.now(request)
    how = links.standing(link, task, now)
    if task is None or how is not Standing.OPEN:
        return answers.over_page(how, here, said.get("notice", ""))
    shown = answers.Shown(
        key=house.engine.key,
        secret=secret,
        link=link,
        task=task,
        here=here,
        **await _behind(house, here, task),
        today=day_of(now),
        **said,
    )
    return answers.task_page(shown, status=status)


async def _behind(house: House, here: Municipality, task: Task) -> dict[str, Any]:
    """What was seen, as a department has it: accepted pictures and read words, nothing that is held back."""
    async with house.store.read() as db:
        behind = await records.load(db, here.id, Observation, task.findings)
        shown = read_by_others.shown(task, behind)
        by_finding = await photos.of(db, here.id, [found.id for found in shown])
    accepted = [it for found in shown for it in by_finding.get(found.id, []) if it.may_be_shown]
    return {
        "pictures": await _pictures(house, here, accepted[:_MOST_PICTURES]),
        "seen": [(found.number, _seen(found, here)) for found in shown[:_MOST_SEEN]],
        "point": read_by_others.point(task, behind),
    }


async def _pictures(house: House, here: Municipality, wanted: Sequence[Photo]) -> list[bytes]:
    """Those there are. Somebody can answer without them, so a store that is away stops nobody."""
    try:
        contents = [await house.blobs.read(photos.small_key(here.id, photo.id, SMALL)) for photo in wanted]
    except StoreAway:
        return []
    return [content for content in contents if content is not None]


def _seen(finding: Observation, here: Municipality) -> str:
    category, words = here.category(finding.category), moderation.read_text(finding)
    said = f"”{words}” " if words else ""
    return f"{category.name if category else 'Annat'}. {said}Sett {date_words(day_of(finding.seen_at))}."


# ---------------------------------------------------------------- answering


async def answer(request: Request) -> Response:
    form = await _read(request)
    try:
        return await _answered(request, form)
    finally:
        await form.close()


async def _answered(request: Request, form: FormData) -> Response:
    secret = _word(form, "secret")
    house = routing.house(request)
    found = await _found(house, secret) if secret else None
    if found is None:
        return answers.unknown_page()
    here, link, task = found
    try:
        act = AnswerAct(_word(form, "act"))
        await _do(request, here, link, task, act, form)
    except (Refused, ValueError) as error:
        code = error.code if isinstance(error, Refused) else "malformed"
        again = await _found(house, secret)
        assert again is not None
        if code == "answered_already":  # a double tap: what was said stands, and the page says so
            return await _page(request, secret, *again, notice=answers.WRONG[code])
        typed = {name: _word(form, name) for name in _TYPED}
        if code == PerhapsAPerson.code:
            typed["sure"] = sure_of(typed["public_text"])
        wrong = answers.WRONG.get(code, answers.OTHERWISE)
        return await _page(request, secret, *again, status=422, wrong=wrong, typed=typed)
    again = await _found(house, secret)
    assert again is not None
    return await _page(request, secret, *again, notice=answers.DONE[act])


async def _do(
    request: Request, here: Municipality, link: AnswerLink, task: Task | None, act: AnswerAct, form: FormData
) -> None:
    """Everything that can be said no to is asked before a photo is taken in: what has arrived stays."""
    house, now, given = routing.house(request), routing.now(request), _word(form, "form")
    if not links.is_form(house.engine.key, link.id, act.value, given):
        raise FormUnknown()
    links.answered(link, digest(given), now)  # before all else: who taps twice hears that the first one stands
    links.must_be_open(link, task, now)
    assert task is not None
    party = _party(here, link)
    body: dict[str, Any] = {"link": link.id, "form": digest(given)}
    body |= {name: _word(form, name) for name in _FIELDS[act]}
    must_be_about_the_place(public_safe(body.get("public_text", "")), _word(form, "sure"))
    photo = form.get("photo") if act is AnswerAct.FINISH else None
    if isinstance(photo, UploadFile) and photo.size:
        body["photos"] = [await _taken_in(house, party, task, photo, now)]
    must_be_applied(await house.engine.act(here.id, f"answer.{act.value}", task.id, body, now, actor=party))


def must_be_about_the_place(words: str, sure: str) -> None:
    """What may be about a person is asked about once: the same words sent again are meant."""
    if inspect(words).verdict is Verdict.ASK and sure != sure_of(words):
        raise PerhapsAPerson()


def sure_of(words: str) -> str:
    return digest(words.strip())[:16]


def _party(here: Municipality, link: AnswerLink) -> Principal:
    organisation = here.organisation(link.party)
    name = link.recipient or (organisation.name if organisation else link.party)
    return Principal(
        municipality=here.id,
        role=Role.ANSWERING_PARTY,
        organisation=link.party,
        function=f"{name}, genom länk",
    )


async def _taken_in(house: House, party: Principal, task: Task, upload: UploadFile, now: Any) -> UUID:
    """As any photo: declared, kept as it came, shown when it is decoded, without what else was in the file."""
    content = await upload.read()
    if len(content) > MOST_BYTES:
        raise PhotoTooLarge(bytes=len(content), most=MOST_BYTES)
    seen = await to_the_end(lambda: look_at(BytesIO(content)))
    if seen.code is not None and seen.is_refused:
        raise PhotoRefused(seen.code)
    id = uuid7()
    declared = {
        "of": {"kind": "task", "id": task.id},
        "role": "after",
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "media_type": (upload.content_type or "application/octet-stream")[:40],
        "width": seen.header.width if seen.header else 1,  # not known before it is decoded
        "height": seen.header.height if seen.header else 1,
        "masks": 0,
        "taken_at": now,
    }
    must_be_applied(await house.engine.act(party.municipality, "photo.declare", id, declared, now, actor=party))
    async with house.uploads.hold(party.municipality, id):
        async with house.store.read() as db:
            photo = await records.one(db, party.municipality, Photo, id)
        assert photo is not None
        await arrivals.bring(house.uploads, party.municipality, id, content)
        with contextlib.suppress(StoreAway):  # flushed where it is; the server stores it by itself
            await arrivals.receive(house.engine, house.blobs, house.uploads, party.municipality, photo, now)
    return id


class AnswerRefused(Refused):
    """The door said no; carries the rule's own code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def must_be_applied(outcome: Outcome) -> None:
    if outcome.outcome != "applied":
        raise AnswerRefused(outcome.code or outcome.outcome)


async def _read(request: Request) -> FormData:
    """A form of either kind, refused as soon as it is too long."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > _MOST_BODY:
            raise BodyTooLarge(limit=_MOST_BODY)
        return message

    limited = Request(request.scope, counted)
    return await limited.form(max_files=1, max_fields=10, max_part_size=64 * 1024)


def _word(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


# ---------------------------------------------------------------- on the task's page


async def of_task(request: Request) -> Response:
    """`AnswerLinkRow`s, latest first; never the secret."""
    asker, now = routing.principal(request), routing.now(request)
    async with routing.house(request).store.read() as db:
        task = await records.one(db, asker.municipality, Task, routing.path_id(request))
        if task is None or not may_know_of(task, asker):
            raise NotFound()
        here = await municipalities.municipality(db, asker.municipality)
        found = await stored.of_tasks(db, asker.municipality, [task.id])
        sent_by = await letter_lines.letters_of(db, asker.municipality, [link.id for link in found])
        by = {link.id: str(sent_by.get(link.id, link.letter)) for link in found}
        fates = await letters.fates(db, asker.municipality, by.values())
    party = here.organisation(task.department) if here else None
    is_with_them = not (task.is_closed or task.handed_over or task.state is TaskState.NEW)
    can_send = party is not None and is_with_them
    to = party.mail if party else ""
    return routing.json(
        {
            "links": [_row(links.as_held(link, party), task, fates.get(by[link.id]), now) for link in found],
            "party": party.name if party else None,
            "to": _contact(task.referral) if task.referral else to,
            "recipient": task.referral.party if task.referral else "",
            "decides": party is not None and not links.helps(task, party, to, asker.role),
            "decides_elsewhere": party is not None and not links.helps(task, party, "", asker.role),
            "can_send": can_send,
        }
    )


def _contact(referral: Referral) -> str:
    """What was written as the contact, where it is an address."""
    return next((word for word in referral.contact.replace(",", " ").split() if is_address(word)), "")


def _row(link: AnswerLink, task: Task, fate: letters.Fate | None, now: Any) -> dict[str, object]:
    sent_at = fate.sent_at if fate else None
    return {
        "id": link.id,
        "number": link.number,
        "to": link.to,
        "recipient": link.recipient,
        "helps": link.helps,
        "made_at": link.made_at,
        "made_by": link.made_by,
        "ends_at": link.ends_at,
        "answer_by": link.answer_by,
        "used_at": link.used_at,
        "revoked_at": link.revoked_at,
        "revoked_by": link.revoked_by,
        "standing": links.standing(link, task, now),
        "delivery": "sent" if sent_at else "failed" if fate else "pending",
        "sent_at": sent_at,
        "reason": "" if sent_at or fate is None else fate.reason,
    }


routes = [
    routing.route(answers.ANSWER, answer, methods=["POST"], act=Act.PUBLIC),
    routing.route("/besked/{secret}", show, methods=["GET"], act=Act.PUBLIC),
    routing.route("/api/tasks/{id:uuid}/links", of_task, methods=["GET"], act=Act.READ_TASKS),
]
