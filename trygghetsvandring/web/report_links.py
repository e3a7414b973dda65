"""Report links: the page behind one, and the report it takes.

`GET /redovisa/<secret>` only shows: mail scanners open every link. A report is a POST that carries the secret in its
body, with a form of its own that is taken once. No cookie, no script; the answer is the next page itself.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import answer_links, plans
from trygghetsvandring.domain import report_links as links
from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.answer_links import Standing
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.plans import ActionPlan, Commitment
from trygghetsvandring.domain.report_links import ReportLink
from trygghetsvandring.domain.tasks import day_of, public_safe
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import municipalities, records
from trygghetsvandring.storage import plans as stored_plans
from trygghetsvandring.storage import report_links as stored
from trygghetsvandring.web import answers, plain, report_pages, routing
from trygghetsvandring.web.answer_links import FormUnknown, must_be_about_the_place, must_be_applied, sure_of
from trygghetsvandring.web.routing import House

_MOST_BODY = 16 * 1024  # a thousand letters, each written as six
Behind = tuple[Municipality, ReportLink, Commitment]


async def show(request: Request) -> Response:
    secret = request.path_params["secret"]
    found = await _found(routing.house(request), secret)
    return answers.unknown_page() if found is None else await _page(request, secret, *found)


async def _found(house: House, secret: str) -> Behind | None:
    async with house.store.read() as db:
        found = await stored.by_secret(db, digest(secret))
        if found is None:
            return None
        here = await municipalities.municipality(db, found[0])
        it = await records.one(db, found[0], Commitment, found[1].commitment)
    return None if here is None or it is None else (here, found[1], it)


async def _page(
    request: Request,
    secret: str,
    here: Municipality,
    link: ReportLink,
    it: Commitment,
    *,
    status: int = 200,
    **said: Any,
) -> Response:
    house, now = routing.house(request), routing.now(request)
    how = links.standing(link, it, now)
    if how is not Standing.OPEN:
        return report_pages.over_page(how, here, said.get("notice", ""))
    async with house.store.read() as db:
        plan = await records.one(db, here.id, ActionPlan, it.plan)
        assert plan is not None
        agreement = await records.one(db, here.id, Agreement, plan.agreement)
        every = await stored_plans.commitments_of(db, here.id)
        beside = plans.others(it.executor, await stored_plans.all_of(db, here.id), every, day_of(now))
    shown = report_pages.Shown(
        key=house.engine.key,
        secret=secret,
        link=link,
        commitment=it,
        plan=plan,
        agreement=agreement.title if agreement is not None else "",
        here=here,
        rate=plans.rate((each for each in every if each.executor == it.executor), day_of(now)),
        others=beside.get(plan.agreement, ()),
        today=day_of(now),
        **said,
    )
    return report_pages.commitment_page(shown, status=status)


async def answer(request: Request) -> Response:
    form, house = await plain.filled_in(request, _MOST_BODY), routing.house(request)
    secret = form.get("secret", "")
    found = await _found(house, secret) if secret else None
    if found is None:
        return answers.unknown_page()
    wrong = await _refusal(request, *found, form)
    again = await _found(house, secret)
    assert again is not None
    if not wrong:
        return await _page(request, secret, *again, notice=report_pages.DONE)
    if wrong == "answered_already":  # a double tap: what was said stands, and the page says so
        return await _page(request, secret, *again, notice=report_pages.WRONG[wrong])
    typed = {name: form.get(name, "") for name in ("told", "text")}
    if wrong == "perhaps_a_person":
        typed["sure"] = sure_of(typed["text"])
    words = report_pages.WRONG.get(wrong, report_pages.OTHERWISE)
    return await _page(request, secret, *again, status=422, wrong=words, typed=typed)


async def _refusal(
    request: Request, here: Municipality, link: ReportLink, it: Commitment, form: Mapping[str, str]
) -> str:
    """ "" when the report is kept, else the code of why not."""
    try:
        await _do(request, here, link, it, form)
    except (Refused, ValueError) as error:
        return error.code if isinstance(error, Refused) else "malformed"
    return ""


async def _do(request: Request, here: Municipality, link: ReportLink, it: Commitment, form: Mapping[str, str]) -> None:
    house, now, given = routing.house(request), routing.now(request), form.get("form", "")
    due_on, words = form.get("due_on", ""), form.get("text", "").strip()
    if not answer_links.is_form(house.engine.key, link.id, f"{report_pages.ACT} {due_on}", given):
        raise FormUnknown()
    links.answered(link, digest(given), now)  # before all else: who taps twice hears that the first one stands
    links.must_be_open(link, it, now)
    must_be_about_the_place(public_safe(words), form.get("sure", ""))
    body = {"link": link.id, "form": digest(given), "due_on": due_on, "told": form.get("told", ""), "text": words}
    party = _party(here, link)
    must_be_applied(await house.engine.act(here.id, "commitment.answer", it.id, body, now, actor=party))


def _party(here: Municipality, link: ReportLink) -> Principal:
    known = here.organisation(link.executor)
    name = known.name if known is not None else link.executor
    return Principal(
        municipality=here.id, role=Role.ANSWERING_PARTY, organisation=link.executor, function=f"{name}, genom länk"
    )


routes = [
    routing.route(report_pages.ANSWER, answer, methods=["POST"], act=Act.PUBLIC),
    routing.route("/redovisa/{secret}", show, methods=["GET"], act=Act.PUBLIC),
]
