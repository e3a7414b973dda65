"""The house put together: settings in, an ASGI application out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from trygghetsvandring.config import Settings, from_environment
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.integrations.mail import post_from
from trygghetsvandring.jobs.runner import Runner
from trygghetsvandring.jobs.work import Context
from trygghetsvandring.storage import people as _people  # noqa: F401  # registers how devices are stored
from trygghetsvandring.storage.blobs import Folder
from trygghetsvandring.storage.disk import Disk
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.storage.uploads import Uploads
from trygghetsvandring.sync import ops as _ops  # noqa: F401  # registers every operation
from trygghetsvandring.sync.engine import Engine
from trygghetsvandring.web import (
    errors,
    health,
    middleware,
    observations,
    openapi,
    photos,
    presence,
    routing,
    sessions,
    start,
    surfaces,
    sync,
    tasks,
    uploads,
    walks,
)

STATIC = Path(__file__).parent / "static"


def routes() -> list[Route]:
    """Every route there is; the permission matrix is made from this list."""
    return [
        *health.routes,
        *sessions.routes(),
        *start.routes,
        *walks.routes,
        *observations.routes,
        *tasks.routes,
        *presence.routes,
        *sync.routes,
        *uploads.routes,
        *photos.routes,
        *openapi.routes,
        *surfaces.routes(STATIC),
    ]


def create(settings: Settings, *, clock: Callable[[], datetime] = routing.system_clock, work: bool = True) -> Starlette:
    """`work=False` leaves the job runner to another process (or to a test that runs jobs by hand)."""
    _log_no_values()
    store = Store(settings.database_url)
    engine = Engine(store, key=settings.key)
    disk = Disk(settings.data_dir)
    blobs = Folder(disk)
    runner = Runner(
        Context(
            store=store,
            engine=engine,
            blobs=blobs,
            post=post_from(settings.smtp_url, settings.mail_folder, settings.mail_from),
            public_url=settings.public_url,
            clock=clock,
        )
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await store.open()
        working = asyncio.create_task(runner.run()) if work else None
        try:
            yield
        finally:
            if working is not None:
                working.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await working
            await store.close()

    app = Starlette(
        routes=routes(),
        lifespan=lifespan,
        middleware=[Middleware(middleware.Headers)],
        exception_handlers={
            Refused: errors.on_refused,
            HTTPException: errors.on_http,
            Exception: errors.on_fault,
        },
    )
    app.state.house = routing.House(
        store=store, engine=engine, settings=settings, clock=clock, blobs=blobs, uploads=Uploads(disk)
    )
    app.state.runner = runner
    return app


def _log_no_values() -> None:
    """Tracebacks name files and lines; the values in them are what people wrote, and stay out of the log."""
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], console])


def app() -> Starlette:
    """For `uvicorn --factory trygghetsvandring.asgi:app`."""
    return create(from_environment())
