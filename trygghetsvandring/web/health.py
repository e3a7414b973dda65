"""Is the house up, and can it write? A failed fsync needs a person and a new start: reading goes on until then."""

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.people import Act
from trygghetsvandring.storage import changes
from trygghetsvandring.storage.unit import Unavailable
from trygghetsvandring.web import routing


async def health(request: Request) -> Response:
    try:
        async with routing.house(request).store.read() as db:
            epoch = await changes.epoch(db)
    except Unavailable:
        return routing.json({"ok": False, "service": "trygghetsvandring"}, 503)
    stopped = routing.house(request).uploads.stopped or routing.house(request).store.stopped
    if stopped is not None:
        return routing.json({"ok": False, "service": "trygghetsvandring", "stopped": stopped}, 503)
    said = {"ok": True, "service": "trygghetsvandring", "epoch": epoch}
    silent_for = routing.house(request).blobs.silent_for
    # Still well: everything but photos goes on, and a new start would not bring the object store back.
    return routing.json(said if silent_for is None else {**said, "photos_wait_for_s": round(silent_for)})


routes = [routing.route("/healthz", health, methods=["GET"], act=Act.PUBLIC)]
