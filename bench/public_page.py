"""ms until the largest thing of `/folj` stands there: a phone that has never seen the page, over a slow network.

The network is the one that Lighthouse calls slow 4G (1.6 Mbit/s down, 150 ms there and back), the processor four times
slower than here. Every time is a fresh browser context without a cache.
"""

import gzip
from statistics import median

import httpx
from playwright.sync_api import Browser, sync_playwright

from bench.evening import a_server
from bench.history import Figures
from tests.journeys.house import CHROMIUM, PHONE
from tests.quality.people import FLAGS
from tests.quality.world import settle

BAR_MS, BAR_KB, TIMES = 1_500, 100, 7
_SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
_LARGEST = """() => new Promise((done) => new PerformanceObserver((all) => {
    const last = all.getEntries().at(-1);
    done(last.renderTime || last.startTime);
}).observe({ type: "largest-contentful-paint", buffered: true }))"""


def measure() -> Figures:
    with sync_playwright() as playwright, a_server() as server:
        settle(server.url)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        times = sorted(_largest(browser, f"{server.url}/folj") for _ in range(TIMES))
        browser.close()
        sizes = [len(gzip.compress(httpx.get(server.url + path).content, 9)) for path in ("/folj", "/folj/stil.css")]
    kb = sum(sizes) / 1000
    return {
        "lcp_p50_ms": round(median(times)),
        "lcp_worst_ms": round(times[-1]),
        "gz_kb": round(kb, 1),
        "bar": f"<= {BAR_MS} ms: {_said(median(times), BAR_MS)}; <= {BAR_KB} kB: {_said(kb, BAR_KB)}",
    }


def _said(figure: float, bar: int) -> str:
    return "met" if figure <= bar else "MISSED"


def _largest(browser: Browser, url: str) -> float:
    context = browser.new_context(viewport={"width": PHONE["width"], "height": PHONE["height"]}, is_mobile=True)
    page = context.new_page()
    told = context.new_cdp_session(page)
    told.send("Network.enable")
    told.send("Network.emulateNetworkConditions", _SLOW)
    told.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(url, wait_until="load")
    found = float(page.evaluate(_LARGEST))
    context.close()
    return found
