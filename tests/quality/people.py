"""The people whose browsers open the screens. Each is a browser context of their own, made ready as a person would."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.quality.world import World
from trygghetsvandring.demo import seed

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 900}
HERE = (58.49503, 13.17665)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
]


@dataclass
class Person:
    page: Page
    size: dict[str, int]
    ids: dict[str, str] = field(default_factory=dict)


def phone_context(browser: Browser, *, camera: bool = True, position: bool = True) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        is_mobile=True,
        has_touch=True,
        color_scheme="light",
        reduced_motion="reduce",
        locale="sv-SE",
        geolocation={"latitude": HERE[0], "longitude": HERE[1], "accuracy": 12},
        permissions=[*(["camera"] if camera else []), *(["geolocation"] if position else [])],
    )
    _without_a_stream(context)
    context.set_default_timeout(15_000)
    return context


def _without_a_stream(context: BrowserContext) -> None:
    """An open stream is traffic without an end, and the survey waits for the traffic to end."""
    context.route("**/sync/live", lambda route: route.abort())


def desk_context(browser: Browser) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": DESK["width"], "height": DESK["height"]}, color_scheme="light", reduced_motion="reduce"
    )
    _without_a_stream(context)
    context.set_default_timeout(15_000)
    return context


def new_phone(browser: Browser, world: World) -> Person:
    ids = {"link": world.link.removeprefix(world.url), "tablet": world.tablet}
    return Person(phone_context(browser).new_page(), PHONE, ids)


def joins(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Gå med", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("Redo utan nät|Gör redo"))).to_be_visible()


def walker(browser: Browser, world: World) -> Person:
    """Has joined, and has one finding with a photo on the phone."""
    page = phone_context(browser).new_page()
    joins(page, world.link)
    page.goto(f"{world.url}/")
    stop = page.locator('a[href^="/kansla/"]').first.get_attribute("href") or ""
    page.get_by_role("link", name="Fotografera", exact=True).click()
    while not page.evaluate('document.querySelector("video")?.videoWidth > 0'):
        page.wait_for_timeout(50)
    page.get_by_role("button", name=re.compile("Ta foto")).click()
    page.get_by_role("button", name="Ljus", exact=True).click()
    expect(page).to_have_url(re.compile("/fynd/.+/mer$"))
    finding = page.url.split("/")[-2]
    photo = page.locator('a[href^="/foto/"]').first.get_attribute("href") or ""
    return Person(page, PHONE, {"stop": stop.split("/")[-1], "finding": finding, "photo": photo.split("/")[-1]})


def walker_without_camera(browser: Browser, world: World) -> Person:
    page = phone_context(browser, camera=False).new_page()
    joins(page, world.link)
    return Person(page, PHONE)


def walker_who_handed_in(browser: Browser, world: World) -> Person:
    page = phone_context(browser).new_page()
    joins(page, world.link)
    page.goto(f"{world.url}/notera")
    page.get_by_role("button", name="Buskar och träd", exact=True).click()
    expect(page).to_have_url(re.compile("/fynd/.+/mer$"))
    sent = page.url.split("/")[-2]
    page.goto(f"{world.url}/lamna-in")
    hand_in = page.get_by_role("button", name="Lämna in", exact=True)
    hand_in.click()
    expect(hand_in).to_be_hidden()  # leaving before that would leave with the drafts
    page.goto(f"{world.url}/att-skicka")
    expect(page.get_by_text(re.compile("Mottaget")).first).to_be_visible()
    return Person(page, PHONE, {"sent": sent})


def nobody(browser: Browser, _world: World) -> Person:
    return Person(phone_context(browser).new_page(), PHONE)


def field_secretary(browser: Browser, world: World) -> Person:
    """Has signed in on the phone and saved one entry."""
    page = phone_context(browser).new_page()
    page.goto(f"{world.url}/falt/")
    page.get_by_label("Inloggningsnamn").fill("falt@lidkoping")
    page.get_by_label("Lösenord").fill(seed.PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page).to_have_url(re.compile("/falt/redo"))
    page.wait_for_load_state("networkidle")
    page.goto(f"{world.url}/falt/")
    page.locator("#spot button").first.click()
    for group in page.get_by_role("group").all()[1:]:
        group.get_by_role("button").last.click()
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page).to_have_url(re.compile("/falt/kvallen"))
    entry = page.locator('a[href^="/falt/ratta/"]').first.get_attribute("href") or ""
    return Person(page, PHONE, {"entry": entry.split("/")[3] if entry else ""})


def anybody(browser: Browser, _world: World) -> Person:
    return Person(desk_context(browser).new_page(), DESK)


def at_desk(login: str) -> Callable[[Browser, World], Person]:
    def signed_in(browser: Browser, world: World) -> Person:
        page = desk_context(browser).new_page()
        page.goto(f"{world.url}/desk/")
        answered = page.evaluate(
            """(who) => fetch("/api/session", {
                method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(who),
            }).then((answer) => answer.status)""",
            {"login": login, "password": seed.PASSWORD},
        )
        assert answered == 200, f"{login} could not sign in: {answered}"
        return Person(page, DESK, dict(world.ids))

    return signed_in


def resident(browser: Browser, world: World) -> Person:
    return Person(desk_context(browser).new_page(), DESK, {"survey": world.tablet.removeprefix("/platta/")})


PEOPLE: dict[str, Callable[[Browser, World], Person]] = {
    "new phone": new_phone,
    "walker": walker,
    "walker without camera": walker_without_camera,
    "walker who handed in": walker_who_handed_in,
    "nobody": nobody,
    "field secretary": field_secretary,
    "anybody": anybody,
    "coordinator": at_desk("samordnare@lidkoping"),
    "handler": at_desk("handlaggare@lidkoping"),
    "resident": resident,
    "registrator": at_desk("registrator@lidkoping"),
}
