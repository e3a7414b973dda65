"""What the picture of an EST week is made of, read from the store: the same for the week and for a period of weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from trygghetsvandring.domain.est_events import Sources
from trygghetsvandring.domain.est_week import EstWeek
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import NO_WALK, Observation
from trygghetsvandring.domain.period_counts import Decided
from trygghetsvandring.domain.period_picture import WeekFound, decided
from trygghetsvandring.domain.periods import Period
from trygghetsvandring.domain.presence import PresenceSum, released, sums
from trygghetsvandring.domain.stops import FeelingAnswer
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.weeks import Week
from trygghetsvandring.storage import est_week, presence, records
from trygghetsvandring.storage.unit import Db


async def of_week(db: Db, here: Municipality, week: Week, kept: EstWeek | None, tonight: date) -> tuple[Sources, bool]:
    """False: more was handed in than can be counted."""
    (told,), is_whole = await _told(db, here, [week], {} if kept is None else {kept.week: kept}, tonight)
    return told.found, is_whole


async def of_weeks(db: Db, here: Municipality, weeks: Sequence[Week], tonight: date) -> tuple[list[WeekFound], bool]:
    """Likewise, of each of weeks that follow each other. A year costs as many questions as a week."""
    kept = {it.week: it for it in await est_week.between(db, here.id, weeks[0], weeks[-1])}
    return await _told(db, here, weeks, kept, tonight)


async def _told(
    db: Db, here: Municipality, weeks: Sequence[Week], kept: Mapping[str, EstWeek], tonight: date
) -> tuple[list[WeekFound], bool]:
    walks = await est_week.walks_in(db, here.id, weeks)
    on = [walk.id for walk in walks]
    findings = await est_week.findings_in(db, here.id, weeks, on)
    decided = {each.task for it in kept.values() for each in it.decisions if each.task}
    everything = Sources(
        walks=walks,
        findings=findings,
        feelings=await est_week.feelings_in(db, here.id, on),
        tasks=await records.load(db, here.id, Task, {id for it in findings for id in it.tasks} | decided),
        presence=await _presence(db, here, weeks, tonight) if released(here.presence_release, tonight) else (),
    )
    by_walk = _ByWalk(everything)
    told = [by_walk.of(week, kept.get(str(week))) for week in weeks]
    is_whole = all(
        len(it.found.walks) <= est_week.MOST_WALKS and len(it.found.findings) <= est_week.MOST_FINDINGS for it in told
    )
    cut = [replace(it, found=replace(it.found, findings=it.found.findings[: est_week.MOST_FINDINGS])) for it in told]
    return cut, is_whole


class _ByWalk:
    """Everything of some weeks, to be told week by week: a walk that begins as one ends is in both, as when asked."""

    def __init__(self, everything: Sources) -> None:
        self._all = everything
        self._findings: dict[UUID, list[Observation]] = {}
        self._feelings: dict[UUID, list[FeelingAnswer]] = {}
        self._presence: dict[date, list[PresenceSum]] = {}
        for finding in everything.findings:
            self._findings.setdefault(finding.walk, []).append(finding)
        for answer in everything.feelings:
            self._feelings.setdefault(answer.walk, []).append(answer)
        for row in everything.presence:
            self._presence.setdefault(row.evening, []).append(row)

    def of(self, week: Week, kept: EstWeek | None) -> WeekFound:
        begun, ended = est_week.hours_of(week)
        walks = [walk for walk in self._all.walks if begun <= walk.starts_at < ended]
        latest = ended + est_week.LATEST
        elsewhere = [it for it in self._findings.get(NO_WALK, ()) if begun <= it.received_at < latest]
        findings = [*elsewhere, *(it for walk in walks for it in self._findings.get(walk.id, ()))]
        feelings = [it for walk in walks for it in self._feelings.get(walk.id, ())]
        found = Sources(
            walks=walks,
            findings=sorted(findings, key=lambda it: (it.received_at, it.id)),
            feelings=sorted(feelings, key=lambda it: it.id),
            tasks=self._all.tasks,
            counts=kept.counts if kept else (),
            presence=[row for evening in week.evenings for row in self._presence.get(evening, ())],
        )
        return WeekFound(week=week, found=found)


async def decided_in(db: Db, here: Municipality, period: Period) -> Decided:
    """Whichever week they belong to."""
    kept = await est_week.up_to(db, here.id, period.weeks[-1])
    tasks = {each.task for week in kept for each in week.decisions if each.task and each.decided_on in period}
    return decided(period, kept, await records.load(db, here.id, Task, tasks))


async def _presence(db: Db, here: Municipality, weeks: Sequence[Week], tonight: date) -> list[PresenceSum]:
    """What the released rule lets over the wall, as on the page of presence itself."""
    entries = await presence.entries_between(db, here.id, weeks[0].monday, weeks[-1].sunday)
    evenings = [evening for week in weeks for evening in week.evenings if evening <= tonight]
    return sums(entries, areas=here.areas, evenings=evenings, small_areas=here.small_areas)
