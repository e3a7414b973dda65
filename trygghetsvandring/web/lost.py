"""What a person's browser gets where there is nothing: a page to read, and not the answer made for programs."""

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.web import errors, plain

_PROGRAMS = ("/api/", "/sync/", "/open311/")


async def on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    lost = error.code == errors.NotFound.code and _is_read(request)
    return _page() if lost else await errors.on_refused(request, error)


def _is_read(request: Request) -> bool:
    """Only a browser that goes to an address says that it would rather have a page than anything else."""
    reads = request.headers.get("accept", "").startswith("text/html")
    return reads and request.method == "GET" and not request.url.path.startswith(_PROGRAMS)


def _page() -> Response:
    return plain.page(
        errors.WORDS[errors.NotFound.code][0],
        plain.paragraph("Kontrollera adressen. Läste du av en kod? Då kan den vara gammal. Fråga den som visade den."),
        '<p><a class="way" href="/folj">Till Följ hur det går!</a></p>',
        municipality="",
        status=404,
    )
