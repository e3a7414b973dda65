"""The product itself, served with its demo, and a phone that has joined the demo's walk."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import Page, expect

from tests.journeys.house import Server


@contextmanager
def a_server() -> Iterator[Server]:
    with TemporaryDirectory(prefix="trygg-bench-") as folder:
        data = Path(folder)
        server = Server(data=data, database_url=f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", smtp_url="")
        server.start()
        try:
            yield server
        finally:
            server.stop()


def join(page: Page, server: Server) -> None:
    """From the link to "Redo utan nät", as a person does it, and then until the page works without a network."""
    link: str = httpx.get(f"{server.url}/api/start").json()["walk"]["link"]
    page.goto(link)
    page.get_by_role("button", name="Gå med", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("Redo utan nät"))).to_be_visible(timeout=30_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
