"""What the last exchanges did: kept in the store, told on the exchange page."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from desktop.services.desk import Desk
from desktop.storage.books import Books
from sync.client.report import ExchangeReport
from sync.domain.ids import Instant

KEPT = 20
_NAME = "exchange_history"


@dataclass(frozen=True, slots=True)
class PastExchange:
    """One exchange: when, by wire or by file, how much went and came, did both sides agree at its end."""

    at: Instant
    by_file: bool
    sent: int
    received: int
    unsent: int
    agreed: bool | None
    needs_person: bool


def note_exchange(books: Books, at: Instant, report: ExchangeReport, *, by_file: bool) -> None:
    """Put an exchange before the others; the oldest beyond twenty fall out. Within the caller's transaction."""
    done = PastExchange(
        at, by_file, sum(report.results.values()), report.received, report.unsent, report.agreed, report.needs_person
    )
    kept = [asdict(done), *_read(books)][:KEPT]
    books.keep(_NAME, json.dumps(kept).encode())


def read_history(desk: Desk) -> tuple[PastExchange, ...]:
    """The last exchanges, the latest first."""
    return tuple(PastExchange(**one) for one in _read(desk.store.books))


def _read(books: Books) -> list[dict[str, Any]]:
    kept = books.value(_NAME)
    return list(json.loads(kept)) if kept else []
