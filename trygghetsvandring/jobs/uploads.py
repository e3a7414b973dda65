"""Once a day: uploads that have expired go. Empty ones by themselves, half photos by their nämnd's decision alone.

What a crash left beside them, and nobody was ever answered for, goes with the empty ones.

What the decision lets go is removed through the one door, as when a person carries it out at the desk: journaled,
signed by whoever decided, and never what a legal hold covers.
"""

from datetime import datetime, timedelta
from typing import Final

from trygghetsvandring.domain import erasures as rules
from trygghetsvandring.domain.erasures import MOST_AT_ONCE, Ref, Register, Retention, Series, register_id
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.uploads import EMPTY_FOR
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import gallring, municipalities, records
from trygghetsvandring.storage.disk import to_the_end
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db

KIND: Final = "uploads.expired"


@handles(KIND, Lane.DAILY)
async def expired(context: Context, job: Waiting) -> None:
    now = context.clock()
    await _empty(context, job.municipality, now - EMPTY_FOR)
    await context.hands.uploads.sweep(job.municipality, now - EMPTY_FOR)
    async with context.store.read() as db:
        place = await municipalities.municipality(db, job.municipality)
        if place is None:
            return
        register = await records.one(db, place.id, Register, register_id(place.id, rules.coordination(place)))
        rule = None if register is None else register.keeps(Series.PARTIAL)
        if register is None or rule is None:
            return
        until = now.astimezone(STOCKHOLM).date() - timedelta(days=rule.keep_days)
        folder = context.hands.uploads.folder(place.id)
        due = await gallring.due(db, place, register.board, Series.PARTIAL, until, MOST_AT_ONCE, partial=folder)
        refs = await _free(db, place, register, [each.ref for each in due])
        refs = [ref for ref in refs if not await _is_whole(context, db, place, ref)]
    if refs:
        items = [{"kind": ref.kind, "id": ref.id} for ref in refs]
        body = {"series": Series.PARTIAL, "items": items, "until": until, "name": rule.decided_by}
        outcome = await context.engine.act(place.id, "gallring.decide", uuid7(), body, now, actor=_decider(place, rule))
        if outcome.outcome != "applied":
            raise RuntimeError(f"gallring of half photos was {outcome.outcome}: {outcome.code}")


async def _empty(context: Context, municipality: str, before: datetime) -> None:
    """Nothing has come in them. One that a phone has come back to meanwhile is younger, and stays."""
    uploads = context.hands.uploads
    for it in await to_the_end(lambda: uploads.unfinished(municipality)):
        if it.length == 0 and it.touched <= before:
            async with uploads.hold(municipality, it.photo):
                if not await uploads.length(municipality, it.photo):
                    await uploads.remove(municipality, it.photo, untouched_since=before)
                    await uploads.forget_lock(municipality, it.photo)


async def _free(db: Db, place: Municipality, register: Register, refs: list[Ref]) -> list[Ref]:
    """Those that no hold covers, neither themselves nor what they were taken of."""
    shown = await records.load(db, place.id, Photo, [ref.id for ref in refs])
    of = {photo.id: photo.of.id for photo in shown.values()}
    return [ref for ref in refs if not {ref.id, of.get(ref.id)} & register.held]


async def _is_whole(context: Context, db: Db, place: Municipality, ref: Ref) -> bool:
    """It has come, and waits for the store (jobs/arrivals.py): nobody else may have it any more."""
    photo = await records.one(db, place.id, Photo, ref.id)
    return photo is not None and await context.hands.uploads.length(place.id, photo.id) == photo.bytes


def _decider(place: Municipality, rule: Retention) -> Principal:
    """The nämnd's own decision, carried out by the server."""
    own = next(it for it in place.departments if rules.board_of(it) == rules.coordination(place))
    return Principal(
        municipality=place.id,
        role=Role.RECORDS_OFFICER,
        organisation=own.id,
        function=f"servern, enligt {rule.reference}",
    )
