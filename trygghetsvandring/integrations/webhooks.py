"""Webhooks: what is public, told to an address that asked, signed so that it can be known to come from us.

Headers and signature are those of Standard Webhooks: HMAC-SHA-256 over "id.timestamp.body".
"""

import base64
import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from trygghetsvandring.integrations.outside import Answered, call, client

_PREFIX = "whsec_"


def secret(key: bytes, municipality: str, webhook: UUID) -> str:
    """Derived from the server's own: it stands in no table, and is shown at the desk to whoever may see it."""
    raw = hmac.digest(key, f"webhook {municipality} {webhook}".encode(), hashlib.sha256)
    return _PREFIX + base64.b64encode(raw).decode()


def signed(whsec: str, id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers. Whoever receives them refuses what is older than a few minutes."""
    timestamp = str(int(at.timestamp()))
    raw = base64.b64decode(whsec.removeprefix(_PREFIX))
    mac = hmac.digest(raw, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


async def tell(
    url: str, whsec: str, id: str, at: datetime, body: bytes, *, own_networks: tuple[str, ...], seconds: float = 15.0
) -> Answered:
    """Raises NotReached or NoAnswer. The answer's body is nobody's business."""
    headers = {**signed(whsec, id, at, body), "Content-Type": "application/json"}
    async with client(url, own_networks, seconds=seconds) as opened:
        request = opened.build_request("POST", url, content=body, headers=headers)
        return await call(opened, request, seconds=seconds)
