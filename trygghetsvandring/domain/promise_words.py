"""Promise words: a promise and its evidence as the lines that everybody reads. The signed text is never among them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from trygghetsvandring.domain.activity_words import activity_lines
from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.evidence import Evidence, StreetLamp
from trygghetsvandring.domain.guard import Verdict, inspect
from trygghetsvandring.domain.met_needs import ShownNeeds
from trygghetsvandring.domain.municipalities import ACTIVITY_KINDS, ActivityKind
from trygghetsvandring.domain.promise_counts import public_words
from trygghetsvandring.domain.promises import (
    Line,
    Mark,
    OfAgreement,
    Promise,
    Report,
    Result,
    Shown,
    Standing,
    after,
    standing,
    within,
)
from trygghetsvandring.domain.protocol_words import day
from trygghetsvandring.domain.tasks import PublicTextNotSafe, TaskState

Unit = Callable[[str | None], str]
GONE = "Borttaget enligt beslut."


def shown(
    promise: Promise,
    agreement: Agreement,
    inside: Evidence,
    later: Evidence,
    unit: Unit,
    kinds: Sequence[ActivityKind] = ACTIVITY_KINDS,
    built_on: Iterable[str] = (),
    needs: ShownNeeds | None = None,
) -> Shown:
    """What a release of it now would show. `built_on`: each dialogue it is built on, in words."""
    ends = agreement.valid_to
    how = standing(promise, ends, has_evidence=inside.is_there)
    name = {party.id: party.name for party in agreement.parties}
    told = [_reported(it, name, kinds) for it in within(promise.reports, ends)[:1]]
    lines = [*_lines(inside, unit), *activity_lines(inside.activities, name, kinds), *told]
    since = activity_lines(later.activities, name, kinds)
    if how is Standing.MISSING:
        lines.append(_missing(promise))
    return Shown(
        agreement=OfAgreement(
            id=agreement.id,
            kind=agreement.kind,
            title=agreement.title,
            purpose=agreement.purpose,
            parties=tuple(party.called for party in agreement.parties),
            valid_from=agreement.valid_from,
            valid_to=ends,
            keeper=agreement.keeper,
            part_of=agreement.part_of,
            predecessor=agreement.predecessor,
        ),
        number=promise.number,
        owners=tuple(name[owner] for owner in promise.by),
        text=promise.text,
        heading=promise.heading,
        standing=how,
        lines=tuple(lines),
        stretches=inside.stretches,
        later=(*_lines(later, unit), *since, *(_reported(it, name, kinds) for it in after(promise.reports, ends)[:1])),
        built_on=tuple(built_on),
        needs=needs,
    )


def must_be_safe(it: Shown) -> Shown:
    """Refuses words about a person, wherever they come from: a title was written for the desk.

    How long they are was said when they were entered: a line puts a report and who told it together.
    """
    of = it.agreement
    met = it.needs.met if it.needs is not None else ()
    named = (*it.built_on, *met, *(each.name for each in it.stretches))
    for words in (it.text, it.heading, of.title, of.purpose, of.keeper, *of.parties, *it.owners, *named):
        _names_nobody(words)
    for line in (*it.lines, *it.later):
        for words in (line.lead, line.text, *line.more):
            _names_nobody(words)
    return it


def _names_nobody(words: str) -> None:
    found = inspect(words)
    if found.verdict is Verdict.BLOCK:
        raise PublicTextNotSafe(kinds=sorted({span.kind.value for span in found.spans}))


def as_read(it: Shown) -> Shown:
    """Without what no reader sees: two of these are equal when they read the same."""
    lines, later = (tuple(replace(line, about=()) for line in each) for each in (it.lines, it.later))
    return replace(it, lines=lines, later=later)


# ---------------------------------------------------------------- what an erasure leaves


def without(promise: Promise, gone: set[UUID], titles: Collection[str], at: datetime) -> Promise:
    """What was removed by decision stands in no release; how many there were stays as a person released it.

    `titles`: of tasks that are gone or grew from what is gone, for releases older than `Line.about`.
    """
    if promise.shown is None:
        return promise
    lines, later = (
        tuple(_without(line, gone, titles) for line in each) for each in (promise.shown.lines, promise.shown.later)
    )
    shown = replace(promise.shown, lines=lines, later=later)
    return promise if shown == promise.shown else replace(promise, shown=shown, changed_at=at)


def _without(line: Line, gone: set[UUID], titles: Collection[str]) -> Line:
    if not line.lamps:
        return line
    if not line.about:
        words = [f"{title}." for title in titles if title]
        is_named = any(word in line.text for word in words)
        more = tuple(GONE if any(word in row for word in words) else row for row in line.more)
        return replace(line, text=GONE if is_named else line.text, more=more)
    lost = [not gone.isdisjoint(ids) for ids in line.about]
    if not any(lost):
        return line
    about = tuple(() if is_lost else ids for is_lost, ids in zip(lost, line.about, strict=True))
    if not line.more:
        return replace(line, text=GONE, about=about)
    more = tuple(GONE if is_lost else row for is_lost, row in zip(lost, line.more, strict=True))
    return replace(line, more=more, about=about)


# ---------------------------------------------------------------- line by line


def _missing(promise: Promise) -> Line:
    until = f"Redovisas senast {day(promise.report_by)}." if promise.report_by else ""
    return Line(mark=Mark.MISSING, lead="Uppgift saknas.", text=until)


def _reported(it: Report, name: dict[str, str], kinds: Sequence[ActivityKind]) -> Line:
    told = f"Redovisat av {name.get(it.party, it.party)}, {day(it.told_on)}."
    counted = f" {public_words(it.count, {kind.unit for kind in kinds})}." if it.count else ""
    if it.result is Result.NOT_DONE:
        return Line(mark=Mark.DROPPED, lead="Görs inte.", text=f"{it.reason.strip()} {told}")
    return Line(mark=Mark.REPORTED, lead=told, text=f"{it.text.strip()}{counted}")


def _lines(it: Evidence, unit: Unit) -> list[Line]:
    return [*_street(it.lamps, unit), *_walked(it)]


def _walked(it: Evidence) -> list[Line]:
    lines = []
    if it.walked.evenings or it.walked.weekends:
        parts = [(it.walked.evenings, "på kvällar"), (it.walked.weekends, "på helger")]
        said = " och ".join(f"{n} {when}" for n, when in parts if n)
        lines.append(Line(mark=Mark.COUNTED, lead="Trygghetsvandringar:", text=f"{said}."))
    if it.adults.evenings:
        told, months = _out(it.adults.evenings, it.adults.hours), it.adults.months
        more = tuple(f"{_month(each.month)}: {_out(each.evenings, each.hours)}" for each in months)
        lines.append(Line(mark=Mark.COUNTED, lead="Vuxna ute:", text=told, more=more if len(months) > 1 else ()))
    return lines


def _out(evenings: int, hours: int | None) -> str:
    told = "1 kväll." if evenings == 1 else f"{evenings} kvällar."
    return f"{told} Minst {hours} vuxentimmar." if hours else told


def _month(first: date) -> str:
    """ "Maj 2026"."""
    return day(first).partition(" ")[2].capitalize()


_Said = tuple[TaskState, bool]  # and whether it is in part
_SAID: Mapping[_Said, tuple[Mark, str]] = {
    (TaskState.VERIFIED, False): (Mark.LIT, "Åtgärdat, bekräftat på plats:"),
    (TaskState.DONE, False): (Mark.HALF, "Åtgärdat enligt {unit}:"),
    (TaskState.DONE, True): (Mark.HALF, "Delvis åtgärdat enligt {unit}:"),
    (TaskState.PLANNED, False): (Mark.PLAN, "Planerat:"),
    (TaskState.WONT_DO, False): (Mark.NO, "Görs inte:"),
}


def _street(lamps: Sequence[StreetLamp], unit: Unit) -> Iterable[Line]:
    """One line for each state and, where a unit has to be named, for each unit; "görs inte" one by one, with why."""
    for said, (mark, lead) in _SAID.items():
        here = [lamp for lamp in lamps if (lamp.state, lamp.is_partly) == said]
        if mark is Mark.NO:
            for lamp in here:
                why = f"{_where(lamp)} {lamp.reason.strip()}"
                yield Line(mark=mark, lead=lead, text=why, lamps=1, about=(lamp.about,))
            continue
        named = "{unit}" in lead
        for whose in dict.fromkeys(lamp.department for lamp in here) if named else [None]:
            group = [lamp for lamp in here if not named or lamp.department == whose]
            if group:
                yield Line(
                    mark=mark,
                    lead=lead.format(unit=unit(whose)),
                    text="1 plats." if len(group) == 1 else f"{len(group)} platser.",
                    lamps=len(group),
                    more=tuple(_where_and_when(lamp) for lamp in group),
                    about=tuple(lamp.about for lamp in group),
                )


def _where_and_when(lamp: StreetLamp) -> str:
    """The day it was done or seen. Of what is planned, the day it is to be done: never the day somebody wrote so."""
    on = lamp.planned_on if lamp.state is TaskState.PLANNED else lamp.on
    return f"{_where(lamp)} {day(on)}." if on is not None else _where(lamp)


def _where(lamp: StreetLamp) -> str:
    return f"{lamp.place}: {lamp.title}." if lamp.place else f"{lamp.title}."
