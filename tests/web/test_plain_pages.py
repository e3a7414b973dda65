"""Pages without a script look as the app does, say nothing to a log, and hold what the mail brings them."""

import logging
import re
from pathlib import Path

import pytest

from trygghetsvandring.web import middleware, plain

CSS = Path(plain.__file__).parent / "plain.css"
TOKENS = Path(__file__).parents[2] / "pwa" / "src" / "ui" / "styles" / "tokens.css"
TOKEN = re.compile(r"(--[\w-]+):\s*(#[0-9A-Fa-f]{6})")


def test_day_and_dark_have_the_tokens_of_the_app() -> None:
    day, dark = CSS.read_text().split("@media (prefers-color-scheme: dark)")
    app_day, app_dark = TOKENS.read_text().split('[data-theme="dark"] {')[:2]

    for ours, theirs in ((day, app_day), (dark.partition("}\n}")[0], app_dark.partition("}")[0])):
        here, there = dict(TOKEN.findall(ours)), dict(TOKEN.findall(theirs))
        assert len(here) == 14
        assert {name: there.get(name) for name in here} == here


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/besked/AhEpSt0vEAtwtTS-H3p5ZA", "/besked/…"),
        ("/brev/vBFnYzv_SSLag_6TR5Dgcw?x=1", "/brev/…?x=1"),
        ("/brev/sluta/vBFnYzv_SSLag_6TR5Dgcw", "/brev/sluta/…"),
        ("/besked/svar", "/besked/svar"),
        ("/besked/stil.css", "/besked/stil.css"),
        ("/brev/bekrafta", "/brev/bekrafta"),
        ("/brev/svarsecret", "/brev/…"),
        ("/api/tasks", "/api/tasks"),
    ],
)
def test_no_secret_of_a_link_reaches_a_log(path: str, said: str) -> None:
    assert middleware.loggable(path) == said


def test_a_server_that_writes_down_every_request_leaves_the_secret_out(caplog: pytest.LogCaptureFixture) -> None:
    middleware.log_no_secrets()
    middleware.log_no_secrets()
    logger = logging.getLogger("uvicorn.access")
    with caplog.at_level(logging.INFO, logger="uvicorn.access"):
        logger.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", "/besked/AhEpSt0vEAtwtTS-H3p5ZA", "1.1", 200)

    assert caplog.messages == ['127.0.0.1:1 - "GET /besked/… HTTP/1.1" 200']


def test_everything_put_into_a_page_is_escaped() -> None:
    planted = "\"'><script>alert(1)</script>"
    parts = (
        plain.paragraph(planted, planted),
        plain.notice(planted),
        plain.facts([(planted, planted)]),
        plain.form(planted, {planted: planted}, plain.button(planted), heading=planted),
        plain.area("text", planted, planted, value=planted),
        plain.day("day", planted, first="2026-11-20", value=planted),
        plain.choices("choice", planted, [(planted, planted)], chosen=planted),
        plain.file("photo", planted, planted),
    )
    page = bytes(plain.page(planted, *parts, municipality=planted).body).decode()

    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 18
