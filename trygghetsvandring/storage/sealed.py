"""Keys that other systems have given us, sealed with the server's own: a copy of the database opens nothing."""

import base64
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_INFO: Final = b"trygg-outgoing-1"
_NONCE: Final = 12


class NotOurs(ValueError):
    """Sealed with another key, for another municipality, or never sealed at all."""


def seal(key: bytes, municipality: str, text: str) -> str:
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + _cipher(key).encrypt(nonce, text.encode(), municipality.encode())).decode()


def unsealed(key: bytes, municipality: str, sealed: str) -> str:
    try:
        raw = base64.b64decode(sealed, validate=True)
        return _cipher(key).decrypt(raw[:_NONCE], raw[_NONCE:], municipality.encode()).decode()
    except (ValueError, InvalidTag):
        raise NotOurs("the key is sealed with another one") from None


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_INFO).derive(key))
