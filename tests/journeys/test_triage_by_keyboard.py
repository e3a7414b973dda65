"""The coordinator's Monday: ten findings sorted without touching the mouse, at most four keys each, and one undone;
and many in one act, taken back, sent, partly refused, and sent across a network that was away. Then they are read, one
by one, before everybody may read them.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.journeys.house import CHROMIUM, DESK, Server
from tests.journeys.staff import Desk
from tests.quality.world import Sender, desk
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7

pytestmark = pytest.mark.journey
MOST_KEYS = 4
HERE = (58.49503, 13.17665)
NORTH = 0.001  # about 111 m: one thing is not taken for another

# What is handed in, oldest first: category, severity, how far north in steps.
HANDED_IN: tuple[tuple[str, int | None, float], ...] = (
    ("bel.trasig", 2, 0),
    ("bel.trasig", 2, 0.04),  # the same lamp from the other side
    ("bel.trasig", 1, 0.1),  # the next lamp, near enough to be asked about
    ("ljud.musik", None, 1),
    ("bra", None, 2),
    ("sikt.vaxt", 1, 3),
    ("skrap", 1, 4),
    ("klotter", 1, 5),
    ("mobler", 1, 6),
    ("el", 3, 7),
)
# How each is decided, in the order of the inbox: danger first, then newest first. Keys, and what it is afterwards.
DECIDED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("Öppet elskåp", ("a",), "linked"),
    ("Trasig bänk", ("u", "3", "Enter"), "no_action"),
    ("Klotter", ("a",), "linked"),
    ("Nedskräpning", ("d", "1", "Enter"), "withheld"),
    ("Buskar", ("a",), "linked"),
    ("Bra här", ("a",), "no_action"),
    ("Störande musik", ("a",), "no_action"),
    ("Trasig belysning", ("i", "a"), "linked"),
    ("Trasig belysning", ("s",), "merged"),
    ("Trasig belysning", ("a",), "linked"),
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    it = Server(data=tmp_path, database_url=f"sqlite+aiosqlite:///{tmp_path / 'trygg.sqlite'}", smtp_url="")
    it.start()
    try:
        yield it
    finally:
        it.stop()


@pytest.fixture
def page(server: Server) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
        page = browser.new_page(viewport={"width": DESK["width"], "height": DESK["height"]})
        page.goto(f"{server.url}/desk/")
        Desk(page).signs_in("samordnare@lidkoping", seed.PASSWORD)
        yield page
        browser.close()


def handed_in(server: Server) -> list[str]:
    """The ids, in the order they came."""
    secret = httpx.get(f"{server.url}/api/start").json()["walk"]["link"].partition("#g=")[2]
    device, ids = str(uuid7()), []
    joined = httpx.post(f"{server.url}/api/join", json={"secret": secret, "device": device, "alias": "Kim"}).json()
    phone = Sender(server.url, device, {"Authorization": f"Bearer {joined['token']}"}, numbered=True)
    for category, severity, north in HANDED_IN:
        ids.append(str(uuid7()))
        at = {"lat": HERE[0] + north * NORTH, "lon": HERE[1], "accuracy_m": 5, "age_s": 1, "source": "gps"}
        body: dict[str, Any] = {"walk": joined["walk"], "category": category, "severity": severity, "position": at}
        phone.does("observation.record", ids[-1], body | {"seen_at": datetime.now(UTC).isoformat(), "photos": []})
    return ids


def state_of(server: Server, finding: str, coordinator: Sender) -> str:
    answer = httpx.get(f"{server.url}/api/observations/{finding}", headers=coordinator.headers)
    return str(answer.json()["state"])


def open_one(page: Page) -> str:
    return page.evaluate("new URL(location.href).searchParams.get('fynd') ?? ''")  # type: ignore[no-any-return]


def test_ten_findings_are_sorted_by_keyboard_in_four_keys_each_and_the_last_is_undone(
    server: Server, page: Page
) -> None:
    ids = handed_in(server)
    coordinator = desk(server.url, "samordnare@lidkoping")
    page.goto(f"{server.url}/desk/inkommet")
    order = [ids[-1], *reversed(ids[:-1])]
    title = page.locator("#finding-title")
    pressed = []
    for n, (finding, (name, keys, state)) in enumerate(zip(order, DECIDED, strict=True)):
        expect(title).to_contain_text(name)
        page.wait_for_function("id => location.search.includes(id)", arg=finding)
        # Wherever the focus is, a key means this finding; after a decision it has gone on by itself.
        if n:
            expect(title).to_be_focused()
        assert len(keys) <= MOST_KEYS
        for key in keys:
            if key == "i":
                expect(page.get_by_role("button", name="Inte samma")).to_be_visible()
            page.keyboard.press(key)
            if key == "i":
                expect(page.get_by_role("button", name="Inte samma")).to_have_count(0)
            if key in "123":
                expect(page.locator(".box .btn.go")).to_be_focused()
        pressed.append(len(keys))
        expect(page.locator(".undo")).to_be_visible()
        page.wait_for_function("id => !location.search.includes(id)", arg=finding)
        assert state_of(server, finding, coordinator) == state, name
    assert sum(pressed) == sum(len(keys) for _, keys, _ in DECIDED) <= 2 * len(DECIDED)
    expect(page.get_by_text("Inget nytt")).to_be_visible()

    page.keyboard.press("z")

    expect(page.get_by_text("Det är ångrat.")).to_be_visible()
    assert open_one(page) == order[-1]
    assert state_of(server, order[-1], coordinator) == "reviewed"
    expect(title).to_contain_text("Trasig belysning")


def test_every_key_is_told_and_everything_is_reached_by_tab_too(server: Server, page: Page) -> None:
    handed_in(server)
    page.goto(f"{server.url}/desk/inkommet")
    title = page.locator("#finding-title")
    expect(title).to_contain_text("Öppet elskåp")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Ångra det senaste")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(title).to_contain_text("Trasig bänk")
    page.keyboard.press("k")
    expect(title).to_contain_text("Öppet elskåp")

    title.focus()
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))

    assert [
        word for word in ("Godta förslaget", "Utan åtgärd", "Undanta") if not any(word in it for it in reached)
    ] == []


def marks(page: Page, count: int) -> None:
    """The first ones in the list, by keys."""
    page.keyboard.press("x")
    for _ in range(count - 1):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.get_by_text(f"{count} valda", exact=True)).to_be_visible()


def everything_is_hurried_and_then_taken_back(server: Server, page: Page, coordinator: Sender) -> None:
    page.goto(f"{server.url}/desk/atgarder")
    page.get_by_label("Välj alla 4 i listan").click()
    page.keyboard.press("b")
    page.get_by_label("Hur bråttom?").select_option("1")
    page.get_by_label("Varför ändrar du?").fill("Skolan börjar på måndag.")
    page.get_by_role("button", name="Ändra 4").click()
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text(re.compile("^[34] åtgärder är ändrade"))).to_be_visible()
    tasks = httpx.get(f"{server.url}/api/tasks", headers=coordinator.headers).json()["tasks"]
    assert {task["priority"] for task in tasks} == {1}
    page.get_by_label("Välj alla 4 i listan").click()
    page.get_by_role("button", name="Ta tillbaka (4)").click()
    page.get_by_label("Varför?", exact=True).fill("Sorteras om i morgon.")
    page.get_by_role("button", name="Ta tillbaka 4").click()
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text("4 åtgärder är ändrade.")).to_be_visible()


def three_are_read_and_shown_to_everybody_until_they_are_taken_back(
    server: Server, page: Page, coordinator: Sender, moved: str
) -> None:
    walk = httpx.get(f"{server.url}/api/observations/{moved}", headers=coordinator.headers).json()["walk"]

    def shown() -> int:
        return len(httpx.get(f"{server.url}/open311/v2/requests.json").json())

    page.goto(f"{server.url}/desk/vandringar/{walk}/visa")
    ticks = page.get_by_role("checkbox", name=re.compile("^Jag har läst"))
    expect(ticks).to_have_count(4)
    expect(page.get_by_text(re.compile("1 är undantaget"))).to_be_visible()
    assert not any(one.is_checked() for one in ticks.all())
    for one in ticks.all():
        one.check()
    first = page.get_by_label("Text som alla får läsa").first
    first.fill("Elskåpet är öppet.")  # other words than those that were ticked: to be read again
    expect(page.get_by_text("3 är lästa och bockade")).to_be_visible()
    ticks.first.check()
    coordinator.does("observation.review", moved, {"category": "skrap", "severity": 1, "note": "Fler än en."})
    page.get_by_role("button", name="Visa 4 för alla").click()
    expect(page.get_by_text("3 visas nu för alla.")).to_be_visible()
    expect(page.get_by_text("Det har ändrats sedan du läste. Läs det igen.")).to_be_visible()
    expect(ticks).to_have_count(1)
    expect(ticks.first).not_to_be_checked()
    assert shown() == 3
    page.keyboard.press("z")
    expect(page.get_by_text("3 visas inte längre.")).to_be_visible()
    assert shown() == 0


def a_party_has_a_code_of_its_own_for_lamps(server: Server, page: Page, coordinator: Sender) -> None:
    page.goto(f"{server.url}/desk/kopplingar")
    page.get_by_label("Lägg till en part").select_option(label="Västtrafik")
    page.get_by_label("Adress till deras Open311").fill("https://open311.example.se/v2")
    save = page.get_by_role("button", name="Spara kopplingen")
    page.get_by_label("Kod för allt som inte har en egen").fill("ovrigt")
    page.get_by_label("Lägg till en egen kod för").select_option(label="Trasig belysning")
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(save).to_be_disabled()  # a code that nobody has written is no code
    page.get_by_label("Kod för Trasig belysning").fill("L-17")
    page.get_by_label("Lägg till en egen kod för").select_option(label="Klotter")
    page.get_by_role("button", name="Lägg till", exact=True).click()
    page.get_by_role("button", name="Ta bort koden för Klotter").click()
    save.click()
    expect(page.get_by_text("Kopplingen till Västtrafik är sparad.")).to_be_visible()
    (partner,) = httpx.get(f"{server.url}/api/connections", headers=coordinator.headers).json()["partners"]
    assert partner["services"] == {"bel.trasig": "L-17", "": "ovrigt"}


def test_many_are_sent_in_one_act_taken_back_refused_row_by_row_and_kept_until_the_network_is_back(
    server: Server, page: Page
) -> None:
    ids = handed_in(server)
    coordinator = desk(server.url, "samordnare@lidkoping")
    page.goto(f"{server.url}/desk/inkommet")
    expect(page.locator("#finding-title")).to_contain_text("Öppet elskåp")
    marks(page, 6)  # five faults; the sixth is good as it is, and never becomes work

    def send() -> None:
        page.keyboard.press("b")
        expect(page.get_by_role("button", name="Skicka 5", exact=True)).to_be_enabled()
        page.keyboard.press("Enter")
        expect(page.get_by_text("5 fynd avgörs om några sekunder.")).to_be_visible()

    def states() -> list[str]:
        return [state_of(server, one, coordinator) for one in reversed(ids[-6:])]

    send()
    expect(page.get_by_text("1 vald", exact=True)).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("5 fynd är som de var.")).to_be_visible()
    expect(page.get_by_text("6 valda", exact=True)).to_be_visible()
    assert states() == ["received"] * 6

    send()
    coordinator.does("observation.withhold", ids[-2], {"reason": "Någon syns på fotot."})  # somebody else, meanwhile
    page.get_by_role("button", name="Skicka nu").click()
    refused = page.get_by_role("alert").filter(has_text="4 gick bra. En gick inte och är kvar vald.")
    expect(refused.get_by_role("link")).to_contain_text("Trasig bänk")
    assert states() == ["linked", "withheld", *["linked"] * 3, "received"]

    page.goto(f"{server.url}/desk/inkommet")
    expect(page.locator("#finding-title")).to_contain_text("Bra här")
    marks(page, 2)
    page.get_by_role("button", name="Utan åtgärd (1)").click()  # what is social has no such way
    page.get_by_label("Varför blir det ingen åtgärd?").select_option("positive")
    page.get_by_role("button", name="Avsluta 1 utan åtgärd").click()
    server.kill()  # at once: what is held is sent by itself after eight seconds
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.locator(".findings").get_by_text("Skickas")).to_be_visible()
    server.start()
    with suppress(PlaywrightTimeout):  # the desk tries by itself too: whichever comes first sends it, once
        page.get_by_role("button", name="Försök nu").click(timeout=5_000)
    expect(page.get_by_text("1 fynd är avgjort.")).to_be_visible()
    assert states()[-1] == "no_action"

    everything_is_hurried_and_then_taken_back(server, page, coordinator)
    assert states() == ["reviewed", "withheld", *["reviewed"] * 3, "no_action"]
    three_are_read_and_shown_to_everybody_until_they_are_taken_back(server, page, coordinator, ids[-4])
    a_party_has_a_code_of_its_own_for_lamps(server, page, coordinator)
