"""The store of one device with many cases: lists, search and saving, against raw SQL on the same file."""

import random
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Any

from desktop.storage.search_terms import query_terms
from sync.domain.declarations import to_fields
from sync.domain.ids import RecordId, UnitCode, new_record_id
from sync.domain.records import Case, Step
from sync.protocol.canonical import content_hash, encode_fields
from sync.protocol.messages import Answer, Entry, Mark
from tests.benchmarks.cases import BODY_SIGNS, SIGNS, TITLE_SIGNS
from tests.benchmarks.devices import TOWN, Device

PAGE = 2_000
ROUNDS = 30
COMMON_PIECE, RARE_PIECE = "水库", "饮用水源"
_START = 1_780_000_000_000
_MINUTE = 60_000


def fill_by_pages(device: Device, count: int) -> None:
    """Take ``count`` made-up cases in as pages of a feed, then index them."""
    lots = random.Random(7)
    store = device.desk.store
    for first in range(0, count, PAGE):
        start = store.books.position
        entries: list[Entry] = []
        for index in range(first, min(first + PAGE, count)):
            entries += _case_entries(lots, index, start + len(entries))
        store.sync.apply_answer(_answer(device, start, tuple(entries)))
    while store.search.index_some(2_000):
        pass


def _case_entries(lots: random.Random, index: int, position: int) -> list[Entry]:
    moment = _START + index * _MINUTE
    text = "".join(lots.choices(SIGNS, k=BODY_SIGNS))
    piece = COMMON_PIECE if lots.random() < 0.6 else ""
    rare = RARE_PIECE if lots.random() < 0.0005 else ""
    case = Case(
        id=new_record_id(), unit=UnitCode(TOWN), created_at=moment, author="张明",
        number=f"{TOWN}-2026-B-{index:05d}-0",
        source_channel="LETTER", external_number=f"Y{index:08d}", received_at=moment, nature="CLAIM", identity="ANON",
        first_repeat="FIRST", problem_tag="VILLAGE_AFFAIRS", title="".join(lots.choices(SIGNS, k=TITLE_SIGNS)),
        content=text[:200] + piece + text[200:] + rare, claim=text[:30], remark=text[30:50],
    )  # fmt: skip
    step = Step(
        id=new_record_id(), unit=UnitCode(TOWN), created_at=moment + 1, author="张明", case=RecordId(case.id),
        step="REGISTER", at=moment, role="TOWN_CDI",
    )  # fmt: skip
    return [_entry(case, case.id, position + 1), _entry(step, case.id, position + 2)]


def _entry(record: Case | Step, dossier: str, position: int) -> Entry:
    body = encode_fields(to_fields(record))
    kind = type(record).__name__
    return Entry(position, Mark.BODY, kind, record.id, dossier, "T", position, content_hash(body), body)


def _answer(device: Device, start: int, entries: tuple[Entry, ...]) -> Answer:
    reached = start + len(entries)
    return Answer(
        version=1, request_hash=bytes(32), county_time=_START, epoch=device.desk.store.books.epoch,
        from_position=start, to_position=reached, head=1 << 40, results=(), entries=entries, unbroken=0,
        last_hash=bytes(32), digest=None, counts={}, key_card=b"",
    )  # fmt: skip


def local_figures(device: Device, count: int) -> tuple[dict[str, float], dict[str, Any]]:
    """Ratios and figures of a store of ``count`` cases; ``processor_ms`` beside the wall times, which others share."""
    fill_by_pages(device, count)
    office, store = device.office, device.desk.store
    newest: dict[str, Any] = {"filters": {"status": "REGISTERED"}, "limit": 50}
    far, clocks = _far_key(device, count), _Clocks()
    listed = len(office.list_page("Case", **newest).rows)
    registered = "SELECT count(*) FROM record_case WHERE status = 'REGISTERED'"
    clocks.take("list_ms", lambda: office.list_page("Case", **newest))
    clocks.take("list_far_ms", lambda: office.list_page("Case", after=far, **newest))
    clocks.take("list_rare_value_ms", lambda: office.list_page("Case", filters={"problem_tag": "LAND"}, limit=50))
    clocks.take("count_ms", lambda: office.count("Case", {"status": "REGISTERED"}))
    clocks.take("count_best_ms", lambda: store.database.count(registered))
    clocks.take("search_common_ms", lambda: store.search.search(COMMON_PIECE, 50))
    clocks.take("search_best_plan_ms", lambda: _best_plan(device))
    clocks.take("search_through_service_ms", lambda: office.search(COMMON_PIECE))
    clocks.take("search_rare_ms", lambda: store.search.search(RARE_PIECE, 50))
    clocks.take("today_ms", office.today)
    clocks.take("save_ms", _walk_ins(device))
    wall = clocks.wall
    ratios = {
        "list_ms": wall["list_ms"],
        "search_vs_best_plan": wall["search_common_ms"] / wall["search_best_plan_ms"],
        "save_ms": wall["save_ms"],
        "count_vs_index": wall["count_ms"] / wall["count_best_ms"],
    }
    return ratios, {"cases": count, "listed": listed, **wall, "processor_ms": clocks.processor, **_long_work(device)}


class _Clocks:
    """Median milliseconds of several rounds, by the wall's clock and by the processor's."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.processor: dict[str, float] = {}

    def take(self, name: str, work: Callable[[], object]) -> None:
        spent: list[tuple[float, float]] = []
        for _ in range(ROUNDS):
            clock, used = perf_counter(), process_time()
            work()
            spent.append((perf_counter() - clock, process_time() - used))
        walls, used_times = zip(*spent, strict=True)
        self.wall[name] = round(median(walls) * 1000, 3)
        self.processor[name] = round(median(used_times) * 1000, 3)


def _long_work(device: Device) -> dict[str, float]:
    """What grows with the store and runs beside the work, once each: seconds of the wall."""
    target = device.desk.paths.folder / "benchmark.backup"
    spent: dict[str, float] = {}
    for name, work in (("verify_s", device.office.verify), ("backup_s", lambda: device.office.backup(target))):
        clock = perf_counter()
        work()
        spent[name] = round(perf_counter() - clock, 2)
    target.unlink()
    return spent


def _far_key(device: Device, count: int) -> str:
    row = device.desk.store.database.one(
        "SELECT created_at, id FROM record_case ORDER BY created_at LIMIT 1 OFFSET ?", (count // 2,)
    )
    assert row is not None
    return f"{row[0]}|{row[1]}"


def _best_plan(device: Device) -> None:
    """Count the hits, then the newest along the date index: what the targets call the forced plan."""
    expression, _ = query_terms(COMMON_PIECE)
    database = device.desk.store.database
    database.count("SELECT count(*) FROM search_terms WHERE search_terms MATCH ?", (expression,))
    database.run(
        "SELECT kind, id, dossier, created_at FROM search_doc INDEXED BY ix_search_doc_created_at WHERE doc IN "
        "(SELECT rowid FROM search_terms WHERE search_terms MATCH ?) ORDER BY created_at DESC, doc DESC LIMIT 50",
        (expression,),
    )


def _walk_ins(device: Device) -> Callable[[], object]:
    """A walk-in each: row, outbox, log, index, on disk."""
    lots = random.Random(11)

    def walk_in() -> None:
        text = "".join(lots.choices(SIGNS, k=BODY_SIGNS))
        device.office.record("Reception", {**_WALK_IN, "content": text})

    return walk_in


_WALK_IN: dict[str, Any] = {
    "received_at": "2026-11-20T09:10",
    "contact_mode": "RECEIVE",
    "title": "村道硬化款项去向不明",
    "nature": "CLAIM",
}
