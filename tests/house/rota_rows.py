"""Both matrices' rows on the rota. It is the coordinator's; a party answers by its link only."""

from typing import Any

from tests.house import things
from tests.house.asks import Ask, Row, of
from tests.house.things import APPLIED, here, nothing, same
from tests.makers import LIDKOPING
from trygghetsvandring.domain.ids import uuid7

_PERIOD = "party=nattvandrarna&first=2026-10-01&last=2026-10-31"
_TIMES = {"evening": "2026-12-04", "starts": "20:00", "ends": "00:30"}
_PLAN = {"kind": "night_walk", "place": "Torget", "needed": 4, **_TIMES}
_SAID = {"link": str(uuid7()), "form": "x", "seen": "1.0.0.0", "adults": 3}
_ATTESTED = {"party": "nattvandrarna", "first": "2026-10-01", "last": "2026-10-31", "rows": [], "name": "Kim T"}


def _planned(it: things.Things) -> dict[str, Any]:
    """In an area of the town it is about."""
    return {**_PLAN, "area": "Lidköping" if it.town.id == LIDKOPING else it.town.id.capitalize()}


ROTA_ROUTES: dict[str, Row] = {
    "GET /api/rota": Row(Ask("/api/rota"), ("coordinator",)),
    "POST /api/rota/contact": Row(
        Ask("/api/rota/contact", lambda _t, _d: b'{"party":"nattvandrarna","function":"Passledare","mail":""}'),
        ("coordinator",),
    ),
    "GET /api/rota/attestations": Row(Ask(f"/api/rota/attestations?{_PERIOD}"), ("coordinator",)),
    "POST /api/rota/attestations": Row(Ask("/api/rota/attestations", lambda _t, _d: b"{}"), ("coordinator",), 400),
    "GET /api/rota/attestations/{id:uuid}/{format}": Row(
        Ask(of("attestation", "/api/rota/attestations/", "/html")), ("coordinator",), abroad=404
    ),
}

ROTA_ROWS: dict[str, things.Row] = {
    "rota.plan": things.Row(lambda _it: uuid7(), _planned, **here(APPLIED, abroad="rota_not_possible")),
    "rota.sign": things.Row(lambda it: it.evening, same(party="nattvandrarna", adults=4), **here(APPLIED)),
    "rota.walked": things.Row(
        lambda it: it.evening, same(party="nattvandrarna", adults=4), **here("rota_not_possible")
    ),
    "rota.call_off": things.Row(lambda it: it.evening, same(reason="Storm."), **here(APPLIED)),
    "rota.follow": things.Row(lambda it: it.evening, lambda it: {"walk": it.walk}),  # by the server only
    "rota.unattest": things.Row(lambda it: it.attestation, same(reason="Fel dagar."), **here(APPLIED)),
    "rota.link": things.Row(
        lambda _it: uuid7(),
        lambda _it: {"party": "nattvandrarna", "contact": uuid7()},
        **here(APPLIED, abroad=APPLIED),
    ),
    "rota.unlink": things.Row(lambda it: it.rota_link, nothing, **here(APPLIED)),
    # By a link, or by the server's own route, only.
    "rota.sign_by_link": things.Row(lambda it: it.evening, same(**_SAID)),
    "rota.walked_by_link": things.Row(lambda it: it.evening, same(**_SAID)),
    "rota.attest": things.Row(lambda it: it.attestation, same(**_ATTESTED)),
}
