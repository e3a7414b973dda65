"""JavaScript and CSS on the wire, gzip -9, before the first photo is saved: a fresh phone with a cold cache.

The page gets nothing but what is counted: every other file of code it asks for (the later screens, the lookout, the
guard, the sender and tus, the font) is refused. From the opened link through "Gå med" to the saved shot and its
category's question, what it got is added up, so the figure is what a first capture needs and not what we say it
needs. `installed` is the same without the invitation's part: what a phone that has joined needs. The service worker
fetches everything for itself, later, and its own script is not counted.
"""

import gzip
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page, Response, Route, expect, sync_playwright

from bench.browser import phone
from bench.evening import a_server, join
from bench.history import Figures
from tests.journeys.house import Server

BAR_KB, AIM_KB = 60, 45
_CODE = re.compile(r"\.(js|css)$")
_WORKER = re.compile(r"^/[a-z]+\.js$")
_REFUSED = re.compile(r"^/assets/(later|lookout|guard|tus|sender|push|hand_in|font)-")


def measure() -> Figures:
    with sync_playwright() as playwright, TemporaryDirectory(prefix="trygg-bench-") as folder, a_server() as server:
        with phone(playwright, Path(folder) / "app") as device:
            got, refused = _got_until_saved(device.start(f"{server.url}/"), server)
        named = set(re.findall(r'(?:src|href)="(/assets/[^"]+)"', httpx.get(f"{server.url}/").text))
        counted = {path: _gzip(server, path) for path in got}
        apart = {path: _gzip(server, path) for path in refused}
    for path, size in sorted((counted | apart).items(), key=lambda pair: -pair[1]):
        print(f"  {size / 1000:7.1f} kB  {path}{'  (refused)' if path in apart else ''}")
    total = sum(counted.values()) / 1000
    return {
        "code_gz_kb": round(total, 1),
        "installed_gz_kb": round(sum(size for path, size in counted.items() if path in named) / 1000, 1),
        "refused_gz_kb": round(sum(apart.values()) / 1000, 1),
        "files": len(counted),
        "ratio_to_nearest_peer": round(total / 46.7, 2),
        "bar": f"<= {BAR_KB} kB, aim {AIM_KB}: {'met' if total <= BAR_KB else 'MISSED'}",
    }


def _got_until_saved(page: Page, server: Server) -> tuple[list[str], list[str]]:
    """Paths of code the page got, and those it was refused, until the first shot was on the phone."""
    got: list[str] = []
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(urlsplit(route.request.url).path)
        route.abort()

    def note(response: Response) -> None:
        path = urlsplit(response.url).path
        if response.url.startswith(server.url) and _CODE.search(path) and not _WORKER.search(path) and path not in got:
            got.append(path)

    page.route(lambda url: _REFUSED.search(urlsplit(url).path) is not None, refuse)
    page.on("response", note)
    join(page, server)
    page.get_by_role("link", name="Till kvällens vandring").click()
    page.get_by_role("link", name="Fotografera", exact=True).click()
    while not page.evaluate('document.querySelector("video")?.videoWidth > 0'):
        page.wait_for_timeout(50)
    page.get_by_role("button", name=re.compile("Ta foto")).click()
    expect(page.get_by_role("heading", name="Vad är det?")).to_be_visible()
    expect(page.get_by_text("Sparat på telefonen").first).to_be_visible()
    leaked = [path for path in got if _REFUSED.search(path)]
    assert not leaked, f"the page got {leaked}, so nothing is proved about doing without"
    return got, sorted(set(refused))


def _gzip(server: Server, path: str) -> int:
    return len(gzip.compress(httpx.get(server.url + path, headers={"accept-encoding": "identity"}).content, 9))
