"""Pages of a county whose units mean harm: what is odd in them stays odd and stops nothing."""

import pytest

from desktop.storage.store import Store
from sync.domain.declarations import to_fields
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import case, reception


@pytest.mark.parametrize("limit", [1, 1_000_000])
def test_two_records_of_one_id_and_different_kinds_are_both_taken(store: Store, limit: int) -> None:
    county = TinyCounty()
    made = case(title="水渠漏水")
    twin = reception(made.id, id=made.id, place="接访大厅同号")
    county.put("Case", made.id, made.id, to_fields(made))
    county.put("Reception", made.id, made.id, to_fields(twin))
    assert exchange(store, county, limit=limit).agreed is True
    while store.search.index_some():
        pass
    assert store.reading.get("Case", made.id) is not None and store.reading.get("Reception", made.id) is not None
    assert len(store.search.search("水渠漏水").hits) + len(store.search.search("接访大厅").hits) == 1
