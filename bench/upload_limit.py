"""The limit: a bare tus handler that appends to a file and fsyncs it, and nothing else.

`python -m bench.upload_limit <folder> <port>`. No sign-in, no declaration, no digest, no row: what the web
server and the disk allow. One lock for each upload: without it a dying request writes on while its successor has begun.
"""

import asyncio
import os
import sys
from collections import defaultdict
from pathlib import Path
from uuid import uuid4

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

_FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
_TUS = {"Tus-Resumable": "1.0.0"}
_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)


async def create(_request: Request) -> Response:
    name = str(uuid4())
    (_FOLDER / name).touch()
    return Response(status_code=201, headers=_TUS | {"Location": f"/uploads/{name}"})


async def ask(request: Request) -> Response:
    name = request.path_params["name"]
    async with _locks[name]:
        offset = (_FOLDER / name).stat().st_size
    return Response(headers=_TUS | {"Upload-Offset": str(offset)})


async def send(request: Request) -> Response:
    name = request.path_params["name"]
    async with _locks[name]:
        file = os.open(_FOLDER / name, os.O_WRONLY | os.O_APPEND)
        try:
            if os.fstat(file).st_size != int(request.headers["upload-offset"]):
                return Response(status_code=409, headers=_TUS)
            try:
                async for piece in request.stream():
                    os.write(file, piece)
            except ClientDisconnect:
                return Response(status_code=400)
            await asyncio.to_thread(os.fsync, file)
            offset = os.fstat(file).st_size
        finally:
            os.close(file)
    return Response(status_code=204, headers=_TUS | {"Upload-Offset": str(offset)})


async def healthz(_request: Request) -> Response:
    return Response(b'{"ok": true}', media_type="application/json")


if __name__ == "__main__":
    routes = [
        Route("/uploads/", create, methods=["POST"]),
        Route("/uploads/{name}", ask, methods=["HEAD"]),
        Route("/uploads/{name}", send, methods=["PATCH"]),
        Route("/healthz", healthz),
    ]
    uvicorn.run(Starlette(routes=routes), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
