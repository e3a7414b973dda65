"""The note on the phone: asked for by a press only, shown without a word from the server, and one however often."""

from tests.browsers.conftest import NewContext
from tests.browsers.phone import Phone, Tab
from tests.browsers.site import Site

_WORDS = """async () => {
    const words = { title: "Det finns svar", body: "Öppna och läs.", open: "/svar" };
    await (await caches.open("trygg-push")).put("/push-words", new Response(JSON.stringify(words)));
}"""
_NOTE = '[["Det finns svar","Öppna och läs.","/svar"]]'
_SAID = '{"title":"Er enhet har fått en åtgärd","open":"/desk/atgarder","tag":"given"}'
_SAID_NOTE = '["Er enhet har fått en åtgärd","","/desk/atgarder"]'
_NOTES = """() => navigator.serviceWorker.getRegistration()
    .then((worker) => worker.getNotifications())
    .then((notes) => notes.map(({ title, body, data }) => [title, body, data.open]))"""


def test_an_empty_push_is_shown_as_one_note_in_the_words_of_the_phone(site: Site, a_context: NewContext) -> None:
    context = a_context()
    context.grant_permissions(["notifications", "camera", "geolocation"])
    page = context.new_page()
    Phone(Tab(page)).joins(site.link)
    wire = context.new_cdp_session(page)
    found: list[str] = []
    wire.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(one["registrationId"] for one in said["registrations"] if not one["isDeleted"]),
    )
    wire.send("ServiceWorker.enable")
    page.wait_for_function("() => true")
    push = {"origin": site.url, "registrationId": found[0], "data": ""}

    # A worker without words (nobody has asked for notes on this phone) shows nothing.
    wire.send("ServiceWorker.deliverPushMessage", push)
    page.evaluate(_WORDS)
    for _ in range(2):
        wire.send("ServiceWorker.deliverPushMessage", push)
        # A note that takes another's place is away for a moment.
        page.wait_for_function(f"async () => JSON.stringify(await ({_NOTES})()) === '{_NOTE}'")

    # What is sealed for those who work is said as it came, beside it.
    wire.send("ServiceWorker.deliverPushMessage", push | {"data": _SAID})
    page.wait_for_function(f"async () => JSON.stringify(await ({_NOTES})()).includes('{_SAID_NOTE}')")


def test_where_notes_are_shut_off_it_is_said_and_nothing_is_asked(site: Site, a_context: NewContext) -> None:
    page = a_context().new_page()
    page.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    Phone(Tab(page)).joins(site.link)
    page.goto(f"{site.url}/svar")

    page.get_by_text("Notiser är avstängda").wait_for()

    assert page.get_by_role("button", name="Få en notis").count() == 0
