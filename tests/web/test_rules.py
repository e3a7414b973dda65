"""Rules at the desk, on both databases: written, tried on history, published, explained with a finding, taken back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from tests import makers
from tests.makers import COORDINATOR, HANDLER, LIDKOPING, Evening, a_municipality
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.domain.rules import RuleBook
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import history, people, records, rules
from trygghetsvandring.storage.people import User
from trygghetsvandring.sync.municipalities import settle

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

Rule = dict[str, Any]


def a_rule(id: str = "park", **changes: Any) -> Rule:
    rule = {
        "id": id,
        "name": "Allt ljus",
        "tiles": ["ljus"],
        "department": "fastighet",
        "because": "Fastighet sköter ljus.",
    }
    return rule | changes


async def signed_in(evening: Evening, who: Principal) -> dict[str, str]:
    """Headers of a desk where this person sits."""
    user, token = uuid7(), str(uuid7())
    async with evening.store.write() as db:
        await people.add_user(
            db,
            User(
                municipality=who.municipality,
                id=user,
                login=f"{user}@lidkoping.example",
                function=who.function,
                role=who.role,
                organisation=who.organisation or "",
                password_hash="",
                demo=False,
                disabled_at=None,
            ),
        )
        await people.begin_session(
            db,
            token_hash=digest(token),
            municipality=who.municipality,
            user=user,
            device=uuid7(),
            now=evening.now,
            expires_at=evening.now + timedelta(days=3),
        )
    return {"Cookie": f"__Host-trygg={token}", "Sec-Fetch-Site": "same-origin"}


async def saved(evening: Evening, *rules: Rule, id: UUID | None = None, seen: int | None = None, **rest: Any) -> UUID:
    book = id or uuid7()
    outcome = await evening.act("rulebook.save", book, {"rules": {"rules": list(rules)} | rest, "seen": seen})
    assert outcome.outcome == "applied", outcome
    return book


async def tried(evening: Evening, headers: dict[str, str], book: UUID) -> dict[str, Any]:
    answer = await evening.http.post(f"/api/rules/{book}/dry-run", headers=headers)
    assert answer.status_code == 200, answer.text
    lines: list[dict[str, Any]] = [msgspec.json.decode(line) for line in answer.text.splitlines()]
    *progress, last = lines
    assert all(line["done"] <= line["of"] for line in progress)
    return last


async def published(evening: Evening, headers: dict[str, str], *rules: Rule, **rest: Any) -> UUID:
    book = await saved(evening, *rules, **rest)
    assert (await tried(evening, headers, book))["kept"]
    outcome = await evening.act("rulebook.publish", book, {})
    assert outcome.outcome == "applied", outcome
    return book


async def handed_in(evening: Evening, **changes: Any) -> UUID:
    id, phone = uuid7(), await evening.phone()
    outcomes = await phone.push(phone.observation(id, **changes))
    assert outcomes[0].outcome == "applied", outcomes
    return id


async def way(evening: Evening, finding: UUID) -> Any:
    async with evening.store.read() as db:
        found = await records.one(db, LIDKOPING, Observation, finding)
    assert found is not None
    return found.routed


async def test_every_finding_keeps_where_it_went_and_why_whatever_is_published_later(evening: Evening) -> None:
    desk = await signed_in(evening, COORDINATOR)
    before = await handed_in(evening)
    await published(evening, desk, a_rule())
    after = await handed_in(evening)
    await published(evening, desk, a_rule(department="samordning", because="Nu är det vårt."))

    assert (await way(evening, before)).rule == "category"
    assert (await way(evening, before)).book == 0
    kept = await way(evening, after)
    assert (kept.department, kept.rule, kept.book) == ("fastighet", "park", 1)
    assert kept.because == "Fastighet sköter ljus."
    row = (await evening.http.get(f"/api/observations/{after}", headers=desk)).json()["suggestion"]
    assert (row["department"], row["rule"], row["book"]) == ("fastighet", "park", 1)
    assert row["reason"].startswith("Fastighet sköter ljus. Tid:")


async def test_sorted_as_something_else_it_goes_by_the_rules_of_now_and_otherwise_it_stays(evening: Evening) -> None:
    desk = await signed_in(evening, COORDINATOR)
    same, other = await handed_in(evening), await handed_in(evening)
    await published(evening, desk, a_rule(), a_rule("skräp", tiles=["skrap"], because="Skräp är också deras."))
    await evening.act("observation.review", same, {"category": "bel.trasig", "severity": 1})
    await evening.act("observation.review", other, {"category": "skrap", "severity": 1})

    assert (await way(evening, same)).book == 0
    assert (await way(evening, other)).because == "Skräp är också deras."


async def test_every_kind_of_finding_has_an_owner_and_an_explanation(evening: Evening) -> None:
    here, phone = a_municipality(), await evening.phone()
    codes = [*(category.code for category in here.categories), "from.a.newer.phone"]
    made = {uuid7(): code for code in codes}
    await phone.push(*(phone.observation(id, category=code) for id, code in made.items()))

    for id, code in made.items():
        found = await way(evening, id)
        assert here.organisation(found.department).owns_tasks, code  # type: ignore[union-attr]
        assert found.because, code


async def test_a_draft_goes_live_only_sound_and_tried_as_it_is(evening: Evening) -> None:
    desk = await signed_in(evening, COORDINATOR)
    book = await saved(evening, a_rule(department="polisen"))
    await tried(evening, desk, book)
    broken = await evening.act("rulebook.publish", book, {})
    await saved(evening, a_rule(), id=book, seen=2)
    untried = await evening.act("rulebook.publish", book, {})
    await tried(evening, desk, book)

    assert (broken.code, broken.facts) == ("rulebook_broken", {"faults": ["park: owns_no_tasks"]})
    assert untried.code == "rulebook_not_tried"
    assert (await evening.act("rulebook.publish", book, {})).outcome == "applied"
    assert (await evening.act("rulebook.save", book, {"rules": {}, "seen": 5})).code == "rulebook_not_a_draft"


async def test_two_who_write_the_same_draft_are_told_and_there_is_one_draft(evening: Evening) -> None:
    book = await saved(evening, a_rule())
    await saved(evening, a_rule(name="Ljuset"), id=book, seen=1)

    assert (await evening.act("rulebook.save", book, {"rules": {}, "seen": 1})).code == "rulebook_moved"
    assert (await evening.act("rulebook.save", uuid7(), {"rules": {}})).code == "rulebook_draft_exists"
    assert (await evening.act("rulebook.discard", book, {})).outcome == "applied"
    await saved(evening, a_rule())


async def test_going_back_puts_up_what_was_live_and_every_version_is_kept(evening: Evening) -> None:
    desk = await signed_in(evening, COORDINATOR)
    first = await published(evening, desk, a_rule())
    second = await published(evening, desk, a_rule(department="gata-park"))
    assert (await evening.act("rulebook.go_back", first, {})).outcome == "applied"

    view = (await evening.http.get("/api/rules", headers=desk)).json()
    assert (view["live"]["id"], view["live"]["number"]) == (str(first), 1)
    assert [book["id"] for book in view["earlier"]] == [str(second)]
    assert (await way(evening, await handed_in(evening))).department == "fastighet"
    async with evening.store.read() as db:
        past = await history.since(db, LIDKOPING, {(RuleBook, first): 1})
    assert [made.entity.state for made in past[(RuleBook, first)]] == ["draft", "draft", "live", "replaced", "live"]


async def test_a_dry_run_shows_what_would_move_who_gets_it_and_which_rule_nobody_reaches(evening: Evening) -> None:
    desk = await signed_in(evening, COORDINATOR)
    spot = {"lat": 58.49503, "lon": 13.17665, "accuracy_m": 5, "age_s": 1, "source": "gps"}
    for category in ("bel.trasig", "bel.trasig", "skrap", "ljud.musik"):
        await handed_in(evening, category=category, position=spot)
    book = await saved(evening, a_rule(), a_rule("tun", areas=["Tun"], tiles=["skrap"]))
    async with evening.store.read() as db:
        before = await rules.how_many(db, LIDKOPING)
    last = await tried(evening, desk, book)
    result = last["result"]

    assert (result["findings"], result["work"], result["changed"]) == (4, 3, 2) and before == 4
    (change,) = result["changes"]
    assert (change["from"], change["to"], change["count"]) == ("Gata och park", "Kommunens fastigheter", 2)
    assert change["examples"][0]["then"] == "Fastighet sköter ljus."
    assert result["never"] == ["tun"]
    assert [point[2] for point in result["points"]].count(True) == 2
    view = (await evening.http.get("/api/rules", headers=desk)).json()
    assert (view["draft"]["tried"]["changed"], view["draft"]["version"]) == (2, last["version"])


async def test_only_the_coordinator_keeps_rules_and_nobody_says_that_they_were_tried(evening: Evening) -> None:
    book = await saved(evening, a_rule())
    facts = {"digest": "", "by": "", "findings": 0, "changed": 0, "last_resort": 0, "never": []}

    assert (await evening.act("rulebook.publish", book, {}, HANDLER)).code == "not_allowed"
    assert (await evening.act("rulebook.tried", book, facts)).code == "not_allowed"
    answer = await evening.http.get("/api/rules/alarms", headers=await signed_in(evening, HANDLER))
    assert answer.status_code == 404


async def test_a_live_rule_that_breaks_is_passed_aloud_and_rings_until_it_is_mended(evening: Evening) -> None:
    desk = await signed_in(evening, COORDINATOR)
    await published(evening, desk, a_rule(), a_rule("sedan", tiles=["skrap"], department="stadsbyggnad"))
    here = a_municipality()
    gone = replace(here, departments=tuple(it for it in here.departments if it.id != "fastighet"), rules=())
    gone = replace(gone, categories=tuple(replace(it, default_department=None) for it in gone.categories))
    await settle(evening.store, gone)

    found = await way(evening, await handed_in(evening))
    assert (found.department, found.rule, found.skipped) == ("samordning", "last_resort", ("park",))
    assert "hoppades över: ”Allt ljus”" in found.because
    alarms = (await evening.http.get("/api/rules/alarms", headers=desk)).json()["alarms"]
    assert {"rule": "park", "code": "unknown_department", "about": "fastighet", "name": "Allt ljus"} in alarms

    await settle(evening.store, here)
    assert [it["code"] for it in (await evening.http.get("/api/rules/alarms", headers=desk)).json()["alarms"]] == []


async def test_three_dark_lamps_in_a_row_on_one_evening_go_first_and_soon(evening: Evening) -> None:
    desk = await signed_in(evening, COORDINATOR)
    limits = [{"tiles": ["ljus"], "priorities": [1], "days": 2}]
    await published(evening, desk, a_rule(), limits=limits)

    async def lamp(metres: float) -> UUID:
        spot = {"lat": 58.6 + metres / 111_195, "lon": 13.3, "accuracy_m": 5, "age_s": 1, "source": "gps"}
        return await handed_in(evening, position=spot, severity=None)

    first = await lamp(0)
    alone = await suggested(evening, desk, first)
    await lamp(30)
    await lamp(60)
    in_a_row = await suggested(evening, desk, first)

    assert (alone["priority"], alone["due_on"]) == (2, "2026-12-04")
    assert (in_a_row["priority"], in_a_row["due_on"]) == (1, "2026-11-24")
    assert in_a_row["priority_reason"] == "Minst tre lampor i rad är släckta."
    evening.passes(days=1)
    assert (await suggested(evening, desk, await lamp(90)))["priority"] == 2  # another evening


async def test_a_task_of_the_first_dark_lamp_is_judged_anew_when_the_others_come_in_and_never_moves_itself(
    evening: Evening,
) -> None:
    desk, task = await signed_in(evening, COORDINATOR), uuid7()
    await published(evening, desk, a_rule(), limits=[{"tiles": ["ljus"], "priorities": [1], "days": 2}])

    async def lamp(metres: float) -> UUID:
        spot = {"lat": 58.6 + metres / 111_195, "lon": 13.3, "accuracy_m": 5, "age_s": 1, "source": "gps"}
        return await handed_in(evening, position=spot, severity=None)

    async def act(type: str, entity: UUID, **body: Any) -> None:
        outcome = await evening.act(type, entity, body, COORDINATOR)
        assert outcome.outcome == "applied", outcome

    async def raised() -> Any:
        return (await evening.http.get(f"/api/tasks/{task}", headers=desk)).json()["raise"]

    first = await lamp(0)
    await act("observation.review", first, category="bel.trasig", severity=None, note="")
    await act("task.create", task, title="Byt lampa", observations=[str(first)], priority=2)
    alone = await raised()
    await lamp(30)
    third = await lamp(60)
    seen = await raised()

    assert alone is None
    assert (seen["stands"], seen["priority"], seen["because"]) == (2, 1, "Minst tre lampor i rad är släckta.")
    assert (await suggested(evening, desk, third))["raises"] == [seen]
    await act("task.change", task, priority=seen["priority"], reason=seen["because"])
    assert await raised() is None
    assert (await suggested(evening, desk, third))["raises"] == []


async def suggested(evening: Evening, headers: dict[str, str], finding: UUID) -> dict[str, Any]:
    row: dict[str, Any] = (await evening.http.get(f"/api/observations/{finding}", headers=headers)).json()["suggestion"]
    return row


async def test_a_lamp_that_is_switched_off_on_purpose_is_hinted_at(evening: Evening) -> None:
    desk = await signed_in(evening, COORDINATOR)
    off = {"first": "11-01", "last": "12-01", "starts": "18:30", "ends": "05:00", "because": "Här släcks det 18.30."}
    await published(evening, desk, a_rule(), switch_offs=[off])

    async def hint(finding: UUID) -> str:
        return str((await evening.http.get(f"/api/observations/{finding}", headers=desk)).json()["dark_hint"])

    assert await hint(await handed_in(evening)) == "Lampan ska kanske vara släckt. Här släcks det 18.30."
    assert await hint(await handed_in(evening, category="skrap")) == ""


async def test_who_mends_the_lamp_reads_the_hint_too(evening: Evening) -> None:
    desk = await signed_in(evening, COORDINATOR)
    off = {"first": "11-01", "last": "12-01", "starts": "18:30", "ends": "05:00", "because": "Här släcks det 18.30."}
    await published(evening, desk, a_rule(), switch_offs=[off])
    finding, task = await handed_in(evening), uuid7()
    await evening.act("observation.review", finding, {"category": "bel.trasig", "severity": 1})
    made = {"title": "Lampa", "observations": [finding], "priority": 1}
    assert (await evening.act("task.create", task, made)).outcome == "applied"
    given = {"department": "gata-park", "explanation": "De.", "due_on": "2026-12-04"}
    assert (await evening.act("task.assign", task, given)).outcome == "applied"

    gata = await signed_in(evening, HANDLER)
    (shown,) = (await evening.http.get(f"/api/tasks/{task}", headers=gata)).json()["findings"]

    assert shown["dark_hint"] == "Lampan ska kanske vara släckt. Här släcks det 18.30."
    assert shown["suggestion"] is None


async def test_a_task_keeps_the_rule_that_chose_and_comes_back_with_the_owner_that_was_named(evening: Evening) -> None:
    desk = await signed_in(evening, COORDINATOR)
    await published(evening, desk, a_rule(authority=True))
    finding, task = await handed_in(evening), uuid7()
    await evening.act("observation.review", finding, {"category": "bel.trasig", "severity": 1})
    made = {"title": "Lampa", "observations": [finding], "priority": 1, "priority_reason": "Barn är ofta här."}
    given = {"department": "gata-park", "explanation": "De.", "due_on": "2026-12-04"}
    no = {"reason": "wrong_owner", "public_text": "Inte vår.", "next_owner": "stadsbyggnad"}
    assert (await evening.act("task.create", task, made)).outcome == "applied"
    fresh = (await evening.http.get(f"/api/tasks/{task}", headers=desk)).json()
    for _ in range(2):
        assert (await evening.act("task.assign", task, given)).outcome == "applied"
        assert (await evening.act("task.decline", task, no, HANDLER)).outcome == "applied"
    back = (await evening.http.get(f"/api/tasks/{task}", headers=desk)).json()

    assert (fresh["routed"]["rule"], fresh["routed"]["book"], fresh["authority"]) == ("park", 1, True)
    assert fresh["proposed"]["department"] == "fastighet"
    assert (fresh["priority_reason"], fresh["decision_needed"]) == ("Barn är ofta här.", False)
    assert back["proposed"] == {"department": "stadsbyggnad", "department_name": "Stadsbyggnad"}
    assert (back["bounced"], back["decision_needed"]) == (2, True)
