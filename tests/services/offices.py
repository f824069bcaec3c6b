"""A real office without a county: vault and SQLCipher store in a folder, real keys, made-up device facts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from desktop.app import open_office
from desktop.paths import ProfilePaths
from desktop.security.slots import VaultSecrets
from desktop.security.vault import create_vault, fresh_data_key
from desktop.services.office import Office
from desktop.storage.facts import DeviceFacts
from desktop.storage.store import Store
from sync.domain.ids import UnitCode
from sync.protocol.key_card import KeyCard, root_fingerprint, sign_key_card
from sync.protocol.keys import (
    exchange_public,
    generate_exchange_key,
    generate_signing_key,
    signing_public,
)

COUNTY, TOWN = UnitCode("431021"), UnitCode("431021102")
VILLAGE = "431021102205"
PASSPHRASE = "correct horse battery"
NOW = 1_795_500_000_000


@dataclass(slots=True)
class Clock:
    """A clock that tests set."""

    now: int = NOW

    def __call__(self) -> int:
        self.now += 1
        return self.now


@dataclass(frozen=True, slots=True)
class Keys:
    """Private keys of a county and its town."""

    root: bytes
    exchange: bytes
    signing: bytes
    county_identity: bytes
    unit_identity: bytes


def make_keys() -> Keys:
    return Keys(
        generate_signing_key(),
        generate_exchange_key(),
        generate_signing_key(),
        generate_exchange_key(),
        generate_exchange_key(),
    )


def certificate() -> bytes:
    """A self-signed certificate (PEM), as a county has one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "liandong")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), start, start.replace(2060)
    )
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def card_of(keys: Keys) -> bytes:
    card = KeyCard(
        version=1,
        county=COUNTY,
        county_name="桂阳县",
        url="https://127.0.0.1:1",
        exchange_key=exchange_public(keys.exchange),
        signing_key=signing_public(keys.signing),
        tls_certificate=certificate(),
        identity_key=exchange_public(keys.county_identity),
        recovery_keys=(),
        minimum_protocol=1,
        issued_at=NOW,
    )
    return sign_key_card(card, keys.root)


def facts_of(keys: Keys, unit: UnitCode = TOWN, kind: str = "TOWN") -> DeviceFacts:
    return DeviceFacts(
        county=COUNTY,
        county_name="桂阳县",
        unit=unit,
        unit_name="仁义镇",
        unit_kind=kind,
        device="0" * 32,
        block="A",
        epoch="e1",
        roles=("CDI_STAFF", "RECEPTION"),
        exchange_private=generate_exchange_key(),
        signing_private=generate_signing_key(),
        key_card=card_of(keys),
        root_fingerprint=root_fingerprint(signing_public(keys.root)),
        unit_identity_public=exchange_public(keys.unit_identity),
    )


def make_profile(folder: Path, role: str = "CDI_STAFF", keys: Keys | None = None) -> Path:
    """A profile whose one user is 张明."""
    kept = keys or make_keys()
    paths = ProfilePaths(folder)
    data_key = fresh_data_key()
    Store.create(paths, data_key, facts_of(kept)).close()
    create_vault(paths, "张明", role, PASSPHRASE, VaultSecrets(data_key, kept.unit_identity), iterations=1)
    return folder


@contextmanager
def opened(folder: Path, clock: Clock | None = None, user: str | None = None) -> Iterator[Office]:
    office = open_office(folder, PASSPHRASE, user, clock=clock or Clock())
    try:
        yield office
    finally:
        office.close()
