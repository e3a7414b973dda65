"""The rows of both matrices about the public page, letters, cards, and of keys and webhooks that end."""

from tests.house import things
from tests.house.asks import Ask, Row, public
from tests.house.things import APPLIED, COORDINATOR, UNITS, here, nothing, same
from trygghetsvandring.domain.ids import uuid7

PAIR = {"before_words": "Mörkt.", "after_words": "Ljust.", "name": "Kim T", "looked": True, "seen": 1}
SURVEY = {"title": "Kvällen", "source": "citizens", "places": ["ingenstans"], "hours": ["fre–lör 22–00"]}
SURVEY |= {"helps": ["Ljus", "Folk"]}
IMPORTED = {"title": "Dialogen", "source": "citizens", "told_by": "En rapport", "first": "2023-05-01"}
IMPORTED |= {"last": "2023-09-30"}
ANSWERED = {"place": "nya-stadens-torg", "hours": "fre–lör 22–00", "felt": "safe"}

READERS: things.Codes = {(COORDINATOR, *UNITS): "missing"}

PUBLIC_ROUTES: dict[str, Row] = {
    "GET /enkat/{municipality}/{code}": public("/enkat/lidkoping/ingen", 404),
    "POST /enkat/{municipality}/{code}": public("/enkat/lidkoping/ingen", 404, b""),
    "GET /enkat/{municipality}/{code}/fragor": public("/enkat/lidkoping/ingen/fragor", 404),
    "POST /enkat/{municipality}/{code}/svar": public("/enkat/lidkoping/ingen/svar", 404, b"{}"),
    "GET /folj/{municipality}/dialog": public("/folj/lidkoping/dialog", 200),
    "GET /folj/{municipality}/dialog.csv": public("/folj/lidkoping/dialog.csv", 200),
    "GET /api/surveys": Row(Ask("/api/surveys"), ("coordinator", "registrator", "records_officer")),
    "POST /api/surveys/{id:uuid}/count": Row(  # one has answered
        Ask("/api/surveys/{survey}/count", lambda _town, _device: b'{"seen":1}'), ("coordinator",), 409, abroad=404
    ),
    "GET /api/surveys/{id:uuid}/answers.csv": Row(
        Ask("/api/surveys/{survey}/answers.csv"), ("registrator", "records_officer"), abroad=404
    ),
    "GET /api/est": Row(Ask("/api/est"), ("coordinator",)),
    "GET /api/est/vehicles": Row(Ask("/api/est/vehicles"), ("coordinator",)),
    "GET /api/est/export/{kind}": Row(Ask("/api/est/export/csv"), ("coordinator",)),
    "GET /api/feedback": Row(Ask("/api/feedback"), ("coordinator", "registrator", "records_officer")),
    "GET /api/mail": Row(Ask("/api/mail"), (COORDINATOR, *UNITS)),
    "GET /api/mail/{id:uuid}/original": Row(Ask("/api/mail/{walk}/original"), (COORDINATOR, *UNITS), 404, abroad=404),
    "GET /folj/{municipality}/kalender.ics": public("/folj/lidkoping/kalender.ics", 200),
    "GET /api/walks/{id:uuid}/announcement": Row(Ask("/api/walks/{walk}/announcement"), ("coordinator",), abroad=404),
    "GET /folj/{municipality}/fynd": public("/folj/lidkoping/fynd", 200),
    "GET /api/tasks/{id:uuid}/pairs": Row(Ask("/api/tasks/{task}/pairs"), ("coordinator",), abroad=404),
    "GET /api/promises/{id:uuid}/pairs": Row(Ask(f"/api/promises/{uuid7()}/pairs"), ("coordinator",), 404),
    "GET /folj/{municipality}/par/{finding:uuid}/{id:uuid}.jpg": public(
        f"/folj/lidkoping/par/{uuid7()}/{uuid7()}.jpg", 404
    ),
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
    "POST /brev/bekrafta": public("/brev/bekrafta", 404),
    "GET /brev/sluta/{secret}": public("/brev/sluta/nobodys", 404),
    "POST /brev/sluta/{secret}": public("/brev/sluta/nobodys", 200),
    # A code that is nobody's opens nothing, whoever types it.
    "GET /kort": public("/kort", 200),
    "POST /kort": public("/kort", 404),
    "GET /kort/kod.js": public("/kort/kod.js", 200),
    "POST /kort/svar": public("/kort/svar", 404),
    "POST /kort/mejl": public("/kort/mejl", 404),
}

PUBLIC_OPERATIONS: dict[str, things.Row] = {
    "walk.announce": things.Row(lambda it: it.walk, same(seen=0, name="Kim T"), **here("preview_is_old")),
    "walk.take_back": things.Row(lambda it: it.walk, nothing, **here("not_announced")),
    "publication.pair": things.Row(
        lambda it: it.ready, lambda it: PAIR | {"task": it.task, "before": uuid7(), "after": uuid7()}, **here("missing")
    ),
    "publication.unpair": things.Row(lambda it: it.ready, nothing, **here("not_published", abroad="not_published")),
    "webhook.end": things.Row(lambda _it: uuid7(), nothing, **here("missing")),
    "webhook.retry": things.Row(lambda _it: uuid7(), nothing, **here("missing")),
    "api_key.revoke": things.Row(lambda _it: uuid7(), nothing, **here("missing")),
    # By the public page's form only: no phone and no desk speaks for whoever reads it.
    "feedback.give": things.Row(lambda _it: uuid7(), same(helped="yes", text="Bra.")),
    "incoming_mail.take": things.Row(lambda _it: uuid7(), same(kind="stray", why="no_letter")),  # by the server only
    "incoming_mail.use": things.Row(lambda _it: uuid7(), nothing, READERS, READERS),
    "incoming_mail.put_aside": things.Row(lambda _it: uuid7(), same(why="thanks"), READERS, READERS),
    "promise.build_on": things.Row(lambda _it: uuid7(), lambda _it: {"surveys": []}, **here("missing")),
    "promise.meet_needs": things.Row(lambda _it: uuid7(), lambda _it: {"needs": []}, **here("missing")),
    "survey.make": things.Row(lambda _it: uuid7(), same(**SURVEY), **here("malformed", abroad="malformed")),
    "survey.import": things.Row(lambda _it: uuid7(), same(**IMPORTED), **here(APPLIED, abroad=APPLIED)),
    "survey.close": things.Row(lambda _it: uuid7(), nothing, **here("missing")),
    "survey.answer": things.Row(lambda _it: uuid7(), lambda _it: ANSWERED | {"survey": uuid7()}, **here("missing")),
    "survey.count": things.Row(lambda _it: uuid7(), same(seen=1, answers=5, cells=[])),  # by the server only
    "survey.release": things.Row(lambda _it: uuid7(), same(digest="x", name="Kim T"), **here("missing")),
    "survey.withdraw": things.Row(lambda _it: uuid7(), nothing, **here("missing")),
    "feedback.make_finding": things.Row(lambda _it: uuid7(), nothing, **here("missing")),
    "feedback.close": things.Row(lambda _it: uuid7(), nothing, **here("missing")),
}
