"""Somebody has the disk and the store's key, and no passphrase: he reads cases, and no identity that was sealed."""

import itertools
import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
import zstandard

from desktop.app import open_office
from desktop.paths import ProfilePaths
from desktop.security.identity import open_identity
from desktop.security.slots import VaultSecrets
from desktop.security.vault import open_vault
from desktop.storage.row_codec import table_name
from desktop.storage.store import Store
from sync.domain.errors import Damaged, LiandongError, NotAllowed
from sync.domain.records import Complainant, IdentityKey
from sync.protocol.keys import exchange_public, generate_exchange_key, key_id
from tests.services.offices import COUNTY, PASSPHRASE, Keys, make_keys, make_profile, opened

NEEDLES = ("欧阳秀英", "13907355512", "432822196503122417")
TYPED = "司马未存"
TYPED_BLIND = "诸葛未存"
"""By one whose role reads no identity."""
PRIVATE_BYTES = len(generate_exchange_key())


@pytest.fixture(scope="module")
def keys() -> Keys:
    return make_keys()


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Path:
    """Two cases with complainants, one protected; a correction; a draft; a backup; a colleague without identities."""
    folder = make_profile(tmp_path_factory.mktemp("disk") / "profile", role="TOWN_CDI", keys=keys)
    complainant = {"identity": "REAL", "name": NEEDLES[0], "phone": NEEDLES[1], "id_number": NEEDLES[2]}
    with opened(folder) as office:
        for secrecy in ("NORMAL", "PROTECTED"):
            case = office.record(
                "Case",
                {
                    "source_channel": "VISIT", "received_at": "2026-11-20T14:05", "nature": "ACCUSE",
                    "title": "截留补贴", "content": "未发放到户", "secrecy": secrecy, "complainant": complainant,
                },
            )  # fmt: skip
            if secrecy == "NORMAL":
                office.correct("Case", case.id, {"complainant": complainant | {"address": "一组"}})
        office.save_draft("reception", "new", {"complainant_name": TYPED, "title": "水渠漏水"})
        office.add_user("李镇长", "TOWN_SEC", "another long passphrase")
        office.add_user("赵包村", "VILLAGE_COVER", "a third long passphrase")
        office.backup(folder / "backup")
    with closing(open_office(folder, "a third long passphrase", "赵包村")) as office:
        office.save_draft("reception", "new", {"complainant_name": TYPED_BLIND})
    return folder


@pytest.fixture(scope="module")
def data_key(profile: Path) -> bytes:
    return open_vault(ProfilePaths(profile), "张明", PASSPHRASE).secrets.data_key


def cells(profile: Path, data_key: bytes) -> Iterator[bytes]:
    """Every value of every table, unpacked where it is packed."""
    raw = sqlcipher.connect(str(ProfilePaths(profile).store))
    with closing(raw):
        raw.execute(f"PRAGMA key = \"x'{data_key.hex()}'\"")
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert {"drafts", "outbox_body", table_name("Complainant")} <= set(tables)
        for table in tables:
            for row in raw.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    if isinstance(value, str | bytes):
                        yield from unpacked(value.encode() if isinstance(value, str) else value)


def unpacked(value: bytes) -> Iterator[bytes]:
    """The value, and what it becomes unpacked."""
    yield value
    try:
        yield zstandard.ZstdDecompressor().decompress(value, max_output_size=1 << 24)
    except zstandard.ZstdError:
        return


def written(needle: str) -> tuple[bytes, ...]:
    """The ways a text may stand in bytes."""
    escaped = json.dumps(needle)[1:-1].encode()
    return needle.encode(), needle.encode("utf-16-le"), escaped


def test_no_identity_stands_in_any_table_or_file(profile: Path, data_key: bytes) -> None:
    found = [
        needle
        for needle in (*NEEDLES, TYPED, TYPED_BLIND)
        for cell in cells(profile, data_key)
        for way in written(needle)
        if way in cell
    ]
    assert found == []
    for path in profile.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(way in data for needle in (*NEEDLES, TYPED, TYPED_BLIND) for way in written(needle)), path


def test_nothing_in_store_or_vault_opens_a_complainant(profile: Path, data_key: bytes, keys: Keys) -> None:
    """Every piece of the store and the vault that could be a private key is tried on every complainant."""
    values = list(cells(profile, data_key)) + list(texts(json.loads(ProfilePaths(profile).vault.read_text())))
    wanted = {value for value in values if len(value) == PRIVATE_BYTES}
    wanted |= {value[at : at + PRIVATE_BYTES] for value in values if len(value) < 8_000 for at in starts(value)}
    assert keys.unit_identity not in wanted and keys.county_identity not in wanted
    assert not any(keys.unit_identity in value or keys.county_identity in value for value in values)
    assert wanted, "the device's own exchange key at least"
    with closing(Store.open(ProfilePaths(profile), data_key)) as store:
        pairs = sealed_pairs(store)
        assert len(pairs) == 2
        for (complainant, key), private in itertools.product(pairs, [data_key * 3, *list(wanted)[:200]]):
            with pytest.raises((LiandongError, ValueError)):
                open_identity(complainant, forced(key, private), VaultSecrets(data_key, private), COUNTY)
        opened_one = [
            open_identity(*pair, VaultSecrets(data_key, None, keys.county_identity), COUNTY) for pair in pairs
        ]
        assert {one.name for one in opened_one} == {NEEDLES[0]}


def starts(value: bytes) -> Iterator[int]:
    """Where MessagePack says that so many bytes follow."""
    mark = b"\xc4" + bytes((PRIVATE_BYTES,))
    at = value.find(mark)
    while at >= 0:
        yield at + len(mark)
        at = value.find(mark, at + 1)


def texts(value: Any) -> Iterator[bytes]:
    """Every text of the vault, and the bytes it stands for."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value.encode()
        try:
            yield b64decode(value, validate=True)
        except ValueError:
            return


def forced(key: IdentityKey, private: bytes) -> IdentityKey:
    """The key with each of its slots said to be for this private half, so that it is tried at all."""
    try:
        mine = key_id(exchange_public(private))
    except (Damaged, ValueError):
        return key
    return replace(key, slots=tuple(replace(slot, recipient=mine) for slot in key.slots))


def sealed_pairs(store: Store) -> list[tuple[Complainant, IdentityKey]]:
    """Complainants with their keys."""
    ids = [row[0] for row in store.database.run(f'SELECT id FROM "{table_name("Complainant")}"')]
    pairs = []
    for name in ids:
        stored = store.reading.get("Complainant", name)
        assert stored is not None and isinstance(stored.record, Complainant)
        key = store.reading.get("IdentityKey", stored.record.key)
        assert key is not None and isinstance(key.record, IdentityKey)
        pairs.append((stored.record, key.record))
    return pairs


def test_a_colleague_without_identities_gets_no_key_from_his_slot(profile: Path) -> None:
    unlocked = open_vault(ProfilePaths(profile), "李镇长", "another long passphrase")
    assert (unlocked.secrets.unit_identity, unlocked.secrets.county_identity) == (None, None)
    with closing(Store.open(ProfilePaths(profile), unlocked.secrets.data_key)) as store:
        for complainant, key in sealed_pairs(store):
            with pytest.raises(NotAllowed, match=r"identity\.not_for_you"):
                open_identity(complainant, key, unlocked.secrets, COUNTY)


def test_what_is_typed_comes_back_to_who_typed_it_alone(profile: Path) -> None:
    with closing(open_office(profile, PASSPHRASE, "张明")) as office:
        draft = office.load_draft("reception", "new")
        assert draft is not None and draft.body["complainant_name"] == TYPED
        assert [one.body["title"] for one in office.drafts()] == ["水渠漏水"]
    with closing(open_office(profile, "another long passphrase", "李镇长")) as office:
        assert office.drafts() == []


def test_who_reads_no_identity_keeps_what_he_typed_under_a_new_passphrase(tmp_path: Path) -> None:
    folder = make_profile(tmp_path / "profile", role="TOWN_CDI")
    with opened(folder) as office:
        office.add_user("赵包村", "VILLAGE_COVER", "a third long passphrase")
    with closing(open_office(folder, "a third long passphrase", "赵包村")) as office:
        office.save_draft("visit", "new", {"summary": "一"})
        office.change_passphrase(None, "a fourth long passphrase")
        office.save_draft("visit", "second", {"summary": "二"})
    with closing(open_office(folder, "a fourth long passphrase", "赵包村")) as office:
        assert sorted(one.body["summary"] for one in office.drafts()) == ["一", "二"]
