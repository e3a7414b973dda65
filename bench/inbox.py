"""The coordinator's inbox with 1,000 findings that nobody has sorted: from the navigation's start to usable.

Usable: the list is there, the first finding is open with its proposal, and a key decides it. Beside a desk page with
nothing on it, in the same browser; the two take turns, so that a busy machine hits both alike. `decided_ms` is from the
key that accepts a proposal to the next finding being open.
"""

from datetime import UTC, datetime
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

from bench.evening import a_server
from bench.history import Figures, median
from tests.journeys.house import CHROMIUM, DESK, Server
from tests.journeys.staff import Desk
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7

FINDINGS, ROUNDS, AT_ONCE = 1_000, 7, 100
BAR_MS = 1_000
_KINDS = ("bel.trasig", "skrap", "klotter", "sikt.vaxt", "ljud.musik", "bra")
# Notes in the page when what is looked for is there; nobody asks the page anything meanwhile.
_WATCH = """(() => {
  const wanted = location.pathname.endsWith("/inkommet")
    ? [".findings .finding", "#finding-title", ".proposal .btn"] : ["main h1"];
  const look = () => {
    if (!window.__usable && wanted.every((it) => document.querySelector(it))) window.__usable = performance.now();
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
})()"""


def measure() -> Figures:
    with a_server() as server, sync_playwright() as playwright:
        handed_in(server, FINDINGS)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
        page = browser.new_page(viewport={"width": DESK["width"], "height": DESK["height"]})
        page.goto(f"{server.url}/desk/")
        Desk(page).signs_in("samordnare@lidkoping", seed.PASSWORD)
        page.add_init_script(_WATCH)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(_usable(page, f"{server.url}/desk/tom-sida"))
            ours.append(_usable(page, f"{server.url}/desk/inkommet"))
        decided = [_decided(page) for _ in range(ROUNDS)]
        browser.close()
    ms, blank = median(ours), median(theirs)
    return {
        "findings": FINDINGS,
        "usable_ms": round(ms),
        "usable_worst_ms": round(max(ours)),
        "blank_ms": round(blank),
        "ratio": round(ms / blank, 2),
        "decided_ms": round(median(decided)),
        "bar": f"<= {BAR_MS} ms: {'met' if ms <= BAR_MS else 'MISSED'}",
    }


def handed_in(server: Server, count: int) -> None:
    """By one phone, spread over a town, some so near each other that they could be the same thing."""
    secret = httpx.get(f"{server.url}/api/start").json()["walk"]["link"].partition("#g=")[2]
    device, session = str(uuid7()), str(uuid7())
    joined = httpx.post(f"{server.url}/api/join", json={"secret": secret, "device": device, "alias": "Kim"}).json()
    for first in range(0, count, AT_ONCE):
        now = datetime.now(UTC).isoformat()
        operations = [_operation(n, joined["walk"], now, session) for n in range(first, min(count, first + AT_ONCE))]
        push = {"protocol": 1, "device": device, "sent_at": now, "session": session, "mono_ms": 2}
        headers = {"Authorization": f"Bearer {joined['token']}"}
        answer = httpx.post(
            f"{server.url}/sync/push", json=push | {"operations": operations}, headers=headers, timeout=60
        )
        assert {it["outcome"] for it in answer.json()["outcomes"]} == {"applied"}, answer.text


def _operation(n: int, walk: str, now: str, session: str) -> dict[str, Any]:
    at = {"lat": 58.48 + n // 40 * 0.0008, "lon": 13.12 + n % 40 // 2 * 0.002, "accuracy_m": 6, "age_s": 1}
    body = {
        "walk": walk,
        "category": _KINDS[n % len(_KINDS)],
        "severity": n % 3,
        "text": "Mörkt nästan hela vägen.",
        "position": at | {"source": "gps"},
        "seen_at": now,
    }
    made = {"id": str(uuid7()), "seq": n + 1, "type": "observation.record", "entity": str(uuid7()), "base": None}
    return made | {"at": now, "mono_ms": 1, "session": session, "body": body}


def _usable(page: Page, url: str) -> float:
    page.goto(url, wait_until="commit")
    return float(page.wait_for_function("() => window.__usable").json_value())


def _decided(page: Page) -> float:
    """From the key to the next finding's proposal."""
    return float(
        page.evaluate(
            """() => new Promise((done) => {
              const was = location.search, begun = performance.now();
              setTimeout(() => done(NaN), 20_000);
              const look = () => location.search !== was && document.querySelector(".proposal .btn:not(:disabled)")
                && document.activeElement?.id === "finding-title" ? done(performance.now() - begun)
                : requestAnimationFrame(look);
              document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
              look();
            })"""
        )
    )
