"""What is typed and not saved yet may hold an identity in clear: it is sealed under a key of who typed it.

That is the identity key where he holds one, so that a new passphrase costs nothing, and the key of his own slot where
he does not: what he typed may be what his colleagues without identities must not read. Drafts of earlier versions may
lie in the store as they are.
"""

import secrets as random
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MARK = b"\x01LDD"
_CONTEXT = b"liandong/draft/v1"
_NONCE_BYTES = 12


def seal_typed(text: bytes, keys: Sequence[bytes], place: str) -> bytes:
    """The text sealed for ``place`` (user, screen and key); as it is where no key is held."""
    cipher = next(iter(_ciphers(keys)), None)
    if cipher is None:
        return text
    nonce = random.token_bytes(_NONCE_BYTES)
    return _MARK + nonce + cipher.encrypt(nonce, text, place.encode())


def open_typed(sealed: bytes, keys: Sequence[bytes], place: str) -> bytes | None:
    """The text; None where no key here opens it."""
    if not sealed.startswith(_MARK):
        return sealed
    start = len(_MARK) + _NONCE_BYTES
    for cipher in _ciphers(keys):
        try:
            return cipher.decrypt(sealed[len(_MARK) : start], sealed[start:], place.encode())
        except InvalidTag:
            continue
    return None


def _ciphers(keys: Sequence[bytes]) -> list[AESGCM]:
    return [AESGCM(HKDF(SHA256(), 32, salt=None, info=_CONTEXT).derive(private)) for private in keys]
