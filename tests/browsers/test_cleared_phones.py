"""The browser clears everything: what was on the phone is gone, and the server knows that it was there."""

from uuid import UUID

import pytest

from tests.browsers.conftest import NewContext
from tests.browsers.phone import Phone, Tab
from tests.browsers.site import Site


@pytest.mark.journey
def test_a_phone_whose_browser_cleared_everything_is_seen_to_have_promised_more(
    site: Site, a_context: NewContext
) -> None:
    """What was never handed in is gone; that it was there, and on whose phone, the server knows and says."""
    context = a_context()
    tab = Tab(context.new_page())
    phone = Phone(tab)
    phone.joins(site.link)
    phone.fills(findings=3, photos=0)
    phone.waits(lambda: _drafts_told(phone) == 3, "never told", also=phone.hears_the_network)
    device = UUID(phone.read().meta["identity"]["device"])
    devtools = context.new_cdp_session(tab.page)
    devtools.send("Storage.clearDataForOrigin", {"origin": site.url, "storageTypes": "all"})
    phone.joins(site.link, "Anna igen")
    phone.waits(lambda: len(site.docs("devices")) >= 2, "the phone never joined again")
    told = {UUID(doc["id"]): doc["drafts"] for doc in site.docs("devices") if doc["kind"] == "walk"}
    assert told[device] == 3
    assert sorted(told.values()) == [0, 3]


def _drafts_told(phone: Phone) -> int:
    """As the phone remembers what it last told of itself; nothing before the first time."""
    told = phone.read().meta.get("drafts_told") or {"drafts": 0}
    return int(told["drafts"])
