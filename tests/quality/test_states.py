"""When it does not work: each state is opened for real and says what has happened and what to do next."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.house import CHROMIUM, Server
from tests.quality.people import FLAGS, at_desk, desk_context, joins, phone_context
from tests.quality.world import World, desk, settle

# What a person must never meet: a bare error, a message's own name, a value nobody filled in.
_BARE = re.compile(
    r"undefined|\bnull\b|NaN|\bError\b|\b[45]\d\d\b|Traceback|\[object|\{[a-z_]+\}|^[a-z]+\.[a-z_.]+$", re.MULTILINE
)
# Where the demo keeps its data stands on its first page; a test run's folder has a number of its own.
_FOLDER = re.compile(r"(?<!\S)(?:/[\w.-]+){2,}")
_TOLD = ".statecard, [role=alert], .note.t-need, .problem"
ANSWERS_BADLY = {"status": 500, "content_type": "text/html", "body": "<h1>Internal Server Error</h1>"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("states")
    it = Server(data=data, database_url=f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", smtp_url="")
    it.start()
    yield it
    it.stop()


@pytest.fixture(scope="module")
def world(server: Server) -> World:
    return settle(server.url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        it = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield it
        it.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = phone_context(browser)
    yield context.new_page()
    context.close()


@pytest.fixture
def office(browser: Browser) -> Iterator[Page]:
    context = desk_context(browser)
    yield context.new_page()
    context.close()


def says(page: Page, what: str, then: str) -> None:
    """One sentence of what and one of what next, in the page's own frame, with something to press."""
    told = page.locator(_TOLD).filter(has_text=re.compile(what)).filter(visible=True).first
    expect(told).to_be_visible()
    expect(told).to_contain_text(re.compile(then))
    expect(page.locator("h1").first).to_be_attached()
    assert page.locator("button:visible, a[href]:visible").count() > 0
    bare = _BARE.search(_FOLDER.sub("", page.locator("body").inner_text()))
    assert bare is None, f"a bare error on the screen: {bare}"


def invited_anew(world: World, cap: int) -> str:
    """The coordinator replaces the invitation; the new link."""
    coordinator = desk(world.url, "samordnare@lidkoping")
    coordinator.does("walk.invite", world.walk, {"cap": cap})
    answer = httpx.get(f"{world.url}/api/walks/{world.walk}/invite", headers=coordinator.headers)
    link: str = answer.json()["link"]
    return link


def types_code(page: Page, url: str, code: str) -> None:
    page.goto(f"{url}/")
    page.get_by_label("Kod", exact=True).fill(code)
    page.get_by_role("button", name="Visa vandringen").click()


def test_a_code_that_does_not_exist(world: World, phone: Page) -> None:
    types_code(phone, world.url, "AAAA-BBBB")
    says(phone, "Koden finns inte", "Läs koden en gång till")


def test_a_code_that_is_too_short(world: World, phone: Page) -> None:
    types_code(phone, world.url, "AAA")
    says(phone, "Koden har åtta tecken", "Titta en gång till")


def test_an_invitation_that_has_been_replaced(world: World, phone: Page) -> None:
    old = invited_anew(world, 40)
    invited_anew(world, 40)
    phone.goto(old)
    says(phone, "Koden gäller inte längre", "Fråga den som leder")


def test_an_invitation_that_is_full(world: World, phone: Page) -> None:
    link = invited_anew(world, 1)
    httpx.post(
        f"{world.url}/api/join",
        json={"secret": link.partition("#g=")[2], "device": "0190aaaa-0000-7000-8000-000000000001"},
    ).raise_for_status()
    phone.goto(link)
    phone.get_by_role("button", name="Gå med", exact=True).click()
    says(phone, "Vandringen är full", "Fråga den som leder")


def test_a_wrong_password_at_the_desk(world: World, office: Page) -> None:
    office.goto(f"{world.url}/desk/")
    office.get_by_text("Logga in med lösenord").click()
    office.get_by_label("Användarnamn").fill("samordnare@lidkoping")
    office.get_by_label("Lösenord").fill("fel-i-natten")
    office.get_by_role("button", name="Logga in", exact=True).click()
    says(office, "Namnet eller lösenordet stämmer inte", "försök igen")


def test_a_wrong_password_on_the_field_secretarys_phone(world: World, phone: Page) -> None:
    phone.goto(f"{world.url}/falt/")
    phone.get_by_label("Inloggningsnamn").fill("falt@lidkoping")
    phone.get_by_label("Lösenord").fill("fel-i-natten")
    phone.get_by_role("button", name="Logga in").click()
    says(phone, "Fel namn eller lösenord", "försök igen")


def test_a_camera_that_may_not_be_used(world: World, browser: Browser) -> None:
    page = phone_context(browser, camera=False).new_page()
    joins(page, invited_anew(world, 40))
    page.goto(f"{world.url}/kamera")
    says(page, "Kameran är avstängd", "Slå på den i telefonens inställningar")
    expect(page.get_by_text("Notera utan foto")).to_be_visible()
    page.context.close()


def test_a_position_that_may_not_be_used_stops_no_finding(world: World, browser: Browser) -> None:
    page = phone_context(browser, position=False).new_page()
    joins(page, invited_anew(world, 40))
    page.goto(f"{world.url}/notera")
    page.get_by_role("button", name="Buskar och träd", exact=True).click()
    expect(page).to_have_url(re.compile("/fynd/.+/mer$"))
    expect(page.get_by_text("Sparat på telefonen").first).to_be_visible()
    page.context.close()


def test_a_server_that_answers_500_when_somebody_joins(world: World, phone: Page) -> None:
    phone.route("**/api/join/look", lambda route: route.fulfill(**ANSWERS_BADLY))
    phone.goto(invited_anew(world, 40))
    says(phone, "Inget svar|Inget nät", "[Ff]örsök igen")


def test_a_hotel_page_that_answers_instead_of_the_server(world: World, phone: Page) -> None:
    portal = {"status": 200, "content_type": "text/html", "body": "<h1>Welcome to the hotel</h1>"}
    phone.route("**/api/join/look", lambda route: route.fulfill(**portal))
    phone.goto(invited_anew(world, 40))
    says(phone, "Inget svar|Inget nät", "[Ff]örsök igen")


@pytest.mark.parametrize("room", ["inkommet", "atgarder", "vandringar", "narvaro"])
def test_a_server_that_answers_500_at_the_desk(world: World, browser: Browser, room: str) -> None:
    page = at_desk("samordnare@lidkoping")(browser, world).page
    page.route(re.compile("/api/(observations|tasks|walks|presence)"), lambda route: route.fulfill(**ANSWERS_BADLY))
    page.goto(f"{world.url}/desk/{room}")
    says(page, "Felet är hos oss", "Försök igen")
    page.context.close()


def test_an_address_that_does_not_exist_on_the_walk(world: World, phone: Page) -> None:
    joins(phone, invited_anew(world, 40))
    phone.goto(f"{world.url}/finns-inte")
    says(phone, "Inlämnad eller borttagen", "Det du har lämnat in ser du")


def test_an_address_that_does_not_exist_at_the_desk(world: World, browser: Browser) -> None:
    page = at_desk("samordnare@lidkoping")(browser, world).page
    page.goto(f"{world.url}/desk/finns-inte")
    says(page, "Sidan finns inte", "Länken kan vara gammal")
    page.context.close()


def test_a_room_that_is_not_mine(world: World, browser: Browser) -> None:
    page = at_desk("handlaggare@lidkoping")(browser, world).page
    page.goto(f"{world.url}/desk/inkommet")
    says(page, "Det här kan du inte se", "Fråga samordnaren")
    page.context.close()


def test_a_server_that_has_stopped(world: World, server: Server, browser: Browser, phone: Page, office: Page) -> None:
    at = at_desk("samordnare@lidkoping")(browser, world).page
    at.goto(f"{world.url}/desk/inkommet")
    phone.goto(f"{world.url}/")
    office.goto(f"{world.url}/desk/")
    expect(phone.get_by_label("Kod", exact=True)).to_be_visible()
    expect(office.get_by_text("Logga in med lösenord")).to_be_visible()
    server.stop()
    try:
        at.get_by_role("link", name="Vandringar", exact=True).click()
        says(at, "Inget nät", "försök igen")
        phone.get_by_label("Kod", exact=True).fill("AAAA-BBBB")
        phone.get_by_role("button", name="Visa vandringen").click()
        says(phone, "Inget svar|Inget nät", "[Ff]örsök igen")
        office.get_by_text("Logga in med lösenord").click()
        office.get_by_label("Användarnamn").fill("samordnare@lidkoping")
        office.get_by_label("Lösenord").fill("lykta-i-natten")
        office.get_by_role("button", name="Logga in", exact=True).click()
        says(office, "Vi når inte servern", "försök igen")
    finally:
        server.start()
        at.context.close()
