"""What the case pages do on the data thread: pages, search, one case, its steps, its identity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QObject

from desktop.services.office import Office
from desktop.services.recording import DraftKey
from desktop.services.shapes import ClockRow, Draft, Hit, OfferRow, OfficeFacts, Place, Row, RowPage, Saved
from desktop.ui.cases.filters import DueSpan
from desktop.ui.cases.model import CORRECTABLE
from desktop.ui.unsaved import SCREEN, STEP, draft_key
from desktop.ui.widgets.paged_table import PAGE_ROWS
from desktop.ui.workplace import Workplace
from sync.domain.authority import owner_reason
from sync.domain.errors import LiandongError

OnError = Callable[[LiandongError], None]
PAPER_KINDS = ("Interview", "ReturnVisit", "Rating")
TOUCHED = ("Case", "Step", "Reception", "Draft")


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as it is shown: its readout, what can be done now, its clocks, the names of its units."""

    shown: dict[str, Any]
    offers: tuple[OfferRow, ...]
    clocks: tuple[ClockRow, ...]
    names: dict[str, str]
    papers: tuple[Row, ...] = ()
    """Interviews, return visits and ratings."""
    own: bool = True
    """Whether this unit may make the case void: it recorded it, or is the county."""
    correctable: tuple[str, ...] = CORRECTABLE
    """Fields it may correct."""
    unsaved: tuple[Draft, ...] = ()
    """What this user typed into dialogs over the case and did not save."""


class CaseActions(QObject):
    """Work of the list and of the detail."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place

    def fetch(
        self, filters: dict[str, Any], span: DueSpan | None, after: Any, on_done: Callable[[RowPage], None]
    ) -> None:
        """A page of cases under filters: newest first, or by due day where a span is asked for."""
        self._place.tasks.read(
            lambda office: _page(office, filters, span, after),
            on_done,
            owner=self,
            key="" if after else "list",
        )

    def search(self, text: str, on_done: Callable[[tuple[Sequence[Hit], int]], None]) -> None:
        """Full-text search over everything but complainants: the hits, and how many records are not indexed yet."""

        def work(office: Office) -> tuple[Sequence[Hit], int]:
            return office.search(text), office.unindexed()

        self._place.tasks.read(work, on_done, owner=self, key="search")

    def head_of(self, kind: str, record: str, on_done: Callable[[tuple[str, str] | None], None]) -> None:
        """The case or visit that a record belongs to: (``case`` or ``visit``, id)."""
        self._place.tasks.read(lambda office: _head_of(office, kind, record), on_done, owner=self, key="head")

    def load(self, case: str, on_done: Callable[[CaseView], None], on_error: OnError) -> None:
        """One case."""
        language = self._place.voice.language
        self._place.tasks.read(lambda office: _load(office, case, language), on_done, on_error, owner=self, key="case")

    def open_identity(
        self, case: str, reason: str, on_done: Callable[[dict[str, Any]], None], on_error: OnError
    ) -> None:
        """Who complained: logged before it is shown."""
        self._place.tasks.write(
            lambda office: _open_identity(office, case, reason), on_done, on_error, owner=self, kinds=("Draft",)
        )

    def step(
        self, case: str, step: str, data: dict[str, Any], on_done: Callable[[Saved], None], on_error: OnError
    ) -> None:
        """Do a step."""
        key = draft_key(f"{STEP}{step}", case)
        self._place.tasks.write(
            lambda office: office.step(case, step, data, draft=key), on_done, on_error, owner=self, kinds=TOUCHED
        )

    def correct(self, case: str, changes: dict[str, Any], on_done: Callable[[Saved], None], on_error: OnError) -> None:
        """Correct fields; the old values are kept."""
        key = draft_key("correct", case)
        self._place.tasks.write(
            lambda office: office.correct("Case", case, changes, draft=key),
            on_done,
            on_error,
            owner=self,
            kinds=TOUCHED,
        )

    def void(self, case: str, reason: str, on_done: Callable[[Saved], None], on_error: OnError) -> None:
        """Make it void with a reason."""
        key = draft_key("void", case)
        self._place.tasks.write(
            lambda office: office.void("Case", case, reason, draft=key), on_done, on_error, owner=self, kinds=TOUCHED
        )

    def load_draft(self, key: DraftKey, on_done: Callable[[Draft | None], None]) -> None:
        """What was typed into a dialog and not saved."""
        self._place.tasks.read(lambda office: office.load_draft(key.screen, key.key), on_done, owner=self, key="draft")

    def drop_draft(self, key: str) -> None:
        """Forget it."""
        self._place.tasks.write(lambda office: office.drop_draft(SCREEN, key), lambda _: None, kinds=("Draft",))

    def units(self, on_done: Callable[[Sequence[Place]], None]) -> None:
        """Units a case can go to."""
        self._place.tasks.read(lambda office: office.units(), on_done, owner=self, key="units")

    def units_for_step(self, draft: DraftKey, on_done: Callable[[Sequence[Place], Draft | None], None]) -> None:
        """Units a case can go to, and what was typed into the form of a step before."""
        self._place.tasks.read(
            lambda office: (office.units(), office.load_draft(draft.screen, draft.key)),
            lambda read: on_done(*read),
            owner=self,
            key="units",
        )


def _open_identity(office: Office, case: str, reason: str) -> dict[str, Any]:
    shown = office.show("Case", case, identity=True, reason=reason)
    key = draft_key("identity", case)
    office.drop_draft(key.screen, key.key)
    return shown


def _head_of(office: Office, kind: str, record: str) -> tuple[str, str] | None:
    shown = office.show(kind, record)
    for name in ("case", "visit"):
        head = shown.get(name)
        found = head.get("id") if isinstance(head, dict) else head
        if found:
            return name, str(found)
    return None


def _page(office: Office, filters: dict[str, Any], span: DueSpan | None, after: Any) -> RowPage:
    if span is None:
        return office.list_page("Case", filters=filters, after=after, limit=PAGE_ROWS)
    first = span.first or date.min
    while True:
        page = office.list_page("Case", filters=filters, after=after, limit=PAGE_ROWS, order="due")
        rows = tuple(row for row in page.rows if row.due is not None and first <= row.due <= span.last)
        ended = any(row.due is not None and row.due > span.last for row in page.rows)
        after = None if ended else page.next
        if rows or after is None:
            return RowPage(rows, after)


def _load(office: Office, case: str, language: str) -> CaseView:
    shown = office.show("Case", case)
    codes = {shown.get("holder"), shown.get("unit"), shown.get("village")}
    for line in shown.get("trail") or ():
        codes |= {line.get("unit"), line.get("to_unit"), *(line.get("units") or ())}
    names = {code: office.place_name(code) for code in codes if code}
    papers = (row for kind in PAPER_KINDS for row in office.list_page(kind, filters={"case": case}).rows)
    own, correctable = _may_change(office.facts, shown["unit"])
    clocks = office.clocks(case, language)
    unsaved = tuple(draft for draft in office.drafts(case) if draft.screen == SCREEN)
    return CaseView(shown, tuple(office.steps(case)), clocks, names, tuple(papers), own, correctable, unsaved)


def _may_change(facts: OfficeFacts, unit: str) -> tuple[bool, tuple[str, ...]]:
    """Whether the case is this unit's to change, and which fields it may correct."""

    def reason(kind: str, name: str) -> str | None:
        return owner_reason(facts.unit, facts.county, unit, kind, (name,))

    return reason("Void", "target") is None, tuple(name for name in CORRECTABLE if reason("Case", name) is None)
