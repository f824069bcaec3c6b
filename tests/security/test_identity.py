"""Complainants: who can open them, and what a changed record does."""

import dataclasses

import pytest

from desktop.security.identity import IdentitySession, add_slot, open_identity
from desktop.security.vault import VaultSecrets
from sync.domain.errors import Damaged, NotAllowed
from sync.domain.ids import UnitCode, new_record_id
from sync.domain.records import Identity
from sync.protocol.keys import exchange_public, generate_exchange_key

COUNTY = "431021"
UNIT = UnitCode("431021102")
TOWN, OFFICE = generate_exchange_key(), generate_exchange_key()
TOWN_SECRETS = VaultSecrets(bytes(32), TOWN)
OFFICE_SECRETS = VaultSecrets(bytes(32), None, OFFICE)
PERSON = Identity(identity="REAL", name="陈小红", phone="13800138000", age=61)


def _session() -> IdentitySession:
    return IdentitySession(COUNTY, exchange_public(TOWN), exchange_public(OFFICE))


def test_unit_and_county_open_what_the_unit_sealed() -> None:
    sealed, key = _session().seal(PERSON, new_record_id(), unit=UNIT, created_at=1, author="张明")
    assert key is not None
    assert open_identity(sealed, key, TOWN_SECRETS, COUNTY) == PERSON
    assert open_identity(sealed, key, OFFICE_SECRETS, COUNTY) == PERSON
    assert "陈小红".encode() not in sealed.cipher


def test_one_key_serves_a_session() -> None:
    session = _session()
    _, first = session.seal(PERSON, new_record_id(), unit=UNIT, created_at=1, author="张明")
    sealed, second = session.seal(PERSON, new_record_id(), unit=UNIT, created_at=2, author="张明")
    assert first is not None and second is None and sealed.key == first.id
    session.forget()
    assert session.seal(PERSON, new_record_id(), unit=UNIT, created_at=3, author="张明")[1] is not None


def test_a_protected_one_is_the_county_s_alone() -> None:
    sealed, key = _session().seal(PERSON, new_record_id(), unit=UNIT, created_at=1, author="张明", protected=True)
    assert key is not None
    with pytest.raises(NotAllowed):
        open_identity(sealed, key, TOWN_SECRETS, COUNTY)
    with pytest.raises(NotAllowed):
        open_identity(sealed, key, VaultSecrets(bytes(32)), COUNTY)
    assert open_identity(sealed, key, OFFICE_SECRETS, COUNTY) == PERSON


def test_ciphertext_belongs_to_one_record() -> None:
    sealed, key = _session().seal(PERSON, new_record_id(), unit=UNIT, created_at=1, author="张明")
    assert key is not None
    for moved in (
        dataclasses.replace(sealed, case=new_record_id()),
        dataclasses.replace(sealed, id=new_record_id()),
        dataclasses.replace(sealed, cipher=sealed.cipher[:-1] + b"\0\1"),
    ):
        with pytest.raises(Damaged):
            open_identity(moved, key, TOWN_SECRETS, COUNTY)


def test_a_person_passes_the_key_on() -> None:
    other = generate_exchange_key()
    sealed, key = _session().seal(PERSON, new_record_id(), unit=UNIT, created_at=1, author="张明")
    assert key is not None
    wider = dataclasses.replace(key, slots=(*key.slots, add_slot(key, TOWN_SECRETS, COUNTY, exchange_public(other))))
    assert open_identity(sealed, wider, VaultSecrets(bytes(32), other), COUNTY) == PERSON
