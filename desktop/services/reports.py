"""Figures over the cases here. They measure the service, never persons."""

from collections.abc import Callable, Iterator
from typing import Any

from desktop.services.desk import Desk
from sync.domain.errors import UsageError
from sync.domain.records import Case
from sync.domain.times import local_date

ANSWER_LIMITS = (15, 60, 90)
"""Calendar days, counted from the day after the matter came in."""
DAY_MS = 86_400_000
_PAGE = 500


def report(desk: Desk, name: str) -> dict[str, Any]:
    """The figures of a report by name."""
    if name not in REPORTS:
        raise UsageError("casework.no_such_report", name=name, names=", ".join(REPORTS))
    return {"report": name, **REPORTS[name](desk)}


def answer_delay(desk: Desk) -> dict[str, Any]:
    """How soon answered cases were answered.

    ``within``: answered within 15, 60, 90 calendar days, the first being the day after the matter came in; ``total``:
    all answered; ``longest``: whole days (of 24 hours) the slowest answer took.
    """
    answered = [(case.received_at, case.replied_at) for case in _cases(desk) if case.replied_at is not None]
    days = [(local_date(replied) - local_date(received)).days for received, replied in answered]
    within = {str(limit): sum(delay <= limit for delay in days) for limit in ANSWER_LIMITS}
    named = {f"within_{limit}": count for limit, count in within.items()}
    longest = max(((replied - received) // DAY_MS for received, replied in answered), default=None)
    return {"total": len(answered), "within": within, **named, "longest": longest}


REPORTS: dict[str, Callable[[Desk], dict[str, Any]]] = {"answer-delay": answer_delay}


def _cases(desk: Desk) -> Iterator[Case]:
    """Every case the reader may see that is not void, page by page."""
    after = None
    while True:
        page = desk.store.reading.page("Case", after=after, limit=_PAGE)
        void = desk.store.reading.voided([one.stored.record.id for one in page.rows])
        for one in page.rows:
            record = one.stored.record
            if isinstance(record, Case) and record.id not in void and desk.sees(one.stored):
                yield record
        if page.next is None:
            return
        after = page.next
