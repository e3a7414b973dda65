"""What came in to a nämnd, listed for its register: all of it, by day, and nothing that somebody wrote."""

from datetime import timedelta
from typing import Any

from tests import makers
from tests.makers import LIDKOPING, Evening
from tests.sync.registers import REGISTRATOR, SOCIAL_REGISTRATOR, WORD, Finding
from tests.web.field_teams import a_place
from tests.web.test_rules import signed_in
from trygghetsvandring.domain.ids import pass_id, uuid7
from trygghetsvandring.domain.people import Principal, Role

evening = makers.evening


async def listed(evening: Evening, who: Principal, **asked: str) -> Any:
    answer = await evening.http.get("/api/register/list", params=asked, headers=await signed_in(evening, who))
    assert answer.status_code == 200, answer.text
    assert WORD not in answer.text
    return answer


async def test_a_week_of_what_came_in_is_one_list_of_the_own_board(evening: Evening) -> None:
    finding = await Finding.handed_in(evening, with_photo=False)
    on = evening.now.date()

    (row,) = (await listed(evening, REGISTRATOR)).json()["rows"]
    assert (row["id"], row["on"]) == (str(finding.id), on.isoformat())
    assert row["number"].startswith("LK-") and row["sender"] and row["about"]
    assert (await listed(evening, SOCIAL_REGISTRATOR)).json()["rows"] == []

    yesterday = (on - timedelta(days=1)).isoformat()
    assert (await listed(evening, REGISTRATOR, to=yesterday)).json()["rows"] == []
    for words, count in ((row["number"].lower(), 1), (f"{row['sender'].upper()}", 1), (WORD, 0)):
        assert len((await listed(evening, REGISTRATOR, q=words)).json()["rows"]) == count, words

    sheet = (await listed(evening, REGISTRATOR, format="csv")).content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[0].strip('"') for line in sheet] == ["nummer", row["number"]]


async def test_a_log_is_in_the_list_of_the_board_that_answers_for_who_keeps_it(evening: Evening) -> None:
    team = Principal(
        municipality=LIDKOPING, role=Role.FIELD_SECRETARY, organisation="socialtjansten", function="F", user=uuid7()
    )
    tonight, kind = evening.now.date(), "field_shift"
    id = pass_id("socialtjansten", str(tonight), kind)
    out = await evening.act("presence.pass", id, {"evening": tonight, "kind": kind, "adults": 2}, team)
    entry = a_place(pass_=id, evening=str(tonight), kind=kind, area="Lidköping", place=None, at=evening.now)
    logged = await evening.act("presence.log", uuid7(), entry, team)
    assert (out.outcome, logged.outcome) == ("applied", "applied"), (out, logged)

    (row,) = (await listed(evening, SOCIAL_REGISTRATOR)).json()["rows"]
    assert (row["on"], row["about"]) == (tonight.isoformat(), "Närvarologg, Lidköping")
    assert (await listed(evening, REGISTRATOR)).json()["rows"] == []


async def test_days_that_are_none_are_said_to_be(evening: Evening) -> None:
    headers = await signed_in(evening, REGISTRATOR)
    for asked in ({"from": "igår"}, {"from": "2026-11-20", "to": "2026-11-01"}, {"from": "2020-01-01"}):
        answer = await evening.http.get("/api/register/list", params=asked, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_parameter"), asked
