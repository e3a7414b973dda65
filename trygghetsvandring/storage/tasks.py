"""Tasks: the work list by its next date, searched and paged by key, and what is open near a point."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import starmap
from math import cos, radians
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from trygghetsvandring.domain.cells import NOWHERE, Box, cell_of, ranges, shift_of
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.seen_hours import BLOCKS, together
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.storage.columns import all_bits, as_id, each_id, written
from trygghetsvandring.storage.records import decode, found, register, searchable
from trygghetsvandring.storage.tables import observations, tasks
from trygghetsvandring.storage.unit import Db

GONE = "gone"  # merged into another or taken back: in no list, and found by its id only
FIRST = date(1900, 1, 1)
FAR_AWAY = date(9999, 12, 31)  # no date that counts: after everything that has one
_AFTER_FIRST = FIRST + timedelta(days=1)
_M_PER_DEGREE = 111_320


def _look_on(task: Task) -> date:
    """What somebody has found undone comes before every date."""
    if task.reopen_proposed and not task.is_gone:
        return FIRST
    return task.late_after or FAR_AWAY


register(
    Task,
    "task",
    tasks,
    lambda t: {
        "state": GONE if t.is_gone else t.state,
        "department": t.department,
        "assignee": t.assignee,
        "is_open": not t.is_closed,
        "look_on": _look_on(t),
        "words": searchable(f"{t.number} {t.title} {t.place}"),
        "tile": t.tile,
        "priority": t.priority,
        "place": t.place.replace("\x00", " "),
        "lat": t.lat,
        "lon": t.lon,
        "doubted": t.reopen_proposed and not t.is_gone,
        "cell": NOWHERE if t.lat is None or t.lon is None else cell_of(t.lat, t.lon),
    },
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends."""

    look_on: date
    id: UUID


class Point(msgspec.Struct, frozen=True):
    """A task as a point of the map: what its columns say, without opening the document."""

    id: str  # as it is written in JSON
    lat: float
    lon: float
    state: str  # as it is stored: a `TaskState`


class Cluster(msgspec.Struct, frozen=True):
    """Tasks of one square: how many, their middle, how far they reach, and what is most urgent among them."""

    n: int
    lat: float
    lon: float
    south: float
    west: float
    north: float
    east: float
    priority: int  # the most urgent: 1 before 3
    late: int
    doubted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`department` is the wall and the filter: None sees every unit's. `late_on` wants only what is late then.

    `doubted`: somebody has been there and found it undone.

    `numbered`: the tasks behind a word that is a finding's number. `among`: one of these (see `of_walks`).
    `boxes`: inside one of them. `slots`: with a finding seen in one of them, also one held back if `withheld`.
    """

    department: str | None = None
    states: tuple[TaskState, ...] = ()
    words: tuple[str, ...] = ()
    late_on: date | None = None
    doubted: bool = False
    tiles: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    assignee: UUID | None = None
    place: str | None = None
    among: frozenset[UUID] | None = None
    boxes: tuple[Box, ...] = ()
    slots: tuple[int, ...] = ()
    withheld: bool = False
    numbered: Mapping[str, frozenset[UUID]] = field(default_factory=dict, hash=False)


async def page(
    db: Db, municipality: str, wanted: Wanted, after: Place | None, limit: int
) -> tuple[list[str], Place | None]:
    """Stored tasks by the next date that counts, soonest first; and where the next page begins (None at the end)."""
    docs = list((await db.execute(_page(municipality, wanted, after, limit))).scalars())
    return docs[:limit], _place(docs[limit - 1]) if len(docs) > limit else None


def _place(doc: str) -> Place:
    """Out of its document: asking for every row's date and id costs more than opening one of them."""
    task = decode(Task, doc)
    return Place(_look_on(task), task.id)


# A column of the board has two or three states. Asked for together, the database walks every date until it has found
# enough of them; one by one each is a few steps along an index of its own.
_FEW = 3


# A desk asks for the same page all day, and writing the question anew costs as much as answering it.
_asked_again = lru_cache(256)


@_asked_again
def _page(municipality: str, wanted: Wanted, after: Place | None, limit: int) -> Select[Any]:
    c = tasks.c
    if not 1 < len(wanted.states) <= _FEW:
        return _part((c.doc,), municipality, wanted, after, limit)
    ordered = (c.doc, c.look_on, c.id)
    one_by_one = (replace(wanted, states=(state,)) for state in wanted.states)
    each = [_part(ordered, municipality, one, after, limit).subquery() for one in one_by_one]
    some = union_all(*(select(one) for one in each)).subquery()
    return select(some.c.doc).order_by(some.c.look_on, some.c.id).limit(limit + 1)


def _part(
    columns: tuple[ColumnElement[Any], ...], municipality: str, wanted: Wanted, after: Place | None, limit: int
) -> Select[Any]:
    c = tasks.c
    question = _chosen(select(*columns), municipality, wanted)
    if after is not None:
        question = question.where(or_(c.look_on > after.look_on, and_(c.look_on == after.look_on, c.id > after.id)))
    # Written out: with a limit it does not know the database plans the page anew each time it is asked for.
    return question.order_by(c.look_on, c.id).limit(literal_column(str(limit + 1)))


async def points(db: Db, municipality: str, wanted: Wanted, box: Box | None, most: int) -> list[Point] | None:
    """Those with a position, in no order; None when there are more than `most`: see `clusters`."""
    rows = (await db.execute(_points(municipality, wanted, box, most + 1))).all()
    return None if len(rows) > most else list(starmap(Point, rows))


@_asked_again
def _points(municipality: str, wanted: Wanted, box: Box | None, limit: int) -> Select[Any]:
    c = tasks.c
    return _there((written(c.id).label("id"), c.lat, c.lon, c.state), municipality, wanted, box).limit(limit)


async def reach(db: Db, municipality: str, wanted: Wanted) -> Box:
    """As far as those with a position reach; a point at the middle of nowhere when there is none."""
    c = tasks.c
    there = _there((c.lat, c.lon), municipality, wanted, None).subquery().c
    ends = func.min(there.lat), func.min(there.lon), func.max(there.lat), func.max(there.lon)
    found = (await db.execute(select(*ends))).one()
    return Box(*(end or 0.0 for end in found))


async def clusters(
    db: Db, municipality: str, wanted: Wanted, box: Box | None, level: int, today: date
) -> list[Cluster]:
    """The same tasks, all of them, counted by the squares of a level (see `domain.cells`), the fullest first."""
    return list(starmap(Cluster, await db.execute(_clusters(municipality, wanted, box, level, today))))


@_asked_again
def _clusters(municipality: str, wanted: Wanted, box: Box | None, level: int, today: date) -> Select[Any]:
    c = tasks.c
    square = c.cell.bitwise_rshift(literal_column(str(shift_of(level)))).label("square")
    late = case((c.look_on.between(_AFTER_FIRST, today - timedelta(days=1)), 1), else_=0).label("late")
    doubted = case((c.doubted.is_(True), 1), else_=0).label("doubted")
    there = _there((square, c.lat, c.lon, c.priority, late, doubted), municipality, wanted, box).subquery().c
    reach = (func.min(there.lat), func.min(there.lon), func.max(there.lat), func.max(there.lon))
    most = (func.min(there.priority), func.sum(there.late), func.sum(there.doubted))
    counted = select(func.count().label("n"), func.avg(there.lat), func.avg(there.lon), *reach, *most)
    return counted.group_by(there.square).order_by(func.count().desc(), there.square)


def _there(columns: tuple[ColumnElement[Any], ...], municipality: str, wanted: Wanted, box: Box | None) -> Select[Any]:
    """What has a position, in the box if there is one: each stretch of cells in its own turn along the index."""
    c = tasks.c
    question = _chosen(select(*columns), municipality, wanted).where(c.lat.is_not(None), c.lon.is_not(None))
    if box is None:
        return question
    inside = question.where(_inside(box))
    stretches = [c.cell.between(first, last) for first, last in ranges(box)]
    every = union_all(*(inside.where(stretch) for stretch in (c.cell.is_(None), *stretches))).subquery()
    return select(every)


async def of_walks(db: Db, municipality: str, walks: Collection[UUID]) -> frozenset[UUID]:
    """Every task that has a finding from one of these walks."""
    o = observations.c
    seen = await found(db, Observation, select(o.doc).where(o.municipality == municipality, o.walk.in_(walks)))
    return frozenset(task for each in seen for task in each.tasks)


async def by_slot(db: Db, municipality: str, wanted: Wanted) -> tuple[dict[int, int], list[int]]:
    """How many tasks have a finding seen in each slot, and on each weekday (`seen_hours.together`).

    Whatever slots are wanted. The database looks at every task once a day, however many findings it has.
    """
    c = tasks.c
    of = union_all(*_seen_by_id(municipality, withheld=wanted.withheld)).subquery().c
    a_day, one_bit = literal_column(str(BLOCKS), Integer), literal_column("1", Integer)
    day, block = of.slot // a_day, of.slot % a_day
    blocks = all_bits(one_bit.bitwise_lshift(block)).label("blocks")
    each = _chosen(select(day.label("day"), blocks), municipality, replace(wanted, slots=())).where(c.id == of.task)
    one = each.group_by(of.task, day).subquery().c
    question = select(one.day, one.blocks, func.count()).group_by(one.day, one.blocks)
    return together((row[0], row[1], row[2]) for row in await db.execute(question))


async def places_in(db: Db, municipality: str, box: Box) -> list[tuple[UUID, tuple[float, float]]]:
    """Every task in the box, with where it is."""
    c = tasks.c
    question = _chosen(select(c.id, c.lat, c.lon), municipality, Wanted(boxes=(box,)))
    return [(id, (lat, lon)) for id, lat, lon in (await db.execute(question)).all()]


async def by_place(db: Db, municipality: str, wanted: Wanted, limit: int) -> list[Task]:
    """In the order somebody drives: one street or place at a time, the most urgent first there."""
    c = tasks.c
    question = _chosen(select(c.doc), municipality, wanted)
    return await found(db, Task, question.order_by(c.place, c.priority, c.look_on, c.id).limit(limit))


async def shares(db: Db, municipality: str, wanted: Wanted, most: int) -> dict[str, dict[str, int]]:
    """How many of each tile, priority and place (the `most` commonest), to choose among."""
    c = tasks.c
    shared: dict[str, dict[str, int]] = {}
    for name in ("tile", "priority", "place"):
        question = _chosen(select(c[name], func.count()), municipality, replace(wanted, **_WITHOUT[name]))
        rows = await db.execute(question.group_by(c[name]).order_by(func.count().desc(), c[name]).limit(most))
        shared[name] = {str(value): n for value, n in rows if value != ""}
    return shared


# A choice among tiles is shown with what each tile would give, so the tile chosen now does not count.
_WITHOUT: dict[str, dict[str, Any]] = {"tile": {"tiles": ()}, "priority": {"priorities": ()}, "place": {"place": None}}


async def counts(db: Db, municipality: str, wanted: Wanted, today: date) -> dict[str, int]:
    """How many in each state, late, and in turn this week, whatever states are wanted; every state is named."""
    c = tasks.c
    late = func.sum(case((c.look_on.between(_AFTER_FIRST, today - timedelta(days=1)), 1), else_=0))
    sunday = today + timedelta(days=6 - today.weekday())
    week = func.sum(case((c.look_on.between(today, sunday), 1), else_=0))
    doubted = func.sum(case((c.doubted.is_(True), 1), else_=0))
    each = select(c.state, func.count(), late, week, doubted).where(c.state != GONE)
    question = _narrowed(each, municipality, wanted).group_by(c.state)
    counted = {state.value: 0 for state in TaskState} | {"late": 0, "week": 0, "doubted": 0}
    for state, n, late_ones, this_week, undone in await db.execute(question):
        counted[state] = n
        counted["doubted"] += undone
        counted["late"] += late_ones
        counted["week"] += this_week
    return counted


async def open_near(db: Db, municipality: str, tile: str, lat: float, lon: float, radius_m: int) -> list[Task]:
    """Open tasks of this group of categories in a box round the point; the true distance is the domain's to measure."""
    c = tasks.c
    up = radius_m / _M_PER_DEGREE
    aside = up / max(cos(radians(lat)), 0.01)
    question = select(c.doc).where(
        c.municipality == municipality,
        c.is_open.is_(True),
        c.tile == tile,
        c.lat.between(lat - up, lat + up),
        c.lon.between(lon - aside, lon + aside),
    )
    return await found(db, Task, question.order_by(c.id).limit(50))


def _chosen(question: Select[Any], municipality: str, wanted: Wanted) -> Select[Any]:
    c = tasks.c
    question = _narrowed(question, municipality, wanted)
    if not wanted.states:
        question = question.where(c.state != GONE)
    else:
        # Words of ours, written out: seven parameters cost a page more than the plan they leave open.
        question = question.where(c.state.in_([literal_column(f"'{state.value}'") for state in wanted.states]))
    if wanted.late_on is not None:
        question = question.where(c.look_on.between(_AFTER_FIRST, wanted.late_on - timedelta(days=1)))
    if wanted.doubted:
        question = question.where(c.doubted.is_(True))
    return question


def _narrowed(question: Select[Any], municipality: str, wanted: Wanted) -> Select[Any]:
    """Everything but states and lateness, which the counts say one by one."""
    c = tasks.c
    question = question.where(c.municipality == municipality)
    for column, value in ((c.department, wanted.department), (c.assignee, wanted.assignee), (c.place, wanted.place)):
        if value is not None:
            question = question.where(column == value)
    if wanted.tiles:
        question = question.where(c.tile.in_(wanted.tiles))
    if wanted.priorities:
        question = question.where(c.priority.in_(wanted.priorities))
    if wanted.boxes:
        question = question.where(or_(*(_inside(box) for box in wanted.boxes)))
    return _worded(_behind(question, municipality, wanted), wanted)


def _behind(question: Select[Any], municipality: str, wanted: Wanted) -> Select[Any]:
    """What the findings behind a task say of it: when they were seen, and on which walks."""
    c = tasks.c
    if wanted.slots:
        seen = _seen(municipality, withheld=wanted.withheld)
        of_slots = seen.where(observations.c.slot.in_(wanted.slots)).subquery().c
        question = question.where(written(c.id).in_(select(of_slots.task)))
    return question if wanted.among is None else question.where(c.id.in_(wanted.among))


def _worded(question: Select[Any], wanted: Wanted) -> Select[Any]:
    c = tasks.c
    for word in wanted.words:
        has_it = c.words.contains(searchable(word), autoescape=True)
        question = question.where(or_(has_it, c.id.in_(wanted.numbered[word])) if word in wanted.numbered else has_it)
    return question


def _seen(municipality: str, *, withheld: bool) -> Select[Any]:
    """When each task's findings were seen: a row for each, with `slot` and `task` as it is written in JSON."""
    o, each = observations.c, each_id(observations.c.behind).table_valued("value")
    pairs = select(o.slot, each.c.value.label("task")).select_from(observations.join(each, true()))
    pairs = pairs.where(o.municipality == municipality, o.slot.is_not(None), o.behind != "[]")
    return pairs if withheld else pairs.where(o.state != ObservationState.WITHHELD.value)


def _seen_by_id(municipality: str, *, withheld: bool) -> Iterable[Select[Any]]:
    """The same rows by the task's own id. Most findings are behind one task: those lists need not be read as lists."""
    o, each = observations.c, each_id(observations.c.behind).table_valued("value")
    alone = select(o.slot, as_id(func.substr(o.behind, 3, 36)).label("task"))
    among = select(o.slot, as_id(each.c.value).label("task")).select_from(observations.join(each, true()))
    one_long = literal_column("40", Integer)  # ["01a2…"]
    for part in (alone.where(func.length(o.behind) == one_long), among.where(func.length(o.behind) > one_long)):
        here = part.where(o.municipality == municipality, o.slot.is_not(None))
        yield here if withheld else here.where(o.state != ObservationState.WITHHELD.value)


def _inside(box: Box) -> ColumnElement[bool]:
    return and_(tasks.c.lat.between(box.south, box.north), tasks.c.lon.between(box.west, box.east))
