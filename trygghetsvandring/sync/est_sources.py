"""What the picture of an EST week is made of, read from the store: the same for the week and for a period of weeks."""

from collections.abc import Sequence
from datetime import date

from trygghetsvandring.domain.est_events import Sources
from trygghetsvandring.domain.est_week import EstWeek
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.period_counts import Decided
from trygghetsvandring.domain.period_picture import WeekFound, decided
from trygghetsvandring.domain.periods import Period
from trygghetsvandring.domain.presence import PresenceSum, released, sums
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.weeks import Week
from trygghetsvandring.storage import est_week, presence, records
from trygghetsvandring.storage.unit import Db


async def of_week(db: Db, here: Municipality, week: Week, kept: EstWeek | None, tonight: date) -> tuple[Sources, bool]:
    """False: more was handed in than can be counted."""
    walks = await est_week.walks_in(db, here.id, week)
    on = [walk.id for walk in walks]
    findings = await est_week.findings_in(db, here.id, week, on)
    decided = {each.task for each in (kept.decisions if kept else ()) if each.task}
    found = Sources(
        walks=walks,
        findings=findings[: est_week.MOST_FINDINGS],
        feelings=await est_week.feelings_in(db, here.id, on),
        tasks=await records.load(db, here.id, Task, {id for it in findings for id in it.tasks} | decided),
        counts=kept.counts if kept else (),
        presence=await _presence(db, here, week, tonight) if released(here.presence_release, tonight) else (),
    )
    return found, len(walks) <= est_week.MOST_WALKS and len(findings) <= est_week.MOST_FINDINGS


async def of_weeks(db: Db, here: Municipality, weeks: Sequence[Week], tonight: date) -> tuple[list[WeekFound], bool]:
    """Likewise, of each week."""
    told, is_whole = [], True
    for week in weeks:
        kept = await est_week.of_week(db, here.id, week)
        found, whole = await of_week(db, here, week, kept, tonight)
        told.append(WeekFound(week=week, found=found))
        is_whole = is_whole and whole
    return told, is_whole


async def decided_in(db: Db, here: Municipality, period: Period) -> Decided:
    """Whichever week they belong to."""
    kept = await est_week.up_to(db, here.id, period.weeks[-1])
    tasks = {each.task for week in kept for each in week.decisions if each.task and each.decided_on in period}
    return decided(period, kept, await records.load(db, here.id, Task, tasks))


async def _presence(db: Db, here: Municipality, week: Week, tonight: date) -> list[PresenceSum]:
    """What the released rule lets over the wall, as on the page of presence itself."""
    entries = await presence.entries_between(db, here.id, week.monday, week.sunday)
    evenings = [evening for evening in week.evenings if evening <= tonight]
    return sums(entries, areas=here.areas, evenings=evenings, small_areas=here.small_areas)
