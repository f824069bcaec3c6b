"""An answer that comes late, older than what came by another way, takes nothing back."""

import pytest

from desktop.storage.store import Store
from sync.protocol.messages import Outcome, Result, decode_change
from tests.storage.county import TinyCounty
from tests.storage.profiles import case
from tests.storage.test_sync_store import save


@pytest.mark.parametrize("since", [Outcome.QUARANTINED, Outcome.CONFLICT, Outcome.ACCEPTED])
def test_what_was_judged_since_is_not_held_again(store: Store, since: Outcome) -> None:
    county = TinyCounty()
    save(store, case())
    ((sequence, body),) = store.sync.waiting_changes(0, 10, 1 << 20)
    late = county.answer(0, [Result(decode_change(body).id, sequence, Outcome.HELD, "", 0)])
    store.sync.apply_answer(county.answer(0, county.take([body], since)))
    store.sync.apply_answer(late)
    assert store.sync.count_waiting() == 0 and store.verify()["store"] == "ok"
