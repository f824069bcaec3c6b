"""The Today screen: what is due, which villages wait, what is typed and not saved, where the exchange stands."""

from datetime import date, timedelta

from desktop.services.desk import Desk
from desktop.services.exchanging import FOUND_COPIED
from desktop.services.finding import villages
from desktop.services.listing import DUE_ORDER, count, title_of
from desktop.services.permissions import Sight
from desktop.services.reminding import reminders
from desktop.services.settling import told_rows
from desktop.services.shapes import DueRow, ExchangeState, TodayView, VillageRow
from desktop.services.typed_text import drafts
from desktop.storage.outbox import State
from desktop.storage.reading import ListedRecord, Order
from sync.domain.records import Visit
from sync.domain.times import local_date, to_local

SOON_DAYS = 7
MOST_ROWS = 50
UNSENT = (State.WAITING, State.HELD)
_COUNTED = ("Visit", "Reception", "Case")


def today(desk: Desk, interval_days: int = 30) -> TodayView:
    """Everything for one day; ``interval_days``: after how many days a village should be visited again."""
    day = local_date(desk.clock())
    due = _due_rows(desk, day + timedelta(days=SOON_DAYS))
    waiting = _waiting_villages(desk, day, interval_days)
    return TodayView(
        day=day,
        overdue=tuple(row for row in due if row.due < day),
        due_today=tuple(row for row in due if row.due == day),
        due_soon=tuple(row for row in due if row.due > day),
        villages=tuple(waiting[:MOST_ROWS]),
        villages_waiting=len(waiting),
        drafts=tuple(drafts(desk)),
        exchange=exchange_state(desk),
        counts={kind: _made_today(desk, kind, day) for kind in _COUNTED},
        reminders=reminders(desk),
    )


def exchange_state(desk: Desk) -> ExchangeState:
    """Where this device stands with the county."""
    books = desk.store.books
    last, agreed = books.number("exchange_at"), books.value("exchange_agreed")
    return ExchangeState(
        last_at=last or None,
        unsent=desk.store.outbox.count(*UNSENT),
        held=desk.store.outbox.count(State.HELD),
        conflicts=count(desk, "Conflict", {"settled": None}),
        quarantined=count(desk, "Quarantine", {"released": None}),
        agreed={b"1": True, b"0": False}.get(agreed or b""),
        position=books.position,
        epoch=books.epoch,
        told=len(told_rows(desk)),
        must_enrol=why_enrol(desk),
    )


def why_enrol(desk: Desk) -> str:
    """Why this device has to be enrolled anew, or nothing."""
    if desk.store.books.number(FOUND_COPIED) == 1:
        return "copied"
    return "restored" if desk.store.books.restored else ""


def _due_rows(desk: Desk, last: date) -> list[DueRow]:
    rows: list[DueRow] = []
    after = None
    while len(rows) < MOST_ROWS * 3:
        page = desk.store.reading.page("Case", order=DUE_ORDER, after=after, limit=MOST_ROWS)
        rows += [row for row in (_due_row(desk, one) for one in page.rows) if row is not None]
        after = page.next
        if after is None or (page.rows and rows and rows[-1].due > last):
            break
    return [row for row in rows if row.due <= last]


def _due_row(desk: Desk, listed: ListedRecord) -> DueRow | None:
    case = listed.case
    if case is None or not case.due or not desk.sees(listed.stored):
        return None
    record = listed.stored.record
    number = getattr(record, "number", None)
    return DueRow(record.id, number, title_of(desk, listed.stored), case.due_rule or "", date.fromisoformat(case.due))


def _waiting_villages(desk: Desk, day: date, interval_days: int) -> list[VillageRow]:
    """Villages never visited first, then by the day of the last visit."""
    if desk.reader.powers.sight is Sight.NOTHING:
        return []
    rows = [VillageRow(place, _last_visit(desk, place.code)) for place in villages(desk)]
    limit = day - timedelta(days=interval_days)
    waiting = [row for row in rows if row.last_visit is None or row.last_visit < limit]
    return sorted(waiting, key=lambda row: (row.last_visit or date.min, row.place.code))


def _last_visit(desk: Desk, village: str) -> date | None:
    page = desk.store.reading.page("Visit", {"village": village}, order=Order("started_at"), limit=1)
    record = page.rows[0].stored.record if page.rows else None
    return local_date(record.started_at) if isinstance(record, Visit) else None


def _made_today(desk: Desk, kind: str, day: date) -> int:
    """Records of the day; lists are ordered by time made, so the first older one ends the count."""
    count, after = 0, None
    while True:
        page = desk.store.reading.page(kind, after=after, limit=200)
        of_today = [one for one in page.rows if to_local(one.stored.record.created_at).date() == day]
        count += sum(desk.sees(one.stored) for one in of_today)
        after = page.next
        if after is None or len(of_today) < len(page.rows):
            return count
