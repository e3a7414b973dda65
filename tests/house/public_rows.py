"""The rows of both matrices about the public page, and of keys and webhooks that end."""

from tests.house import things
from tests.house.asks import Ask, Row, public
from tests.house.things import here, nothing, same
from trygghetsvandring.domain.ids import uuid7

PUBLIC_ROUTES: dict[str, Row] = {
    "GET /api/feedback": Row(Ask("/api/feedback"), ("coordinator", "registrator", "records_officer")),
    "GET /folj/{municipality}/kalender.ics": public("/folj/lidkoping/kalender.ics", 200),
    "GET /api/walks/{id:uuid}/announcement": Row(Ask("/api/walks/{walk}/announcement"), ("coordinator",), abroad=404),
    "GET /folj/{municipality}/fynd": public("/folj/lidkoping/fynd", 200),
    "GET /folj/{municipality}/mer": public("/folj/lidkoping/mer", 200),
    "GET /folj/{municipality}/tillganglighet": public("/folj/lidkoping/tillganglighet", 200),
    "GET /tillganglighet": public("/tillganglighet", 200),
    "GET /folj/{municipality}/mejl": public("/folj/lidkoping/mejl", 200),
    "POST /folj/{municipality}/mejl": public("/folj/lidkoping/mejl", 422, b""),
    "GET /foljare/{secret}": public("/foljare/ingen", 404),
    "POST /foljare/bekrafta": public("/foljare/bekrafta", 404, b"secret=ingen"),
    "GET /foljare/sluta/{secret}": public("/foljare/sluta/ingen", 404),
    "POST /foljare/sluta/{secret}": public("/foljare/sluta/ingen", 200, b""),
    "GET /folj/{municipality}/synpunkt": public("/folj/lidkoping/synpunkt", 200),
    "POST /folj/{municipality}/synpunkt": public("/folj/lidkoping/synpunkt", 422, b""),
}

PUBLIC_OPERATIONS: dict[str, things.Row] = {
    "walk.announce": things.Row(lambda it: it.walk, same(seen=0, name="Kim T"), **here("preview_is_old")),
    "walk.take_back": things.Row(lambda it: it.walk, nothing, **here("not_announced")),
    "webhook.end": things.Row(lambda _it: uuid7(), nothing, **here("missing")),
    "webhook.retry": things.Row(lambda _it: uuid7(), nothing, **here("missing")),
    "api_key.revoke": things.Row(lambda _it: uuid7(), nothing, **here("missing")),
    # By the public page's form only: no phone and no desk speaks for whoever reads it.
    "feedback.give": things.Row(lambda _it: uuid7(), same(helped="yes", text="Bra.")),
    "feedback.close": things.Row(lambda _it: uuid7(), nothing, **here("missing")),
}
