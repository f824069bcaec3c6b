"""Seal and open a complainant: ciphertext in store and on the wire, clear only in memory.

A body is AES-256-GCM under the key of one sign-in session; that key is sealed once to the unit and once to the county.
A protected complainant gets a key of his own, sealed to the county only: after saving the township cannot read him.
"""

import secrets as random
from dataclasses import dataclass, field

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desktop.security.slots import VaultSecrets
from sync.domain.declarations import from_fields, to_fields
from sync.domain.errors import Damaged, NotAllowed
from sync.domain.ids import Instant, RecordId, UnitCode, new_record_id
from sync.domain.records import Complainant, Identity, IdentityKey, KeySlot
from sync.protocol.canonical import decode_fields, encode_fields
from sync.protocol.keys import exchange_public, key_id, open_sealed, seal_to

SUITE = "A256GCM/MLKEM768-X25519"
"""AES-256-GCM for the body, HPKE (X-Wing) for its key."""

_CONTEXT = "liandong/identity/v1"
_NONCE_BYTES = 12
_KEY_BYTES = 32


@dataclass(slots=True)
class IdentitySession:
    """Seals identities during one sign-in. ``unit_public`` and ``county_public`` are identity keys (HPKE, public)."""

    county: str
    unit_public: bytes
    county_public: bytes
    _session: tuple[RecordId, bytes] | None = field(default=None, repr=False)

    def seal(
        self,
        identity: Identity,
        case: RecordId,
        *,
        unit: UnitCode,
        created_at: Instant,
        author: str,
        protected: bool = False,
        record_id: RecordId | None = None,
    ) -> tuple[Complainant, IdentityKey | None]:
        """The complainant's record and, where a key was made for it, the key's record (a dossier of its own).

        ``record_id`` names an existing complainant whose body is replaced. Save both in one unit of work.
        """
        key, made = self._key(unit, created_at, author, protected)
        complainant_id = record_id or new_record_id()
        cipher = _encrypt(key, identity, self.county, case, complainant_id)
        complainant = Complainant(
            id=complainant_id, unit=unit, created_at=created_at, author=author,
            case=case, key=key[0], suite=SUITE, cipher=cipher,
        )  # fmt: skip
        return complainant, made

    @property
    def session_key(self) -> RecordId | None:
        """Id of the key that the next identity would be sealed under; None where it gets a new one."""
        return None if self._session is None else self._session[0]

    def forget(self) -> None:
        """End the session: the next identity gets a new key."""
        self._session = None

    def _key(
        self, unit: UnitCode, created_at: Instant, author: str, protected: bool
    ) -> tuple[tuple[RecordId, bytes], IdentityKey | None]:
        if self._session is not None and not protected:
            return self._session, None
        key = (new_record_id(), random.token_bytes(_KEY_BYTES))
        recipients = (self.county_public,) if protected else (self.unit_public, self.county_public)
        slots = tuple(_slot(public, key, self.county) for public in dict.fromkeys(recipients))
        made = IdentityKey(id=key[0], unit=unit, created_at=created_at, author=author, suite=SUITE, slots=slots)
        if not protected:
            self._session = key
        return key, made


def open_identity(complainant: Complainant, identity_key: IdentityKey, secrets: VaultSecrets, county: str) -> Identity:
    """The identity in clear, in memory only; log the access first.

    Raises NotAllowed (``identity.not_for_you``) where no key here opens it, Damaged (``identity.damaged``) where the
    ciphertext does not belong to this record.
    """
    key = (identity_key.id, _session_key(identity_key, secrets, county))
    if complainant.suite != SUITE or complainant.key != identity_key.id:
        raise Damaged("identity.damaged")
    aad = _aad(county, complainant.case, complainant.id, key[0])
    try:
        body = AESGCM(key[1]).decrypt(complainant.cipher[:_NONCE_BYTES], complainant.cipher[_NONCE_BYTES:], aad)
        return from_fields(Identity, decode_fields(body))
    except (InvalidTag, ValueError, msgspec.MsgspecError):
        raise Damaged("identity.damaged") from None


def add_slot(identity_key: IdentityKey, secrets: VaultSecrets, county: str, recipient_public: bytes) -> KeySlot:
    """The key of ``identity_key`` sealed to one more reader, by one who can open it."""
    return _slot(recipient_public, (identity_key.id, _session_key(identity_key, secrets, county)), county)


def _session_key(identity_key: IdentityKey, secrets: VaultSecrets, county: str) -> bytes:
    for private in (secrets.unit_identity, secrets.county_identity):
        if private is None:
            continue
        own = key_id(exchange_public(private))
        for slot in identity_key.slots:
            if slot.recipient == own:
                return open_sealed(private, slot.sealed, _slot_context(county, identity_key.id))
    raise NotAllowed("identity.not_for_you")


def _slot(public: bytes, key: tuple[RecordId, bytes], county: str) -> KeySlot:
    return KeySlot(recipient=key_id(public), sealed=seal_to(public, key[1], _slot_context(county, key[0])))


def _slot_context(county: str, key: RecordId) -> bytes:
    return "\0".join(("liandong/identity-key/v1", county, key)).encode()


def _aad(county: str, case: RecordId, record: RecordId, key: RecordId) -> bytes:
    return "\0".join((_CONTEXT, county, case, record, key)).encode()


def _encrypt(key: tuple[RecordId, bytes], identity: Identity, county: str, case: RecordId, record: RecordId) -> bytes:
    nonce = random.token_bytes(_NONCE_BYTES)
    body = encode_fields(to_fields(identity))
    return nonce + AESGCM(key[1]).encrypt(nonce, body, _aad(county, case, record, key[0]))
