"""A store as a release wrote it, kept small: its pages in clear and compressed, encrypted again where it is needed.

An encrypted file does not compress and every empty index costs a page. ``python -m tests.migrations.kept_store``
writes the fixture of the newest version; once a release is out its fixture never changes.
"""

import tempfile
from pathlib import Path

import zstandard

from desktop.storage.drafts import Draft
from desktop.storage.engine import Database
from desktop.storage.store import Store
from desktop.storage.upgrade import VERSIONS
from sync.domain.ids import RecordId
from sync.domain.records import Accused, Household, IdentityKey, KeySlot
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import KEY, NOW, UNIT, case, finding, new_store, reception, step, visit

FOLDER = Path(__file__).parent / "fixtures"
IDS = tuple(RecordId(f"{number:032x}") for number in range(1, 8))
HOUSEHOLDS = (Household(name="王五", age=56),)
NUMBER = "431021102-2026-A-00001-4"


def fixture(version: str) -> Path:
    """The kept store of a version."""
    return FOLDER / f"store-{version}.fixture"


def unpack(version: str, target: Path) -> None:
    """Write the kept store to ``target``, encrypted under :data:`KEY`."""
    plain = target.with_suffix(".plain")
    plain.write_bytes(zstandard.ZstdDecompressor().decompress(fixture(version).read_bytes()))
    with Database(target, KEY, create=True) as database:
        database.run("ATTACH ? AS plain KEY ''", (str(plain),))
        database.run("SELECT sqlcipher_export('main', 'plain')")
        database.run("DETACH plain")
    plain.unlink()


def main() -> None:
    """Write the fixture of the newest version."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = folder / "plain.db"
        with new_store(folder / "profile") as store:
            _fill(store)
            store.database.run("ATTACH ? AS plain KEY ''", (str(plain),))
            store.database.run("SELECT sqlcipher_export('plain')")
            store.database.run("DETACH plain")
        packed = zstandard.ZstdCompressor(level=19).compress(plain.read_bytes())
    fixture(VERSIONS[-1]).write_bytes(packed)


def _fill(store: Store) -> None:
    """A case and a visit the county has, an edit and a case it has not, a kind and a field of the future."""
    county = TinyCounty()
    made, trip = case(id=IDS[0], number=NUMBER, identity="REAL"), visit(id=IDS[1], households=HOUSEHOLDS)
    key = IdentityKey(id=IDS[2], unit=UNIT, created_at=NOW, suite="s", slots=(KeySlot(recipient="r", sealed=b"\0"),))
    accused = Accused(id=IDS[3], unit=UNIT, created_at=NOW, case=made.id, name="赵大海", managed_by="VILLAGE")
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.draw_number(2026)
        for record in (made, step(made.id), reception(made.id), accused, key, trip, finding(trip.id)):
            work.add(record)
    exchange(store, county)
    held = county.held[("Case", made.id)]
    county.put("Case", made.id, made.id, {**held.fields, "mood": "calm"})
    county.put("Hearing", IDS[4], made.id, {"when": NOW})
    exchange(store, county)
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.edit("Case", made.id, title="改过的题目")
        work.add(case(id=IDS[5], title="还没发出"))
    store.drafts.save(Draft("张明", "visit", "new", b"{}", NOW))


if __name__ == "__main__":
    main()
