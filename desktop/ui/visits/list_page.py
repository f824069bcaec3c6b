"""What stands before the editor: the list of visits, the calendar of a month, the map of the villages."""

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop.services.shapes import Row
from desktop.ui.screen import accessible_name
from desktop.ui.visits.actions import VisitActions
from desktop.ui.visits.calendar import VisitCalendar
from desktop.ui.visits.coverage import CoverageMap
from desktop.ui.widgets.paged_table import Column, PagedModel, PagedTable
from desktop.ui.widgets.segments import SegmentedChoice
from desktop.ui.widgets.surfaces import Card, EmptyState, scrolling
from desktop.ui.workplace import Workplace
from sync.domain.times import to_local

VIEWS = ("list", "calendar", "coverage")


class VisitListPage(QWidget):
    """Three views of the same visits; ``view`` in the top bar chooses."""

    def __init__(
        self,
        place: Workplace,
        actions: VisitActions,
        on_open: Callable[[str], None],
        on_visit: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._place, self._actions = place, actions
        self.view = SegmentedChoice(
            "visit.view", place.voice, tuple((one, f"visit.view_{one}") for one in VIEWS), VIEWS[0]
        )
        place.voice.follow(self.view, lambda: accessible_name(place, "visit.view"), "describe")
        self.view.edited.connect(self._turn)
        self.calendar = VisitCalendar(place, self.refresh, on_open)
        self.coverage = CoverageMap(place, on_visit, on_open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._pages = QStackedWidget()
        column.addWidget(self._pages)
        self._pages.addWidget(self._make_list(on_open))
        for card in (self.calendar, self.coverage):
            self._pages.addWidget(_scrolling(card))

    def refresh(self) -> None:
        """Read the view in front anew."""
        if not self._place.tasks.is_open:
            return
        chosen = self.view.value()
        if chosen == "calendar":
            self._actions.month(self.calendar.first, self.calendar.show_month)
        elif chosen == "coverage":
            days = self._place.settings.visit_interval_days
            self.coverage.fit(self.width())
            self._actions.coverage(days, lambda rows: self.coverage.show_villages(rows, days))
        else:
            self._model.restart(self._actions.fetch)
        self._model.repaint_all()

    def forget(self) -> None:
        """Locked: drop every row."""
        self._model.clear()
        self.calendar.show_month(())
        self.coverage.show_villages((), self._place.settings.visit_interval_days)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The map takes as many columns as fit."""
        super().resizeEvent(event)
        self.coverage.fit(event.size().width())

    def _turn(self) -> None:
        self.table.clearFocus()
        self._pages.setCurrentIndex(VIEWS.index(self.view.value() or VIEWS[0]))
        self.refresh()

    def _make_list(self, on_open: Callable[[str], None]) -> QWidget:
        voice, look = self._place.voice, self._place.look

        def mode(row: Row) -> str:
            return voice.label("contact_mode", row.columns.get("contact_mode"))

        columns = (
            Column("visit.column_day", _day, 120),
            Column("visit.column_village", lambda row: row.title or row.village or ""),
            Column("visit.column_author", lambda row: row.author, 160, spare=2),
            Column("visit.column_mode", mode, 130, spare=1),
            Column("visit.column_number", self._number, 290, _unsent_mark),
        )
        self._model = PagedModel(columns, voice, look)
        self.table = PagedTable("visit.list", self._model, columns, look)
        voice.put(self.table, "visit.list", "setAccessibleName")
        self.table.opened.connect(lambda row: on_open(row.id))
        self._nothing = EmptyState(look, "footprints")
        voice.put(self._nothing.words, "visit.nothing")
        self._model.loaded.connect(self._show_emptiness)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(24, 20, 24, 20)
        card = Card()
        card.hide_head()
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self._nothing, 1)
        self._nothing.hide()
        column.addWidget(card)
        return holder

    def _number(self, row: Row) -> str:
        unsent = self._place.say("cases.unsent") if row.unsent else ""
        return " · ".join(filter(None, (row.number, unsent)))

    def _show_emptiness(self) -> None:
        empty = self._model.rowCount() == 0
        if empty:
            self.table.clearFocus()
        self.table.setVisible(not empty)
        self._nothing.setVisible(empty)


def _scrolling(card: QWidget) -> QScrollArea:
    content = QWidget()
    column = QVBoxLayout(content)
    column.setContentsMargins(24, 20, 24, 20)
    column.addWidget(card)
    return scrolling(content)


def _day(row: Row) -> str:
    moment = row.columns.get("started_at") or row.received_at or row.created_at
    return moment[:10] if isinstance(moment, str) else to_local(moment).date().isoformat()


def _unsent_mark(row: Row) -> tuple[str, str] | None:
    return ("arrow-up", "amber") if row.unsent else None
