"""A page that was open during an upgrade finds its parts for 30 days, and nothing else is served from there."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import pytest_asyncio

from tests.makers import copied, settings
from trygghetsvandring import asgi
from trygghetsvandring.storage import builds
from trygghetsvandring.storage.blobs import Folder
from trygghetsvandring.storage.disk import Disk
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.web import surfaces

MONDAY = date(2026, 11, 23)


class Installation:
    def __init__(self, url: str, folder: Path) -> None:
        self.static, self.folder = folder / "static", folder
        self.store, self.blobs = Store(url), Folder(Disk(folder, full_at=1.0))

    def builds(self, *names: str) -> None:
        """Another build: what the one before had is not in it."""
        for name in ("field", "desk", "falt"):
            assets = self.static / name / "assets"
            assets.mkdir(parents=True, exist_ok=True)
            for old in assets.iterdir():
                old.unlink()
            (self.static / name / "index.html").write_text(f"<title>{names}</title>")
            (self.static / name / f"{name}.js").write_text(f"worker of {names}")
            for part in names:
                (assets / part).write_text(f"{name} {part}")

    async def starts(self, day: date) -> None:
        await builds.keep(self.store, self.blobs, self.static, day)

    async def kept(self, name: str) -> bytes | None:
        return await builds.earlier(self.blobs, "field", f"assets/{name}")


@pytest_asyncio.fixture
async def here(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Installation]:
    it = Installation(copied(sqlite_template, tmp_path), tmp_path)
    yield it
    await it.store.close()


@pytest_asyncio.fixture
async def http(here: Installation, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setattr(asgi, "routes", lambda: surfaces.routes(here.static))
    app = asgi.create(settings(here.store.url, here.folder), work=False)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="https://trygg.test") as client,
    ):
        yield client


@pytest.mark.law(12)
async def test_a_page_of_yesterdays_build_still_finds_its_parts(here: Installation, http: httpx.AsyncClient) -> None:
    here.builds("app-old1.js", "app-old1.css", "same-1.js")
    await here.starts(MONDAY)
    here.builds("app-new2.js", "same-1.js")
    await here.starts(MONDAY + timedelta(days=1))

    for path, body, type in (
        ("/assets/app-old1.js", "field app-old1.js", "text/javascript"),
        ("/desk/assets/app-old1.css", "desk app-old1.css", "text/css"),
        ("/falt/assets/app-old1.js", "falt app-old1.js", "text/javascript"),
        ("/assets/app-new2.js", "field app-new2.js", "text/javascript"),
    ):
        answer = await http.get(path)
        assert (answer.status_code, answer.text) == (200, body)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith(type)
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_pages_and_workers_are_only_ever_todays(here: Installation, http: httpx.AsyncClient) -> None:
    here.builds("app-old1.js")
    await here.starts(MONDAY)
    (here.static / "field" / "field.js").unlink()
    here.builds("app-new2.js")
    await here.starts(MONDAY)

    assert "app-new2" in (await http.get("/", headers={"Accept": "text/html"})).text
    assert "app-new2" in (await http.get("/field.js")).text
    for name in ("index.html", "field.js"):
        assert await builds.earlier(here.blobs, "field", name) is None
    assert not list((here.folder / "blobs" / "builds").rglob("index.html"))


async def test_nothing_else_in_the_blob_store_can_be_asked_for(here: Installation, http: httpx.AsyncClient) -> None:
    here.builds("app-1.js")
    await here.starts(MONDAY)
    await here.blobs.keep("lidkoping/photos/1/received.js", b"photo")

    for path in (
        "../../lidkoping/photos/1/received.js",
        "assets/../../../lidkoping/photos/1/received.js",
        "assets/",
        "",
    ):
        assert await builds.earlier(here.blobs, "field", path) is None
    assert await builds.earlier(here.blobs, "lidkoping", "assets/app-1.js") is None
    for path in ("/assets/%2e%2e/%2e%2e/x.js", "/assets/never-there.js", "/assets/app-1.js%00"):
        assert (await http.get(path)).status_code == 404


async def test_thirty_days_after_it_was_last_part_of_a_build_a_file_is_swept(here: Installation) -> None:
    here.builds("app-1.js", "same.js")
    await here.starts(MONDAY)
    upgraded = MONDAY + timedelta(days=200)  # the server ran without a break until then
    here.builds("app-2.js", "same.js")
    await here.starts(upgraded)
    assert await here.kept("app-1.js") == b"field app-1.js"

    await here.starts(upgraded + timedelta(days=30))
    assert await here.kept("app-1.js") is not None
    await here.starts(upgraded + timedelta(days=31))
    assert await here.kept("app-1.js") is None
    assert await here.kept("app-2.js") is not None
    assert await here.kept("same.js") is not None


async def test_a_build_that_comes_back_is_copied_again(here: Installation) -> None:
    here.builds("app-1.js")
    await here.starts(MONDAY)
    here.builds("app-2.js")
    for days in (1, 40, 80):
        await here.starts(MONDAY + timedelta(days=days))
    here.builds("app-1.js")
    await here.starts(MONDAY + timedelta(days=81))

    assert await here.kept("app-1.js") is not None


async def test_a_full_disk_stops_no_server_from_starting(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    here.builds("app-1.js")
    full = SimpleNamespace(total=100, used=99, free=1)
    monkeypatch.setattr("trygghetsvandring.storage.disk.shutil.disk_usage", lambda _path: full)
    here.blobs = Folder(Disk(here.folder))

    await here.starts(MONDAY)

    assert await here.kept("app-1.js") is None
    monkeypatch.undo()
    await here.starts(MONDAY)
    assert await here.kept("app-1.js") is not None


async def test_starting_and_migrating_keep_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Installation(f"sqlite+aiosqlite:///{tmp_path / 'trygg.sqlite'}", tmp_path)
    here.builds("app-1.js")
    monkeypatch.setattr(asgi, "STATIC", here.static)

    from datetime import UTC, datetime

    await asgi.prepare(settings(here.store.url, tmp_path), datetime(2026, 11, 23, tzinfo=UTC))

    assert await here.kept("app-1.js") is not None
    await here.store.close()
