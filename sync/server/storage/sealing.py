"""Bodies at rest: AES-256-GCM under the store key, bound to what they belong to."""

import os

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.domain.errors import Damaged

NONCE_BYTES = 12
_MAX_BODY_BYTES = 64 * 1024 * 1024


class StoreKey:
    """Seals and opens. ``label`` is bound in, so that a body put in another's place does not open."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, label: str, body: bytes) -> bytes:
        """Nonce 12 | ciphertext."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, body, label.encode())

    def open(self, label: str, sealed: bytes) -> bytes:
        """The body. Raises Damaged ``county.store_damaged`` where bytes or place are not the sealed ones."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], label.encode())
        except (InvalidTag, ValueError) as error:
            raise Damaged("county.store_damaged", place=label) from error

    def seal_packed(self, label: str, body: bytes) -> bytes:
        """Compressed first; for bodies that are kept and seldom read."""
        return self.seal(label, zstandard.compress(body, 1))

    def open_packed(self, label: str, sealed: bytes) -> bytes:
        """The body of :meth:`seal_packed`."""
        return zstandard.decompress(self.open(label, sealed), max_output_size=_MAX_BODY_BYTES)
