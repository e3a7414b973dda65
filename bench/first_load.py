"""JavaScript and CSS on the wire, gzip -9, before the first photo is saved: a fresh phone with a cold cache.

What the page itself asks for, from the opened link through "Gå med" to the first saved shot, is followed and added up.
Not counted, and listed apart, is what no capture waits for: fonts, the sync transport (sender and tus) and the service
worker, which fetches the same files again for the next start. `start` is the part that index.html names: what a phone
that has joined needs to open the viewfinder and save.
"""

import gzip
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page, Request, expect, sync_playwright

from bench.browser import phone
from bench.evening import a_server, join
from bench.history import Figures
from tests.journeys.house import Server

BAR_KB, AIM_KB = 60, 45
_CODE = re.compile(r"\.(js|css)$")
_APART = {
    "sync transport": re.compile(r"^/assets/(tus|sender|push)-"),
    "font": re.compile(r"^/assets/font-"),
    "service worker": re.compile(r"^/[a-z]+\.js$"),
}


def measure() -> Figures:
    with sync_playwright() as playwright, TemporaryDirectory(prefix="trygg-bench-") as folder, a_server() as server:
        with phone(playwright, Path(folder) / "app") as device:
            asked = _asked_until_saved(device.start(f"{server.url}/"), server)
        named = set(re.findall(r'(?:src|href)="(/assets/[^"]+)"', httpx.get(f"{server.url}/").text))
        sizes = {path: _gzip(server, path) for path in asked}
    counted = {path: size for path, size in sizes.items() if _kind(path) is None}
    for path, size in sorted(sizes.items(), key=lambda pair: -pair[1]):
        print(f"  {size / 1000:7.1f} kB  {path}{f'  (apart: {_kind(path)})' if _kind(path) else ''}")
    total = sum(counted.values()) / 1000
    return {
        "code_gz_kb": round(total, 1),
        "start_gz_kb": round(sum(size for path, size in counted.items() if path in named) / 1000, 1),
        "apart_gz_kb": round((sum(sizes.values()) - sum(counted.values())) / 1000, 1),
        "files": len(counted),
        "ratio_to_nearest_peer": round(total / 46.7, 2),
        "bar": f"<= {BAR_KB} kB, aim {AIM_KB}: {'met' if total <= BAR_KB else 'MISSED'}",
    }


def _asked_until_saved(page: Page, server: Server) -> list[str]:
    """Paths of code the page asked for, in order, until the first shot was on the phone."""
    asked: list[str] = []

    def note(request: Request) -> None:
        path = urlsplit(request.url).path
        if request.url.startswith(server.url) and _CODE.search(path) and path not in asked:
            asked.append(path)

    page.on("request", note)
    join(page, server)
    page.get_by_role("link", name="Till kvällens vandring").click()
    page.get_by_role("link", name="Fotografera", exact=True).click()
    while not page.evaluate('document.querySelector("video")?.videoWidth > 0'):
        page.wait_for_timeout(50)
    page.get_by_role("button", name=re.compile("Ta foto")).click()
    expect(page.get_by_role("heading", name="Vad är det?")).to_be_visible()
    return list(asked)


def _kind(path: str) -> str | None:
    return next((kind for kind, pattern in _APART.items() if pattern.search(path)), None)


def _gzip(server: Server, path: str) -> int:
    return len(gzip.compress(httpx.get(server.url + path, headers={"accept-encoding": "identity"}).content, 9))
