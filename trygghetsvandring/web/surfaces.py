"""The built pages: the field app at /, the desk at /desk/, the field secretary's log at /falt/.

Hashed files never change and are cached for a year; pages and workers are asked for every time. A hashed file that this
build no longer has is looked for among those of earlier builds: a page opened before an upgrade still finds its parts.
"""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from trygghetsvandring.domain.people import Act
from trygghetsvandring.storage import builds
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound

_FOREVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}


def _built(root: Path, asked: str) -> Path | None:
    """The built file of that name; None for everything else there may be on the disk."""
    try:
        file = (root / asked).resolve()
        found = file.is_relative_to(root) and file.is_file() and file.suffix in _TYPES
    except (OSError, ValueError):  # a name longer than any file's, or with a NUL in it
        return None
    return file if found else None


async def _to_falt(_request: Request) -> Response:
    """Beside its scope the log's worker does not answer for the page, and it would not open without a network."""
    return RedirectResponse("/falt/", 308)


async def _earlier(request: Request, surface: str, asked: str) -> Response | None:
    suffix = Path(asked).suffix
    content = await builds.earlier(routing.house(request).builds, surface, asked) if suffix in _TYPES else None
    if content is None:
        return None
    return Response(content, media_type=_TYPES[suffix], headers={"Cache-Control": _FOREVER})


def _serve(folder: Path) -> routing.Endpoint:
    root = folder.resolve()

    async def page(request: Request) -> Response:
        asked = request.path_params.get("path", "")
        file = _built(root, asked)
        if file is not None:
            cache = _FOREVER if file.parent.name == "assets" else _ASK
            return FileResponse(file, media_type=_TYPES[file.suffix], headers={"Cache-Control": cache})
        earlier = await _earlier(request, folder.name, asked)
        if earlier is not None:
            return earlier
        if "text/html" not in request.headers.get("accept", "") and asked:
            raise NotFound()
        index = root / "index.html"
        if not index.is_file():
            raise NotFound()
        return FileResponse(index, media_type=_TYPES[".html"], headers={"Cache-Control": _ASK})

    return page


def routes(static: Path) -> list[Route]:
    field, desk, falt = (_serve(static / name) for name in ("field", "desk", "falt"))
    return [
        routing.route("/desk", desk, methods=["GET"], act=Act.PUBLIC),
        routing.route("/desk/{path:path}", desk, methods=["GET"], act=Act.PUBLIC),
        routing.route("/falt", _to_falt, methods=["GET"], act=Act.PUBLIC),
        routing.route("/falt/{path:path}", falt, methods=["GET"], act=Act.PUBLIC),
        routing.route("/{path:path}", field, methods=["GET"], act=Act.PUBLIC),
    ]
