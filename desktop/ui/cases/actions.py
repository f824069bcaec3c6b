"""What the case pages do on the data thread: pages, search, one case, its steps, its identity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QObject

from desktop.services.office import Office
from desktop.services.permissions import Reader
from desktop.services.recording import DraftKey
from desktop.services.shapes import ClockRow, Draft, Hit, OfferRow, Place, Row, RowPage, Saved
from desktop.ui.cases.filters import DueSpan
from desktop.ui.correcting.actions import correctable
from desktop.ui.correcting.subject import PAPERS
from desktop.ui.unsaved import SCREEN, STEP, draft_key
from desktop.ui.widgets.paged_table import PAGE_ROWS
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

OnError = Callable[[LiandongError], None]
TOUCHED = ("Case", "Step", "Reception", "Draft")


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as it is shown: its readout, what can be done now, its clocks, the names of its units."""

    shown: dict[str, Any]
    offers: tuple[OfferRow, ...]
    clocks: tuple[ClockRow, ...]
    names: dict[str, str]
    papers: tuple[Row, ...] = ()
    """Receptions, interviews, return visits and ratings."""
    own: bool = True
    """Whether this unit may make the case void: it recorded it, or is the county."""
    is_correctable: bool = True
    """Whether it may correct any field of the case."""
    changeable: frozenset[str] = frozenset()
    """Ids of records and persons it may correct."""
    reads_identity: bool = True
    """Whether whoever sits here may read who complained."""
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
    listed = (row for kind in PAPERS for row in office.list_page(kind, filters={"case": case}).rows)
    papers = tuple(row for row in listed if not row.void)
    facts, powers = office.facts, Reader(office.facts.user, office.facts.role).powers
    is_own = facts.unit in (facts.county, shown["unit"])
    changeable = _changeable(office, case, papers, shown) if powers.records else frozenset()
    clocks = office.clocks(case, language)
    unsaved = tuple(draft for draft in office.drafts(case) if draft.screen == SCREEN)
    return CaseView(
        shown, tuple(office.steps(case)), clocks, names, papers, is_own and powers.records,
        powers.records and bool(correctable(facts, shown)), changeable, powers.reads_identity, unsaved,
    )  # fmt: skip


def _changeable(office: Office, case: str, papers: Sequence[Row], shown: dict[str, Any]) -> frozenset[str]:
    """Records and persons of the case that this unit wrote; the county may correct all of them."""
    facts = office.facts
    people = {one["id"] for one in shown.get("accused") or ()}
    if facts.unit == facts.county:
        return frozenset({row.id for row in papers} | people)
    wanted = {"case": case, "unit": facts.unit}
    own = {row.id for kind in PAPERS for row in office.list_page(kind, filters=wanted).rows}
    return frozenset(own | {one for one in people if office.show("Accused", one)["unit"] == facts.unit})
