"""The file ``vault.json`` as anyone may read it: format, checksum, and who has a slot. Opens nothing, needs no keys."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from desktop.errors import DamagedStore, NewerVersion, NotEnrolled
from desktop.paths import ProfilePaths

FORMAT = "liandong-vault"
VERSION = 1
SUITE = 1
"""Of a slot: Argon2id, AES-256-GCM, HPKE with MLKEM768-X25519."""


@dataclass(frozen=True, slots=True)
class SlotUser:
    """A user of the profile as anyone may see it."""

    user: str
    role: str


def vault_users(paths: ProfilePaths) -> tuple[SlotUser, ...]:
    """Users and roles of the profile, in the order they were added. Raises as :func:`read_body`."""
    return tuple(SlotUser(slot["user"], slot["role"]) for slot in read_body(paths)["slots"])


def users_in(data: bytes) -> tuple[SlotUser, ...]:
    """The same of a vault's bytes, as a backup holds them."""
    return tuple(SlotUser(slot["user"], slot["role"]) for slot in _body_of(data)["slots"])


def read_body(paths: ProfilePaths) -> dict[str, Any]:
    """The vault's JSON without its checksum; ``slots`` is a list with at least one.

    Raises NotEnrolled (no vault), NewerVersion, DamagedStore.
    """
    if not paths.vault.exists():
        raise NotEnrolled("vault.none")
    return _body_of(paths.vault.read_bytes())


def _body_of(data: bytes) -> dict[str, Any]:
    body = _parse(data)
    if body.pop("checksum", "") != checksum(body) or not _has_slots(body):
        raise DamagedStore("vault.damaged")
    if any(slot["suite"] > SUITE for slot in body["slots"]):
        raise NewerVersion("vault.newer")
    return body


def checksum(body: dict[str, Any]) -> str:
    """Over the sorted JSON of the body."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _parse(data: bytes) -> dict[str, Any]:
    try:
        body = json.loads(data)
    except ValueError:
        raise DamagedStore("vault.damaged") from None
    if not isinstance(body, dict) or body.get("format") != FORMAT or not isinstance(body.get("version"), int):
        raise DamagedStore("vault.damaged")
    if body["version"] > VERSION:
        raise NewerVersion("vault.newer")
    return body


def _has_slots(body: dict[str, Any]) -> bool:
    slots = body.get("slots")
    return isinstance(slots, list) and bool(slots) and all(isinstance(one, dict) and _is_slot(one) for one in slots)


def _is_slot(slot: dict[str, Any]) -> bool:
    suite = slot.get("suite")
    return isinstance(slot.get("user"), str) and isinstance(slot.get("role"), str) and isinstance(suite, int)
