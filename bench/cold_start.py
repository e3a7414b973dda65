"""Cold start without a network: the server is stopped and the browser process killed before each start.

From the navigation's start to "Fotografera" on the screen with the page's thread four times slower, beside a blank
precached page in a profile of the same kind. Rounds take turns, so that a busy machine hits both alike.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright

from bench.browser import Phone, phone
from bench.control import a_blank_page
from bench.evening import a_server, join
from bench.history import Figures, median

ROUNDS = 7
SLOWER = 4
BAR_MS = 1_500
_ALONE_MS = 2_500
_MARK = 'performance.getEntriesByName("usable")[0]?.startTime ?? null'


def measure() -> Figures:
    with (
        sync_playwright() as playwright,
        TemporaryDirectory(prefix="trygg-bench-") as folder,
        a_server() as server,
        a_blank_page() as blank,
        phone(playwright, Path(folder) / "app") as app,
        phone(playwright, Path(folder) / "blank") as control,
    ):
        app_url, blank_url = f"{server.url}/", f"{blank.url}/"
        join(app.start(app_url), server)
        page = control.start(blank_url)
        page.goto(blank_url)
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        server.stop()
        blank.stop()
        ours, theirs, settled = [], [], []
        for _ in range(ROUNDS):
            theirs.append(_started(control, blank_url, "Fotografera"))
            ours.append(_started(app, app_url, "Fotografera"))
            settled.append(_longest_task_after(app))
    ms, control_ms = median(ours), median(theirs)
    return {
        "usable_ms": round(ms),
        "usable_worst_ms": round(max(ours)),
        "blank_ms": round(control_ms),
        "ratio": round(ms / control_ms, 2),
        "page_cpu_slower": SLOWER,
        "longest_task_after_ms": round(median(settled)),
        "bar": f"<= {BAR_MS} ms: {'met' if ms <= BAR_MS else 'MISSED'}",
    }


def _started(device: Phone, url: str, word: str) -> float:
    """Milliseconds from the navigation's start to the mark; the word must then be on the screen and enabled."""
    device.kill()
    page = device.start(url)
    device.slow(page, SLOWER)
    page.goto(url, wait_until="commit")
    # Nobody looks at the page while it starts: looking takes the same slowed thread.
    page.wait_for_timeout(_ALONE_MS)
    button = page.get_by_text(word, exact=True).first
    expect(button).to_be_visible()
    expect(button).to_be_enabled()
    at = page.evaluate(_MARK)
    assert at is not None, "the page did not mark when it became usable"
    return float(at)


def _longest_task_after(device: Phone) -> float:
    """The longest task during the second after the mark: what a first press may have to wait for."""
    assert device.browser is not None
    page: Page = device.browser.contexts[0].pages[0]
    return float(
        page.evaluate(
            """() => new Promise((done) => {
              const mark = performance.getEntriesByName("usable")[0].startTime;
              let worst = 0;
              new PerformanceObserver((list) => {
                for (const e of list.getEntries()) if (e.startTime >= mark) worst = Math.max(worst, e.duration);
              }).observe({ type: "longtask", buffered: true });
              setTimeout(() => done(worst), 1_000);
            })"""
        )
    )
