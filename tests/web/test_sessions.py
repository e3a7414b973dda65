"""Signing in, the cookie, and the two things nobody may guess: a password and a walk's code."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from trygghetsvandring import asgi
from trygghetsvandring.config import Settings
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.storage import migrate, people
from trygghetsvandring.web import routing, sessions

NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)
COORDINATOR = "samordnare@lidkoping"
HERE = {"Sec-Fetch-Site": "same-origin"}


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def settings(folder: Path, *, demo: bool) -> Settings:
    return Settings(
        data_dir=folder,
        database_url=f"sqlite+aiosqlite:///{folder / 'trygg.sqlite'}",
        public_url="https://trygg.example",
        smtp_url=None,
        mail_from="trygg@example.se",
        key=bytes(range(32)),
        demo=demo,
    )


async def a_house(folder: Path, clock: Clock, *, demo: bool = True) -> tuple[routing.House, httpx.AsyncClient]:
    it = settings(folder, demo=demo)
    await migrate.upgrade(it.database_url)
    app = asgi.create(it, clock=clock, work=False)
    house = app.state.house
    assert isinstance(house, routing.House)
    await seed.load(house.engine, sessions.hash_password(seed.PASSWORD), NOW)
    sessions.forget_tries()
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://trygg.example")
    return house, client


@pytest.fixture
async def client(tmp_path: Path, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    house, it = await a_house(tmp_path, clock)
    async with it:
        yield it
    await house.store.close()
    sessions.forget_tries()


async def sign_in(client: httpx.AsyncClient, login: str = COORDINATOR, password: str = seed.PASSWORD) -> httpx.Response:
    return await client.post("/api/session", json={"login": login, "password": password}, headers=HERE)


async def test_the_cookie_is_for_this_host_only_and_no_script_reads_it(client: httpx.AsyncClient) -> None:
    answer = await sign_in(client)

    assert answer.status_code == 200
    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert name == "__Host-trygg"
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= {part.strip() for part in rest.split(";")}


async def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(client: httpx.AsyncClient) -> None:
    wrong = await sign_in(client, password="fel")
    unknown = await sign_in(client, login="ingen@lidkoping")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert "set-cookie" not in wrong.headers


async def test_after_ten_wrong_passwords_the_right_one_waits_too_and_others_do_not(client: httpx.AsyncClient) -> None:
    for _ in range(10):
        assert (await sign_in(client, password="fel")).status_code == 401

    waits = await sign_in(client)
    assert (waits.status_code, waits.json()["code"]) == (429, "too_many_tries")
    assert 1 <= int(waits.headers["Retry-After"]) <= 15 * 60
    assert (await sign_in(client, login="handlaggare@lidkoping")).status_code == 200


async def test_after_ten_wrong_codes_the_right_one_waits_too(client: httpx.AsyncClient) -> None:
    code = (await client.get("/api/start")).json()["walk"]["code"]
    assert (await client.post("/api/join/look", json={"code": code.lower()})).status_code == 200
    for _ in range(10):
        assert (await client.post("/api/join/look", json={"code": "ZZZZ-ZZZZ"})).status_code == 404

    assert (await client.post("/api/join/look", json={"code": code})).status_code == 429
    assert (await client.post("/api/join", json={"code": code, "device": "not-asked"})).status_code in {400, 429}


async def test_a_demo_password_opens_nothing_when_the_server_is_no_demo(tmp_path: Path, clock: Clock) -> None:
    house, client = await a_house(tmp_path, clock, demo=False)
    async with client:
        assert (await sign_in(client)).status_code == 401
        assert (await client.get("/api/start")).status_code == 404
    await house.store.close()


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
async def test_a_cookie_alone_changes_nothing(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    await sign_in(client)

    answer = await client.post("/sync/push", json={}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_origin")
    assert (await client.delete("/api/session", headers=headers)).status_code == 403
    assert (await client.get("/api/session")).status_code == 200


@pytest.mark.parametrize("headers", [HERE, {"Origin": "https://trygg.example"}])
async def test_our_own_page_may_sign_out_and_the_session_is_over(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    cookie = (await sign_in(client)).cookies["__Host-trygg"]

    assert (await client.delete("/api/session", headers=headers)).status_code == 204
    stolen = await client.get("/api/session", headers={"Cookie": f"__Host-trygg={cookie}"})
    assert stolen.status_code == 401


async def test_a_session_ends_after_twelve_hours(client: httpx.AsyncClient, clock: Clock) -> None:
    await sign_in(client)

    clock.now = NOW + timedelta(hours=11, minutes=59)
    assert (await client.get("/api/session")).status_code == 200
    clock.now = NOW + timedelta(hours=12, minutes=1)
    assert (await client.get("/api/session")).status_code == 401


async def test_a_disabled_user_is_out_at_the_next_request(tmp_path: Path, clock: Clock) -> None:
    house, client = await a_house(tmp_path, clock)
    async with client:
        await sign_in(client)
        async with house.store.write() as db:
            assert await people.disable(db, COORDINATOR, NOW)

        assert (await client.get("/api/session")).status_code == 401
        assert (await sign_in(client)).status_code == 401
    await house.store.close()


async def test_many_tries_at_once_are_no_more_than_one_after_the_other(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(sign_in(client, password="fel") for _ in range(24)))

    # Those already being checked when the tenth failed are answered too, and told nothing but to wait.
    assert sum(answer.status_code == 401 for answer in answers) <= 10
    assert {answer.status_code for answer in answers} == {401, 429}


async def test_another_page_signs_nobody_in(client: httpx.AsyncClient) -> None:
    asked = {"login": COORDINATOR, "password": seed.PASSWORD}

    for site in ("cross-site", "same-site"):
        answer = await client.post("/api/session", json=asked, headers={"Sec-Fetch-Site": site})
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_origin")
    assert (await client.post("/api/session", json=asked)).status_code == 200  # no browser, no page


async def test_a_session_from_the_demo_is_over_when_the_server_is_no_demo(tmp_path: Path, clock: Clock) -> None:
    house, client = await a_house(tmp_path, clock)
    async with client:
        cookie = (await sign_in(client, login="falt@lidkoping")).cookies["__Host-trygg"]
        phone = await client.post("/api/session/device", json={"device": str(uuid7())}, headers=HERE)
    await house.store.close()

    real, after = await a_house(tmp_path, clock, demo=False)
    async with after:
        for headers in ({"Cookie": f"__Host-trygg={cookie}"}, {"Authorization": f"Bearer {phone.json()['token']}"}):
            assert (await after.get("/api/session", headers=headers)).status_code == 401
    await real.store.close()


@pytest.mark.parametrize("login", ["", "\x00", "a" * 5_000, "samordnare@lidkoping\x00"])
async def test_a_login_that_cannot_be_is_a_wrong_one(client: httpx.AsyncClient, login: str) -> None:
    assert (await sign_in(client, login=login)).status_code == 401


@pytest.mark.parametrize("path", ["/", "/desk/", "/falt/", "/api/session", "/sync/pull", "/nowhere.js", "/healthz"])
async def test_every_answer_says_what_a_page_may_do(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
