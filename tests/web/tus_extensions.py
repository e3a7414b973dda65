"""What the five extensions we announce ask of a server, sentence by sentence."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tests.web.phones import MUNICIPALITY, b64, sha256
from tests.web.test_uploads import cut
from tests.web.tus_client import HALF, OF_BYTES, PHOTO, Client, clause, extensions, sum_of
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.uploads import EMPTY_FOR
from trygghetsvandring.storage.photos import received_key

# ---------------------------------------------------------------- creation


@clause(
    "Creation",
    "MUST add creation to the Tus-Extension header",
    "The Server MUST acknowledge a successful upload creation with the 201 Created status",
    "MUST set the Location header to the URL of the created resource. This URL MAY be absolute or relative",
    "The new resource has an implicit offset of 0",
)
async def _(tus: Client) -> None:
    assert "creation" in extensions(await tus.options())
    answer = await tus.post(await tus.phone.declare(PHOTO))
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/uploads/{tus.photo}")
    assert (await tus.ask("HEAD", answer.headers["Location"])).headers["Upload-Offset"] == "0"


@clause(
    "Creation",
    "The request MUST include one of Upload-Length and Upload-Defer-Length",
    "If Upload-Defer-Length contains any other value than 1 the server should return a 400",
    "If the Server supports deferring length, it MUST add creation-defer-length: it does not",
    "If the length of an upload is not deferred, the Upload-Defer-Length header MUST be omitted",
)
async def _(tus: Client) -> None:
    photo = await tus.phone.declare(PHOTO)
    for said in ({"Upload_Length": None}, {"Upload_Defer_Length": "2"}, {"Upload_Defer_Length": "1"}):
        assert (await tus.post(photo, **said)).status_code == 400
    assert "creation-defer-length" not in extensions(await tus.options())
    answers = [await tus.post(photo), await tus.head()]
    assert not any("Upload-Defer-Length" in answer.headers for answer in answers)


@clause(
    "Creation", "Upload-Length MAY be set to 0, indicating an empty file: no photo is empty, and none is declared so"
)
async def _(tus: Client) -> None:
    assert (await tus.post(await tus.phone.declare(PHOTO), Upload_Length="0")).status_code == 409
    outcome = await tus.phone.push("photo.declare", uuid7(), tus.phone.declaration(b""))
    assert outcome["code"] == "photo_too_large"


@clause("Upload-Metadata", "The value MAY be empty. In these cases, the space MAY be left out")
async def _(tus: Client) -> None:
    photo = await tus.phone.declare(PHOTO)
    told = f"is_confidential,photo {b64(str(photo))},note "
    assert (await tus.post(photo, Upload_Metadata=told)).status_code == 201
    for told_nothing in ("", None):  # tuspy sends the header empty; then the address says which photo
        at = f"/uploads/{await tus.phone.declare(PHOTO)}"
        answer = await tus.ask("POST", at, Upload_Length=str(len(PHOTO)), Upload_Metadata=told_nothing)
        assert (answer.status_code, answer.headers["Location"]) == (201, at)


@clause(
    "Upload-Metadata",
    "MUST consist of one or more comma-separated key-value pairs, separated by a space",
    "The key MUST NOT contain spaces and commas and MUST NOT be empty. All keys MUST be unique",
    "the value MUST be Base64 encoded",
)
async def _(tus: Client) -> None:
    photo = await tus.phone.declare(PHOTO)
    sound = f"photo {b64(str(photo))}"
    for broken in (f"{sound},{sound}", f"{sound},a b c", f"{sound},name %%%", f"{sound},name YQ="):
        assert (await tus.post(photo, Upload_Metadata=broken)).status_code == 400, broken
    assert (await tus.head()).status_code == 404


@clause(
    "Upload-Metadata",
    "responses to HEAD requests MUST include the Upload-Metadata header and its value as specified by the Client",
)
async def _(tus: Client) -> None:
    await tus.begun()
    told = f"photo {b64(str(tus.photo))},sha256 {b64(sha256(PHOTO))}"
    assert (await tus.head()).headers["Upload-Metadata"] == told
    await tus.patch(0, PHOTO)
    assert (await tus.head()).headers["Upload-Metadata"] == told


@clause("Upload-Metadata", "Servers SHOULD carefully validate metadata values to avoid header smuggling")
async def _(tus: Client) -> None:
    photo = await tus.phone.declare(PHOTO)
    smuggled = b64("a.jpg\r\nSet-Cookie: smuggled=1")
    await tus.post(photo, Upload_Metadata=f"photo {b64(str(photo))},filename {smuggled}")
    assert "smuggled" not in str((await tus.head()).headers).lower() and smuggled not in str((await tus.head()).headers)


@clause("Creation", "If the length of the upload exceeds the maximum, the Server MUST respond with 413")
async def _(tus: Client) -> None:
    most = int((await tus.options()).headers["Tus-Max-Size"])
    assert (await tus.post(await tus.phone.declare(PHOTO), Upload_Length=str(most + 1))).status_code == 413


# ---------------------------------------------------------------- creation with upload


@clause(
    "Creation With Upload",
    "MUST advertise this by including creation-with-upload in the Tus-Extension header",
    "if the Server does not offer the Creation extension, it MUST NOT offer Creation With Upload",
)
async def _(tus: Client) -> None:
    assert {"creation", "creation-with-upload"} <= set(extensions(await tus.options()))


@clause(
    "Creation With Upload",
    "The Client MAY include either the entirety or a chunk of the upload data in the body of the POST request",
    "The Server SHOULD accept as many bytes as possible and MUST include the Upload-Offset header in the response",
    "MUST set its value to the offset of the upload after applying the accepted bytes",
)
async def _(tus: Client) -> None:
    for come in (1, HALF, len(PHOTO)):
        answer = await tus.post(await tus.phone.declare(PHOTO), PHOTO[:come], Content_Type=OF_BYTES)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(come))
        assert await tus.offset() == come
        assert ("Trygg-Photo" in answer.headers) is (come == len(PHOTO))
    again = await tus.post(tus.photo, PHOTO[:HALF], Content_Type=OF_BYTES)
    assert (again.status_code, again.headers["Upload-Offset"]) == (201, str(len(PHOTO)))


@clause("Creation With Upload", "The Client MUST include the Content-Type: application/offset+octet-stream header")
async def _(tus: Client) -> None:
    photo = await tus.phone.declare(PHOTO)
    assert (await tus.post(photo, PHOTO[:HALF], Content_Type="image/jpeg")).status_code == 415
    assert (await tus.head()).status_code == 404


@clause("Creation With Upload", "similar rules as for the PATCH request and response apply")
async def _(tus: Client) -> None:
    said = {"Content_Type": OF_BYTES}
    too_much = await tus.post(await tus.phone.declare(PHOTO), PHOTO + b"mer", **said)
    assert too_much.status_code == 413
    wrong = await tus.post(await tus.phone.declare(PHOTO), PHOTO[:HALF], Upload_Checksum=sum_of(b"other"), **said)
    assert (wrong.status_code, await tus.offset()) == (460, 0)


# ---------------------------------------------------------------- expiration


@clause("Expiration", "the Server MUST add expiration to the Tus-Extension header")
async def _(tus: Client) -> None:
    assert "expiration" in extensions(await tus.options())


@clause(
    "Expiration",
    "If the expiration is known at the creation, Upload-Expires MUST be included in the response to the POST request",
    "The value of the Upload-Expires header MUST be in RFC 9110 datetime format",
)
async def _(tus: Client) -> None:
    said = (await tus.post(await tus.phone.declare(PHOTO))).headers["Upload-Expires"]
    assert said.endswith(" GMT")
    assert timedelta() <= datetime.now(UTC) + EMPTY_FOR - parsedate_to_datetime(said) < timedelta(minutes=5)


@clause("Expiration", "MUST be included in every PATCH response if the upload is going to expire")
async def _(tus: Client) -> None:
    await tus.begun()
    undecided = await tus.patch(0, PHOTO[:HALF])  # nobody has decided how long half a photo is kept: it does not go
    assert "Upload-Expires" not in undecided.headers
    await tus.nobody_waits_longer_than(30)
    decided = await tus.patch(HALF, PHOTO[HALF : HALF + 1])
    left = parsedate_to_datetime(decided.headers["Upload-Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) <= left <= timedelta(days=31, hours=1)
    assert "Upload-Expires" not in (await tus.patch(HALF + 1, PHOTO[HALF + 1 :])).headers  # whole, and here to stay


@clause(
    "Expiration",
    "If a Client does attempt to resume an upload which has since been removed, SHOULD respond with 404 or 410",
    "In both cases the Client SHOULD start a new upload",
)
async def _(tus: Client) -> None:
    photo = await tus.begun(HALF)
    await tus.evening.house.uploads.remove(MUNICIPALITY, photo)
    assert (await tus.patch(HALF, PHOTO[HALF:])).status_code == 404
    assert (await tus.post(photo, PHOTO, Content_Type=OF_BYTES)).headers["Trygg-Photo"] == "received"


# ---------------------------------------------------------------- checksum


@clause(
    "Checksum",
    "the Server MUST add checksum to the Tus-Extension header",
    "The Tus-Checksum-Algorithm header MUST be included in the response to an OPTIONS request",
    "MUST be a comma-separated list of the checksum algorithms supported by the server",
    "The Server MUST support at least the SHA1 checksum algorithm identified by sha1",
    "The names of the checksum algorithms MUST only consist of ASCII characters, uppercase characters excluded",
    "If the Server can handle trailers, it MUST be announced by checksum-trailer: it cannot",
)
async def _(tus: Client) -> None:
    answer = await tus.options()
    names = answer.headers["Tus-Checksum-Algorithm"].split(",")
    assert "sha1" in names and all(name.isascii() and name == name.lower() for name in names)
    assert "checksum" in extensions(answer) and "checksum-trailer" not in extensions(answer)


@clause(
    "Checksum",
    "Once the entire request has been received, the Server MUST verify the uploaded chunk",
    "204 No Content if the checksums match and the processing of the data succeeded",
)
async def _(tus: Client) -> None:
    await tus.begun()
    first = await tus.patch(0, PHOTO[:HALF], Upload_Checksum=sum_of(PHOTO[:HALF]))
    rest = await tus.patch(HALF, PHOTO[HALF:], Upload_Checksum=sum_of(PHOTO[HALF:], "sha256"))
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(HALF))
    assert (rest.status_code, rest.headers["Trygg-Photo"]) == (204, "received")


@clause(
    "Checksum",
    "400 Bad Request if the checksum algorithm is not supported by the server",
    "460 Checksum Mismatch if the checksums mismatch",
    "In the first two cases the uploaded chunk MUST be discarded, and the upload and its offset MUST NOT be updated",
)
async def _(tus: Client) -> None:
    await tus.begun(100)
    said = {"md4 YQ==": 400, "SHA1 YQ==": 400, "sha1 YQ==": 400, "sha1 %%": 400, "sha1": 400, sum_of(b"other"): 460}
    for checksum, status in said.items():
        assert (await tus.patch(100, PHOTO[100:HALF], Upload_Checksum=checksum)).status_code == status, checksum
        assert await tus.offset() == 100
    assert tus.evening.house.uploads.file(MUNICIPALITY, tus.photo).read_bytes() == PHOTO[:100]


@clause("Checksum", "MUST verify the uploaded chunk: half a chunk cannot be verified, and is not kept")
async def _(tus: Client) -> None:
    await tus.begun(100)
    await cut(tus.evening, tus.phone, tus.photo, PHOTO[100:HALF], 100, Upload_Checksum=sum_of(PHOTO[100:]))
    assert await tus.offset() == 100
    folder = tus.evening.house.uploads.folder(MUNICIPALITY)
    assert not list(folder.glob("*.chunk"))


# ---------------------------------------------------------------- termination


@clause(
    "Termination",
    "it MUST be announced by adding termination to the Tus-Extension header",
    "MUST respond with the 204 No Content status confirming that the upload was terminated",
    "For all future requests to this URL, the Server SHOULD respond with the 404 Not Found or 410 Gone status",
)
async def _(tus: Client) -> None:
    assert "termination" in extensions(await tus.options())
    for come in (0, HALF):
        await tus.begun(come)
        assert (await tus.ask("DELETE", f"/uploads/{tus.photo}")).status_code == 204
        again = [
            await tus.head(),
            await tus.patch(come, PHOTO[come:]),
            await tus.ask("DELETE", f"/uploads/{tus.photo}"),
        ]
        assert [answer.status_code for answer in again] == [404, 404, 404]


@clause("Termination", "SHOULD free associated resources: what has come goes by its nämnd's decision and no other")
async def _(tus: Client) -> None:
    folder = tus.evening.house.uploads.folder(MUNICIPALITY)
    photo = await tus.begun()
    await tus.ask("DELETE", f"/uploads/{photo}")
    assert not list(folder.glob(f"{photo}*"))
    photo = await tus.begun(HALF)
    await tus.ask("DELETE", f"/uploads/{photo}")
    assert [file.read_bytes() for file in folder.glob(f"{photo}*")] == [PHOTO[:HALF]]
    assert (await tus.post(photo, PHOTO, Content_Type=OF_BYTES)).headers["Trygg-Photo"] == "received"


@clause(
    "Termination", "completed uploads: authorization is left for the Server, and a photo that has arrived is a document"
)
async def _(tus: Client) -> None:
    photo = await tus.begun(len(PHOTO))
    assert (await tus.ask("DELETE", f"/uploads/{photo}")).status_code == 403
    assert (await tus.head()).headers["Trygg-Photo"] == "received"
    assert await tus.evening.house.blobs.digest(received_key(MUNICIPALITY, photo)) == sha256(PHOTO)
