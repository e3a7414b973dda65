"""Photos whose every byte is here and which nobody asks about any more are received all the same."""

import structlog

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.jobs.work import Context
from trygghetsvandring.storage import municipalities, records
from trygghetsvandring.storage.buckets import StoreAway
from trygghetsvandring.storage.uploads import UploadBusy
from trygghetsvandring.sync import arrivals

log = structlog.get_logger()


async def look(context: Context) -> int:
    """Receives what waits, in every municipality, and says how many. Stops at once while the store is away."""
    done = 0
    async with context.store.read() as db:
        places = await municipalities.all_ids(db)
    for place in places:
        async with context.store.read() as db:
            waiting = await arrivals.whole(db, context.hands.uploads, place)
        for photo in waiting:
            try:
                done += await _receive(context, place, photo)
            except StoreAway:
                return done
            except Refused as refused:
                log.warning("photo_not_received", photo=str(photo.id), code=refused.code)
            except Exception:  # one that cannot be read stops none of those behind it
                log.exception("photo_not_received", photo=str(photo.id))
    return done


async def _receive(context: Context, place: str, photo: Photo) -> bool:
    uploads = context.hands.uploads
    try:
        async with uploads.hold(place, photo.id, wait=0.1):
            async with context.store.read() as db:
                now = await records.one(db, place, Photo, photo.id)
            if now != photo or await uploads.length(place, photo.id) != photo.bytes:
                return False
            await arrivals.receive(context.engine, context.blobs, uploads, place, photo, context.clock())
            return True
    except UploadBusy:  # its phone is at it just now
        return False
