"""A passphrase turned into a key (Argon2id), and small secrets sealed under it (AES-256-GCM)."""

import secrets
import time
import unicodedata
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from desktop.errors import DamagedStore, WrongPassphrase
from sync.domain.errors import InvalidInput

MEMORY_KIB = 64 * 1024
LANES = 4
LEAST_ITERATIONS, MOST_ITERATIONS = 3, 12
WANTED_SECONDS = 0.5
LEAST_LENGTH = 4
"""What the verbs refuse below; the window asks people for eight."""
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32
_MOST_MEMORY_KIB = 1024 * 1024
_SEALED_MAGIC = b"liandong-sealed-1\n"


@dataclass(frozen=True, slots=True)
class Stretching:
    """Argon2id with its parameters; memory in KiB."""

    salt: bytes
    iterations: int
    memory_kib: int = MEMORY_KIB
    lanes: int = LANES

    def key(self, passphrase: str) -> bytes:
        """32 bytes of the passphrase (NFC, UTF-8). Raises DamagedStore for parameters nobody sane wrote."""
        if not self._is_sane():
            raise DamagedStore("vault.damaged")
        kdf = Argon2id(
            salt=self.salt,
            length=_KEY_BYTES,
            iterations=self.iterations,
            lanes=self.lanes,
            memory_cost=self.memory_kib,
        )
        return kdf.derive(normal_passphrase(passphrase).encode())

    def _is_sane(self) -> bool:
        return (
            len(self.salt) >= _SALT_BYTES
            and 1 <= self.iterations <= 1000
            and 1 <= self.lanes <= 64
            and 8 * self.lanes <= self.memory_kib <= _MOST_MEMORY_KIB
        )


def normal_passphrase(passphrase: str) -> str:
    """The passphrase in Unicode's NFC, so that every keyboard gives the same bytes."""
    return unicodedata.normalize("NFC", passphrase)


def check_new_passphrase(passphrase: str) -> None:
    """Raises InvalidInput for one that is too short to protect anything."""
    if len(normal_passphrase(passphrase)) < LEAST_LENGTH:
        raise InvalidInput("vault.passphrase_short", field="passphrase", least=LEAST_LENGTH)


def fresh_stretching(iterations: int | None = None) -> Stretching:
    """New salt; iterations measured on this PC unless given."""
    return Stretching(secrets.token_bytes(_SALT_BYTES), iterations or calibrate())


def calibrate() -> int:
    """Iterations that take about :data:`WANTED_SECONDS` here, within the least and the most."""
    started = time.perf_counter()
    Stretching(bytes(_SALT_BYTES), LEAST_ITERATIONS).key("calibration")
    one = (time.perf_counter() - started) / LEAST_ITERATIONS
    return max(LEAST_ITERATIONS, min(MOST_ITERATIONS, round(WANTED_SECONDS / one)))


def wrap(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Nonce and AES-256-GCM ciphertext."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def unwrap(key: bytes, wrapped: bytes, aad: bytes) -> bytes:
    """The plaintext of :func:`wrap`. Raises WrongPassphrase where key or data do not fit."""
    try:
        return AESGCM(key).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], aad)
    except (InvalidTag, ValueError):
        raise WrongPassphrase("vault.wrong_passphrase") from None


def seal_with_passphrase(plaintext: bytes, passphrase: str, purpose: str, iterations: int | None = None) -> bytes:
    """Bytes for a file that only the passphrase opens, for one purpose."""
    stretching = fresh_stretching(iterations)
    parts = (stretching.salt, stretching.iterations, stretching.memory_kib, stretching.lanes)
    head = msgspec.msgpack.encode(parts)
    sealed = wrap(stretching.key(passphrase), plaintext, purpose.encode() + head)
    return _SEALED_MAGIC + msgspec.msgpack.encode((head, sealed))


def open_with_passphrase(data: bytes, passphrase: str, purpose: str) -> bytes:
    """What :func:`seal_with_passphrase` sealed. Raises WrongPassphrase or DamagedStore."""
    if not data.startswith(_SEALED_MAGIC):
        raise DamagedStore("vault.sealed_file_damaged")
    try:
        head, sealed = msgspec.msgpack.decode(data[len(_SEALED_MAGIC) :], type=tuple[bytes, bytes])
        salt, iterations, memory, lanes = msgspec.msgpack.decode(head, type=tuple[bytes, int, int, int])
    except msgspec.MsgspecError:
        raise DamagedStore("vault.sealed_file_damaged") from None
    key = Stretching(salt, iterations, memory, lanes).key(passphrase)
    return unwrap(key, sealed, purpose.encode() + head)
