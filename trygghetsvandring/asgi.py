"""The house put together: settings in, an ASGI application out."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.routing import Route

from trygghetsvandring.config import Settings, from_environment
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.integrations.mail import post_from
from trygghetsvandring.integrations.mailbox import MailIn, mail_in_from
from trygghetsvandring.jobs.runner import Runner
from trygghetsvandring.jobs.work import Context
from trygghetsvandring.storage import builds, migrate, municipalities
from trygghetsvandring.storage import people as _people  # noqa: F401  # registers how devices are stored
from trygghetsvandring.storage.blobs import Blobs, Folder
from trygghetsvandring.storage.buckets import Bucket, BucketUnsound, StoreAway
from trygghetsvandring.storage.disk import Disk
from trygghetsvandring.storage.glances import glances as glances_of
from trygghetsvandring.storage.journal import Journal, Marks
from trygghetsvandring.storage.seals import Keys
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.storage.uploads import Uploads
from trygghetsvandring.sync import ops as _ops  # noqa: F401  # registers every operation
from trygghetsvandring.sync import restoring
from trygghetsvandring.sync.engine import Engine
from trygghetsvandring.sync.erasing import Hands
from trygghetsvandring.web import (
    activities,
    announcements,
    answer_links,
    cards,
    colleagues,
    conflicts,
    connections,
    correspondence,
    devices,
    digests,
    due_dates,
    errors,
    est_week,
    feedback,
    field_lists,
    folj,
    folj_access,
    folj_dialog,
    folj_findings,
    folj_lagesbild,
    folj_pairs,
    folj_support,
    followers,
    health,
    incoming_mail,
    lagesbild,
    live,
    lost,
    middleware,
    observations,
    open311,
    open_data,
    openapi,
    pairs,
    photos,
    plain,
    plans,
    presence,
    preview,
    promises,
    protocols,
    publications,
    pushes,
    reminders,
    report_links,
    rescues,
    rota,
    rota_attestations,
    rota_links,
    routing,
    rules,
    saved_filters,
    sessions,
    start,
    surfaces,
    surveys,
    sync,
    tasks,
    trade,
    trade_links,
    tus,
    unseen,
    uploads,
    waiting,
    walks,
)
from trygghetsvandring.web import erasures as registers
from trygghetsvandring.web.listeners import Live

STATIC = Path(__file__).parent / "static"
_log = structlog.get_logger()


def routes() -> list[Route]:
    """Every route there is; the permission matrix is made from this list."""
    return [
        *sync.routes,  # asked for all evening long, and routes are tried in order
        *uploads.routes,
        *live.routes,
        *health.routes,
        *sessions.routes(),
        *start.routes,
        *walks.routes,
        *devices.routes,
        *waiting.routes,
        *rescues.routes,
        *colleagues.routes,
        *observations.routes,
        *due_dates.routes,
        *unseen.routes,
        *tasks.routes,
        *field_lists.routes,
        *preview.routes,
        *saved_filters.routes,
        *conflicts.routes,
        *presence.routes,
        *pushes.routes,
        *protocols.routes,
        *promises.routes,
        *est_week.routes,
        *activities.routes,
        *plans.routes,
        *trade.routes,
        *rota.routes,
        *rota_attestations.routes,
        *feedback.routes,
        *announcements.routes,
        *followers.routes,
        *folj.routes,
        *folj_access.routes,
        *folj_findings.routes,
        *folj_pairs.routes,
        *pairs.routes,
        *folj_support.routes,
        *lagesbild.routes,
        *surveys.routes,
        *folj_dialog.routes,
        *folj_lagesbild.routes,
        *rules.routes,
        *registers.routes,
        *photos.routes,
        *connections.routes,
        *correspondence.routes,
        *incoming_mail.routes,
        *publications.routes,
        *open311.routes,
        *open_data.routes,
        *plain.routes,
        *answer_links.routes,
        *report_links.routes,
        *trade_links.routes,
        *rota_links.routes,
        *reminders.routes,
        *cards.routes,
        *digests.routes,
        *openapi.routes,
        *surfaces.routes(STATIC),
    ]


async def prepare(settings: Settings, now: datetime, revision: str = "head") -> None:
    """The database in its newest form, and this build's files kept for the pages that outlive it."""
    await migrate.upgrade(settings.database_url, revision)
    if revision != "head":
        return
    store = Store(settings.database_url)
    try:
        await builds.keep(store, Folder(Disk(settings.data_dir)), STATIC, now.date())
        await _make_keys(store, settings)
    finally:
        await store.close()
    await prove(settings)


async def prove(settings: Settings) -> None:
    """A bucket that is wrong stops the start. One that is only away does not: everything but photos goes on."""
    if settings.bucket is None:
        return
    try:
        await Bucket(settings.bucket).prove()
    except BucketUnsound as wrong:
        raise SystemExit(f"{wrong}. {_MENDED[wrong.code]}") from None
    except StoreAway as away:
        _log.warning("store_away_at_start", why=away.facts.get("why"))


_MENDED = {
    "s3_bucket_missing": "Hinken i TRYGG_BLOBS finns inte där TRYGG_S3_ENDPOINT pekar.",
    "s3_access_denied": "Nyckeln i TRYGG_S3_KEY_ID får inte läsa, skriva, lista och ta bort i hinken.",
    "s3_versioned": "Stäng av versioner i hinken. Det som tas bort enligt beslut måste försvinna.",
    "s3_not_faithful": "Hinken gav inte tillbaka det som sparades. Välj en annan lagring.",
}


async def _make_keys(store: Store, settings: Settings) -> None:
    """What rescue files are sealed to: one key for each municipality, made once."""
    keys = Keys(settings.data_dir / "rescue-keys")
    async with store.read() as db:
        for id in await municipalities.all_ids(db):
            keys.public(id)


def create(settings: Settings, *, clock: Callable[[], datetime] = routing.system_clock, work: bool = True) -> Starlette:
    """`work=False` leaves the job runner to another process (or to a test that runs jobs by hand)."""
    _log_no_values()
    middleware.log_no_secrets()
    store = Store(settings.database_url)
    glances = glances_of(settings.database_url)
    disk = Disk(settings.data_dir)
    hands = hands_of(store, disk, settings)
    engine = Engine(store, key=settings.key, journal=hands.journal)
    blobs = hands.blobs
    runner = Runner(
        Context(
            store=store,
            engine=engine,
            blobs=blobs,
            post=post_from(settings.smtp_url, settings.mail_folder, settings.mail_from),
            public_url=settings.public_url,
            clock=clock,
            hands=hands,
            mail_in=mail_in_of(settings),
        )
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await store.open()
        async with store.write() as db:
            await municipalities.sum_up(db)
        left = await restoring.settle(hands, clock())  # nothing is served before this
        marking = asyncio.create_task(restoring.keep_marks(hands, left, clock))
        working = asyncio.create_task(runner.run()) if work else None
        try:
            yield
        finally:
            if working is not None:
                working.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await working
            marking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await marking
            await glances.close()
            await store.close()

    app = Starlette(
        routes=routes(),
        lifespan=lifespan,
        middleware=[
            Middleware(middleware.Headers, pictures=settings.bucket.browsers if settings.bucket else None),
            Middleware(tus.Spoken),
        ],
        exception_handlers={
            Refused: lost.on_refused,
            HTTPException: errors.on_http,
            OSError: errors.on_system,
            ClientDisconnect: errors.on_gone,
            Exception: errors.on_fault,
        },
    )
    app.state.house = routing.House(
        store=store,
        engine=engine,
        settings=settings,
        clock=clock,
        blobs=blobs,
        builds=Folder(disk),
        uploads=hands.uploads,
        glances=glances,
        live=Live(store),
    )
    app.state.runner = runner
    return app


def mail_in_of(settings: Settings) -> Mapping[str, MailIn]:
    """Half a setting stops the start: what a letter promises has to be fetched."""
    try:
        return mail_in_from(settings.mail_in)
    except ValueError as wrong:
        raise SystemExit(f"mail_in_unsound: TRYGG_MAIL_IN är fel skriven: {wrong}.") from None


def blobs_of(disk: Disk, settings: Settings) -> Blobs:
    return Folder(disk) if settings.bucket is None else Bucket(settings.bucket)


def hands_of(store: Store, disk: Disk, settings: Settings) -> Hands:
    """What an erasure must reach."""
    return Hands(
        store=store,
        blobs=blobs_of(disk, settings),
        uploads=Uploads(disk),
        journal=Journal(disk),
        marks=Marks(disk),
        letters=settings.mail_folder,
        key=settings.key,
    )


class Server(uvicorn.Server):
    """Ends within five seconds of the first Ctrl+C. A second one would tear the jobs down in mid-sentence."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _collect_rarely()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if isinstance(self.config.app, Starlette):
            self.config.app.state.house.live.end()
        await super().shutdown(sockets)


def _collect_rarely() -> None:
    """A page of a thousand findings is many objects and no garbage: they were all looked through time and again.

    What is loaded at the start stays until the end, and is never looked through again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _log_no_values() -> None:
    """Tracebacks name files and lines; the values in them are what people wrote, and stay out of the log."""
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], console])


def app() -> Starlette:
    """For `uvicorn --factory trygghetsvandring.asgi:app`."""
    return create(from_environment())
