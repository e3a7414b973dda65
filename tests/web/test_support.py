"""Where to turn when somebody close is violent, and the accessibility statement: for everybody, from every page."""

import logging
import re
from dataclasses import replace
from datetime import date

from tests.makers import a_municipality
from tests.web.phones import MUNICIPALITY, Evening
from trygghetsvandring.domain.municipalities import Accessibility, Meets, Said, TurnTo
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.web import middleware
from trygghetsvandring.web.tongues import SWEDISH, TONGUES

pytest_plugins = ["tests.web.evenings"]
PAGE = f"/folj/{MUNICIPALITY}"
SUPPORT, ACCESS = f"{PAGE}/mer", f"{PAGE}/tillganglighet"
LINE = TurnTo(when="Dygnet <runt>.", who="Linjen & rådet", phone="020-50 50 50", url='https://x.example/"a')


async def test_who_needs_help_reads_the_numbers_and_a_quick_way_out_and_leaves_nothing_with_us(
    evening: Evening,
) -> None:
    await settle(evening.house.store, a_municipality(support_lines=(LINE,), leave_to="https://v.example/"))

    for tongue in TONGUES:
        answer = await evening.http.get(SUPPORT, params={} if tongue is SWEDISH else {"sprak": tongue.id})
        html = answer.text
        assert 'href="tel:112"' in html
        assert 'href="tel:0205050505"' not in html
        assert 'href="tel:020505050" dir="ltr">020-50 50 50</a>' in html
        assert "Linjen &amp; rådet" in html
        assert "Dygnet &lt;runt&gt;." in html
        assert 'href="https://x.example/&quot;a"' in html
        title = re.search(r"<title>(.*?)</title>", html)
        assert title is not None
        assert tongue("support.title") not in title[1]  # the tab, and the history, are read by others
        assert html.index('href="https://v.example/"') < html.index("<h1>")
        assert "<form" not in html
        assert "<script" not in html
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers

    said = replace(LINE, other={"ar": Said(when="على <مدار> الساعة.")})
    await settle(evening.house.store, a_municipality(support_lines=(said,)))
    arabic = (await evening.http.get(SUPPORT, params={"sprak": "ar"})).text
    assert "<br>على &lt;مدار&gt; الساعة." in arabic
    assert "Dygnet" not in arabic
    assert "Dygnet" in (await evening.http.get(SUPPORT, params={"sprak": "en"})).text

    await settle(evening.house.store, a_municipality(support_lines=()))
    bare = (await evening.http.get(SUPPORT)).text
    assert SWEDISH("support.none") in bare
    assert 'href="tel:112"' in bare


def test_a_visit_to_that_page_is_in_no_log() -> None:
    logged = middleware._NoSecrets()

    def line(path: str) -> logging.LogRecord:
        return logging.makeLogRecord({"args": ("192.0.2.1", "GET", path, "1.1", 200)})

    assert not logged.filter(line(SUPPORT))
    assert not logged.filter(line(f"{SUPPORT}?sprak=ar"))
    assert logged.filter(line(PAGE))
    assert logged.filter(line(f"{PAGE}/merit"))


async def test_the_statement_says_what_is_known_and_judged_and_never_more(evening: Evening) -> None:
    async def read(**said: object) -> str:
        await settle(evening.house.store, a_municipality(accessibility=Accessibility(**said)))  # type: ignore[arg-type]
        return (await evening.http.get(ACCESS)).text

    unsaid = await read()
    assert "Uppgift saknas. Kommunen har inte bedömt sidorna än." in unsaid
    assert "bara på svenska" in unsaid
    assert "mailto:" not in unsaid
    judged = await read(
        meets=Meets.PARTLY,
        assessed_on=date(2026, 11, 24),
        how="Vi har läst <själva>.",
        mail="t@x.example",
        phone="0510-1",
        known=("Kartan.",),
    )
    assert "till viss del" in judged
    assert "Vi har läst &lt;själva&gt;. Bedömt 24 november 2026." in judged
    assert "<li>Kartan.</li>" in judged
    assert 'href="mailto:t@x.example"' in judged
    assert 'href="tel:05101"' in judged
    assert "Uppgift saknas" not in judged


async def test_every_page_for_everybody_leads_to_the_statement(evening: Evening) -> None:
    own = (PAGE, f"{PAGE}?sprak=ar", f"{PAGE}/lagesbild", f"/oppna-data/{MUNICIPALITY}")
    for path in own:
        assert ACCESS in (await evening.http.get(path)).text, path
    for path in (f"{PAGE}/synpunkt", f"{PAGE}/mejl", "/kort", "/besked/ingen"):
        assert 'href="/tillganglighet"' in (await evening.http.get(path)).text, path
    led = await evening.http.get("/tillganglighet")
    assert led.status_code in {200, 307}
