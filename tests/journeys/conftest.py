"""Both databases, for the journeys that are made on each; and what stood on the screens when one failed."""

from collections.abc import Generator, Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect, sync_playwright

from tests.journeys.house import CHROMIUM, PATIENCE_MS, Chromium, Server
from tests.storage.postgres import Cluster

_AS_MUCH_AS_ONE_READS = 1_500


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=None)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'trygg.sqlite'}"
    cluster: Cluster = request.getfixturevalue("postgres")
    url = cluster.new_database()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as db:
        # The run's cluster is quick and forgetful; the server rightly refuses to start on such a database.
        name = db.info.dbname
        db.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = on'.encode())
    return url


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    it = Server(data=tmp_path, database_url=database_url, smtp_url="")
    it.start()
    try:
        yield it
    finally:
        it.stop()


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as it:
        yield it


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    it = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
    yield it
    it.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "call" and report.failed and isinstance(item, pytest.Function):
        used = [part for it in item.funcargs.values() for part in (it, *getattr(it, "__dict__", {}).values())]
        for page in {page for part in used for page in _pages(part)}:
            report.sections.append((f"on the screen at {page.url}", _on_screen(page)))
        for server in (part for part in used if isinstance(part, Server)):
            log = server.data / "server.log"
            report.sections.append(("the server's log", log.read_text(errors="replace")[-_AS_MUCH_AS_ONE_READS:]))
    return report


def _pages(part: object) -> Iterator[Page]:
    if isinstance(part, Chromium):
        yield from _pages(part.browser)
    elif isinstance(part, Browser):
        for context in part.contexts:
            yield from _pages(context)
    elif isinstance(part, BrowserContext):
        yield from part.pages
    elif isinstance(part, Page):
        yield part


def _on_screen(page: Page) -> str:
    try:
        return page.locator("body").inner_text(timeout=5_000)[:_AS_MUCH_AS_ONE_READS]
    except Error as error:
        return str(error)
