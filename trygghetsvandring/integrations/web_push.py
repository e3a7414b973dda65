"""Web Push (RFC 8030), signed as RFC 8292 (VAPID) asks: empty, a word that there is something to fetch, or sealed.

The key is derived from the server's own, so every process has the same and nothing more is to be kept.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from trygghetsvandring.integrations.outside import Answered, call, client

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_VALID_FOR = timedelta(hours=12)  # the standard's most is 24
_KEPT_S = 24 * 3600  # what has not reached the phone within a day is told by the app itself
_KEPT_SEALED_S = 3 * 24 * 3600  # a computer at work is shut over the weekend


@dataclass(frozen=True, slots=True)
class Message:
    """Sealed for one browser. What the push service still holds with the same `topic` gives way to this."""

    sealed: bytes
    topic: str
    urgent: bool


def _private(key: bytes) -> ec.EllipticCurvePrivateKey:
    raw = hmac.digest(key, b"web push", hashlib.sha512)
    return ec.derive_private_key(int.from_bytes(raw) % (_ORDER - 1) + 1, ec.SECP256R1())


def public(key: bytes) -> str:
    """What the browser asks for when it makes the address: the uncompressed point, base64url."""
    point = _private(key).public_key()
    return _packed(point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint))


def authorization(key: bytes, endpoint: str, contact: str, now: datetime) -> str:
    """`contact` is where the push service's people may turn: the municipality's own address."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + _VALID_FOR).timestamp()),
        "sub": contact,
    }
    said = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
    r, s = decode_dss_signature(_private(key).sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={said}.{_packed(r.to_bytes(32) + s.to_bytes(32))}, k={public(key)}"


async def wake(
    key: bytes,
    endpoint: str,
    contact: str,
    now: datetime,
    *,
    own_networks: tuple[str, ...],
    message: Message | None = None,
) -> Answered:
    """Raises NotReached or NoAnswer. 404 and 410 mean that the browser wants no more. Without a message: empty."""
    headers = {"Authorization": authorization(key, endpoint, contact, now)} | (
        _EMPTY if message is None else _headers(key, endpoint, message)
    )
    async with client(endpoint, own_networks) as opened:
        request = opened.build_request(
            "POST", endpoint, headers=headers, content=b"" if message is None else message.sealed
        )
        return await call(opened, request)


_EMPTY = {"TTL": str(_KEPT_S), "Urgency": "low", "Topic": "svar", "Content-Length": "0"}


def _headers(key: bytes, endpoint: str, message: Message) -> dict[str, str]:
    """The topic says nothing to the push service, and is another one for each browser."""
    topic = hmac.digest(key, f"{endpoint} {message.topic}".encode(), hashlib.sha256)
    return {
        "TTL": str(_KEPT_SEALED_S),
        "Urgency": "high" if message.urgent else "normal",
        "Topic": _packed(topic)[:32],
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
    }


def _part(value: dict[str, object] | dict[str, str]) -> str:
    return _packed(msgspec.json.encode(value))


def _packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
