"""One transaction: rows, change, numbers, search, computed columns; all or nothing."""

import pytest

from desktop.errors import NotFound
from desktop.storage.outbox import State
from desktop.storage.store import Store
from sync.domain.errors import Refused
from sync.domain.ids import new_record_id
from sync.domain.numbers import parse_number
from sync.domain.records import Case, Household, Print, Void
from sync.protocol.canonical import decode_fields
from sync.protocol.messages import NO_HASH, change_hash, decode_change
from tests.storage.profiles import COUNTY, NOW, UNIT, case, finding, reception, step, visit


def test_one_use_case_is_one_change_and_readable_rows(store: Store) -> None:
    with store.work("张明", "TOWN_CDI", NOW) as work:
        number = work.draw_number(2026)
        made = case(number=number)
        work.add(made)
        work.add(step(made.id))
        work.add(reception(made.id, number=number))
    stored = store.reading.get("Case", made.id)
    assert stored is not None and stored.record == made and stored.revision == 0
    assert next(s.record.id for s in store.reading.dossier_records(made.id)) == made.id
    columns = store.reading.case_columns(made.id)
    assert columns is not None and (columns.status, columns.holder) == ("REGISTERED", UNIT)
    ((sequence, body),) = store.outbox.waiting(0, 10, 1 << 20)
    change = decode_change(body)
    assert (sequence, change.sequence, change.previous, change.author) == (1, 1, NO_HASH, "张明")
    assert [(op.kind, op.dossier, op.creates, op.base) for op in change.operations] == [
        ("Case", made.id, True, 0), ("Step", made.id, True, 0), ("Reception", made.id, True, 0)
    ]  # fmt: skip
    assert work.receipt.change_id == change.id and len(work.receipt.touched) == 3


def test_changes_are_chained(store: Store) -> None:
    for _ in range(3):
        with store.work("张明", "TOWN_CDI", NOW) as work:
            work.add(case())
    bodies = [body for _, body in store.outbox.waiting(0, 10, 1 << 20)]
    changes = [decode_change(body) for body in bodies]
    assert [change.previous for change in changes] == [NO_HASH, *map(change_hash, bodies[:2])]
    assert [sequence for sequence, _ in store.outbox.waiting(1, 1, 1)] == [2]


def test_nothing_is_left_of_a_work_that_failed(store: Store) -> None:
    with pytest.raises(NotFound), store.work("张明", "TOWN_CDI", NOW) as work:
        number = work.draw_number(2026)
        made = case(number=number)
        work.add(made)
        work.edit("Case", new_record_id(), title="x")
    assert store.reading.get("Case", made.id) is None
    assert store.outbox.count(State.WAITING) == 0
    with pytest.raises(RuntimeError):
        _ = work.receipt
    with store.work("张明", "TOWN_CDI", NOW) as again:
        assert again.draw_number(2026) == number


def test_numbers_run_by_year_and_carry_their_check(store: Store) -> None:
    with store.work("张明", "TOWN_CDI", NOW) as work:
        drawn = [work.draw_number(2026), work.draw_number(2026), work.draw_number(2027)]
    numbers = [parse_number(text) for text in drawn]
    assert [(n.unit, n.year, n.block, n.serial) for n in numbers if n] == [
        (UNIT, 2026, "A", 1), (UNIT, 2026, "A", 2), (UNIT, 2027, "A", 1)
    ]  # fmt: skip
    assert work.receipt.change_id == ""


def test_an_edit_says_only_what_changed(store: Store) -> None:
    made = visit(households=(Household(name="王五", age=56),), summary="走访", problems="无")
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(made)
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.edit("Visit", made.id, summary="走访", problems=None, unannounced=True, visitors=())
        stored = work.edit("Visit", made.id, unannounced=False)
    assert stored.record.visitors == () and stored.record.unannounced is False  # type: ignore[attr-defined]
    change = decode_change(store.outbox.waiting(1, 1, 1)[0][1])
    (operation,) = change.operations
    assert not operation.creates
    assert decode_fields(operation.fields) == {"problems": None, "unannounced": False, "visitors": None}


def test_an_edit_without_effect_is_no_change(store: Store) -> None:
    made = case()
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(made)
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.edit("Case", made.id, title=made.title, remark=None)
    assert work.receipt.sequence == 0 and store.outbox.count(State.WAITING) == 1


def test_an_edit_of_a_record_made_in_the_same_work_joins_it(store: Store) -> None:
    made = case()
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(made)
        work.edit("Case", made.id, title="另一题", claim=None)
    (operation,) = decode_change(store.outbox.waiting(0, 1, 1)[0][1]).operations
    assert operation.creates and decode_fields(operation.fields)["title"] == "另一题"


def test_fields_written_once_cannot_be_edited(store: Store) -> None:
    made = case()
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(made)
    for change in ({"number": "x"}, {"nonsense": 1}):
        with pytest.raises(ValueError, match="cannot be edited"), store.work("张明", "TOWN_CDI", NOW) as work:
            work.edit("Case", made.id, **change)
    with pytest.raises(ValueError, match="cleared"), store.work("张明", "TOWN_CDI", NOW) as work:
        work.edit("Case", made.id, source_channel=None)


def test_dossiers_are_found_from_the_record(store: Store) -> None:
    made, trip = case(), visit()
    found = finding(trip.id)
    printed = Print(
        id=new_record_id(), unit=UNIT, created_at=NOW, form="visit_record", form_version=1, times=1,
        about_kind="Finding", about=found.id,
    )  # fmt: skip
    blank = Print(id=new_record_id(), unit=UNIT, created_at=NOW, form="visit_record", form_version=1, times=1)
    with store.work("张明", "TOWN_CDI", NOW) as work:
        dossiers = [work.add(record).dossier for record in (made, trip, found, printed, blank)]
    assert dossiers == [made.id, trip.id, trip.id, trip.id, blank.id]


def test_a_void_case_changes_its_columns(store: Store) -> None:
    made = case()
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(made)
        work.add(step(made.id))
    void = Void(id=new_record_id(), unit=UNIT, created_at=NOW, target_kind="Case", target=made.id, reason="重复登记")
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(void)
    assert store.reading.voided([made.id]) == {made.id}
    assert isinstance(store.reading.get("Case", made.id).record, Case)  # type: ignore[union-attr]
    assert store.facts.county == COUNTY


def test_a_number_stands_on_one_matter_only(store: Store) -> None:
    with store.work("张明", "TOWN_CDI", NOW) as work:
        number = work.draw_number(2026)
        first = case(number=number)
        work.add(first)
        work.add(reception(first.id, number=number))
    with pytest.raises(Refused, match=r"store\.number_taken"), store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(case(number=number))
    with store.work("张明", "TOWN_CDI", NOW) as work:
        work.add(reception(first.id, number=number))
