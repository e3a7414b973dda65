"""What every answer carries: no framing, no sniffing, no other origin."""

import logging
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trygghetsvandring.sync import wire

_PICTURES = "img-src 'self' blob: data:"
_CSP = (
    f"default-src 'self'; {_PICTURES}; media-src 'self' blob:; connect-src 'self'; script-src 'self'; "
    "style-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Trygg-Protocol": str(wire.PROTOCOL),  # tells our answers from a captive portal's, refusals too
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


_SECRET = re.compile(
    r"(/besked/|/redovisa/|/butik/|/kvallar/|/(?:brev|foljare)/(?:sluta/)?)"
    r"(?!(?:svar|bekrafta|stil\.css|sluta/?)(?:[?\s]|$))[^/?\s]+"
)


_OF_NOBODY = re.compile(r"^/folj/[^/?\s]+/mer(?:[?\s]|$)")
"""Who reads where to turn when somebody close is violent is written down nowhere."""


def loggable(path: str) -> str:
    """The path without the secret of a link in a letter: a log is read by others than the link is for."""
    return _SECRET.sub(r"\1…", path)


class _NoSecrets(logging.Filter):
    """For a server that writes down every request (`uvicorn --access-log`)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            if any(isinstance(each, str) and _OF_NOBODY.match(each) for each in record.args):
                return False
            record.args = tuple(loggable(each) if isinstance(each, str) else each for each in record.args)
        return True


def log_no_secrets() -> None:
    logger = logging.getLogger("uvicorn.access")
    if not any(isinstance(each, _NoSecrets) for each in logger.filters):
        logger.addFilter(_NoSecrets())


class Headers:
    """`pictures`: one more origin that photos, and nothing but photos, may come from."""

    def __init__(self, app: ASGIApp, *, pictures: str | None = None) -> None:
        self.app = app
        said = dict(HEADERS)
        if pictures is not None:
            said["Content-Security-Policy"] = _CSP.replace(_PICTURES, f"{_PICTURES} {pictures}")
        # As they travel: every answer carries them, so nothing is looked up or written out anew.
        self._raw = tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in said.items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = list(message.get("headers", ()))
                names = {name for name, _ in said}
                message["headers"] = [*said, *(pair for pair in self._raw if pair[0] not in names)]
            await send(message)

        await self.app(scope, receive, with_headers)
