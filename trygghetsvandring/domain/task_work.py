"""What people do to a task: one function per operation, checking who, arrow, facts, words and dates, in that order.

A function answers with the changed task; version numbers belong to the engine. `at` is when the person did it.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from uuid import UUID

from trygghetsvandring.domain.departments import Organisation
from trygghetsvandring.domain.doubts import is_of, settled, weighed
from trygghetsvandring.domain.errors import Malformed, Refused, TextTooLong
from trygghetsvandring.domain.hand_overs import HandOver
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.task_passages import along, enter, noted
from trygghetsvandring.domain.tasks import (
    LONGEST_TITLE,
    Confirmation,
    DeclineReason,
    Extent,
    NotYourTask,
    Referral,
    SeenBeforeDone,
    SeenThere,
    Task,
    TaskEvent,
    TaskState,
    WaitReason,
    day_of,
    internal_safe,
    must_have,
    not_after,
    not_before,
    public_safe,
    short,
)

_DECLINED = {
    DeclineReason.WRONG_OWNER: "Fel ägare.",
    DeclineReason.DUPLICATE: "Finns redan som åtgärd.",
    DeclineReason.UNCLEAR: "Går inte att förstå.",
}
_SEEN = {
    SeenThere.GOOD: "Sett på plats: ja, bra.",
    SeenThere.PARTLY: "Sett på plats: delvis.",
    SeenThere.NO: "Sett på plats: nej, inte åtgärdat.",
    SeenThere.NOT_THERE: "Har inte varit där.",
}
_A_WALKER = "Någon som gick"
MOST_BOUNCES = 2  # after so many nobody but the coordinator decides whose it is


class SameOwner(Refused):
    """Whoever says "inte vårt" names another than themselves."""

    code = "same_owner"


def needs_decision(task: Task) -> bool:
    """It has been back and forth: the coordinator decides, whatever the rules propose."""
    return task.bounced >= MOST_BOUNCES and task.state is TaskState.NEW and not task.is_gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the task is, in words and perhaps as a point, and how near another finding must be to be the same thing."""

    words: str
    lat: float | None = None
    lon: float | None = None
    tile: str = ""  # the group of categories it belongs to
    radius_m: int = 0


def create(
    *,
    id: UUID,
    number: str,
    title: str,
    findings: Collection[UUID],
    priority: int,
    priority_reason: str = "",
    place: Place,
    by: Principal,
    at: datetime,
) -> Task:
    arrow = enter("task.create", None, by, {"findings": tuple(findings), "title": title, "priority": priority})
    if priority not in (1, 2, 3):
        raise Malformed(field="priority")
    if len(title) > LONGEST_TITLE:
        raise TextTooLong(field="title", longest=LONGEST_TITLE)
    event = TaskEvent(at=at, type=arrow.operation, start=None, end=arrow.end, by=by.function, text="")
    return Task(
        id=id,
        version=0,
        number=number,
        title=public_safe(title),
        state=arrow.end,
        priority=priority,
        priority_reason=public_safe(short(priority_reason, "priority_reason")),
        findings=tuple(dict.fromkeys(findings)),
        place=place.words,
        lat=place.lat,
        lon=place.lon,
        tile=place.tile,
        radius_m=place.radius_m,
        history=(event,),
    )


def assign(task: Task, *, department: str, explanation: str, due_on: date, by: Principal, at: datetime) -> Task:
    arrow = enter("task.assign", task, by, {"department": department, "explanation": explanation, "due_on": due_on})
    not_before(due_on, day_of(at), "due_on")
    said = public_safe(explanation)
    return along(task, arrow, by, at, said, department=department, explanation=said, due_on=due_on, next_owner=None)


def accept(task: Task, *, person: str, assignee: UUID | None = None, by: Principal, at: datetime) -> Task:
    """`person` is whom the unit gave it to, in its own words; it is never shown outside the unit."""
    arrow = enter("task.accept", task, by, {"person": person})
    return along(task, arrow, by, at, "", person=internal_safe(person), assignee=assignee)


def decline(
    task: Task,
    *,
    reason: DeclineReason,
    public_text: str,
    next_owner: Organisation | None,
    by: Principal,
    at: datetime,
    must_name: bool = True,
) -> Task:
    """Back to triage, counted as a bounce. Who declined and who they point at stays in the explanation.

    "Inte vårt" names the next owner, another than oneself: no case comes to a dead end. `must_name` False for a party
    outside, who knows nothing of our units; then the coordinator finds one.
    """
    facts = {"reason": reason, "public_text": public_text}
    arrow = enter("task.decline", task, by, facts)
    if reason is DeclineReason.WRONG_OWNER and must_name:
        must_have(replace(arrow, requires=("next_owner",)), {"next_owner": next_owner})
    if next_owner is not None and next_owner.id == task.department:
        raise SameOwner()
    said = f"{_DECLINED[reason]} {public_safe(public_text)}"
    pointed = f" Föreslår {next_owner.name}." if next_owner else ""
    return along(
        task,
        arrow,
        by,
        at,
        said + pointed,
        department=None,
        person="",
        assignee=None,
        due_on=None,
        bounced=task.bounced + 1,
        next_owner=next_owner.id if next_owner else None,
        explanation=f"Tillbaka från {by.function}. {said}{pointed}",
    )


def plan(task: Task, *, planned_on: date, by: Principal, at: datetime) -> Task:
    arrow = enter("task.plan", task, by, {"planned_on": planned_on})
    not_before(planned_on, day_of(at), "planned_on")
    return along(task, arrow, by, at, "", planned_on=planned_on)


def start(task: Task, *, note: str, by: Principal, at: datetime) -> Task:
    arrow = enter("task.start", task, by, {"note": note})
    return along(task, arrow, by, at, internal_safe(note), internal=True)


def wait(task: Task, *, reason: WaitReason, public_text: str, next_look_on: date, by: Principal, at: datetime) -> Task:
    facts = {"reason": reason, "public_text": public_text, "next_look_on": next_look_on}
    arrow = enter("task.wait", task, by, facts)
    not_before(next_look_on, day_of(at), "next_look_on")
    said = public_safe(public_text)
    return along(task, arrow, by, at, said, public_text=said, wait_reason=reason, next_look_on=next_look_on)


def refer(task: Task, *, referral: Referral, public_text: str, next_look_on: date, by: Principal, at: datetime) -> Task:
    """To a party outside; it stays ours and open, with a next look. The contact is for the desk only."""
    facts = {
        "party": referral.party,
        "contact": referral.contact,
        "reference": referral.reference,
        "public_text": public_text,
        "next_look_on": next_look_on,
    }
    arrow = enter("task.refer", task, by, facts)
    not_before(next_look_on, day_of(at), "next_look_on")
    short(referral.contact, "contact")
    short(referral.reference, "reference")
    said = f"Till {public_safe(referral.party)}. {public_safe(public_text)}"
    gone = along(task, arrow, by, at, said, public_text=said, referral=referral, next_look_on=next_look_on)
    return noted(gone, arrow.operation, by, at, f"Kontakt: {referral.contact}. Referens: {referral.reference}")


def hand_over(task: Task, *, to: HandOver, public_text: str, by: Principal, at: datetime) -> Task:
    """An order to a private owner is the authority's own case from here: we keep the receipt and expect no more."""
    facts = {**asdict(to), "public_text": public_text}
    arrow = enter("task.hand_over", task, by, facts)
    not_after(to.handed_on, day_of(at), "handed_on")
    reference = public_safe(short(to.reference, "reference"))
    said = f"Överlämnat till {public_safe(short(to.party, 'party'))} {to.handed_on}, ärende {reference}. "
    said += public_safe(public_text)
    return along(task, arrow, by, at, said, public_text=said, handed_over=to)


def finish(
    task: Task, *, extent: Extent, public_text: str, photos: Collection[UUID], by: Principal, at: datetime
) -> Task:
    evidence = public_text.strip() or tuple(photos)
    arrow = enter("task.finish", task, by, {"extent": extent, "evidence": evidence, "public_text": public_text})
    said = public_safe(public_text)
    return along(
        task,
        arrow,
        by,
        at,
        said,
        public_text=said,
        extent=extent,
        photos=tuple(photos),
        done_on=day_of(at),
        finished_by=by.function,
        finished_by_user=by.user,
        finished_by_organisation=by.organisation,
        confirmations=(),  # what was answered before was not about this
    )


def refuse(
    task: Task, *, public_text: str, by: Principal, at: datetime, said_by: str = "", said_on: date | None = None
) -> Task:
    """No, and why. Whoever enters it for a party that does not sign in says which function there said so, and when."""
    arrow = enter("task.refuse", task, by, {"public_text": public_text})
    said = public_safe(public_text)
    if by.role is Role.COORDINATOR:
        must_have(replace(arrow, requires=("said_by", "said_on")), {"said_by": said_by, "said_on": said_on})
    no = along(
        task,
        arrow,
        by,
        at,
        said,
        public_text=said,
        done_on=None,
        finished_by=by.function,
        finished_by_user=by.user,
        finished_by_organisation=by.organisation,
    )
    if said_on is None:
        return no
    told = f"Besked {not_after(said_on, day_of(at), 'said_on')} från {internal_safe(short(said_by, 'said_by'))}."
    return noted(no, arrow.operation, by, at, told)


def verify(task: Task, *, seen: str, seen_on: date, by: Principal, at: datetime) -> Task:
    """Somebody outside the closing unit has been there, after the work was said to be done."""
    arrow = enter("task.verify", task, by, {"seen": seen, "seen_on": seen_on})
    not_after(seen_on, day_of(at), "seen_on")
    if task.done_on is not None and seen_on < task.done_on:
        raise SeenBeforeDone(done_on=task.done_on.isoformat(), seen_on=seen_on.isoformat())
    seen_there = along(task, arrow, by, at, public_safe(seen), public_text=task.public_text)
    return settled(seen_there, seen_on, at)


def reopen(task: Task, *, department: str, seen: str, due_on: date, by: Principal, at: datetime) -> Task:
    arrow = enter("task.reopen", task, by, {"department": department, "seen": seen, "due_on": due_on})
    not_before(due_on, day_of(at), "due_on")
    said = public_safe(seen)
    return along(
        task,
        arrow,
        by,
        at,
        said,
        public_text=said,
        department=department,
        explanation=f"Öppnat igen. {said}",
        due_on=due_on,
        person="",
        assignee=None,
        planned_on=None,
        done_on=None,
        extent=None,
        finished_by=None,
        finished_by_user=None,
        finished_by_organisation=None,
        reopened=task.reopened + 1,
        reopen_proposed=False,
        doubted_on=None,
        settled=None,
        confirmations=(),
        photos=(),  # of work that did not hold; the finding's history keeps the day
    )


# ---------------------------------------------------------------- what changes no state


def note(task: Task, *, text: str, by: Principal, at: datetime) -> Task:
    return noted(task, "task.note", by, at, internal_safe(text))


def wish(task: Task, reason: str, by: Principal, at: datetime) -> Task:
    """The author of a finding wants it back when work may be ordered already: written down for those who decide."""
    walker = replace(by, function=by.function or _A_WALKER)
    return noted(task, "observation.withdraw", walker, at, f"Vill dra tillbaka sin iakttagelse. {reason}".strip())


def confirm(
    task: Task,
    *,
    seen: SeenThere,
    seen_on: date | None,
    walks: Collection[UUID],
    by: Principal,
    at: datetime,
    in_the_dark: bool = True,
) -> Task:
    """What a walker, a field secretary or a coordinator has seen there; never refused for the task's state.

    "Ja, bra" from after the work verifies it; "Nej", and "Delvis" of what is said to be whole, propose to open it
    again, and a coordinator decides.
    `walks` are the walks whose findings the task has: no other walker answers for the group.
    """
    if by.role is Role.WALKER and not any(by.has_walked(walk) for walk in walks):
        raise NotYourTask(role=by.role.value)
    day = not_after(seen_on or day_of(at), day_of(at), "seen_on")
    answer = Confirmation(device=by.device, user=by.user, seen=seen, seen_on=seen_on, at=at, in_the_dark=in_the_dark)
    others = tuple(each for each in task.confirmations if not is_of(each, by))
    told = replace(task, confirmations=(*others, answer))
    walker = replace(by, function=by.function or _A_WALKER)
    if seen is SeenThere.NOT_THERE:
        return weighed(told)
    if seen is SeenThere.GOOD and _can_verify(task, day):
        arrow = enter("task.verify", told, walker, {"seen": seen.value, "seen_on": day})
        told = along(told, arrow, walker, at, _SEEN[seen], type="task.confirm", public_text=task.public_text)
    else:
        told = noted(told, "task.confirm", walker, at, _SEEN[seen], internal=False)
    # One walker's word against another's is the coordinator's to weigh; who was sent there settles it.
    answers_for_it = seen is SeenThere.GOOD and by.role is not Role.WALKER
    return settled(told, day, at) if answers_for_it else weighed(told)


def _can_verify(task: Task, day: date) -> bool:
    return task.state is TaskState.DONE and (task.done_on is None or day >= task.done_on)
