"""The walker's app answers for its own addresses without a network, and for no page that the server makes."""

import re

from tests.house.tracked import text_of
from trygghetsvandring import asgi

SURFACES = "/{path:path}"  # the app's own pages


def test_a_phone_with_the_app_still_gets_every_page_that_the_server_makes() -> None:
    left = re.search(r"NOT_OURS =\s*/(\^.+)/;", text_of("pwa/src/sw/field.ts") or "")
    assert left is not None
    not_ours = re.compile(left[1].replace("\\/", "/"))

    assert [it.path for it in asgi.routes() if it.path != SURFACES and not not_ours.match(it.path)] == []
    assert not not_ours.match("/ga-med")
