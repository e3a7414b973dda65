"""The house put together: settings in, an ASGI application out."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from trygghetsvandring.config import Settings, from_environment
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.storage import people as _people  # noqa: F401  # registers how devices are stored
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync import ops as _ops  # noqa: F401  # registers every operation
from trygghetsvandring.sync.engine import Engine
from trygghetsvandring.web import (
    errors,
    health,
    middleware,
    observations,
    routing,
    sessions,
    start,
    surfaces,
    sync,
    tasks,
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
        *sync.routes,
        *surfaces.routes(STATIC),
    ]


def create(settings: Settings, *, clock: Callable[[], datetime] = routing.system_clock, work: bool = True) -> Starlette:
    """`work=False` leaves the job runner to another process (or to a test that runs jobs by hand)."""
    store = Store(settings.database_url)
    engine = Engine(store, key=settings.key)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await store.open()
        try:
            yield
        finally:
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
    app.state.house = routing.House(store=store, engine=engine, settings=settings, clock=clock)
    return app


def app() -> Starlette:
    """For `uvicorn --factory trygghetsvandring.asgi:app`."""
    return create(from_environment())
