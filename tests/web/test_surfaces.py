"""The built pages: what is served, how long it is kept, and what never is."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from starlette.requests import Request
from starlette.responses import Response

from tests.makers import copied, settings
from trygghetsvandring import asgi
from trygghetsvandring.domain.people import Act
from trygghetsvandring.web import middleware, routing, surfaces

HTML = {"Accept": "text/html,*/*;q=0.8"}
SECRET = "nobody may read this"


@pytest_asyncio.fixture
async def http(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A house with small pages of its own, a secret beside them, and a route that breaks."""
    static = tmp_path / "built" / "static"
    for name in ("field", "desk", "falt"):
        (static / name / "assets").mkdir(parents=True)
        (static / name / "index.html").write_text(f"<title>{name}</title>")
        (static / name / "assets" / "app-1a2b3c.js").write_text("1")
        (static / name / f"{name}.js").write_text("worker")
        (static / name / "manifest.webmanifest").write_text("{}")
        (static / name / "notes.py").write_text(SECRET)
    (static / "field" / "out").symlink_to(tmp_path / "built")
    (tmp_path / "built" / "server.txt").write_text(SECRET)

    async def breaks(_request: Request) -> Response:
        raise RuntimeError(SECRET)

    def routes() -> list[object]:
        return [routing.route("/breaks", breaks, methods=["GET"], act=Act.PUBLIC), *surfaces.routes(static)]

    monkeypatch.setattr(asgi, "routes", routes)
    app = asgi.create(settings(copied(sqlite_template, tmp_path), tmp_path), work=False)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="https://trygg.test") as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", "field"),
        ("/gavidare/stopp/3", "field"),
        ("/desk", "desk"),
        ("/desk/", "desk"),
        ("/desk/inkommet?fynd=1", "desk"),
        ("/falt/", "falt"),
        ("/falt/kvall/2026-11-20", "falt"),
    ],
)
async def test_every_address_of_an_app_opens_the_app(http: httpx.AsyncClient, path: str, page: str) -> None:
    answer = await http.get(path, headers=HTML)

    assert (answer.status_code, answer.text) == (200, f"<title>{page}</title>")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_the_log_without_its_slash_leads_to_where_its_worker_answers(http: httpx.AsyncClient) -> None:
    answer = await http.get("/falt", headers=HTML)

    assert (answer.status_code, answer.headers["location"]) == (308, "/falt/")


@pytest.mark.parametrize("app", ["", "/desk", "/falt"])
async def test_hashed_files_are_kept_for_a_year_and_workers_asked_for_every_time(
    http: httpx.AsyncClient, app: str
) -> None:
    hashed = await http.get(f"{app}/assets/app-1a2b3c.js")
    worker = await http.get(f"{app}/{app.strip('/') or 'field'}.js")
    manifest = await http.get(f"{app}/manifest.webmanifest")

    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert worker.headers["cache-control"] == manifest.headers["cache-control"] == "no-cache"
    assert hashed.headers["content-type"] == worker.headers["content-type"] == "text/javascript; charset=utf-8"
    assert manifest.headers["content-type"] == "application/manifest+json"


OUTSIDE = [
    "../server.txt",
    "../../server.txt",
    "..%2f..%2fserver.txt",
    "%2e%2e/%2e%2e/server.txt",
    "%2e%2e%2f%2e%2e%2fserver.txt",
    "..%5c..%5cserver.txt",
    "assets/../../../server.txt",
    "assets/..%2f..%2f..%2fserver.txt",
    "....//....//server.txt",
    "%252e%252e%252fserver.txt",
    "out/server.txt",
    "/etc/hostname.txt",
    "%2fetc%2fpasswd",
    "notes.py",
    "assets",
    "..",
    "%00",
    "index.html%00.js",
    "a" * 5_000,
    "a/" * 2_000,
    quote("å" * 200),
    "%ff%fe",
    "con.js:stream",
    "~root/.profile",
]


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: path[:30])
@pytest.mark.parametrize("app", ["", "/desk", "/falt"])
async def test_nothing_but_what_was_built_is_ever_served(http: httpx.AsyncClient, app: str, path: str) -> None:
    for headers in ({}, HTML):
        answer = await http.send(http.build_request("GET", raw(f"{app}/{path}"), headers=headers))
        assert SECRET not in answer.text
        assert answer.status_code == 404 or answer.text.startswith("<title>"), answer.text


def raw(path: str) -> httpx.URL:
    """As it stands: a browser would have tidied it, a scanner does not."""
    return httpx.URL("https://trygg.test").copy_with(raw_path=path.encode())


@pytest.mark.parametrize("path", ["/nowhere.js", "/assets/app-old.js", "/desk/nowhere.css", "/falt/x.json", "/api/no"])
async def test_what_is_no_page_is_not_answered_with_one(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path, headers={"Accept": "*/*"})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/", 200), ("HEAD", "/", 200), ("GET", "/x.js", 404)])
@pytest.mark.parametrize("more", ["", "desk/", "falt/"])
async def test_pages_and_refusals_say_what_a_page_may_do(
    http: httpx.AsyncClient, method: str, path: str, status: int, more: str
) -> None:
    answer = await http.request(method, path.replace("/", f"/{more}", 1))

    assert answer.status_code == status
    assert {name: answer.headers[name] for name in middleware.HEADERS} == middleware.HEADERS


async def test_so_do_a_wrong_method_and_a_fault_of_ours(http: httpx.AsyncClient) -> None:
    wrong, broken = await http.post("/"), await http.get("/breaks")

    assert (wrong.status_code, broken.status_code) == (405, 500)
    assert SECRET not in broken.text
    for answer in (wrong, broken):
        assert answer.headers["content-type"] == "application/problem+json"
        assert {name: answer.headers.get(name) for name in middleware.HEADERS} == middleware.HEADERS


def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in middleware.HEADERS["Content-Security-Policy"].split(";"))

    assert rules["default-src"] == rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["object-src"] == rules["base-uri"] == "'none'"
    assert not [rule for rule in rules.values() if "http" in rule or "*" in rule or "unsafe" in rule]


async def test_a_house_without_built_pages_says_that_there_are_none(tmp_path: Path) -> None:
    app = asgi.create(settings(f"sqlite+aiosqlite:///{tmp_path / 'none.sqlite'}", tmp_path), work=False)
    app.router.routes[:] = surfaces.routes(tmp_path / "nowhere")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://trygg.test") as client:
        assert (await client.get("/", headers=HTML)).status_code == 404
