"""Figures over the cases here. They measure the service, never persons."""

from collections.abc import Callable, Iterator
from typing import Any

from desktop.services.desk import Desk
from desktop.services.permissions import Matter, Sight, counts
from desktop.storage.reading import AnswerDelay
from sync.domain.errors import UsageError
from sync.domain.records import Case
from sync.domain.times import DAY_MS, local_day

ANSWER_LIMITS = (15, 60, 90)
"""Calendar days, counted from the day after the matter came in."""


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
    delays = [*_alike(desk), *_one_by_one(desk)]
    within = {str(limit): sum(one.count for one in delays if one.days <= limit) for limit in ANSWER_LIMITS}
    named = {f"within_{limit}": count for limit, count in within.items()}
    longest = max((one.longest_ms // DAY_MS for one in delays), default=None)
    return {"total": sum(one.count for one in delays), "within": within, **named, "longest": longest}


REPORTS: dict[str, Callable[[Desk], dict[str, Any]]] = {"answer-delay": answer_delay}


def _alike(desk: Desk) -> Iterator[AnswerDelay]:
    """Cases by what decides who sees them, those the reader gets figures of."""
    for found in desk.store.reading.answer_delays(_apart(desk)):
        if counts(desk.reader, Matter("Case", found.author or "", found.nature, found.secrecy)):
            yield found


def _one_by_one(desk: Desk) -> Iterator[AnswerDelay]:
    """Cases about the reader, in his name, or of a nature their steps decide."""
    apart = sorted(_apart(desk))
    void = desk.store.reading.voided(apart)
    for stored in filter(None, (desk.store.reading.get("Case", name) for name in apart)):
        case = stored.record
        if (
            isinstance(case, Case)
            and case.replied_at is not None
            and case.id not in void
            and counts(desk.reader, desk.matter_of(stored))
        ):
            days = local_day(case.replied_at) - local_day(case.received_at)
            longest = case.replied_at - case.received_at
            yield AnswerDelay(case.nature, case.secrecy, case.author, days, 1, longest)


def _apart(desk: Desk) -> frozenset[str]:
    return desk.recused_cases() | desk.assigned_cases() | desk.handed_cases() | _of_unsure_nature(desk)


def _of_unsure_nature(desk: Desk) -> frozenset[str]:
    """For a role that sees no accusations: cases that may be one, or an appeal, whatever they were registered as."""
    if desk.reader.powers.sight is not Sight.NO_ACCUSATIONS:
        return frozenset()
    rows = desk.store.database.run(
        'SELECT "case" FROM record_accused UNION SELECT "case" FROM record_step WHERE nature IS NOT NULL '
        "UNION SELECT id FROM record_case WHERE nature = 'APPEAL'"
    )
    return frozenset(row[0] for row in rows)
