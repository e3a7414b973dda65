"""Extra: the phone closes the page while its own camera or gallery is open, between the tap and the chosen file."""

from pathlib import Path
from uuid import UUID

import pytest

from tests.browsers.conftest import NewContext
from tests.browsers.phone import Phone, Tab, a_jpeg
from tests.browsers.site import Site

_INPUT = "input[type=file]"
_LEAVES_AT_THE_SAVING = """() => {
    const own = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...row) {
        if (this.name === "bytes") {
            IDBObjectStore.prototype.put = own;
            history.replaceState({ depth: 0 }, "", "/");
            dispatchEvent(new PopStateEvent("popstate"));
        }
        return own.apply(this, row);
    };
}"""


@pytest.mark.journey
def test_a_page_that_is_closed_under_an_open_picker_goes_on_with_the_same_finding_and_loses_nothing(
    site: Site, a_context: NewContext, tmp_path: Path
) -> None:
    picture = tmp_path / "bild.jpg"
    picture.write_bytes(a_jpeg(60_000, seed=7))
    page = a_context().new_page()
    phone = Phone(Tab(page))
    phone.joins(site.link)
    earlier = phone.fills(findings=2, photos=2, size=40_000)
    phone.screen.go(phone.home + "kamera")
    with page.expect_file_chooser():
        page.locator(_INPUT).first.dispatch_event("click")
    phone.waits(lambda: "fynd=" in phone.screen.url(), "the address does not name the finding")
    begun = UUID(phone.screen.url().split("fynd=")[1].split("&")[0])
    phone.screen.reload()
    assert phone.read().findings.keys() == {*earlier.said["observations"], begun}
    assert phone.read().misses(earlier) == []

    phone.screen.choose_file(_INPUT, picture)
    phone.waits(lambda: len(phone.read().photos) == 3, "the chosen photo was not saved")
    found = phone.read()
    assert len(found.findings[begun]["photos"]) == 1
    assert found.findings.keys() == {*earlier.said["observations"], begun}
    assert found.misses(earlier) == []


@pytest.mark.journey
def test_whoever_goes_back_while_a_chosen_photo_is_saved_has_it_and_stays_where_they_went(
    site: Site, a_context: NewContext, tmp_path: Path
) -> None:
    picture = tmp_path / "bild.jpg"
    picture.write_bytes(a_jpeg(60_000, seed=7))
    page = a_context().new_page()
    phone = Phone(Tab(page))
    phone.joins(site.link)
    phone.screen.go(phone.home + "kamera")
    with page.expect_file_chooser() as chooser:
        page.locator(_INPUT).first.dispatch_event("click")
    phone.waits(lambda: "fynd=" in phone.screen.url(), "the address does not name the finding")
    page.evaluate(_LEAVES_AT_THE_SAVING)
    chooser.value.set_files(picture)
    phone.waits(lambda: phone.screen.url() == phone.home, "nobody left")
    page.get_by_role("status").get_by_text("Sparat").wait_for(state="attached")

    page.evaluate("new Promise((y) => setTimeout(y, 200))")
    found = phone.read()
    [finding] = found.findings.values()
    assert finding["photos"] == list(found.photos) == list(found.bytes)
    assert phone.screen.url() == phone.home
