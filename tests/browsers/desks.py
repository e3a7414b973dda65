"""A desk and a field secretary over plain HTTP, past the proxy: what people elsewhere do while a phone is out."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.browsers.site import Site
from trygghetsvandring.domain.ids import uuid7

PASSWORD = "lykta-i-natten"


@dataclass
class Desk:
    """The cookie is Secure, so a client on plain http is given it by hand."""

    site: Site
    login: str

    def __post_init__(self) -> None:
        with self.site.direct() as http:
            answer = http.post("/api/session", json={"login": self.login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        name, value = answer.headers["set-cookie"].split(";")[0].split("=", 1)
        self.headers = {"Cookie": f"{name}={value}", "Sec-Fetch-Site": "same-origin"}
        self.device = UUID(self.get("/api/session")["device"])

    def get(self, path: str) -> Any:
        with self.site.direct() as http:
            answer = http.get(path, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        with self.site.direct() as http:
            answer = http.post(path, json=body, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def acts(self, type: str, entity: UUID, body: dict[str, Any]) -> None:
        [outcome] = push(self.site, self.headers, self.device, [an_operation(type, entity, body)])
        assert outcome["outcome"] == "applied", outcome


def an_operation(type: str, entity: UUID, body: dict[str, Any], seq: int | None = None) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat()
    mono = {"mono_ms": 1, "session": str(uuid7())}
    about = {"type": type, "entity": str(entity), "base": None, "at": at}
    return {"id": str(uuid7()), "seq": seq, **about, **mono, "body": body}


def push(site: Site, headers: dict[str, str], device: UUID, operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sent = {"protocol": 1, "device": str(device), "sent_at": datetime.now(UTC).isoformat(), "operations": operations}
    with site.direct() as http:
        answer = http.post(
            "/sync/push",
            json={**sent, "session": str(uuid7()), "mono_ms": 2},
            headers={**headers, "Trygg-Protocol": "1"},
        )
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json()["outcomes"]
    return outcomes
