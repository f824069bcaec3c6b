"""Files of attachments beside the store: owed, wanted, swept; gone with their dossier once the county has them."""

import hashlib
import io

import pytest

from desktop.storage.blobs import BlobNeed
from desktop.storage.store import Store
from sync.domain.attachment_record import Attachment
from sync.domain.errors import Damaged
from sync.domain.ids import RecordId, new_record_id
from sync.protocol.sealed_stream import new_key, open_stream, seal_stream, sealed_size
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import NOW, UNIT, case


def attachment(about: RecordId, blob: str, size: int = 3) -> Attachment:
    return Attachment(
        id=new_record_id(), unit=UNIT, created_at=NOW, author="张明", about_kind="Case", about=about, name="a.txt",
        media_type="text/plain", size=size, blob=blob, key=bytes(32),
    )  # fmt: skip


def attach(store: Store, about: RecordId) -> Attachment:
    with store.blobs.writing() as (file, fresh):
        sealed = seal_stream([b"abc"], file, new_key())
        store.blobs.keep(file, fresh, sealed)
    made = attachment(about, sealed.name)
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(made)
        store.blobs.owe(BlobNeed(made.blob, made.id, sealed_size(made.size)))
    return made


def kept_case(store: Store) -> RecordId:
    made = case()
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(made)
    return made.id


def test_an_unfinished_file_leaves_nothing(store: Store) -> None:
    with pytest.raises(Damaged), store.blobs.writing() as (file, _):
        file.write(b"half")
        raise Damaged("blobs.damaged")
    assert list(store.blobs.folder.iterdir()) == []


def test_a_withdrawn_dossier_keeps_its_file_until_the_county_has_it(store: Store) -> None:
    county, head = TinyCounty(), kept_case(store)
    made = attach(store, head)
    exchange(store, county)
    county.withdraw("Case", head)
    exchange(store, county)
    store.blobs.sweep()
    assert store.reading.get("Attachment", made.id) is None
    assert store.blobs.has(made.blob) and [need.name for need in store.blobs.owed()] == [made.blob]
    store.blobs.delivered(made.blob)
    store.blobs.sweep()
    assert list(store.blobs.folder.iterdir()) == [] and store.blobs.waiting() == 0


def test_what_comes_from_elsewhere_is_wanted_fetched_and_proven(store: Store) -> None:
    county, target, key = TinyCounty(), io.BytesIO(), new_key()
    sealed = seal_stream([b"abc"], target, key)
    data = target.getvalue()
    head = RecordId("1" * 32)
    county.put("Case", head, head, {"unit": UNIT, "created_at": NOW, "source_channel": "LETTER", "received_at": NOW})
    common = {"unit": UNIT, "created_at": NOW, "about_kind": "Case", "about": head, "name": "a", "media_type": "x/y"}
    strange = (
        {"blob": "../../vault.json", "size": 1},
        {"blob": "f" * 64, "size": -1},
        {"blob": "e" * 64, "size": 1 << 50},
    )
    for number, more in enumerate(({"blob": sealed.name, "size": 3}, *strange)):
        county.put("Attachment", f"{number:032x}", head, {**common, "key": key, **more})
    exchange(store, county)
    (need,) = store.blobs.wanted()
    assert (need.name, need.bytes) == (sealed.name, len(data))
    store.blobs.add_part(need.name, 0, data[:10])
    store.blobs.sweep()
    assert store.blobs.part_bytes(need.name) == 10
    store.blobs.add_part(need.name, 10, data[10:-1] + b"\0")
    with pytest.raises(Damaged, match=r"blobs\.damaged"):
        store.blobs.finish_part(need.name)
    assert store.blobs.part_bytes(need.name) == 0 and not store.blobs.has(need.name)
    store.blobs.add_part(need.name, 0, data)
    store.blobs.finish_part(need.name)
    with store.blobs.path(need.name).open("rb") as file:
        assert b"".join(open_stream(file, key)) == b"abc"
    assert store.blobs.waiting() == 0 and hashlib.sha256(data).hexdigest() == need.name


def test_after_a_restore_of_the_county_files_are_offered_again(store: Store) -> None:
    county, head = TinyCounty(), kept_case(store)
    made = attach(store, head)
    exchange(store, county)
    store.blobs.note_epoch()
    store.blobs.delivered(made.blob)
    store.blobs.note_epoch()
    assert store.blobs.owed() == []
    with store.database.transaction():
        store.books.keep("epoch", b"e2")
    store.blobs.note_epoch()
    assert [need.name for need in store.blobs.owed()] == [made.blob]


def test_a_name_is_a_hash(store: Store) -> None:
    for name in ("", "a" * 63, "A" * 64, "../" + "a" * 61, "a" * 64 + "\n"):
        with pytest.raises(Damaged, match=r"blobs\.name"):
            store.blobs.path(name)
