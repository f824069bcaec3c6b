"""What is typed and not saved yet may hold an identity in clear: it is sealed under the identity key of who typed it.

A user without that key could not read an identity anyhow, his drafts lie in the store as they are, and so do drafts of
earlier versions.
"""

import secrets as random

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from desktop.security.slots import VaultSecrets

_MARK = b"\x01LDD"
_CONTEXT = b"liandong/draft/v1"
_NONCE_BYTES = 12


def seal_typed(text: bytes, secrets: VaultSecrets, place: str) -> bytes:
    """The text sealed for ``place`` (user, screen and key); as it is where no identity key is held."""
    cipher = next(iter(_ciphers(secrets)), None)
    if cipher is None:
        return text
    nonce = random.token_bytes(_NONCE_BYTES)
    return _MARK + nonce + cipher.encrypt(nonce, text, place.encode())


def open_typed(sealed: bytes, secrets: VaultSecrets, place: str) -> bytes | None:
    """The text; None where no key here opens it."""
    if not sealed.startswith(_MARK):
        return sealed
    start = len(_MARK) + _NONCE_BYTES
    for cipher in _ciphers(secrets):
        try:
            return cipher.decrypt(sealed[len(_MARK) : start], sealed[start:], place.encode())
        except InvalidTag:
            continue
    return None


def _ciphers(secrets: VaultSecrets) -> list[AESGCM]:
    held = (secrets.unit_identity, secrets.county_identity)
    return [AESGCM(HKDF(SHA256(), 32, salt=None, info=_CONTEXT).derive(private)) for private in held if private]
