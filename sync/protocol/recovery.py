"""Recovery by two custodians: secrets sealed to every pair of them, and the files in which a forgotten way in travels.

A profile asks (:class:`RecoveryRequest`), the custodian with the lower number opens the outer layer
(:class:`RecoveryStep`), the other the inner one; the word inside goes back sealed to the asking profile alone
(:class:`RecoveryAnswer`). File: magic 4 | version 1 | kind 1 | SHA-256 of the body 32 | MessagePack body.
"""

import hashlib
import secrets
import unicodedata
from enum import IntEnum
from itertools import combinations
from typing import TypeVar

import msgspec

from sync.domain.errors import Damaged, InvalidInput, Refused
from sync.protocol.keys import exchange_public, generate_exchange_key, open_sealed, seal_to
from sync.protocol.messages import DECODE_ERRORS

NEEDED = 2
MAGIC = b"LDRC"
VERSION = 1
MAX_FILE_BYTES = 1024 * 1024
WORD_LETTERS = 26
"""130 bits of five bits each."""
_HEAD_BYTES = len(MAGIC) + 2
_HASH_BYTES = 32
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_BETWEEN = dict.fromkeys(map(ord, "-‐‑‒–—―−"))
_CHECK_LETTERS = 2
_GROUP = 7


class _Kind(IntEnum):
    REQUEST = 1
    STEP = 2
    ANSWER = 3
    UNIT_KEY_REQUEST = 4
    UNIT_KEY_ANSWER = 5


class RecoveryRequest(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A profile asks for the word of its recovery slot."""

    county: str
    unit: str
    unit_name: str
    user: str
    slot: str
    """Id of the recovery slot."""
    pairs: dict[str, bytes]
    """"i-j" → the word sealed to custodian j, and that to custodian i."""
    public: bytes
    """The answer is sealed to it."""
    made_at: int


class RecoveryStep(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What the first custodian hands on. ``inner``: the other's number → the word, still sealed to the other."""

    request: RecoveryRequest
    custodian: int
    inner: dict[str, bytes]


class RecoveryAnswer(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The word, sealed to who asked."""

    slot: str
    sealed: bytes


class UnitKeyRequest(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A further device of a unit asks a first one for the unit's private identity key."""

    county: str
    unit: str
    device: str
    user: str
    public: bytes
    """The answer is sealed to it."""
    made_at: int


class UnitKeyAnswer(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The unit's private identity key, sealed to the device that asked."""

    device: str
    sealed: bytes


_KINDS: dict[type[msgspec.Struct], _Kind] = {
    RecoveryRequest: _Kind.REQUEST,
    RecoveryStep: _Kind.STEP,
    RecoveryAnswer: _Kind.ANSWER,
    UnitKeyRequest: _Kind.UNIT_KEY_REQUEST,
    UnitKeyAnswer: _Kind.UNIT_KEY_ANSWER,
}
T = TypeVar("T", bound=msgspec.Struct)


# Pairs ---------------------------------------------------------------------------------------------------------------


def seal_pairs(publics: tuple[bytes, ...], secret: bytes, info: bytes) -> dict[str, bytes]:
    """The secret for each pair of custodians (numbered from 1): sealed to the second, and that to the first."""
    return {
        f"{first}-{second}": seal_to(publics[first - 1], seal_to(publics[second - 1], secret, info), info)
        for first, second in combinations(range(1, len(publics) + 1), NEEDED)
    }


def word_info(county: str, slot: str) -> bytes:
    """What a recovery word is sealed for: this very slot of this county."""
    return "\0".join(("liandong/recovery-word/v1", county, slot)).encode()


# Words ---------------------------------------------------------------------------------------------------------------


def new_word() -> str:
    """130 random bits as 26 letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(WORD_LETTERS))


def spoken_word(word: str) -> str:
    """The word with its check, in four groups, to be read over the telephone."""
    whole = word + _check(word)
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def heard_word(text: str) -> str:
    """The word of what was typed. Raises InvalidInput ``recovery.mistyped``."""
    whole = _typed(text).upper().translate(_LIKE)
    word, check = whole[:WORD_LETTERS], whole[WORD_LETTERS:]
    if len(whole) != WORD_LETTERS + _CHECK_LETTERS or check != _check(word) or set(whole) - set(_ALPHABET):
        raise InvalidInput("recovery.mistyped", field="word")
    return word


def _typed(text: str) -> str:
    """What a person typed: no blanks and dashes, and the full-width signs of Chinese input as plain ones."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_BETWEEN)


def _check(word: str) -> str:
    digest = hashlib.sha256(word.encode()).digest()
    return "".join(_ALPHABET[byte & 31] for byte in digest[:_CHECK_LETTERS])


# Files ---------------------------------------------------------------------------------------------------------------


def write_recovery(message: msgspec.Struct) -> bytes:
    """The file of a request, a step or an answer."""
    body = msgspec.msgpack.encode(message)
    return MAGIC + bytes((VERSION, _KINDS[type(message)])) + hashlib.sha256(body).digest() + body


def read_recovery(data: bytes, wanted: type[T]) -> T:
    """What a file holds. Raises Damaged ``recovery.none``, ``.damaged``, ``.newer``, ``.other_kind``."""
    _check_file(data)
    if data[len(MAGIC) + 1] != _KINDS[wanted]:
        raise Damaged("recovery.other_kind")
    try:
        return msgspec.msgpack.decode(data[_HEAD_BYTES + _HASH_BYTES :], type=wanted)
    except DECODE_ERRORS as error:
        raise Damaged("recovery.damaged") from error


def is_request(data: bytes) -> bool:
    """Whether the file is a request, not what a first custodian made of it."""
    return data[len(MAGIC) + 1 : _HEAD_BYTES] == bytes((_Kind.REQUEST,))


def is_unit_key(data: bytes) -> bool:
    """Whether the file is a first device's answer, not the custodians'."""
    return data[len(MAGIC) + 1 : _HEAD_BYTES] == bytes((_Kind.UNIT_KEY_ANSWER,))


def _check_file(data: bytes) -> None:
    if data[: len(MAGIC)] != MAGIC:
        raise Damaged("recovery.none")
    if not _HEAD_BYTES + _HASH_BYTES < len(data) <= MAX_FILE_BYTES:
        raise Damaged("recovery.damaged")
    if data[len(MAGIC)] != VERSION:
        raise Damaged("recovery.newer")
    body = data[_HEAD_BYTES + _HASH_BYTES :]
    if hashlib.sha256(body).digest() != data[_HEAD_BYTES : _HEAD_BYTES + _HASH_BYTES]:
        raise Damaged("recovery.damaged")


# Asking and answering ------------------------------------------------------------------------------------------------


def asking_key() -> tuple[bytes, bytes]:
    """A key pair for one recovery: private, public."""
    private = generate_exchange_key()
    return private, exchange_public(private)


def spoken_code(request: RecoveryRequest | UnitKeyRequest) -> str:
    """Twenty digits both sides compare over the telephone before anything is opened."""
    digest = hashlib.sha256(b"liandong/recovery-code/v1\0" + msgspec.msgpack.encode(request)).digest()
    digits = f"{int.from_bytes(digest, 'big') % 10**20:020}"
    return " ".join(digits[at : at + 4] for at in range(0, 20, 4))


def same_code(typed: str, code: str) -> bool:
    """Whether the digits somebody typed are those of a :func:`spoken_code`."""
    return _typed(typed) == _typed(code)


def open_outer(request: RecoveryRequest, custodian: int, private: bytes) -> RecoveryStep:
    """The first custodian's part. Raises Refused ``recovery.other_first``, Damaged ``seal.*``."""
    prefix = f"{custodian}-"
    info = word_info(request.county, request.slot)
    mine = {name.removeprefix(prefix): sealed for name, sealed in request.pairs.items() if name.startswith(prefix)}
    if not mine:
        raise Refused("recovery.other_first", custodian=custodian)
    inner = {other: open_sealed(private, sealed, info) for other, sealed in mine.items()}
    return RecoveryStep(request, custodian, inner)


def open_inner(step: RecoveryStep, custodian: int, private: bytes) -> str:
    """The second custodian's part: the word.

    Raises Refused ``recovery.not_this_custodian``, Damaged ``seal.*``, ``recovery.damaged``.
    """
    sealed = step.inner.get(str(custodian))
    if sealed is None:
        raise Refused("recovery.not_this_custodian", custodian=custodian, first=step.custodian)
    return _as_word(open_sealed(private, sealed, word_info(step.request.county, step.request.slot)))


def seal_answer(request: RecoveryRequest, word: str) -> RecoveryAnswer:
    """The word for the asking profile alone."""
    return RecoveryAnswer(request.slot, seal_to(request.public, word.encode(), _answer_info(request)))


def open_answer(answer: RecoveryAnswer, request: RecoveryRequest, private: bytes) -> str:
    """The word. Raises Damaged ``recovery.other_request``, ``recovery.damaged``."""
    try:
        word = open_sealed(private, answer.sealed, _answer_info(request))
    except Damaged as error:
        raise Damaged("recovery.other_request") from error
    return _as_word(word)


def _as_word(plain: bytes) -> str:
    try:
        return plain.decode("ascii")
    except UnicodeDecodeError as error:
        raise Damaged("recovery.damaged") from error


def _answer_info(request: RecoveryRequest) -> bytes:
    return b"liandong/recovery-answer/v1\0" + hashlib.sha256(msgspec.msgpack.encode(request)).digest()


def seal_unit_key(request: UnitKeyRequest, private: bytes) -> UnitKeyAnswer:
    """The unit's private identity key for the asking device alone."""
    return UnitKeyAnswer(request.device, seal_to(request.public, private, _unit_key_info(request)))


def open_unit_key(answer: UnitKeyAnswer, request: UnitKeyRequest, private: bytes) -> bytes:
    """The unit's private identity key. Raises Damaged ``recovery.other_request``."""
    try:
        return open_sealed(private, answer.sealed, _unit_key_info(request))
    except Damaged as error:
        raise Damaged("recovery.other_request") from error


def _unit_key_info(request: UnitKeyRequest) -> bytes:
    return b"liandong/unit-key/v1\0" + hashlib.sha256(msgspec.msgpack.encode(request)).digest()
