"""The front page's figures and the search: of what a person has released, and gone from both when it is taken away."""

import pytest

from tests.sync.desks import coordinator, reviewed
from tests.web.open311_houses import AT, published
from tests.web.phones import MUNICIPALITY, Evening
from tests.web.test_promises import a_promise, an_agreement, publish
from trygghetsvandring.web import folj_findings

pytest_plugins = ["tests.web.evenings"]
PAGE = f"/folj/{MUNICIPALITY}"
TEXTS = ["Släckt <lampa>", "Trasig bänk", "Glas", "Klotter", "Sly"]


async def read(evening: Evening, path: str = PAGE, **asked: str) -> str:
    answer = await evening.http.get(path, params=asked)
    assert answer.status_code == 200
    return answer.text


async def test_figures_are_of_what_is_released_and_gone_at_the_next_look(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    await reviewed(phone, triage, position=AT, text="Mina egna ord.")
    assert "Antal:" not in await read(evening)

    found = [await published(phone, triage, text=text) for text in TEXTS]

    shown = await read(evening)
    assert "Antal: 5." in shown
    assert "<b>5</b> Inte klart än" in shown
    assert "0 procent av 5" in shown
    assert f'href="{PAGE}/fynd"' in shown
    await triage.done("publication.withdraw", found[0])
    fewer = await read(evening)
    assert "Antal: 4." in fewer
    assert "färre än fem" in fewer
    assert "procent" not in fewer


async def test_a_search_finds_findings_promises_and_nothing_that_is_not_released(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    for text in TEXTS:
        await published(phone, triage, text=text)
    await reviewed(phone, triage, position=AT, text="Mina egna ord om en lampa.")
    agreement = await an_agreement(triage)
    await publish(triage, await a_promise(triage, agreement))
    await a_promise(triage, agreement, number=2, heading="Hemlig lampa")

    lamps = await read(evening, f"{PAGE}/fynd", q="LAMPA gångtunneln")
    assert "Släckt &lt;lampa&gt;" in lamps
    assert "bänk" not in lamps
    assert "Antal: 1." in lamps
    assert "Gångtunneln" in lamps
    assert "Ljus</a>" in await read(evening, f"{PAGE}/fynd", q="mötesplatser")
    for nowhere in ("Mina egna", "Hemlig", '"><script>'):
        html = await read(evening, f"{PAGE}/fynd", q=nowhere)
        assert "Inget passar in" in html
        assert "<script" not in html
    arabic = await read(evening, f"{PAGE}/fynd", q="bänk", sprak="ar")
    assert "<b>Trasig bänk</b>" in arabic
    assert 'name="sprak" value="ar"' in arabic


@pytest.mark.parametrize(("words", "turned"), [("SSPF", True), ("orosanmälan barn", True), ("lampa", False)])
async def test_who_looks_for_a_persons_own_matter_is_told_where_to_turn(
    evening: Evening, words: str, turned: bool
) -> None:
    for tongue in ("sv", "ar"):
        html = await read(evening, f"{PAGE}/fynd", q=words, sprak=tongue)
        assert ("Är du orolig för ett barn?" in html) is turned
        assert ('href="tel:112"' in html.partition("<footer>")[0]) is turned


async def test_a_long_list_is_read_on_with_what_was_sought(evening: Evening, monkeypatch: object) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    for text in TEXTS[:3]:
        await published(phone, triage, text=text)
    monkeypatch.setattr(folj_findings, "A_PAGE", 2)  # type: ignore[attr-defined]

    first = await read(evening, f"{PAGE}/fynd", q="gångtunneln", sprak="en")
    assert f'href="{PAGE}/fynd?sida=2&amp;q=g%C3%A5ngtunneln&amp;sprak=en"' in first
    second = await read(evening, f"{PAGE}/fynd", q="gångtunneln", sprak="en", sida="2")
    assert [text for text in TEXTS[1:3] if text in first] == [TEXTS[1], TEXTS[2]]
    assert "Show more" not in second
    assert await read(evening, f"{PAGE}/fynd", q="gångtunneln", sprak="en", sida="9") == second
    assert "lampa" in second


async def test_the_whole_year_is_searched_and_where_it_is_not_nobody_is_told_that_there_is_nothing_more(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    for text in TEXTS:
        await published(phone, triage, text=text)
    monkeypatch.setattr(folj_findings, "_MOST", 2)

    oldest = await read(evening, f"{PAGE}/fynd", q="lampa")
    monkeypatch.setattr(folj_findings, "_MOST_PAGES", 1)
    out_of_reach = await read(evening, f"{PAGE}/fynd", q="lampa")

    assert "Släckt &lt;lampa&gt;" in oldest
    assert "Vi har letat" not in oldest
    assert "Släckt" not in out_of_reach
    assert "Vi har letat bland de 2 senaste." in out_of_reach
