"""Cards: the page a walk's code opens, and the card as the desk prints it and a phone shows it.

The code is typed, or stands in the fragment of the QR's link, which no browser sends; here it travels in bodies only.
So no address, log or referrer has it. A code that is wrong, shut or over gets the same answer.
"""

import time
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import segno
from limits import RateLimitItemPerDay, RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import cards as rules
from trygghetsvandring.domain.answer_links import is_public_address
from trygghetsvandring.domain.cards import CardTooLate, NoCard, WalkCard
from trygghetsvandring.domain.digests import GroupMessage
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.walks import Walk, tidy_code
from trygghetsvandring.integrations.letters import date_words
from trygghetsvandring.storage import cards, municipalities, records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import subscribing, telling
from trygghetsvandring.sync.replies import Told
from trygghetsvandring.web import follow_up, plain, routing, sessions, sheets
from trygghetsvandring.web.errors import NotFound

PAGE, SEEN, MAIL, SCRIPT = "/kort", "/kort/svar", "/kort/mejl", "/kort/kod.js"
_WRONG = RateLimitItemPerHour(10)  # from one sender
_WRONG_OF_ALL = RateLimitItemPerHour(10_000)  # what the length of a code is reckoned for (domain/cards.py)
_LETTERS = RateLimitItemPerDay(20)  # from one card: the whole group may ask on the way home
_LETTERS_OF_ONE = RateLimitItemPerHour(5)  # from one sender, as from one phone
_tries = MovingWindowRateLimiter(MemoryStorage())
# What the QR's link carries after "#" is put where it would have been typed. Without a script it is typed.
_FILL_IN = """\
function fillIn() {
  const code = location.hash.slice(1);
  const field = document.getElementById("code");
  if (!code || !field) return;
  history.replaceState(null, "", location.pathname);
  field.value = code;
  field.form.requestSubmit();
}
addEventListener("hashchange", fillIn);
fillIn();
"""


@dataclass(frozen=True, slots=True)
class Opened:
    here: Municipality
    card: WalkCard
    walk: Walk
    code: str


# ---------------------------------------------------------------- the page


async def show(_request: Request) -> Response:
    return _type_it()


async def script(_request: Request) -> Response:
    return Response(_FILL_IN, media_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


def _type_it(notice: str = "", *, status: int = 200, wait: int = 0, typed: str = "") -> Response:
    page = plain.page(
        "Så går det",
        plain.notice(notice, kind="need") if notice else "",
        plain.paragraph("Har du gått en trygghetsvandring? Här ser du vad som har hänt sedan dess."),
        plain.form(
            PAGE,
            {},
            plain.field("code", "Koden på kortet", "Tolv tecken. Stora eller små spelar ingen roll.", value=typed[:40]),
            plain.button("Visa"),
        ),
        plain.paragraph("Har du ingen kod? Fråga den som ledde vandringen, eller samordnaren i kommunen.", "help"),
        f'<script src="{SCRIPT}" defer></script>',
        municipality="",
        status=status,
    )
    if wait:
        page.headers["Retry-After"] = str(wait)
    return page


async def _opened(request: Request, form: dict[str, str]) -> Opened | Response:
    """What the code opens, or the page that says that it opens nothing: never why."""
    typed, sender = form.get("code", ""), sessions.network(request)
    code = tidy_code(typed)
    is_card, found = await _find(request, code) if _may_try(sender) else (False, None)
    # Asked again: many tries at once have all passed the first question. Right codes wait too: the wait tells nothing.
    if not _may_try(sender):
        waits = (_tries.get_window_stats(item, *keys).reset_time for item, keys in _counted(sender))
        wait = max(1, int(max(waits) - time.time()))
        words = "Det blev för många försök. Vänta en timme och försök igen."
        return _type_it(words, status=429, wait=wait, typed=typed)
    if found is None:
        # What was a card's code, or is too short or long for one, is no guess at another's.
        if not is_card and len(code) == rules.LENGTH:
            for item, keys in _counted(sender):
                _tries.hit(item, *keys)
        words = "Koden öppnar inget kort. Läs den en gång till, eller fråga samordnaren."
        return _type_it(words, status=404, typed=typed)
    return found


def _counted(sender: str) -> list[tuple[RateLimitItemPerHour, tuple[str, ...]]]:
    return [(_WRONG, ("card", sender)), (_WRONG_OF_ALL, ("cards",))]


def _may_try(sender: str) -> bool:
    return all(_tries.test(item, *keys) for item, keys in _counted(sender))


async def _find(request: Request, code: str) -> tuple[bool, Opened | None]:
    """Whether it is or was a card's code, and what it opens now."""
    house = routing.house(request)
    async with house.store.read() as db:
        found = await cards.by_code(db, rules.kept_as(house.engine.key, code))
        if found is None:
            return False, None
        here = await municipalities.municipality(db, found[0])
        walk = await records.one(db, found[0], Walk, found[1].walk)
    if here is None or walk is None or not rules.is_open(found[1], walk, routing.now(request)):
        return True, None
    return True, Opened(here, found[1], walk, code)


async def look(request: Request) -> Response:
    """By POST, so that the code stands in no address; it changes nothing."""
    opened = await _opened(request, await plain.filled_in(request))
    return opened if isinstance(opened, Response) else await _page(request, opened)


async def _page(request: Request, it: Opened, *, notice: str = "", status: int = 200) -> Response:
    async with routing.house(request).store.read() as db:
        told = await telling.replies_of(db, it.here, it.walk)
        message = await records.one(db, it.here.id, GroupMessage, it.walk.id)
    lines = telling.shown(told, it.here, it.walk, {})
    otherwise = telling.answered_without_work(told, it.here, it.walk)
    hidden = {"code": it.code}
    return plain.page(
        "Så går det",
        plain.notice(notice, kind="need" if status != 200 else "said") if notice else "",
        plain.paragraph(f"Det här såg ni: {it.walk.name}, {date_words(day_of(it.walk.starts_at))}."),
        *_sums(told, len(otherwise), day_of(routing.now(request))),
        follow_up.to_all(message),
        *(follow_up.ask(SEEN, hidden, line) for line in lines if rules.asks(line.reply)),
        follow_up.rows([*(line.item for line in lines if not rules.asks(line.reply)), *otherwise]),
        plain.form(
            MAIL,
            hidden,
            plain.field(
                "address",
                "Din e-postadress",
                "Högst ett mejl i veckan. Adressen sparas för sig och tas bort när allt är klart.",
                type="email",
                longest=254,
            ),
            plain.button("Skicka", kind="side"),
            heading="Vill du ha ett mejl när det händer något?",
        ),
        plain.paragraph(
            f"Kortet gäller till och med {_long(rules.lasts_through(it.walk))}. Alla som har koden kan läsa det här. "
            "Här finns inga namn, inga foton och inget som någon skrev på vandringen.",
            "help",
        ),
        f'<p><a href="{PAGE}">Stäng kortet</a></p>',
        municipality=it.here.name,
        status=status,
    )


def _sums(told: list[Told], listed: int, today: date) -> list[str]:
    replies = [reply for _, reply in told if reply is not None]
    if not replies:
        return [plain.paragraph("Inget har kommit in än. Titta igen om några dagar.")]
    sums = rules.sums(replies)
    promised = rules.next_promised(replies, today)
    unlisted = sums.otherwise - listed
    return [
        plain.facts(
            [
                ("Ni lämnade in", _number(sums.told)),
                ("Har fått svar", f"{sums.answered} av {sums.told}"),
                ("På gång", _number(sums.under_way)),
                ("Åtgärdat enligt ansvarig", _number(sums.claimed)),
                ("Åtgärdat, bekräftat på plats", _number(sums.verified)),
                ("Görs inte", _number(sums.wont_do)),
                ("Nästa lovade dag", _long(promised) if promised else ""),
            ]
        ),
        plain.paragraph(f"{sums.unread} väntar på att få sitt svar.", "help") if sums.unread else "",
        plain.paragraph(f"{unlisted} är besvarade utan att bli en åtgärd. De räknas men visas inte.", "help")
        if unlisted > 0
        else "",
    ]


def _number(n: int) -> str:
    return str(n) if n else ""


def _long(day: date) -> str:
    return f"{date_words(day)} {day.year}"


# ---------------------------------------------------------------- what is pressed


async def answer(request: Request) -> Response:
    form = await plain.filled_in(request)
    opened = await _opened(request, form)
    if isinstance(opened, Response):
        return opened
    said = follow_up.answered(form)
    if said is None:
        return await _page(request, opened, notice=follow_up.CHOOSE, status=422)
    saved = await follow_up.say(request, opened.here, opened.walk, *said, voice=None)
    words = follow_up.THANKS if saved else follow_up.NOT_SAVED
    return await _page(request, opened, notice=words, status=200 if saved else 422)


async def mail(request: Request) -> Response:
    """As on a phone: a letter asks whether the address is meant. Says the same whoever has asked before."""
    form = await plain.filled_in(request)
    opened = await _opened(request, form)
    if isinstance(opened, Response):
        return opened
    address = form.get("address", "").strip()
    if len(address) > 254 or not is_public_address(address):
        return await _page(request, opened, notice="Adressen går inte att använda. Kontrollera den.", status=422)
    if not _tries.hit(_LETTERS_OF_ONE, "letters", sessions.network(request)):
        return await _page(request, opened, notice="Många har bett om mejl nyss. Försök om en timme.", status=429)
    if not _tries.hit(_LETTERS, "letters", str(opened.card.id)):
        return await _page(request, opened, notice="Många har bett om mejl i dag. Försök i morgon.", status=429)
    engine, now = routing.house(request).engine, routing.now(request)
    await subscribing.ask(engine, opened.here.id, opened.walk, address, now, by_card=True)
    return await _page(request, opened, notice="Titta i din mejl. Tryck på länken där, så är det klart.")


# ---------------------------------------------------------------- as it is handed out


async def of_phone(request: Request) -> Response:
    """For the walk the phone is on: fetched while there is a network, so that it can be shown without one."""
    asker = routing.principal(request)
    if asker.walk is None:
        raise NotFound()
    async with routing.house(request).store.read() as db:
        walk, card = await _in_use(request, db, asker.municipality, asker.walk)
    return routing.json(_view(request, asker.municipality, walk, card))


async def of_walk(request: Request) -> Response:
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        walk, card = await _in_use(request, db, asker.municipality, routing.path_id(request))
    view = _view(request, asker.municipality, walk, card)
    return routing.json(view | {"made_at": card.made_at, "made_by": card.made_by})


async def slips(request: Request) -> Response:
    """Eight to a page, to cut apart. Not on the sheet for the wall: who only passes by is not given the code."""
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        walk, card = await _in_use(request, db, asker.municipality, routing.path_id(request))
        place = await municipalities.municipality(db, asker.municipality)
    assert place is not None
    return sheets.card_slips(walk, place, _view(request, asker.municipality, walk, card))


async def _in_use(request: Request, db: Db, municipality: str, id: UUID) -> tuple[Walk, WalkCard]:
    walk = await records.one(db, municipality, Walk, id)
    if walk is None:
        raise NotFound()
    card = await records.one(db, municipality, WalkCard, walk.card) if walk.card is not None else None
    if not rules.may_have_one(walk, routing.now(request)):
        raise CardTooLate()
    if card is None or not rules.is_made_under(routing.house(request).engine.key, municipality, card):
        raise NoCard()
    return walk, card


def _view(request: Request, municipality: str, walk: Walk, card: WalkCard) -> dict[str, object]:
    house = routing.house(request)
    code = rules.spaced(rules.code(house.engine.key, municipality, card.id))
    address = f"{house.settings.public_url}{PAGE}"
    # Without a size of its own it has a viewBox instead, and can be shown at any size whole.
    qr = segno.make(f"{address}#{code}", error="m").svg_inline(omitsize=True, border=4, dark="#000", light="#fff")
    return {
        "id": card.id,
        "walk": walk.id,
        "code": code,
        "address": address,
        "qr_svg": qr,
        "through": rules.lasts_through(walk),
    }


def forget_tries() -> None:
    """For tests."""
    _tries.storage.reset()


routes = [
    routing.route(PAGE, show, methods=["GET"], act=Act.PUBLIC),
    routing.route(PAGE, look, methods=["POST"], act=Act.PUBLIC),
    routing.route(SCRIPT, script, methods=["GET"], act=Act.PUBLIC),
    routing.route(SEEN, answer, methods=["POST"], act=Act.PUBLIC),
    routing.route(MAIL, mail, methods=["POST"], act=Act.PUBLIC),
    routing.route("/api/card", of_phone, methods=["GET"], act=Act.CAPTURE),
    routing.route("/api/walks/{id:uuid}/card", of_walk, methods=["GET"], act=Act.PLAN_WALK),
    routing.route("/api/walks/{id:uuid}/card/slips", slips, methods=["GET"], act=Act.PLAN_WALK),
]
