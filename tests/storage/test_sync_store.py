"""The store in an exchange: echoes, pages, overlays, withdrawals, epochs, kinds of the future."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from desktop.errors import CopiedDisk
from desktop.storage.drafts import Draft
from desktop.storage.outbox import State
from desktop.storage.store import Store
from sync.client.port import StandingPoint, SyncStore
from sync.domain.declarations import to_fields
from sync.domain.ids import new_record_id
from sync.domain.records import Case, Quarantine
from sync.protocol.messages import Outcome, decode_change
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import NOW, UNIT, case, facts, new_store, step, visit


def save(store: Store, *records: Any) -> None:
    with store.work("张明", "TOWN_CDI", NOW) as work:
        for record in records:
            work.add(record)


def edit(store: Store, id_: str, kind: str = "Case", **changes: Any) -> None:
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.edit(kind, id_, **changes)


def title(store: Store, id_: str) -> str | None:
    stored = store.reading.get("Case", id_)
    assert stored is not None and isinstance(stored.record, Case)
    return stored.record.title


@pytest.mark.parametrize(("echo", "brief"), [(True, False), (False, False), (True, True)])
@pytest.mark.parametrize("limit", [1, 1_000_000])
def test_after_an_exchange_both_sides_agree(store: Store, echo: bool, brief: bool, limit: int) -> None:
    county = TinyCounty(echo=echo, brief=brief)
    made = case()
    save(store, made, step(made.id))
    save(store, visit())
    edit(store, made.id, title="改过", claim=None)
    applied = exchange(store, county, limit=limit)
    assert applied.agreed is True and store.sync.count_waiting() == 0
    stored = store.reading.get("Case", made.id)
    assert stored is not None and stored.revision > 0 and title(store, made.id) == "改过"
    assert not store.reading.unsent_sequences(made.id)
    assert store.outbox.count(State.SETTLED) == 3
    again = exchange(store, county)
    assert again.agreed is True and again.entries == 0


def test_an_answer_that_says_nothing_writes_nothing_and_still_compares(store: Store) -> None:
    county = TinyCounty()
    save(store, case())
    exchange(store, county)
    assert exchange(store, county).agreed is True
    before = store.database.run("SELECT * FROM meta"), store.database.one("PRAGMA data_version")
    changed = store.database.count("SELECT total_changes()")
    idle = exchange(store, county)
    assert (idle.agreed, idle.head_reached, idle.entries) == (True, True, 0)
    assert store.database.count("SELECT total_changes()") == changed
    assert (store.database.run("SELECT * FROM meta"), store.database.one("PRAGMA data_version")) == before
    store.database.run("UPDATE meta SET value = ? WHERE name = 'digest'", (bytes(32),))
    assert exchange(store, county).agreed is False


def test_one_line_confirms_new_records_edits_and_what_lies_over_both(store: Store) -> None:
    county = TinyCounty(brief=True)
    made = case()
    save(store, made, step(made.id))
    assert exchange(store, county).agreed is True
    edit(store, made.id, title="改过", claim=None)
    point = store.sync.standing_point()
    bodies = [body for _, body in store.sync.waiting_changes(point.first_unacknowledged - 1, 10, 1 << 20)]
    edit(store, made.id, title="又改")
    answer = county.brief_answer(point.position, bodies)
    assert answer is not None
    assert store.sync.apply_answer(answer).agreed is True
    assert store.sync.count_waiting() == 1 and title(store, made.id) == "又改"
    assert exchange(store, county).agreed is True
    assert not store.reading.unsent_sequences(made.id) and store.outbox.count(State.SETTLED) == 3
    assert store.verify()["store"] == "ok"
    assert store.sync.apply_answer(answer).entries == 0


def test_a_page_works_a_case_out_anew_only_where_a_deciding_field_differs(store: Store) -> None:
    county, made = TinyCounty(echo=False), case(nature="CLAIM")
    save(store, made, step(made.id))
    exchange(store, county)

    def columns() -> tuple[object, ...]:
        return store.database.run("SELECT due, due_rule FROM record_case WHERE id = ?", (made.id,))[0]

    claimed = columns()
    held = county.held["Case", made.id]
    county.put("Case", made.id, made.id, {**held.fields, "remark": "备注"})
    exchange(store, county)
    assert columns() == claimed
    county.put("Case", made.id, made.id, {**held.fields, "nature": "ACCUSE", "identity": "REAL"})
    exchange(store, county)
    assert columns() != claimed


def test_edits_lie_over_the_county_s_state_until_it_shows_them(store: Store) -> None:
    county = TinyCounty()
    made = case()
    save(store, made)
    exchange(store, county)
    edit(store, made.id, title="本地")
    held = county.held[("Case", made.id)]
    county.put("Case", made.id, made.id, {**held.fields, "title": "县里", "remark": "县注"})
    applied = store.sync.apply_answer(county.answer(store.books.position))
    assert applied.agreed is True
    stored = store.reading.get("Case", made.id)
    assert stored is not None and isinstance(stored.record, Case)
    assert (stored.record.title, stored.record.remark) == ("本地", "县注")
    assert exchange(store, county).agreed is True and title(store, made.id) == "本地"


def test_where_the_county_decides_otherwise_its_word_is_shown(store: Store) -> None:
    county = TinyCounty()
    made = case()
    save(store, made)
    exchange(store, county)
    edit(store, made.id, title="本地")
    ((_, body),) = store.sync.waiting_changes(0, 10, 1 << 20)
    results = county.take([body], Outcome.CONFLICT)
    applied = store.sync.apply_answer(county.answer(store.books.position, results))
    assert applied.results == {"conflict": 1} and applied.agreed is True
    assert title(store, made.id) == made.title


def test_a_quarantined_creation_stays_here_but_not_in_the_digest(store: Store) -> None:
    county = TinyCounty()
    made = case()
    save(store, made)
    ((_, body),) = store.sync.waiting_changes(0, 10, 1 << 20)
    applied = store.sync.apply_answer(county.answer(0, county.take([body], Outcome.QUARANTINED)))
    assert applied.agreed is True and store.sync.count_waiting() == 0
    assert store.reading.get("Case", made.id) is not None and made.id in store.reading.unsent_sequences(made.id)


@pytest.mark.parametrize("brief", [False, True])
def test_an_echo_is_understood_under_what_was_set_apart(store: Store, brief: bool) -> None:
    county = TinyCounty(brief=brief)
    made = case()
    save(store, made)
    exchange(store, county)
    edit(store, made.id, title="越权改的")
    ((_, body),) = store.sync.waiting_changes(0, 10, 1 << 20)
    store.sync.apply_answer(county.answer(store.books.position, county.take([body], Outcome.QUARANTINED)))
    edit(store, made.id, remark="照常补的")
    applied = exchange(store, county)
    assert applied.agreed is True and store.verify()["store"] == "ok"
    assert title(store, made.id) == "越权改的"


def test_a_held_change_is_sent_again(store: Store) -> None:
    county = TinyCounty()
    save(store, case())
    ((_, body),) = store.sync.waiting_changes(0, 10, 1 << 20)
    results = county.take([body], Outcome.HELD)
    store.sync.apply_answer(county.answer(0, results))
    assert store.sync.count_waiting() == 1 and exchange(store, county).agreed is True


def test_a_page_applied_twice_changes_nothing_and_a_stale_one_only_brings_results(store: Store) -> None:
    county = TinyCounty(echo=False)
    for number in range(5):
        other = case(title=f"第{number}件")
        county.put("Case", other.id, other.id, to_fields(other))
    first = county.answer(0)
    assert store.sync.apply_answer(first).entries == 5
    digest = store.books.digest
    assert store.sync.apply_answer(first).entries == 0
    assert store.books.digest == digest and store.books.position == 5
    late = case()
    county.put("Case", late.id, late.id, to_fields(late))
    gap = county.answer(6)
    assert store.sync.apply_answer(gap).entries == 0 and store.books.position == 5
    save(store, case())
    ((_, body),) = store.sync.waiting_changes(0, 10, 1 << 20)
    stale = county.answer(0, county.take([body]), limit=2)
    applied = store.sync.apply_answer(stale)
    assert (applied.entries, applied.results, applied.position) == (0, {"accepted": 1}, 5)
    assert exchange(store, county).agreed is True


def test_an_echo_that_does_not_fit_is_not_believed_and_mended(store: Store) -> None:
    county = TinyCounty()
    made = case()
    save(store, made)
    ((_, body),) = store.sync.waiting_changes(0, 10, 1 << 20)
    results = county.take([body])
    county.held[("Case", made.id)].fields["title"] = "别的"
    applied = store.sync.apply_answer(county.answer(0, results))
    assert applied.agreed is False and not applied.head_reached and applied.position == 0
    county.echo = False
    assert exchange(store, county).agreed is True
    assert title(store, made.id) == "别的"


def test_an_own_record_that_was_spoilt_here_is_mended_from_the_outbox(store: Store) -> None:
    county = TinyCounty()
    made, gone = case(title="原来的"), case()
    save(store, made, gone)
    exchange(store, county)
    edit(store, made.id, title="改过的")
    exchange(store, county)
    with store.database.transaction():
        store.database.run("UPDATE record_case SET title = 'x', hash = zeroblob(32) WHERE id = ?", (made.id,))
        store.database.run("DELETE FROM record_case WHERE id = ?", (gone.id,))
        store.books.keep_number("position", 0)
        store.books.keep_digest(0)
        store.database.run("UPDATE record_case SET revision = 0, hash = NULL WHERE revision > 0")
    assert exchange(store, county).agreed is True
    assert title(store, made.id) == "改过的" and title(store, gone.id) == gone.title
    assert store.verify()["store"] == "ok"


def test_kinds_and_fields_of_the_future_are_kept_and_counted(store: Store) -> None:
    county = TinyCounty(echo=False)
    made = case()
    strange = {
        **to_fields(made),
        "mood": "calm",
        "people": [1, {"a": None}],
        "village": 7,
        "claim": None,
        "urgency": [],
    }
    county.put("Case", made.id, made.id, strange)
    county.put("Hearing", new_record_id(), made.id, {"when": 1 << 63, "ratio": 1.5})
    assert exchange(store, county).agreed is True
    stored = store.reading.get("Case", made.id)
    assert stored is not None and stored.extra["mood"] == "calm"
    edit(store, made.id, title="改过")
    assert exchange(store, county).agreed is True
    assert county.held[("Case", made.id)].fields["mood"] == "calm"


def test_a_withdrawn_dossier_goes_whole(store: Store) -> None:
    county = TinyCounty()
    made, kept = case(title="密封之前的题目", content="只此一处的内容"), case()
    save(store, made, step(made.id))
    save(store, kept)
    exchange(store, county)
    store.drafts.save(Draft("张明", "case", made.id, b"{}", NOW, made.id))
    county.withdraw("Case", made.id)
    assert exchange(store, county).agreed is True
    assert store.reading.get("Case", made.id) is None and store.reading.dossier_records(made.id) == ()
    assert store.search.search("只此一处").hits == () and store.drafts.all_of("张明") == ()
    assert store.reading.get("Case", kept.id) is not None and store.backup_due
    assert store.database.count("SELECT count(*) FROM outbox WHERE body IS NULL") == 1


def test_unsent_work_of_a_withdrawn_dossier_is_handed_over_first(store: Store) -> None:
    county = TinyCounty()
    made = case()
    save(store, made)
    exchange(store, county)
    edit(store, made.id, title="还没发出")
    county.withdraw("Case", made.id)
    applied = store.sync.apply_answer(county.answer(store.books.position))
    assert applied.agreed is True
    assert store.reading.get("Case", made.id) is not None and store.sync.count_waiting() == 1
    ((_, body),) = store.sync.waiting_changes(0, 10, 1 << 20)
    store.sync.apply_answer(county.answer(store.books.position, county.take([body], Outcome.QUARANTINED)))
    assert store.reading.get("Case", made.id) is None and store.sync.count_waiting() == 0


def test_a_dossier_granted_again_after_its_withdrawal_is_there(store: Store) -> None:
    county = TinyCounty(echo=False)
    made = case()
    county.put("Case", made.id, made.id, to_fields(made))
    exchange(store, county)
    county.withdraw("Case", made.id)
    county.put("Case", made.id, made.id, to_fields(made))
    assert exchange(store, county).agreed is True and title(store, made.id) == made.title


def test_an_older_answer_behind_a_page_of_a_newer_one_raises_no_alarm(store: Store) -> None:
    county = TinyCounty(echo=False)
    cases = [case(title=f"第{number}件") for number in range(3)]
    for made in cases:
        county.put("Case", made.id, made.id, to_fields(made))
    stick = county.answer(0)
    county.put("Case", cases[0].id, cases[0].id, to_fields(cases[0]) | {"remark": "后来补的"})
    assert store.sync.apply_answer(county.answer(0, limit=1)).position == 2
    late = store.sync.apply_answer(stick)
    assert (late.position, late.agreed) == (3, None)
    assert exchange(store, county).agreed is True and store.books.number("repairs") == 0


def test_a_restored_county_gets_again_what_it_lost(store: Store) -> None:
    county = TinyCounty()
    early, late = case(title="早"), case(title="晚")
    save(store, early)
    exchange(store, county)
    backup = deepcopy(county)
    save(store, late)
    other = case(title="别的设备的")
    county.put("Case", other.id, other.id, to_fields(other))
    exchange(store, county)
    backup.epoch, backup.echo, backup.position = "e2", False, backup.position + 1000
    applied = exchange(store, backup)
    assert applied.agreed is True and ("Case", late.id) in backup.held
    assert title(store, other.id) == "别的设备的"
    assert store.sync.apply_answer(county.answer(0)).entries == 0
    assert store.books.epoch == "e2"


def test_an_answer_of_an_epoch_that_came_and_went_unseen_is_not_taken(store: Store) -> None:
    exchange(store, TinyCounty())
    exchange(store, TinyCounty(epoch="e3"))
    late = TinyCounty(epoch="e2", position=5)
    assert store.sync.apply_answer(late.answer(0)).position == 0
    assert store.books.epoch == "e3" and exchange(store, TinyCounty(epoch="e3")).agreed is True


def test_an_echo_of_a_restored_county_does_not_confirm_what_others_had_written(store: Store) -> None:
    county = TinyCounty(brief=True)
    exchange(store, county)
    backup = deepcopy(county)
    made = case()
    save(store, made)
    exchange(store, county)
    county.put("Case", made.id, made.id, to_fields(made) | {"reply": "别人写的"})
    exchange(store, county)
    backup.epoch, backup.position = "e2", backup.position + 1000
    store.sync.apply_answer(backup.answer(0))
    assert exchange(store, backup).agreed is True
    assert store.verify()["store"] == "ok"
    record: Any = store.reading.get("Case", made.id)
    assert record.record.reply is None


def test_what_a_restored_county_had_set_apart_itself_is_open_no_longer(store: Store) -> None:
    county = TinyCounty()
    exchange(store, county)
    backup = deepcopy(county)
    note = Quarantine(id=new_record_id(), unit=UNIT, created_at=NOW, change="c" * 32, device="d" * 32, reason="gap")
    county.put("Quarantine", note.id, note.id, to_fields(note))
    exchange(store, county)
    assert store.verify()["quarantined"] == 1
    backup.epoch, backup.position = "e2", backup.position + 1000
    assert exchange(store, backup).agreed is True
    assert store.verify()["quarantined"] == 0


@pytest.mark.parametrize("late", [False, True])
def test_a_request_for_release_of_what_a_restored_county_knows_nothing_of_leaves_nothing_open(
    store: Store, late: bool
) -> None:
    county = TinyCounty()
    exchange(store, county)
    backup = deepcopy(county)
    note = Quarantine(id=new_record_id(), unit=UNIT, created_at=NOW, change="c" * 32, device="d" * 32, reason="gap")
    county.put("Quarantine", note.id, note.id, to_fields(note))
    exchange(store, county)
    with store.work("张明", "COUNTY_OFFICE", NOW) as work:
        work.edit("Quarantine", note.id, released=True)
    if not late:
        exchange(store, county)
        county.put("Quarantine", note.id, note.id, to_fields(note))
        exchange(store, county)
    backup.epoch, backup.position = "e2", backup.position + 1000
    store.sync.apply_answer(backup.answer(0))
    bodies = [body for _, body in store.sync.waiting_changes(0, 10, 1 << 20)]
    results = backup.take(bodies, Outcome.QUARANTINED)
    assert store.sync.apply_answer(backup.answer(store.books.position, results)).agreed is True
    assert store.verify()["quarantined"] == 0 and store.verify()["store"] == "ok"


def test_a_restored_county_is_sent_no_gap_where_a_body_is_gone(store: Store) -> None:
    county = TinyCounty()
    early, gone, late = case(title="早"), case(title="撤走的"), case(title="晚")
    save(store, early)
    exchange(store, county)
    backup = deepcopy(county)
    save(store, gone)
    save(store, late)
    exchange(store, county)
    county.withdraw("Case", gone.id)
    exchange(store, county)
    backup.epoch, backup.position = "e2", backup.position + 1000
    store.sync.apply_answer(backup.answer(0))
    changes = [decode_change(body) for _, body in store.sync.waiting_changes(0, 10, 1 << 20)]
    assert [(change.sequence, change.previous, change.operations[0].id) for change in changes] == [
        (2, backup.last_hash, late.id)
    ]
    assert exchange(store, backup).agreed is True


def test_what_a_former_device_sent_goes_to_a_restored_county_too(store: Store) -> None:
    county = TinyCounty()
    made = case()
    save(store, made)
    exchange(store, county)
    store.enrol_again(facts(device="e" * 32, block="B"))
    applied = exchange(store, TinyCounty(epoch="e2", position=1000))
    assert applied.agreed is True and store.sync.count_waiting() == 0
    assert title(store, made.id) == made.title


def test_another_history_of_the_device_is_refused(store: Store) -> None:
    county = TinyCounty(unbroken=7, last_hash=b"z" * 32)
    with pytest.raises(CopiedDisk, match=r"store\.cloned"):
        store.sync.apply_answer(county.answer(0))


def test_it_fills_the_port(store: Store) -> None:
    port: SyncStore = store.sync
    assert port.standing_point() == StandingPoint("d" * 32, UNIT, "e1", 0, 1)
    save(store, case())
    save(store, case())
    port.mark_sent(1)
    sent = [row[0] is not None for row in store.database.run("SELECT sent_at FROM outbox ORDER BY sequence")]
    assert sent == [True, False] and port.count_waiting() == 2


def test_two_devices_of_a_unit_see_the_same(tmp_path: Path) -> None:
    county = TinyCounty(echo=False)
    with new_store(tmp_path / "one") as one, new_store(tmp_path / "two", device="f" * 32, block="B") as two:
        made = case()
        save(one, made, step(made.id))
        exchange(one, county)
        county.unbroken, county.last_hash = 0, bytes(32)
        assert exchange(two, county).agreed is True
        assert two.reading.case_columns(made.id) == one.reading.case_columns(made.id)
        assert two.facts == facts(device="f" * 32, block="B")
