"""The lägesbild of a period: signed as it was read, shown as it was released, and never counted out of by anybody."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.sync.desks import Desk, coordinator
from tests.web.phones import MUNICIPALITY, Evening
from trygghetsvandring.domain.est_week import UnsortedLeft
from trygghetsvandring.domain.ids import est_week_id, uuid7
from trygghetsvandring.domain.lagesbild import edition_id, lagesbild_id
from trygghetsvandring.domain.papers import Paper
from trygghetsvandring.domain.period_counts import Hours
from trygghetsvandring.domain.periods import Period
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.storage import est_week
from trygghetsvandring.web import folj_lagesbild, paper_files

pytest_plugins = ["tests.web.evenings"]
AUTUMN = Period(date(2026, 11, 16), date(2026, 11, 30))  # after the weeks that the demo has told of
ID = lagesbild_id(MUNICIPALITY, AUTUMN)
DAYS = {"first": AUTUMN.first, "last": AUTUMN.last}
ASKED = f"/api/lagesbild?from={AUTUMN.first}&to={AUTUMN.last}"
PUBLIC = f"/folj/{MUNICIPALITY}/lagesbild/{ID}"
TEXTS = [
    {"heading": "otrygghet", "text": "Mörkt längs stråket."},
    {"heading": "samverkan", "text": "Fler föreningar är med."},
]
CRIME = {"text": "Färre anmälda skadegörelser.", "source": "Polisens statistik", "told_by": "Kommunpolis"}


@pytest.fixture
async def triage(evening: Evening) -> Desk:
    """In the middle of December: the period is over, and what was handed in then has been sorted."""
    it, phone = await coordinator(evening), await evening.phone()
    for code in ("bel.trasig", "motor"):
        finding = await phone.observe(category=code, stop=str(evening.stop), seen_at=evening.now.isoformat(), text="H")
        await it.done("observation.review", finding, category=code, severity=1, note="")
    await counted(it, n=8)
    evening.now += timedelta(days=25)
    return await coordinator(evening)


async def counted(it: Desk, n: int, count: UUID | None = None) -> UUID:
    """By a party, about music late on a Friday: the same again takes the place of what it said before."""
    id = count or uuid7()
    told = {"party": "polisen", "told_by": "Kommunpolis", "told_on": "2026-11-20", "area": "Lidköping"}
    what = {"place": "nya-stadens-torg", "evening": "2026-11-20", "hour": 23, "category": "motor", "n": n}
    await it.done("est.count", est_week_id(MUNICIPALITY, "2026-W47"), week="2026-W47", count=id, **told, **what)
    return id


async def write(it: Desk, **changes: Any) -> None:
    crime = CRIME | {"told_on": "2026-12-01"}
    await it.done("lagesbild.write", ID, **{**DAYS, "texts": TEXTS, "crime": crime, **changes})


async def signed(it: Desk, status: int = 200, **changes: Any) -> Any:
    view = await it.get(ASKED)
    body = {"first": str(AUTUMN.first), "last": str(AUTUMN.last), "digest": view["digest"], "name": "Kim Test"}
    body |= {"police_by": "Kommunpolis", "police_on": "2026-12-10", "changed": "Nya tal."}
    answer = await it.evening.http.post("/api/lagesbild/sign", json=body | changes, headers=it.headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def released(it: Desk) -> Any:
    """Exactly what the preview shows, by a named person."""
    told = (await it.get(ASKED))["preview"]
    return await it.push("lagesbild.release", UUID(told["edition"]), {"digest": told["digest"], "name": "Kim Test"})


async def page(it: Desk, path: str = PUBLIC) -> str:
    answer = await it.evening.http.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


# ---------------------------------------------------------------- written and signed


async def test_without_the_police_s_words_crime_says_that_nothing_was_told(triage: Desk) -> None:
    await write(triage, crime=None)
    await signed(triage)
    parts = {each["heading"]: each for each in (await triage.get(ASKED))["preview"]["shown"]["parts"]}

    assert list(parts) == ["otrygghet", "brott", "ordningsstorning", "samverkan"]
    assert (parts["brott"]["text"], parts["brott"]["tables"]) == ("Uppgift saknas.", [])


async def test_crime_stands_only_as_the_police_told_it_with_source_function_and_day(triage: Desk) -> None:
    await write(triage)
    await signed(triage)
    (crime,) = [it for it in (await triage.get(ASKED))["preview"]["shown"]["parts"] if it["heading"] == "brott"]

    assert crime["text"] == CRIME["text"]
    assert crime["source"] == "Källa: Polisens statistik. Berättat av Kommunpolis, 1 december 2026."
    ahead = CRIME | {"told_on": "2027-01-01"}
    assert await triage.refused("lagesbild.write", ID, **DAYS, texts=[], crime=ahead) == "date_not_possible"
    (row,) = [
        it
        for it in (await triage.get(ASKED))["preview"]["shown"]["parts"]
        if it["heading"] == "brott" and not it["tables"] and not it["bars"] and not it["lines"]
    ]
    assert row["title"] == "Brott"


async def test_an_edition_stays_as_it_was_signed_when_the_numbers_move(triage: Desk) -> None:
    await write(triage)
    await signed(triage)
    first = await triage.get(ASKED)
    await counted(triage, n=6)
    second = await triage.get(ASKED)

    assert (first["picture"]["order"], second["picture"]["order"]) == (9, 15)
    assert (first["is_as_signed"], second["is_as_signed"]) == (True, False)
    assert second["preview"] == first["preview"]
    await signed(triage)
    assert [it["number"] for it in (await triage.get(ASKED))["editions"]] == [2, 1]


async def test_what_is_signed_is_what_was_read(triage: Desk) -> None:
    await write(triage)
    digest = (await triage.get(ASKED))["digest"]
    await counted(triage, n=1)

    assert (await signed(triage, 400, digest=digest))["code"] == "seen_has_moved"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"police_by": " "}, "lagesbild_not_signable"),
        ({"name": ""}, "lagesbild_not_signable"),
        ({"police_on": "2026-12-31"}, "date_not_possible"),
        ({"police_on": "2026-11-30"}, "date_not_possible"),
        ({"police_by": "Anna Svensson"}, "function_names_somebody"),
    ],
)
async def test_both_parties_sign_when_the_period_is_over(triage: Desk, changes: Any, code: str) -> None:
    answer = await signed(triage, 400, **changes)

    assert answer["code"] == code
    assert (await triage.get(ASKED))["editions"] == []


async def test_what_is_not_sorted_must_be_sorted_first(evening: Evening) -> None:
    phone = await evening.phone()
    await phone.observe(category="motor", stop=str(evening.stop), seen_at=evening.now.isoformat(), text="H")
    evening.now += timedelta(days=25)

    assert (await signed(await coordinator(evening), 400))["code"] == UnsortedLeft.code


async def test_a_text_that_names_somebody_is_turned_away(triage: Desk) -> None:
    body = {**DAYS, "texts": [{"heading": "otrygghet", "text": "Ring 19900101-0017 om det."}], "crime": None}

    assert await triage.refused("lagesbild.write", ID, **body) == "public_text_not_safe"


@pytest.mark.parametrize("field", ["source", "told_by"])
async def test_a_function_that_reads_like_a_name_is_turned_away(triage: Desk, field: str) -> None:
    crime = CRIME | {"told_on": "2026-12-01", field: "Anna Svensson"}

    assert await triage.refused("lagesbild.write", ID, **DAYS, texts=[], crime=crime) == "function_names_somebody"


async def test_who_writes_on_an_older_draft_is_told_and_overwrites_nothing(triage: Desk) -> None:
    await write(triage)
    read = (await triage.get(ASKED))["draft"]["version"]
    theirs = {**DAYS, "texts": [{"heading": "otrygghet", "text": "Någon annans."}], "crime": None}
    assert (await triage.push("lagesbild.write", ID, theirs, base=read))["outcome"] == "applied"
    answer = await triage.push("lagesbild.write", ID, {**DAYS, "texts": TEXTS, "crime": None}, base=read)

    assert answer["code"] == "seen_has_moved"
    assert (await triage.get(ASKED))["draft"]["texts"] == theirs["texts"]


async def test_a_period_that_the_screen_cannot_open_cannot_be_written_in(triage: Desk) -> None:
    """The year before it would lie before the first there is."""
    period = Period(date(2000, 5, 1), date(2000, 5, 31))
    await triage.get(f"/api/lagesbild?from={period.first}&to={period.last}", 400)
    days = {"first": period.first, "last": period.last}

    assert await triage.refused("lagesbild.write", lagesbild_id(MUNICIPALITY, period), **days, texts=[]) == "malformed"


async def test_it_cannot_be_signed_while_the_last_evening_goes_on(evening: Evening) -> None:
    """At two in the morning of the day after."""
    evening.now = datetime(2026, 12, 1, 2, 0, tzinfo=STOCKHOLM)
    it = await coordinator(evening)

    assert (await it.get(ASKED))["is_over"] is False
    assert (await signed(it, 400, police_on="2026-12-01"))["code"] == "lagesbild_not_signable"


async def test_numbers_that_are_not_whole_cannot_be_signed(triage: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(est_week, "MOST_FINDINGS", 1)

    assert (await triage.get(ASKED))["is_whole"] is False
    assert (await signed(triage, 400))["code"] == "lagesbild_not_signable"


# ---------------------------------------------------------------- shown to everybody


async def test_everybody_reads_what_was_released_and_no_place_no_name_and_no_few(triage: Desk) -> None:
    await write(triage)
    await signed(triage)
    assert (await triage.evening.http.get(PUBLIC)).status_code == 404
    assert (await released(triage))["outcome"] == "applied"
    told = await page(triage)

    for words in ("Publicerad", "Senast uppdaterad", "Sidansvarig", "0–4", "Fler föreningar är med."):
        assert words in told
    assert "Nya Stadens torg" not in told
    assert "Kim Test" not in told
    assert "<script" not in told
    assert "<td>8 (" in told  # by the police on a Friday, late
    assert "Läs lägesbilden" in await page(triage, f"/folj/{MUNICIPALITY}")


async def test_an_edition_that_differs_by_one_reads_the_same_to_everybody(triage: Desk) -> None:
    """The difference between two editions would be one event, and perhaps one person."""
    await write(triage)
    await signed(triage)
    await released(triage)
    first = await page(triage)
    await counted(triage, n=1)
    await signed(triage)
    await released(triage)
    second = await page(triage)
    await counted(triage, n=4)  # five more than was told, together
    await signed(triage)
    await released(triage)
    third = await page(triage)

    cells = [re.findall(r"<td>[^<]*</td>", told) for told in (first, second, third)]
    assert cells[0] == cells[1] != cells[2]
    assert "Utgåva 2." in second
    assert "<td>13 (" in third


async def test_a_period_that_overlaps_one_that_was_shown_is_never_shown(triage: Desk) -> None:
    await write(triage)
    await signed(triage)
    await released(triage)
    shorter = Period(date(2026, 11, 16), date(2026, 11, 29))
    other = lagesbild_id(MUNICIPALITY, shorter)
    days: dict[str, Any] = {"first": str(shorter.first), "last": str(shorter.last)}
    asked = f"/api/lagesbild?from={shorter.first}&to={shorter.last}"
    await triage.done("lagesbild.withdraw", ID, number=1)
    await signed(triage, digest=(await triage.get(asked))["digest"], **days)
    told = (await triage.get(asked))["preview"]

    assert (
        await triage.refused("lagesbild.release", edition_id(other, 1), digest=told["digest"], name="Kim Test")
        == "lagesbild_overlaps"
    )


async def test_nothing_is_shown_before_a_week_has_gone(evening: Evening) -> None:
    evening.now += timedelta(days=14)  # 4 December
    it = await coordinator(evening)
    await signed(it, police_on="2026-12-02")

    assert (await released(it))["code"] == "lagesbild_too_soon"


async def test_what_is_taken_away_is_gone_at_once(triage: Desk) -> None:
    await write(triage)
    await signed(triage)
    await released(triage)
    await triage.done("lagesbild.withdraw", ID, number=1)

    assert (await triage.evening.http.get(PUBLIC)).status_code == 404
    assert (await triage.evening.http.get(f"{PUBLIC}/pdf")).status_code == 404
    assert await triage.refused("lagesbild.withdraw", ID, number=1) == "lagesbild_not_shown"


async def test_an_edition_that_another_has_shown_meanwhile_is_not_taken_away(triage: Desk) -> None:
    for _ in range(2):
        await write(triage)
        await signed(triage)
        await released(triage)

    assert await triage.refused("lagesbild.withdraw", ID, number=1) == "seen_has_moved"
    assert "Utgåva 2." in await page(triage)


async def test_what_changed_is_told_to_the_group_and_to_everybody_only_that_something_did(triage: Desk) -> None:
    for _ in range(2):
        await write(triage)
        await signed(triage, changed="Motorer vid Prästgatan.")
        await released(triage)
    told, view = await page(triage), await triage.get(ASKED)

    assert view["editions"][0]["changed"] == "Motorer vid Prästgatan."
    assert view["preview"]["shown"]["changed"] == "Något är ändrat sedan förra utgåvan."
    assert "Prästgatan" not in told
    assert view["preview"]["shown"]["changed"] in told


async def test_how_it_felt_and_who_else_was_out_is_in_no_public_number(triage: Desk) -> None:
    await write(triage)
    await signed(triage)
    shown = (await triage.get(ASKED))["preview"]["shown"]
    tables = {table["caption"]: table["columns"] for part in shown["parts"] for table in part["tables"]}

    assert tables == {
        "Fel och brister som gör en plats otrygg, ort för ort": ["Ort", "Antal", "Kvällar med vandring"],
        "Kväll och tid. Inom parentes: kvällar med vandring.": ["Kvällar", *(hours.value for hours in Hours)],
    }
    assert [line.split(":")[0] for part in shown["parts"] for line in part["lines"]] == [
        "Vandringar",
        "Kvällar med vandring",
        "Möten om lägesbilden",
        "Beslut",
    ]


async def test_a_release_is_of_exactly_what_was_read(triage: Desk) -> None:
    await write(triage)
    await signed(triage)
    edition = UUID((await triage.get(ASKED))["preview"]["edition"])

    assert await triage.refused("lagesbild.release", edition, digest="0" * 64, name="Kim Test") == "seen_has_moved"
    assert (await triage.evening.http.get(PUBLIC)).status_code == 404


async def test_the_demo_shows_one_and_says_that_it_is_an_example(evening: Evening) -> None:
    told = (await evening.http.get(f"/folj/{MUNICIPALITY}/lagesbild")).text
    assert f"/folj/{MUNICIPALITY}/lagesbild/" in (await evening.http.get(f"/folj/{MUNICIPALITY}/flode.xml")).text

    assert "Exempel: mest motorer och musik sent på fredagar." in told
    assert "Uppgift saknas." in told
    assert "<td>9 (0)</td>" in told


async def test_a_focus_area_says_which_lagesbild_it_rests_on(evening: Evening) -> None:
    view = await (await coordinator(evening)).get("/api/plans")
    (plan,) = [each for agreement in view["agreements"] for each in agreement["plans"]]

    assert plan["rests_on"] == [{"first": "2026-10-12", "last": "2026-11-08"}]


# ---------------------------------------------------------------- papers


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")])
async def test_everybody_can_take_it_home(triage: Desk, kind: str, begins: bytes) -> None:
    await write(triage)
    await signed(triage)
    await released(triage)
    answer = await triage.evening.http.get(f"{PUBLIC}/{kind}")

    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    if kind == "pdf":
        assert b"pdfaid" in answer.content


async def test_a_file_is_made_once_for_everybody_and_gone_when_it_is_taken_away(
    triage: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list[str]()
    really = paper_files.made

    async def counting(paper: Paper, format: str, made_at: datetime) -> bytes:
        made.append(format)
        return await really(paper, format, made_at)

    monkeypatch.setattr(folj_lagesbild, "_FILES", {})  # what another test has made
    monkeypatch.setattr(paper_files, "made", counting)
    await write(triage)
    await signed(triage)
    await released(triage)
    files = [await triage.evening.http.get(f"{PUBLIC}/xlsx") for _ in range(3)]
    await triage.done("lagesbild.withdraw", ID, number=1)

    assert made == ["xlsx"]
    assert len({file.content for file in files}) == 1
    assert (await triage.evening.http.get(f"{PUBLIC}/xlsx")).status_code == 404


@pytest.mark.parametrize("kind", ["html", "pdf", "docx"])
async def test_the_parties_take_home_the_edition_they_signed(triage: Desk, kind: str) -> None:
    await write(triage)
    await signed(triage)
    path = f"/api/lagesbild/{edition_id(ID, 1)}/{kind}"
    answer = await triage.evening.http.get(path, headers=triage.headers)

    assert answer.status_code == 200
    if kind == "html":
        for words in ("Nya Stadens torg", "Kim Test", "Kommunpolis", "per kväll", "Färre anmälda skadegörelser."):
            assert words in answer.text
