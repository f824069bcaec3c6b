"""What the visit pages do on the data thread: record, correct, make a case of a finding, fetch the list."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QObject

from desktop.services.office import Office
from desktop.services.recording import DraftKey
from desktop.services.rounds import Covered, DayVisit
from desktop.services.shapes import Draft, RowPage, Saved
from desktop.ui.visits.model import case_of_finding, changes_of
from desktop.ui.widgets.paged_table import PAGE_ROWS
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

OnError = Callable[[LiandongError], None]
TOUCHED = ("Visit", "Finding", "Draft")


class VisitActions(QObject):
    """Work of the visit pages."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place

    def fetch(self, after: Any, on_done: Callable[[RowPage], None]) -> None:
        """A page of visits, newest first."""
        self._place.tasks.read(
            lambda office: office.list_page("Visit", after=after, limit=PAGE_ROWS, order="started"), on_done, owner=self
        )

    def month(self, first: date, on_done: Callable[[tuple[DayVisit, ...]], None]) -> None:
        """The visits of a month."""
        self._place.tasks.read(
            lambda office: office.month_visits(first.year, first.month), on_done, owner=self, key="month"
        )

    def coverage(self, interval_days: int, on_done: Callable[[tuple[Covered, ...]], None]) -> None:
        """Every village of the unit."""
        self._place.tasks.read(lambda office: office.coverage(interval_days), on_done, owner=self, key="coverage")

    def show(self, visit: str, on_done: Callable[[dict[str, Any], Draft | None], None]) -> None:
        """One visit in its input shape, and what was typed to correct it and not saved."""
        self._place.tasks.read(
            lambda office: (office.show("Visit", visit), office.load_draft("visit", visit)),
            lambda read: on_done(*read),
            owner=self,
            key="show",
        )

    def load_draft(self, key: str, on_done: Callable[[Any], None]) -> None:
        """A stored draft."""
        self._place.tasks.read(lambda office: office.load_draft("visit", key), on_done, owner=self)

    def record(self, data: dict[str, Any], draft: str, on_done: Callable[[Saved], None], on_error: OnError) -> None:
        """Record a visit; its draft goes with it."""
        key = DraftKey("visit", draft)
        self._place.tasks.write(
            lambda office: office.record("Visit", data, draft=key), on_done, on_error, owner=self, kinds=TOUCHED
        )

    def correct(
        self,
        visit: str,
        before: dict[str, Any],
        after: dict[str, Any],
        on_done: Callable[[Saved], None],
        on_error: OnError,
    ) -> None:
        """Write what differs, of the visit and of its findings."""
        self._place.tasks.write(
            lambda office: _correct(office, visit, before, after), on_done, on_error, owner=self, kinds=TOUCHED
        )

    def make_case(self, visit: str, index: int, on_done: Callable[[Saved], None], on_error: OnError) -> None:
        """Turn a finding of a recorded visit into a case."""
        self._place.tasks.write(
            lambda office: _make_case(office, visit, index), on_done, on_error, owner=self, kinds=(*TOUCHED, "Case")
        )


def _correct(office: Office, visit: str, before: dict[str, Any], after: dict[str, Any]) -> Saved:
    changes = changes_of(before, after)
    if changes:
        return office.correct("Visit", visit, changes, draft=DraftKey("visit", visit))
    office.drop_draft("visit", visit)
    return Saved("Visit", visit, before.get("number"))


def _make_case(office: Office, visit: str, index: int) -> Saved:
    shown = office.show("Visit", visit)
    finding = shown["findings"][index]
    if finding.get("case"):
        return Saved("Case", finding["case"], None)
    saved = office.record("Case", case_of_finding(shown, finding))
    office.correct("Finding", finding["id"], {"outcome": "CASE", "case": saved.id})
    return saved
