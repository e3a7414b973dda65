"""What the core of tus 1.0.0 asks of a server, sentence by sentence."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.web.phones import MUNICIPALITY, sha256
from tests.web.test_uploads import cut
from tests.web.tus_client import HALF, OF_BYTES, PHOTO, Client, clause, extensions
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.web import pieces

# ---------------------------------------------------------------- core: headers


@clause("Upload-Offset", "The value MUST be a non-negative integer")
async def _(tus: Client) -> None:
    await tus.begun()
    for value in ("-1", "1.5", "0x10", "", "9" * 40):
        assert (await tus.patch(0, b"", Upload_Offset=value)).status_code == 400
    assert await tus.offset() == 0


@clause("Upload-Length", "The value MUST be a non-negative integer")
async def _(tus: Client) -> None:
    photo = await tus.phone.declare(PHOTO)
    for value in ("-1", "1e3", "", "9" * 40):
        assert (await tus.post(photo, Upload_Length=value)).status_code == 400
    assert (await tus.head()).status_code == 404


@clause(
    "Tus-Version",
    "MUST be a comma-separated list of protocol versions supported by the Server",
    "MUST be sorted by Server's preference where the first one is the most preferred one",
)
async def _(tus: Client) -> None:
    assert (await tus.options()).headers["Tus-Version"].split(",") == ["1.0.0"]


@clause(
    "Tus-Resumable",
    "MUST be included in every request and response except for OPTIONS requests",
    "The value MUST be the version of the protocol used by the Client or the Server",
)
async def _(tus: Client) -> None:
    photo = await tus.begun()
    answers = [
        await tus.post(photo),
        await tus.head(),
        await tus.patch(7, b""),
        await tus.patch(0, PHOTO[:7]),
        await tus.ask("PUT", f"/uploads/{photo}"),
        await tus.ask("HEAD", f"/uploads/{uuid7()}"),
        await tus.ask("HEAD", f"/uploads/{photo}", Authorization=None),
        await tus.ask("PATCH", f"/uploads/{photo}", b"", Content_Type="text/plain", Upload_Offset="7"),
        await tus.ask("DELETE", f"/uploads/{photo}"),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 409, 204, 405, 404, 401, 415, 204]
    assert {answer.headers.get("Tus-Resumable") for answer in answers} == {"1.0.0"}


@clause(
    "Tus-Resumable",
    "If the version specified by the Client is not supported by the Server, it MUST respond with 412",
    "and MUST include the Tus-Version header into the response",
    "In addition, the Server MUST NOT process the request",
)
async def _(tus: Client) -> None:
    await tus.begun()
    for version in ("0.2.2", "1.0.1", None):
        answer = await tus.patch(0, PHOTO[:9], Tus_Resumable=version)
        assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
        assert (await tus.ask("DELETE", f"/uploads/{tus.photo}", Tus_Resumable=version)).status_code == 412
    assert await tus.offset() == 0


@clause("Tus-Extension", "MUST be a comma-separated list of the extensions supported by the Server")
async def _(tus: Client) -> None:
    answer = await tus.options()
    assert extensions(answer) == ["creation", "creation-with-upload", "expiration", "checksum", "termination"]


@clause(
    "Tus-Max-Size",
    "MUST be a non-negative integer indicating the maximum allowed size",
    "The Server SHOULD set this header if there is a known hard limit",
)
async def _(tus: Client) -> None:
    most = int((await tus.options()).headers["Tus-Max-Size"])
    photo = await tus.phone.declare(PHOTO)
    assert (await tus.post(photo, Upload_Length=str(most))).json()["code"] == "photo_differs"  # not too large
    assert (await tus.post(photo, Upload_Length=str(most + 1))).status_code == 413


@clause(
    "X-HTTP-Method-Override",
    "MUST be a string which MUST be interpreted as the request's method by the Server",
    "The actual method of the request MUST be ignored",
)
async def _(tus: Client) -> None:
    await tus.begun()
    path, said = f"/uploads/{tus.photo}", {"Upload_Offset": "0", "Content_Type": OF_BYTES}
    assert (await tus.ask("POST", path, PHOTO[:5], X_HTTP_Method_Override="PATCH", **said)).status_code == 204
    assert (await tus.ask("PUT", path, X_HTTP_Method_Override="HEAD")).headers["Upload-Offset"] == "5"
    assert (await tus.ask("PATCH", path, b"", X_HTTP_Method_Override="DELETE", **said)).status_code == 204
    assert (await tus.head()).status_code == 404


# ---------------------------------------------------------------- core: HEAD


@clause(
    "HEAD",
    "MUST always include the Upload-Offset header, even if the offset is 0, or already considered completed",
    "If the size of the upload is known, the Server MUST include the Upload-Length header in the response",
    "The Server SHOULD acknowledge successful HEAD requests with a 200 OK or 204 No Content status",
    "MUST prevent the client and/or proxies from caching the response by Cache-Control: no-store",
)
async def _(tus: Client) -> None:
    await tus.begun()
    for come in (0, HALF, len(PHOTO)):
        await tus.patch(await tus.offset(), PHOTO[await tus.offset() : come])
        answer = await tus.head()
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert (answer.headers["Upload-Offset"], answer.headers["Upload-Length"]) == (str(come), str(len(PHOTO)))


@clause("HEAD", "If the resource is not found, SHOULD return 404, 410 or 403 without the Upload-Offset header")
async def _(tus: Client) -> None:
    tus.photo = uuid7()
    answer = await tus.head()
    assert answer.status_code == 404 and "Upload-Offset" not in answer.headers


# ---------------------------------------------------------------- core: PATCH


@clause(
    "PATCH",
    "SHOULD accept PATCH requests against any upload URL and apply the bytes at the given offset",
    "The Server MUST acknowledge successful PATCH requests with the 204 No Content status",
    "It MUST include the Upload-Offset header containing the new offset",
    "The new offset MUST be the sum of the offset before and the number of bytes received and stored",
)
async def _(tus: Client) -> None:
    await tus.begun()
    for start, end in ((0, 1), (1, HALF), (HALF, HALF), (HALF, len(PHOTO))):
        answer = await tus.patch(start, PHOTO[start:end])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(end))
    assert (await tus.evening.photo(tus.photo)).sha256 == sha256(PHOTO)


@clause("PATCH", "MUST use Content-Type: application/offset+octet-stream, otherwise SHOULD return 415")
async def _(tus: Client) -> None:
    await tus.begun()
    for type in ("image/jpeg", "application/octet-stream", None):
        assert (await tus.patch(0, PHOTO[:5], Content_Type=type)).status_code == 415
    assert await tus.offset() == 0


@clause(
    "PATCH",
    "The Upload-Offset header's value MUST be equal to the current offset of the resource",
    "If the offsets do not match, MUST respond with 409 Conflict without modifying the upload resource",
)
async def _(tus: Client) -> None:
    await tus.begun(HALF)
    before = tus.evening.house.uploads.file(MUNICIPALITY, tus.photo).read_bytes()
    for offset in (0, HALF - 1, HALF + 1, len(PHOTO)):
        assert (await tus.patch(offset, PHOTO[offset:])).status_code == 409
    assert tus.evening.house.uploads.file(MUNICIPALITY, tus.photo).read_bytes() == before == PHOTO[:HALF]


@clause("PATCH", "If the server receives a PATCH request against a non-existent resource it SHOULD return 404")
async def _(tus: Client) -> None:
    tus.photo = uuid7()
    assert (await tus.patch(0, PHOTO)).status_code == 404
    tus.photo = await tus.phone.declare(PHOTO)  # declared, and never created
    assert (await tus.patch(0, PHOTO)).status_code == 404


@clause(
    "PATCH",
    "SHOULD attempt to detect and handle network errors predictably",
    "The Server SHOULD always attempt to store as much of the received data as possible",
)
async def _(tus: Client) -> None:
    await tus.begun()
    await cut(tus.evening, tus.phone, tus.photo, PHOTO[:HALF])
    assert await tus.offset() == HALF


@clause("PATCH", "A timeout SHOULD be handled by closing the underlying connection")
async def _(tus: Client) -> None:
    heard = asyncio.Event()

    async def silent() -> AsyncIterator[bytes]:
        yield PHOTO[:HALF]
        await heard.wait()
        yield b""

    await tus.begun()
    with pytest.MonkeyPatch.context() as now:
        now.setattr(pieces, "_SILENT_FOR", 0.0)
        answer = await tus.patch(0, silent())
    assert (answer.status_code, answer.headers["Connection"]) == (408, "close")
    assert await tus.offset() == HALF


# ---------------------------------------------------------------- core: OPTIONS


@clause(
    "OPTIONS",
    "A successful response indicated by 204 or 200 MUST contain the Tus-Version header",
    "the Server MUST ignore the Tus-Resumable header",
)
async def _(tus: Client) -> None:
    for said in ({}, {"Tus-Resumable": "0.2.2"}, {"Tus-Resumable": "1.0.0"}):
        answer = await tus.evening.http.options("/uploads/", headers=said)
        assert (answer.status_code, answer.headers["Tus-Version"]) == (204, "1.0.0")
