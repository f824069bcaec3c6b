"""Bodies at rest: AES-256-GCM under the store key, bound to what they belong to."""

import os
from collections import deque
from collections.abc import Callable

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.domain.errors import Damaged

NONCE_BYTES = 12
_NONCES_AT_ONCE = 256
_MAX_BODY_BYTES = 64 * 1024 * 1024


class StoreKey:
    """Seals and opens. ``label`` is bound in, so that a body put in another's place does not open."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._nonces: deque[bytes] = deque()

    def seal(self, label: str, body: bytes) -> bytes:
        """Nonce 12 | ciphertext."""
        nonce = self._nonce()
        return nonce + self._cipher.encrypt(nonce, body, label.encode())

    def _nonce(self) -> bytes:
        """A random nonce; many are drawn at once, each is given out once, whatever thread asks."""
        try:
            return self._nonces.popleft()
        except IndexError:
            drawn = os.urandom(NONCE_BYTES * _NONCES_AT_ONCE)
            self._nonces.extend(drawn[at : at + NONCE_BYTES] for at in range(NONCE_BYTES, len(drawn), NONCE_BYTES))
            return drawn[:NONCE_BYTES]

    def open(self, label: str, sealed: bytes) -> bytes:
        """The body. Raises Damaged ``county.store_damaged`` where bytes or place are not the sealed ones."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], label.encode())
        except (InvalidTag, ValueError) as error:
            raise Damaged("county.store_damaged", place=label) from error

    def seal_packed(self, label: str, body: bytes) -> bytes:
        """Compressed first; for bodies that are kept and seldom read."""
        return self.packer()(label, body)

    def packer(self) -> Callable[[str, bytes], bytes]:
        """:meth:`seal_packed` for many bodies in a row, by one thread."""
        compress = zstandard.ZstdCompressor(level=1).compress
        return lambda label, body: self.seal(label, compress(body))

    def open_packed(self, label: str, sealed: bytes) -> bytes:
        """The body of :meth:`seal_packed`."""
        return zstandard.decompress(self.open(label, sealed), max_output_size=_MAX_BODY_BYTES)
